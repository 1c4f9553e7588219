"""Every example of the description is accepted by the service that describes itself with it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import pytest
import yaml
from fastapi.testclient import TestClient

from api.edge.limits import JSON, YAML
from api.identity.roles import Role
from api.store.keys import new_key
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.permits import RECORDS, somebody_else
from tests.api.serving import UNITS, Served, serve

CATALOGUES: Final = "/api/v1/catalogues"
FIRST: Final = "given"
"""Under which name the one example of a schema goes."""


@dataclass(frozen=True)
class Example:
    """A body that the description gives for an operation. `own`: what its id gets, since one body comes repeatedly."""

    operation: str
    media: str
    name: str
    value: Any
    own: int

    @property
    def data(self) -> Any:  # noqa: ANN401 - plain data
        """Return it as plain data, days as texts."""
        return yaml.load(self.value, yaml.BaseLoader) if isinstance(self.value, str) else self.value  # noqa: S506

    @property
    def content(self) -> bytes:
        """Return it as it is sent, with an id of its own."""
        text = self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False)
        found = re.search(r'\bid"?: "?([\w.-]+)', text)
        return (text.replace(found[1], f"{found[1]}-{self.own}", 1) if found else text).encode()


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    kind: str = request.param
    with serve(fresh_database(kind), tmp_path_factory.mktemp("examples")) as running:
        yield running


def examples(served: Served) -> Iterator[Example]:
    number = count()
    for path, operations in served.app.openapi()["paths"].items():
        for method, operation in operations.items():
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                named = {name: one["value"] for name, one in content.get("examples", {}).items()}
                given = (
                    dict.fromkeys([FIRST], *content["schema"].get("examples", ()))
                    if "examples" in content["schema"]
                    else {}
                )
                for name, value in (given | named).items():
                    yield Example(f"{method.upper()} {path}", media, name, value, next(number))


def test_every_example_is_accepted(served: Served) -> None:
    found, leads = list(examples(served)), Leads(served)
    for example in found:
        prepare = PREPARED[example.operation]
        client, method, address, headers = prepare(leads, example)
        headers["Content-Type"] = example.media
        answer = client.request(method, address, content=example.content, headers=headers)
        assert answer.status_code in {200, 201}, f"{example.operation} {example.name}: {answer.text}"
    assert {example.operation for example in found} == set(PREPARED)
    assert {example.media for example in found} == {JSON, YAML}


class Leads:
    """The units that lead the records of examples, made when they are first needed."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.department = served.client(Role.DEPARTMENT)
        self.clients = {UNITS[Role.DEPARTMENT]: self.department}

    def client(self, record: dict[str, Any]) -> TestClient:
        """Return a client of the unit that leads a record."""
        (name,) = (unit["name"] for unit in record["units"] if unit["role"] == "lead")
        if name not in self.clients:
            self.clients[name] = somebody_else(self.served, name, place=record["jurisdiction"])
        return self.clients[name]

    def stub(self, record: dict[str, Any]) -> tuple[TestClient, str, str]:
        """Submit a record without its steps; return the client, its address and its ETag."""
        client = self.client(record)
        bare = {name: value for name, value in record.items() if name in {"title", "jurisdiction", "organ", "units"}}
        level = record["organ_level"]
        made = client.post(RECORDS, json={**bare, "id": f"stub-{new_key()}", "made_up": True, "organ_level": level})
        assert made.status_code == 201, made.text
        return client, made.headers["location"], made.headers["etag"]


Prepared = tuple[TestClient, str, str, dict[str, str]]


def check(leads: Leads, example: Example) -> Prepared:
    del example
    return leads.department, "POST", "/api/v1/check", {}


def submit(leads: Leads, example: Example) -> Prepared:
    return leads.client(example.data), "POST", RECORDS, {}


def hand_in(leads: Leads, example: Example) -> Prepared:
    client, address, tag = leads.stub(example.data)
    return client, "PUT", address, {"If-Match": tag}


def add_round(leads: Leads, example: Example) -> Prepared:
    del example
    record = next(one for one in examples(leads.served) if one.operation == f"POST {RECORDS}" and one.name == FIRST)
    client, address, _ = leads.stub(record.data)
    return client, "POST", f"{address}/rounds/public_comment", {}


def compile_catalogue(leads: Leads, example: Example) -> Prepared:
    del example
    return leads.served.client(Role.GENERAL_OFFICE), "POST", CATALOGUES, {}


def hand_in_catalogue(leads: Leads, example: Example) -> Prepared:
    office = leads.served.client(Role.GENERAL_OFFICE)
    made = office.post(CATALOGUES, json={**example.data, "id": f"{example.data['id']}-{example.own}", "entries": []})
    assert made.status_code == 201, made.text
    return office, "PUT", made.headers["location"], {"If-Match": made.headers["etag"]}


PREPARED: Final = {
    "POST /api/v1/check": check,
    f"POST {CATALOGUES}": compile_catalogue,
    f"PUT {CATALOGUES}/{{key}}": hand_in_catalogue,
    f"POST {RECORDS}": submit,
    f"PUT {RECORDS}/{{key}}": hand_in,
    f"POST {RECORDS}/{{key}}/rounds/{{step}}": add_round,
}
