"""The annual report: each number has a query, and is what the summaries of the same cases say."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from api.reports.annual import annual_report
from api.reports.errors import UnknownPlaceError, UnknownProcedureError
from api.reports.material import Material
from api.reports.models import AnnualReport, Cell, Number, Paragraph, Query, Table
from api.reports.question import ReportQuestion
from api.reports.sources import from_files
from engine.evaluation.assess import assess_many
from engine.evaluation.compiled import CompiledRulebook
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import FindingKind

ROOT = Path(__file__).resolve().parents[3]
DISTRICT = sorted((ROOT / "examples" / "made-up-district-2025").glob("*.yaml"))
JIADING = [ROOT / "examples" / "jiading-catalogue-2022.yaml"]
KNOWN_AT = datetime(2026, 6, 30, tzinfo=UTC)
AS_OF = date(2025, 12, 31)


def _material(rulebook: Rulebook, files: list[Path], place: str, as_of: date) -> Material:
    asked = ReportQuestion(place, as_of.year, "major_decision", as_of, KNOWN_AT)
    material, problems = from_files(files, rulebook, asked, limit=10**7)
    assert not problems
    return material


@pytest.fixture(scope="module")
def district(rulebook: Rulebook) -> AnnualReport:
    return annual_report(_material(rulebook, DISTRICT, "CN", AS_OF), rulebook)


@pytest.fixture(scope="module")
def jiading(rulebook: Rulebook) -> AnnualReport:
    return annual_report(_material(rulebook, JIADING, "CN-31-JD", date(2022, 12, 31)), rulebook)


def _cells(report: AnnualReport) -> Iterator[Cell]:
    for section in report.sections:
        for part in section.parts:
            yield from part.numbers if isinstance(part, Paragraph) else (cell for row in part.rows for cell in row)


def _query(report: AnnualReport, title: str) -> Query:
    return next(query for query in report.queries if query.title.en == title)


def _number(report: AnnualReport, title: str) -> Number:
    query = _query(report, title)
    return next(cell for cell in _cells(report) if isinstance(cell, Number) and cell.query == query.number)


@pytest.mark.parametrize("name", ["district", "jiading"])
def test_every_number_has_its_query_and_every_query_its_number(request: pytest.FixtureRequest, name: str) -> None:
    report: AnnualReport = request.getfixturevalue(name)
    numbers = [cell for cell in _cells(report) if isinstance(cell, Number)]
    assert sorted(number.query for number in numbers) == [query.number for query in report.queries]
    for number in numbers:
        query = report.query(number.query)
        assert number.of == query.among
        if number.of is not None and not query.asks.startswith("summaries: procedure"):
            assert number.value == len(query.counted)
            assert number.of == len(query.counted) + len(query.rest) + len(query.unsure)


def test_the_catalogue_of_jiading_is_told_as_its_report_has_it(jiading: AnnualReport) -> None:
    assert _number(jiading, "entries listed").value == 15
    assert _number(jiading, "postponed").value == 11
    (versions,) = [
        part for part in jiading.sections[0].parts if isinstance(part, Table) and part.title.zh == "目录的版本"
    ]
    assert [row[5] for row in versions.rows] == ["2022-03", "2022-06", "2022-11"]


def test_what_came_after_the_as_of_day_is_not_in_the_report(rulebook: Rulebook) -> None:
    report = annual_report(_material(rulebook, JIADING, "CN-31-JD", date(2022, 7, 31)), rulebook)
    assert _number(report, "postponed").value == 8
    assert "2022-11" not in report.model_dump_json()


def test_flags_are_those_that_checking_each_record_finds(
    rulebook: Rulebook, national: CompiledRulebook, district: AnnualReport
) -> None:
    material = _material(rulebook, DISTRICT, "CN", AS_OF)
    found = list(assess_many(list(material.cases.values()), national, as_of=AS_OF, known_at=KNOWN_AT))
    flags = {f"{one.record} {flag.card}" for one in found for flag in one.of_kind(FindingKind.FLAG)}
    assert set(_query(district, "flags").counted) == flags
    assert _number(district, "flags").value == len(flags)
    assert _number(district, "matters with a flag").value == sum(not one.status.compliant for one in found)


def test_a_step_is_counted_where_a_round_that_counts_was_completed(district: AnnualReport) -> None:
    query = _query(district, "legality review")
    assert query.asks == "happened(legality_review.effective.issued)"
    assert "yunling-2025-04-sewage-plant" in query.rest


def test_files_do_not_say_what_was_put_right(district: AnnualReport) -> None:
    assert not [query for query in district.queries if query.title.en.startswith("flags: ")]


def test_a_place_or_procedure_that_is_not_there_is_refused(rulebook: Rulebook) -> None:
    with pytest.raises(UnknownPlaceError, match="--place: given 'XX'"):
        ReportQuestion("XX", 2025, "major_decision", AS_OF, KNOWN_AT).places(rulebook)
    with pytest.raises(UnknownProcedureError):
        ReportQuestion("CN", 2025, "catalogue", AS_OF, KNOWN_AT).places(rulebook)
