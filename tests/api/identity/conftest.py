"""Made-up places and units for the tests of who reaches what."""

from datetime import date

import pytest

from engine.parameters.jurisdictions import Jurisdiction, JurisdictionTree
from engine.vocabulary import Bilingual


def place(name: str, *within: tuple[str, date | None, date | None]) -> Jurisdiction:
    memberships = tuple({"jurisdiction": above, "since": since, "until": until} for above, since, until in within)
    title = Bilingual(zh=f"{name}(虚构)", en=f"{name} (made up)")
    return Jurisdiction.model_validate({"id": name, "title": title, "within": memberships, "made_up": True})


@pytest.fixture(scope="session")
def tree() -> JurisdictionTree:
    """Give a country with two provinces; county CN-C-1 belonged to CN-D until the end of 2020, to CN-C since."""
    return JurisdictionTree(
        (
            place("CN"),
            place("CN-C", ("CN", None, None)),
            place("CN-D", ("CN", None, None)),
            place("CN-C-1", ("CN-D", None, date(2020, 12, 31)), ("CN-C", date(2021, 1, 1), None)),
            place("CN-C-2", ("CN-C", None, None)),
            place("CN-D-1", ("CN-D", None, None)),
        )
    )
