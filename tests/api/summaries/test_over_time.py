"""What was known before a correction, and by an old rulebook, is still told as it was: counted by hand."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.clock import now
from api.judging.archives import pack
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.permits import RECORDS
from tests.api.serving import serve
from tests.api.summaries.year import FOLDER, SUMMARIES, Year, answer, settle
from tests.conftest import ROOT

AS_OF = "2026-03-31"
PARKING = "05-parking-fees"
SHORT = "closed: {announced: 2025-06-03, actual: 2025-06-03}"
LONGER = "closed: {announced: 2025-06-13, actual: 2025-06-13}"
"""Thirty-one days after the notice."""


@dataclass(frozen=True)
class Corrected:
    """The year, and when parking fees had not been corrected yet."""

    year: Year
    before: str


@pytest.fixture(scope="module", params=DATABASES)
def corrected(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Corrected]:
    kind: str = request.param
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var")) as running:
        year = settle(running)
        before = now().isoformat()
        _later()
        _correct(year)
        yield Corrected(year, before)


def _later() -> None:
    """Wait until another second has begun: the engine sees no less of a time."""
    second = int(time.time())
    while int(time.time()) == second:
        time.sleep(0.02)


def _correct(year: Year) -> None:
    written = (FOLDER / f"{PARKING}.yaml").read_text(encoding="utf-8")
    mended = written.replace(SHORT, LONGER, 1)
    assert mended != written
    lead, address = year.units["云岭县发展和改革委员会(虚构)"], f"{RECORDS}/{year.keys[PARKING]}"
    headers = {"If-Match": lead.get(address).headers["etag"], "Content-Type": "application/yaml"}
    given = lead.put(address, content=mended.encode(), headers=headers)
    assert given.status_code == 200, given.text


def card(year: Year, name: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - as it stands in a query
    (row,) = answer(year.auditor, SUMMARIES, as_of=AS_OF, by="card", card=name, **query)["items"]
    found: dict[str, Any] = row
    return found


def test_after_a_correction_the_rate_is_another_and_before_it_is_as_it_was(corrected: Corrected) -> None:
    after, before = card(corrected.year, "NR-15b"), card(corrected.year, "NR-15b", known_at=corrected.before)
    assert (before["satisfied"], before["violated"], before["rate"]["value"]) == (8, 1, 8 / 9)
    assert (after["satisfied"], after["violated"], after["rate"]["value"]) == (9, 0, 1.0)
    whole = answer(corrected.year.auditor, SUMMARIES, as_of=AS_OF, known_at=corrected.before)
    assert whole["total"]["flags"] == 17
    assert whole["basis"]["known_at"] == corrected.before.replace("+00:00", "Z")


def test_what_was_not_on_record_yet_is_in_no_figure(corrected: Corrected) -> None:
    found = answer(corrected.year.auditor, SUMMARIES, as_of=AS_OF, known_at="2020-01-01")
    assert found["total"]["records"] == 0
    assert found["total"]["rate"] == {"numerator": 0, "denominator": 0, "value": None}


def test_an_old_rulebook_gives_its_own_figures_after_another_has_become_active(
    corrected: Corrected, tmp_path: Path
) -> None:
    year = corrected.year
    old = answer(year.auditor, SUMMARIES, as_of=AS_OF, by="card")
    digest = _activate(year, _shorter_period(tmp_path))
    try:
        by_old = answer(year.auditor, SUMMARIES, as_of=AS_OF, by="card", rulebook=old["basis"]["rulebook"])
        assert (by_old["items"], by_old["total"]) == (old["items"], old["total"])
        by_new = answer(year.auditor, SUMMARIES, as_of=AS_OF, by="card", known_at=corrected.before)
        assert by_new["basis"]["rulebook"] == digest
        row = next(row for row in by_new["items"] if row["group"][0]["key"] == "NR-15b")
        # Fourteen days are enough: for parking fees, for public data however one counts, and for winter heating
        # without its exception; of the historic town only the month is known.
        assert (row["satisfied"], row["violated"], row["by_exception"], row["undetermined"]) == (11, 0, 0, 1)
        today = answer(year.auditor, SUMMARIES)
        assert (today["basis"]["rulebook"], today["basis"]["judged_anew"]) == (digest, 15)
    finally:
        _activate(year, ROOT / "rules")


def _shorter_period(folder: Path) -> Path:
    """Copy the rulebook with a comment period of 14 days."""
    copy = folder / "rules"
    shutil.copytree(ROOT / "rules", copy)
    parameter = copy / "parameters" / "comment_days.yaml"
    written = parameter.read_text(encoding="utf-8")
    changed = written.replace("value: 30", "value: 14", 1)
    assert changed != written
    parameter.write_text(changed, encoding="utf-8")
    return copy


def _activate(year: Year, folder: Path) -> str:
    service = year.served.service
    with service.database.writing() as session:
        added = service.rulebooks.add(session, pack(folder), at=now(), by="test")
        service.rulebooks.activate(session, added.digest, at=now(), by="test")
    return added.digest
