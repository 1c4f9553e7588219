"""The made-up district's year in a running service: every unit with its account, every matter submitted by its unit."""

from dataclasses import dataclass
from typing import Any, Final

import yaml
from fastapi.testclient import TestClient

from api.identity.roles import Role
from tests.api.permits import RECORDS, somebody_else
from tests.api.serving import Served
from tests.conftest import ROOT

SUMMARIES: Final = "/api/v1/summaries"
FOLDER: Final = ROOT / "examples" / "made-up-district-2025"
PLACE: Final = "CN"


@dataclass(frozen=True)
class Year:
    """The service, who audits the district, each unit's own client by its name, and the keys of the matters by file."""

    served: Served
    auditor: TestClient
    units: dict[str, TestClient]
    keys: dict[str, str]

    def summary(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - as it stands in a query
        """Ask for a summary as the auditor."""
        return answer(self.auditor, SUMMARIES, **query)


def answer(client: TestClient, path: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    """Ask, and return what is answered."""
    given = client.get(path, params={name.rstrip("_"): value for name, value in query.items()})
    assert given.status_code == 200, given.text
    found: dict[str, Any] = given.json()
    return found


def settle(served: Served, files: str = "*.yaml") -> Year:
    """Fill a service with the district's year, or with the matters of some of its files."""
    units: dict[str, TestClient] = {}
    keys: dict[str, str] = {}
    for file in sorted(FOLDER.glob(files)):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        lead = next(unit["name"] for unit in data["units"] if unit["role"] == "lead")
        if lead not in units:
            units[lead] = somebody_else(served, lead, place=PLACE)
        given = units[lead].post(RECORDS, content=file.read_bytes(), headers={"Content-Type": "application/yaml"})
        assert given.status_code == 201, given.text
        keys[file.stem] = given.json()["key"]
    auditor = somebody_else(served, "某审计署(虚构)", role=Role.AUDITOR, place=PLACE)
    return Year(served, auditor, units, keys)
