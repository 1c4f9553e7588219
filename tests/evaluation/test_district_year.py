"""A made-up district's year: fifteen matters, each filed as a county would file it, judged by the national cards."""

from collections import Counter
from datetime import date

import pytest
from typer.testing import CliRunner

from api.cli.app import app
from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord
from engine.record.reading import read_records
from engine.vocabulary import Bilingual, Doubt, FindingKind, Gate, GateState, OrganLevel, Owner, Verdict, Violation
from tests.conftest import KNOWN_AT, ROOT

FOLDER = ROOT / "examples" / "made-up-district-2025"
AS_OF = date(2026, 3, 31)
AFTER_NEW_YEAR = date(2027, 1, 31)

CLEAN = ("01-elderly-care", "02-school-zones", "03-water-source", "09-winter-heating")
ENDED = {"10-tourist-centre": "withdrawn", "11-forest-carbon": "deferred", "12-community-canteens": "merged"}

FLAGS: dict[str, set[str]] = {
    "01-elderly-care": set(),
    "02-school-zones": set(),
    "03-water-source": set(),
    "04-sewage-plant": {"NR-25a", "NR-30a", "NR-34c"},
    "05-parking-fees": {"NR-15b", "NR-16e", "NR-18b", "NR-20c"},
    "06-produce-market": {"NR-28c2", "SP-07d"},
    "07-historic-town": set(),
    "08-public-data": set(),
    "09-winter-heating": set(),
    "10-tourist-centre": set(),
    "11-forest-carbon": set(),
    "12-community-canteens": set(),
    "13-flood-evacuation": set(),
    "14-industry-fund": {"FC-02", "NR-10d", "NR-14a", "NR-19a", "NR-22a", "NR-25a", "NR-29b"},
    "15-town-market-days": {"NR-25a"},
}
QUESTIONS: dict[str, set[str]] = {
    "07-historic-town": {"NR-15b", "NR-19b", "NR-25a"},
    "08-public-data": {"NR-08a", "NR-14c", "NR-16a", "NR-19c"},
}
NOTICES: dict[str, set[str]] = {
    "06-produce-market": {"NR-03e2"},
    "07-historic-town": {"NR-16a2", "NR-28c3"},
    "08-public-data": {"NR-03e2", "NR-20b2"},
    "10-tourist-centre": {"NR-03e2"},
}

VIOLATIONS: dict[Violation, set[str]] = {
    Violation.MISSING: {"FC-02", "FC-18a", "NR-10d", "NR-14a", "NR-19a", "NR-22a", "NR-25a", "NR-30a"},
    Violation.LATE: {"NR-03e2", "NR-28a"},
    Violation.OVERDUE: {"NR-03e2"},
    Violation.TOO_SHORT: {"ND-05m", "NR-15b", "NR-16e", "NR-26b", "SP-07b"},
    Violation.OUT_OF_ORDER: {"NR-10d2", "NR-18b", "NR-25a", "NR-34c", "SP-07d"},
    Violation.DEFECTIVE: {"NR-15c", "NR-16a2", "NR-20c", "NR-25b", "NR-29b", "NR-29f", "SP-11"},
    Violation.INCONSISTENT: {"NR-28c2"},
}
DEPTH: set[str] = {f"DP-{name}" for name in ["1", "1b", "1c", "1d", "2a", "2b", "2c", "3", "4", "5", "6", "6b"]}
"""Notices on the depth of participation: no place asks for a number yet."""
DOUBTS: dict[Doubt, set[str]] = {
    Doubt.SOURCE_UNCONFIRMED: {"ND-03fm", "NR-03e", "NR-32a", "SP-09"},
    Doubt.COUNTING_METHOD_UNSET: {"NR-15b", "NR-15c", "SP-07b"},
    Doubt.PARAMETER_WITHOUT_VALUE: {"ND-01fm", "NR-33j", "NR-35a", *DEPTH},
    Doubt.SAME_DAY_ORDER: {"NR-25a", "NR-25c", "NR-28a", "NR-28c3"},
    Doubt.MOMENT_NOT_EXACT: {"NR-15b", "NR-15c"},
    Doubt.EVIDENCE_MISSING: {"NR-19b", "NR-19c", "NR-20b2"},
    Doubt.DETERMINATION_MISSING: {"NR-08a", "NR-14c", "NR-16a", "NR-16a2"},
}

Year = dict[str, Assessment]


def short(identifier: str) -> str:
    return identifier.removeprefix("yunling-2025-")


@pytest.fixture(scope="module")
def records(national: CompiledRulebook) -> dict[str, DecisionRecord]:
    read, problems = read_records(
        sorted(FOLDER.glob("*.yaml")),
        procedures=national.rulebook.procedures,
        jurisdictions=national.rulebook.tree.ids,
    )
    assert not problems
    return {short(entry.record.id): entry.record for entry in read}


@pytest.fixture(scope="module")
def year(national: CompiledRulebook, records: dict[str, DecisionRecord]) -> Year:
    return {
        name: assess(record, national, as_of=AS_OF, known_at=KNOWN_AT, decided_by="sweep")
        for name, record in records.items()
    }


def cards_of(found: Assessment, kind: FindingKind) -> set[str]:
    return {finding.card for finding in found.of_kind(kind)}


def test_fifteen_records_of_all_five_classes_are_read_and_marked_as_made_up(
    records: dict[str, DecisionRecord],
) -> None:
    assert list(records) == list(FLAGS)
    assert {record.matter_class for record in records.values()} == {
        "public_policy",
        "plan",
        "resource_policy",
        "construction",
        "other",
    }
    for record in records.values():
        assert record.made_up
        assert isinstance(record.title, Bilingual)
        assert record.title.zh.endswith("(虚构)")
        assert record.title.en.endswith("(made up)")
        assert record.organ.endswith("(虚构)")


def test_both_evaluators_say_the_same_of_every_matter(
    national: CompiledRulebook,
    records: dict[str, DecisionRecord],
    year: Year,
) -> None:
    for name, record in records.items():
        live = assess(record, national, as_of=AS_OF, known_at=KNOWN_AT, decided_by="live")
        assert live.verdicts == year[name].verdicts, name


def test_the_year_in_flags_questions_and_notices(year: Year) -> None:
    assert {name: cards_of(found, FindingKind.FLAG) for name, found in year.items()} == FLAGS
    for kind, expected in ((FindingKind.QUESTION, QUESTIONS), (FindingKind.NOTICE, NOTICES)):
        told = {name: cards_of(found, kind) for name, found in year.items()}
        assert {name: cards for name, cards in told.items() if cards} == expected
    totals = Counter(finding.kind for found in year.values() for finding in found.findings)
    assert totals == {FindingKind.FLAG: 17, FindingKind.QUESTION: 7, FindingKind.NOTICE: 6}


def test_every_kind_of_violation_occurs_and_by_which_cards(year: Year) -> None:
    occurring: dict[Violation, set[str]] = {}
    for found in year.values():
        for verdict in found.verdicts:
            if verdict.violation:
                occurring.setdefault(verdict.violation, set()).add(verdict.card)
    assert occurring == VIOLATIONS
    assert set(VIOLATIONS) == set(Violation)


def test_every_reason_of_doubt_but_the_calendar_occurs_and_by_which_cards(year: Year) -> None:
    occurring: dict[Doubt, set[str]] = {}
    for found in year.values():
        for verdict in found.verdicts:
            if verdict.doubt:
                occurring.setdefault(verdict.doubt, set()).add(verdict.card)
    assert occurring == DOUBTS
    assert set(DOUBTS) | {Doubt.CALENDAR_HORIZON} == set(Doubt)


def test_a_review_that_runs_into_2027_cannot_be_counted_without_the_notice_for_2027(
    national: CompiledRulebook,
    records: dict[str, DecisionRecord],
) -> None:
    found = assess(records["08-public-data"], national, as_of=AFTER_NEW_YEAR, known_at=KNOWN_AT)
    beyond = {verdict.card for verdict in found.verdicts if verdict.doubt == Doubt.CALENDAR_HORIZON}
    assert beyond == {"NR-26b"}
    assert "NR-26b" not in {finding.card for finding in found.findings}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_matter_is_compliant_without_a_question(year: Year, name: str) -> None:
    found = year[name]
    assert found.status.compliant
    assert found.status.questions == 0
    assert found.findings == ()
    assert {gate: status.state for gate, status in found.status.gates.items()} == dict.fromkeys(Gate, GateState.OPEN)
    assert {verdict.owner for verdict in found.verdicts if verdict.verdict == Verdict.UNDETERMINED} == {Owner.RULEBOOK}


@pytest.mark.parametrize("name", ENDED)
def test_a_matter_that_ended_without_a_decision_has_nothing_pending(
    records: dict[str, DecisionRecord],
    year: Year,
    name: str,
) -> None:
    outcome = records[name].outcome
    assert outcome is not None
    assert outcome.kind == ENDED[name]
    assert Verdict.PENDING not in {verdict.verdict for verdict in year[name].verdicts}
    assert year[name].status.compliant


def test_a_short_comment_period_explained_in_the_notice_and_a_reused_assessment_are_exceptions(year: Year) -> None:
    excepted = {
        (name, verdict.card) for name, found in year.items() for verdict in found.verdicts if verdict.by_exception
    }
    assert excepted == {("09-winter-heating", "NR-15b"), ("09-winter-heating", "NR-22a")}


def test_a_complete_exclusion_takes_the_matter_out_and_an_incomplete_one_does_not(year: Year) -> None:
    outside = {verdict.verdict for verdict in year["13-flood-evacuation"].verdicts}
    assert outside == {Verdict.NOT_APPLICABLE}
    assert year["14-industry-fund"].verdict("NR-25a").verdict == Verdict.VIOLATED


def test_a_township_gets_the_same_verdict_by_reference_and_no_bar(year: Year) -> None:
    found = year["15-town-market-days"]
    assert found.organ_level == OrganLevel.TOWNSHIP
    review = found.verdict("NR-25a")
    assert (review.verdict, review.violation, review.by_reference) == (
        Verdict.VIOLATED,
        Violation.OUT_OF_ORDER,
        True,
    )
    assert found.status.gates[Gate.DISCUSSION].state == GateState.OPEN


def test_an_adjustment_with_its_second_chain_keeps_to_all_that_an_adjustment_asks(year: Year) -> None:
    found = year["03-water-source"]
    for card in ("NR-37a", "NR-37c", "NR-37c2", "NR-37c3", "NR-37c4", "NR-37c5"):
        assert found.verdict(card).verdict == Verdict.SATISFIED, card


@pytest.mark.parametrize(
    ("language", "total"), [("zh", "标记 17, 提示 6, 待查 7"), ("en", "flag 17, notice 6, question 7")]
)
def test_the_command_line_prints_the_year_and_ends_with_1(language: str, total: str) -> None:
    files = [str(path) for path in sorted(FOLDER.glob("*.yaml"))]
    answer = CliRunner().invoke(app, ["check", *files, "--as-of", AS_OF.isoformat(), "--lang", language])
    assert answer.exit_code == 1
    assert total in answer.stdout
