"""Catalogues are judged with their entries and with the records that name these."""

import shutil
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.reading.problems import Problem
from engine.record.catalogue import in_entry
from engine.record.catalogues import read_catalogues
from engine.record.reading import read_records
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Doubt, FindingKind, Owner, Verdict
from tests.conftest import ROOT

MAQIAO = ROOT / "examples" / "maqiao-catalogue-2024.yaml"
JIADING = ROOT / "examples" / "jiading-catalogue-2022.yaml"
LATE_FILERS = ("单位戊(虚构)",)

Found = dict[str, Assessment]


_COMPILED: dict[tuple[str, str], CompiledRulebook] = {}


def compiled(rulebook: Rulebook, procedure: str) -> CompiledRulebook:
    key = (rulebook.digest, procedure)
    if key not in _COMPILED:
        _COMPILED[key] = CompiledRulebook(rulebook, procedure)
    return _COMPILED[key]


def judge(rulebook: Rulebook, path: Path, as_of: str) -> tuple[Found, list[Problem]]:
    records, problems = read_records([path], procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    catalogues, more = read_catalogues([path], jurisdictions=rulebook.tree.ids)
    cases, problems = list(records), [*problems, *more]
    day = date.fromisoformat(as_of)
    known_at = datetime.combine(day, time(15, 59, 59), tzinfo=UTC)
    for catalogue in catalogues:
        made, more = catalogue.cases([entry.record for entry in records], rulebook.procedures, known_at=known_at)
        cases, problems = [*cases, *made], [*problems, *more]
    judged = [
        assess(case.record, compiled(rulebook, case.record.procedure), as_of=day, known_at=known_at) for case in cases
    ]
    return {found.record: found for found in judged}, problems


def written(folder: Path, data: Any) -> Path:  # noqa: ANN401 - whatever a file may hold
    path = folder / "given.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def changed(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only


def with_verdict(found: Found, card: str, verdict: Verdict) -> set[str]:
    return {name for name, one in found.items() if any(v.card == card and v.verdict == verdict for v in one.verdicts)}


def small(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a catalogue may hold
    catalogue = {
        "id": "small",
        "title": "made up",
        "made_up": True,
        "jurisdiction": "CN-31-JD",
        "organ": "made up",
        "organ_level": "county",
        "year": 2024,
        "entries": [
            {"id": name, "title": name, "plans": [{"published": "2024-03-18", "planned": "2024-Q3", "kind": "listing"}]}
            for name in ("one", "two")
        ],
    }
    return catalogue | more


def a_record(name: str, *entries: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a record may hold
    return {
        "id": name,
        "title": "made up",
        "made_up": True,
        "jurisdiction": "CN-31-JD",
        "organ": "made up",
        "organ_level": "county",
        "matter_class": "plan",
        "catalogue": {"entries": list(entries)},
        "steps": {"collective_deliberation": [{"held": "2024-09-20", "form": "executive_meeting"}]},
    } | more


def test_of_the_maqiao_list_the_fourth_entry_alone_is_past_its_quarter(rulebook: Rulebook) -> None:
    found, problems = judge(rulebook, MAQIAO, "2024-10-11")
    assert not problems
    assert len(found) == 1 + 8
    assert with_verdict(found, "NR-03e4", Verdict.VIOLATED) == {"maqiao-2024.item-4"}
    (notice,) = found["maqiao-2024.item-4"].of_kind(FindingKind.NOTICE)
    assert (notice.card, notice.verdict.by_reference) == ("NR-03e4", True)
    assert not any(one.of_kind(FindingKind.FLAG) for one in found.values())


def test_jiading_entries_adjusted_in_time_are_not_overdue_and_without_the_adjustments_they_are(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    found, problems = judge(rulebook, JIADING, "2022-12-20")
    assert not problems
    assert len(found) == 1 + 15
    assert not with_verdict(found, "NR-03e4", Verdict.VIOLATED)
    data = changed(JIADING)
    adjusted = {f"jiading-2022.{entry['id']}" for entry in data["catalogues"][0]["entries"] if len(entry["plans"]) > 1}
    for entry in data["catalogues"][0]["entries"]:
        del entry["plans"][1:]
    found, _ = judge(rulebook, written(tmp_path, data), "2023-01-01")
    assert adjusted
    assert adjusted <= with_verdict(found, "NR-03e4", Verdict.VIOLATED)
    assert with_verdict(judge(rulebook, JIADING, "2023-01-01")[0], "NR-03e4", Verdict.VIOLATED).isdisjoint(
        {name for name in adjusted if name.endswith(("09", "12", "15"))}
    )


def test_where_no_time_is_known_late_filing_is_told_to_the_keeper_of_the_rulebook_and_to_no_unit(
    rulebook: Rulebook,
) -> None:
    found, _ = judge(rulebook, JIADING, "2022-12-20")
    for card in ("CC-1", "CC-2", "CC-6", "CC-7"):
        verdicts = [one.verdict(card) for one in found.values() if any(v.card == card for v in one.verdicts)]
        assert {(v.verdict, v.doubt, v.owner) for v in verdicts} == {
            (Verdict.UNDETERMINED, Doubt.PARAMETER_WITHOUT_VALUE, Owner.RULEBOOK)
        }
    assert not any(finding.card.startswith("CC-") for one in found.values() for finding in one.findings)


def test_a_district_that_sets_a_time_has_its_late_filers_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder)
    (folder / "jurisdictions" / "CN-31-T.yaml").write_text(
        "id: CN-31-T\ntitle: {zh: 试验区(虚构), en: a district (made up)}\nmade_up: true\n"
        "within:\n  - jurisdiction: CN-31\n",
        encoding="utf-8",
    )
    value = (
        "values:\n  - jurisdiction: CN-31-T\n    value: 10\n"
        '    counting: {start_day_counts: "no", end_day_counts: "yes", roll_over: "no"}\n'
        "    basis: made up\n    confidence: found\n"
        '    source: {instrument: catalogue-consistency, article: "7", checked_on: 2026-11-24}\n'
    )
    parameter = folder / "parameters" / "entry_filing_days.yaml"
    parameter.write_text(parameter.read_text(encoding="utf-8").replace("values: []\n", value), encoding="utf-8")
    data = changed(JIADING)
    data["catalogues"][0]["jurisdiction"] = "CN-31-T"
    found, problems = judge(load_rulebook(folder), written(tmp_path, data), "2022-12-20")
    assert not problems
    late = [found[name].title.zh for name in with_verdict(found, "CC-7", Verdict.VIOLATED) if found[name].findings]
    assert len(late) == 3
    assert all(name in title for title in late for name in LATE_FILERS)


def test_a_record_may_belong_to_several_entries_and_an_entry_may_have_several_records(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    records = [a_record("a", "one", "two"), a_record("b", "small.two")]
    found, problems = judge(rulebook, written(tmp_path, {"catalogues": [small()], "records": records}), "2024-12-01")
    assert not problems
    assert with_verdict(found, "CC-4", Verdict.SATISFIED) == {"small.one", "small.two"}
    assert with_verdict(found, "NR-03e4", Verdict.SATISFIED) == {"small.one", "small.two"}


def test_an_entry_without_a_record_and_a_record_without_an_entry_are_told(rulebook: Rulebook, tmp_path: Path) -> None:
    records = [a_record("a", "one"), a_record("b")]
    found, _ = judge(rulebook, written(tmp_path, {"catalogues": [small()], "records": records}), "2024-12-01")
    assert with_verdict(found, "CC-4", Verdict.VIOLATED) == {"small.two"}
    assert with_verdict(found, "CC-3", Verdict.VIOLATED) == {"small"}


@pytest.mark.parametrize(
    "more",
    [
        {"catalogue": {"not_in_a_catalogue": "made up"}},  # it says why
        {"matter_class": None},  # nothing says that it is a major decision
        {"organ": "another organ"},
        {"steps": {"collective_deliberation": [{"held": "2023-09-20"}]}},  # another year's
    ],
    ids=["a reason", "no class", "another organ", "another year"],
)
def test_a_record_need_not_stand_in_the_catalogue(rulebook: Rulebook, tmp_path: Path, more: dict[str, Any]) -> None:
    records = [a_record("a", "one"), a_record("c", "two"), a_record("b", **more)]
    found, _ = judge(rulebook, written(tmp_path, {"catalogues": [small()], "records": records}), "2024-12-01")
    assert not with_verdict(found, "CC-3", Verdict.VIOLATED)


def test_a_catalogue_without_records_beside_it_is_not_told_to_hold_them_all(rulebook: Rulebook, tmp_path: Path) -> None:
    found, _ = judge(rulebook, written(tmp_path, {"catalogues": [small()]}), "2024-12-01")
    assert with_verdict(found, "CC-3", Verdict.NOT_APPLICABLE) == {"small"}
    listed, _ = judge(
        rulebook, written(tmp_path, {"catalogues": [small()], "records": [a_record("a", "one")]}), "2024-12-01"
    )
    assert with_verdict(listed, "CC-3", Verdict.SATISFIED) == {"small"}


def test_what_happened_to_a_record_later_is_not_seen_from_its_entry(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path, {"catalogues": [small()], "records": [a_record("a", "one", "two")]})
    assert with_verdict(judge(rulebook, path, "2024-09-19")[0], "NR-03e4", Verdict.PENDING) == {
        "small.one",
        "small.two",
    }
    assert not with_verdict(judge(rulebook, path, "2024-09-19")[0], "NR-03e4", Verdict.SATISFIED)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({}, Verdict.SATISFIED),
        ({"void": True}, Verdict.VIOLATED),
        ({"voided": "2024-11-01"}, Verdict.VIOLATED),
        ({"voided": "2024-12-02"}, Verdict.SATISFIED),
        ({"entered": "2024-12-02"}, Verdict.VIOLATED),
    ],
    ids=["on record", "void", "declared void", "declared void later", "entered later"],
)
def test_an_entry_sees_of_its_record_what_was_on_record_at_the_time(
    rulebook: Rulebook, tmp_path: Path, said: dict[str, Any], verdict: Verdict
) -> None:
    held = {"held": "2024-09-20", "form": "executive_meeting", **said}
    begun = {"initiation": [{"proposed": "2024-05-06"}]}
    record = a_record("a", "one", "two", steps={"collective_deliberation": [held], **begun})
    found, problems = judge(rulebook, written(tmp_path, {"catalogues": [small()], "records": [record]}), "2024-12-01")
    assert not problems
    assert found["small.one"].verdict("NR-03e4").verdict == verdict


BEFORE, WITHIN, AFTER = "2023-11-06", "2024-02-01", "2025-03-03"
AS_OF_2026 = datetime(2026, 1, 1, tzinfo=UTC)


def proposed(*days: str) -> dict[str, Any]:
    return {"steps": {"initiation": [{"proposed": day} for day in days]}}


def linked(rulebook: Rulebook, folder: Path, **more: Any) -> bool:  # noqa: ANN401 - whatever a record may hold
    path = written(folder, {"catalogues": [small()], "records": [a_record("a", "one", **more)]})
    (record,), problems = read_records([path], procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    (read,), more_problems = read_catalogues([path], jurisdictions=rulebook.tree.ids)
    assert not [*problems, *more_problems]
    return in_entry(record.record, read.catalogue, "one", known_at=AS_OF_2026) is not None


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"organ": "another organ", "catalogue": {"entries": ["small.one"]}},
        proposed(BEFORE, WITHIN),
        {"steps": {}},
        {"steps": {"initiation": [{"proposed": "unknown"}]}},
        {**proposed(WITHIN), "outcome": {"kind": "decided", "on": AFTER}},
        {**proposed(AFTER), "outcome": {"kind": "decided", "on": "2024-12-20"}},
    ],
    ids=["same", "whole id", "until then", "no step", "no day", "concluded later", "concluded before its steps"],
)
def test_an_id_alone_is_an_entry_of_the_records_own_organ_and_time(
    rulebook: Rulebook, tmp_path: Path, more: dict[str, Any]
) -> None:
    assert linked(rulebook, tmp_path, **more)


@pytest.mark.parametrize(
    "more",
    [
        {"organ": "another organ"},
        {"jurisdiction": "CN-31-MH"},
        {"catalogue": {"entries": ["two"]}},
        {"catalogue": None},
        proposed(BEFORE),
        proposed(AFTER),
        {**proposed(BEFORE, WITHIN), "outcome": {"kind": "decided", "on": "2023-12-20"}},
    ],
    ids=["organ", "place", "another entry", "no entry", "before", "after", "concluded before"],
)
def test_an_id_alone_is_no_entry_of_another_organ_or_another_time(
    rulebook: Rulebook, tmp_path: Path, more: dict[str, Any]
) -> None:
    assert not linked(rulebook, tmp_path, **more)


def test_a_record_that_begins_after_its_conclusion_is_still_joined(rulebook: Rulebook, tmp_path: Path) -> None:
    outcome = {"kind": "decided", "on": "2024-09-20"}
    record = a_record("a", "one", "two", outcome=outcome, steps={"archiving": [{"archived": "2024-11-20"}]})
    found, problems = judge(rulebook, written(tmp_path, {"catalogues": [small()], "records": [record]}), "2024-12-01")
    assert not problems
    assert with_verdict(found, "CC-4", Verdict.SATISFIED) == {"small.one", "small.two"}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"organ_level": "village"}, "organ_level", None),
        ({"jurisdiction": "CN-99"}, "jurisdiction", "unknown_jurisdiction"),
        ({"surprise": 1}, "surprise", "unknown_field"),
        ({"versions": [{"published": "2024-02-30"}]}, "versions", "no_such_day"),
        ({"versions": [{"published": "2024-03-11", "kind": "sequel"}]}, "kind", None),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told_and_the_records_are_judged(
    rulebook: Rulebook, tmp_path: Path, change: dict[str, Any], field: str, code: str | None
) -> None:
    path = written(tmp_path, {"catalogues": [small(**change)], "records": [a_record("a", "one")]})
    found, problems = judge(rulebook, path, "2024-12-01")
    assert "a" in found
    (problem,) = problems
    assert field in problem.field, problem
    assert problem.line > 1
    assert code is None or problem.code == code
