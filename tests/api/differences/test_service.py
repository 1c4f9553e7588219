"""What if: exactly those verdicts are told that change, and each as single assessments say."""

import shutil
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from api.differences.judging import Differing
from api.differences.models import VerdictChanges
from api.differences.rules import Alteration
from api.differences.service import verdict_changes
from api.sweeps.carried import carried, install
from api.sweeps.partitions import CaseTable, write_layout, write_part, write_units
from engine.evaluation.assess import assess
from engine.evaluation.compile import Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import frames_of
from engine.observables.rows import rows_of
from engine.record import DecisionRecord
from engine.rulebook.reading import digest, load_rulebook
from tests.api.machines import InThisProcess
from tests.conftest import KNOWN_AT, ROOT, build
from tests.permit import write_permit_rules

DAY: Final = date(2025, 6, 30)
OPENED: Final = date(2024, 3, 1)
LENGTHS: Final = range(18, 38)
"""In days, as `comment_days` falls from 30 to 25."""
UNITS: Final = ("交通局(虚构)", "水务局(虚构)")

CARD: Final = """
id: ZZ-1
title: {zh: 讨论前截止征求意见(虚构), en: comments close before the meeting (made up)}
source: {instrument: record-consistency, article: "1", checked_on: 2026-11-23}
step: public_comment
modality: shall
weight: breach
gate: none
confidence: found
binds: [province, city, county]
in_force: {from: 2019-09-01, by: public_comment.first.opened}
presupposes: public_comment
duty:
  kind: condition
  met: public_comment.any_round(before(closed, gate.discussion))
  due: gate.discussion
  violation: out_of_order
remedy: {zh: 重新讨论, en: discuss it again}
examples:
  satisfied:
    - title: before the meeting
      public_comment: {opened: 2024-03-01, closed: 2024-03-31}
      collective_deliberation: {held: 2024-04-10}
  violated:
    - title: after the meeting
      public_comment: {opened: 2024-03-01, closed: 2024-04-30}
      collective_deliberation: {held: 2024-04-10}
"""


def install_folder(folder: Path) -> str:
    return install(carried(folder, digest=digest(folder))).digest


def made(rules: CompiledRulebook) -> list[DecisionRecord]:
    """Make records whose period of comments lasts ever longer, led by two units, in two months."""
    held = [date(2024, 5, 10), date(2024, 4, 5)]
    return [
        build(
            rules,
            id=f"m{length:02}",
            jurisdiction="CN-31-CM",
            made_up=True,
            units=[{"name": UNITS[length % 2], "role": "lead"}],
            public_comment={"opened": OPENED, "closed": OPENED + timedelta(days=length)},
            collective_deliberation={"held": held[length > 26]},
        )
        for length in LENGTHS
    ]


def write_table(folder: Path, rules: CompiledRulebook, records: list[DecisionRecord], *, size: int) -> CaseTable:
    code = rules.rulebook.tree.code
    write_layout(folder, rules, made_up=True)
    write_units(folder, UNITS)
    for number, begin in enumerate(range(0, len(records), size)):
        some = records[begin : begin + size]
        rows = [rows_of(record, rules.procedure, jurisdiction=code(record.jurisdiction)) for record in some]
        write_part(folder, number, frames_of([record.id for record in some], rows, rules.layout))
    return CaseTable(folder)


class Trial:
    """The rulebook of the program, a copy in which 30 days become 25 and a card is added, and records on disk."""

    def __init__(self, folder: Path, old: CompiledRulebook) -> None:
        changed = Path(shutil.copytree(ROOT / "rules", folder / "new"))
        days = changed / "parameters" / "comment_days.yaml"
        days.write_text(days.read_text(encoding="utf-8").replace("value: 30", "value: 25"), encoding="utf-8")
        (changed / "cards" / "ZZ-1.yaml").write_text(CARD, encoding="utf-8")
        self.old, self.new = old, CompiledRulebook(load_rulebook(changed), "major_decision")
        self.question = Differing(
            old=install_folder(ROOT / "rules"), new=install_folder(changed), as_of=DAY, known_at=KNOWN_AT, samples=3
        )
        self.records = made(old)
        self.file = folder / "out" / "changes.parquet"
        self.table = write_table(folder / "table", old, self.records, size=7)

    @cached_property
    def told(self) -> VerdictChanges:
        return verdict_changes(self.table, InThisProcess(), self.question, out=self.file)

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """Return the changes as they are written."""
        assert self.told
        return pl.read_parquet(self.file).to_dicts()

    def verdicts(self, rules: CompiledRulebook) -> dict[tuple[str, str], str]:
        """Judge each record by itself: verdicts by record and card."""
        return {
            (record.id, verdict.card): Outcome.BY_EXCEPTION if verdict.by_exception else str(verdict.verdict)
            for record in self.records
            for verdict in assess(record, rules, as_of=DAY, known_at=KNOWN_AT, decided_by="sweep").verdicts
        }


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory, national: CompiledRulebook) -> Trial:
    return Trial(tmp_path_factory.mktemp("what-if"), national)


def test_the_records_whose_period_lies_between_are_told_and_no_others(trial: Trial) -> None:
    told = {row["id"]: (row["before"], row["after"]) for row in trial.rows if row["card"] == "NR-15b"}
    # Whether the first day counts is open: a period of 24 days may be one of 25.
    shorter, longer = {"m24": ("violated", "undetermined")}, {"m29": ("undetermined", "satisfied")}
    assert told == shorter | {f"m{length}": ("violated", "satisfied") for length in range(25, 29)} | longer


def test_every_change_is_the_one_that_single_assessments_show(trial: Trial) -> None:
    told = {(row["id"], row["card"]): (row["before"], row["after"]) for row in trial.rows}
    before, after = trial.verdicts(trial.old), trial.verdicts(trial.new)
    pairs = {key: (before.get(key), after.get(key)) for key in before | after}
    expected = {
        key: pair for key, pair in pairs.items() if pair[0] != pair[1] and set(pair) != {None, "not_applicable"}
    }
    assert told == expected


def test_a_card_that_is_added_is_told_as_such(trial: Trial) -> None:
    added = [change for change in trial.told.by_card if change.card == "ZZ-1"]
    assert {change.alteration for change in added} == {Alteration.ADDED}
    assert {(change.shift.before, change.shift.after, change.samples) for change in added} == {
        (None, Outcome.SATISFIED, ("m18", "m19", "m20")),
        (None, Outcome.UNDETERMINED, ("m35",)),
        (None, Outcome.VIOLATED, ("m36", "m37")),
    }


def test_changes_are_counted_by_unit_and_month(trial: Trial) -> None:
    counted = trial.told
    of_card = [group for group in counted.groups if group.card == "NR-15b"]
    assert {(group.unit, group.month, group.shift.before, group.shift.after, group.records) for group in of_card} == {
        (UNITS[0], "2024-05", Outcome.VIOLATED, Outcome.UNDETERMINED, 1),
        (UNITS[0], "2024-05", Outcome.VIOLATED, Outcome.SATISFIED, 1),
        (UNITS[1], "2024-05", Outcome.VIOLATED, Outcome.SATISFIED, 1),
        (UNITS[0], "2024-04", Outcome.VIOLATED, Outcome.SATISFIED, 1),
        (UNITS[1], "2024-04", Outcome.VIOLATED, Outcome.SATISFIED, 1),
        (UNITS[1], "2024-04", Outcome.UNDETERMINED, Outcome.SATISFIED, 1),
    }
    for told in (counted.by_card, counted.by_unit, counted.by_month, counted.groups):
        assert sum(entry.records for entry in told) == counted.verdicts
    assert (counted.records, counted.rejected, counted.apart, counted.failed) == (len(LENGTHS), 0, 0, ())


def test_the_first_records_of_each_kind_are_named_however_they_lie_in_parts(
    trial: Trial, tmp_path: Path, national: CompiledRulebook
) -> None:
    other = write_table(tmp_path / "table", national, list(reversed(trial.records)), size=3)
    told, again = trial.told, verdict_changes(other, InThisProcess(), trial.question)
    named = next(change for change in told.by_card if change.card == "NR-15b" and change.records > 3)
    assert named.samples == ("m25", "m26", "m27")
    assert told == again


def test_from_new_to_old_each_change_is_turned_round(trial: Trial) -> None:
    back = Differing(
        old=trial.question.new, new=trial.question.old, as_of=DAY, known_at=KNOWN_AT, samples=trial.question.samples
    )
    turned = verdict_changes(trial.table, InThisProcess(), back).by_card
    there = {(change.card, change.shift.before, change.shift.after, change.records) for change in trial.told.by_card}
    assert {(change.card, change.shift.after, change.shift.before, change.records) for change in turned} == there
    assert {change.alteration for change in turned if change.card == "ZZ-1"} == {Alteration.REMOVED}


def test_between_a_rulebook_and_itself_nothing_changes(trial: Trial, tmp_path: Path) -> None:
    same = Differing(old=trial.question.old, new=trial.question.old, as_of=DAY, known_at=KNOWN_AT, samples=3)
    told = verdict_changes(trial.table, InThisProcess(), same, out=tmp_path / "none.parquet")
    assert (told.records, told.changed, told.verdicts, told.by_card) == (len(LENGTHS), 0, 0, ())
    assert pl.read_parquet(tmp_path / "none.parquet").height == 0


def test_places_that_shift_the_codes_change_no_verdict(permit: CompiledRulebook, tmp_path: Path) -> None:
    folder = write_permit_rules(tmp_path / "new", ROOT / "rules" / "holidays")
    place = "id: AA\ntitle: {zh: 某地(虚构), en: a place (made up)}\nmade_up: true\n"
    (folder / "jurisdictions" / "aa.yaml").write_text(place, encoding="utf-8")
    days = folder / "parameters" / "notice_days.yaml"
    days.write_text(days.read_text(encoding="utf-8").replace("value: 10", "value: 8"), encoding="utf-8")
    old = write_permit_rules(tmp_path / "old", ROOT / "rules" / "holidays")
    ends = {f"n{days}": OPENED + timedelta(days=days) for days in range(6, 13)}
    records = [build(permit, id=name, notice={"opened": OPENED, "closed": closed}) for name, closed in ends.items()]
    table = write_table(tmp_path / "table", permit, records, size=4)
    asked = Differing(old=install_folder(old), new=install_folder(folder), as_of=DAY, known_at=KNOWN_AT, samples=9)
    (change,) = verdict_changes(table, InThisProcess(), asked).by_card
    assert (change.shift.before, change.shift.after) == (Outcome.VIOLATED, Outcome.SATISFIED)
    assert change.samples == ("n8", "n9")


def test_nothing_is_left_beside_the_file_of_changes(trial: Trial) -> None:
    assert trial.rows
    assert [path.name for path in trial.file.parent.iterdir()] == ["changes.parquet"]
