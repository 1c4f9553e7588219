"""Out and in again, records are equal; a template can be made of any procedure; no cell is a formula."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from api.office.grids import armed, written
from api.office.reading import read_grids
from api.office.tables import SeveralProceduresError, Tables, csv_grids, tables_of, template, written_grids
from engine.evaluation.compiled import CompiledRulebook
from engine.record import DecisionRecord, record_type
from engine.record.catalogue import Catalogue
from engine.record.catalogues import read_catalogues
from engine.record.reading import read_records
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Language

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    *sorted((ROOT / "examples").glob("*.yaml")),
    *sorted((ROOT / "examples" / "made-up-district-2025").glob("*.yaml")),
]


def _examples(rulebook: Rulebook, procedure: str) -> tuple[list[DecisionRecord], list[Catalogue]]:
    read, _ = read_records(FILES, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    catalogues, _ = read_catalogues(FILES, jurisdictions=rulebook.tree.ids)
    records = [one.record for one in read if one.record.procedure == procedure]
    return records, [one.catalogue for one in catalogues]


def _again(tables: Tables, rulebook: Rulebook) -> Sequence[DecisionRecord]:
    content = io.BytesIO()
    tables.write_xlsx(content)
    from_workbook = read_grids(written_grids(content.getvalue()), file="x", rulebook=rulebook)
    from_csv = read_grids(csv_grids(tables.csv_files()), file="x", rulebook=rulebook)
    assert not from_workbook.problems
    assert not from_csv.problems
    assert from_workbook.records == from_csv.records
    return from_workbook.records


@pytest.mark.parametrize(("procedure", "language"), [("major_decision", "zh"), ("normative_document", "en")])
def test_the_examples_come_back_as_they_went(rulebook: Rulebook, procedure: str, language: Language) -> None:
    records, catalogues = _examples(rulebook, procedure)
    tables = tables_of(records, catalogues, rulebook, language=language)
    assert list(_again(tables, rulebook)) == records
    assert not tables.untold(csv_grids(tables.csv_files()), file="x")


_TEXTS = st.text(st.characters(exclude_categories=["C"], include_characters="\n'"), min_size=1, max_size=20).filter(
    lambda text: text == text.strip() and text not in {"(无)", "(none)"}
)
_DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31)).map(date.isoformat)
_MOMENTS = st.one_of(
    _DAYS,
    _DAYS.map(lambda day: day[:7]),
    _DAYS.map(lambda day: f"{day}T09:30"),
    st.sampled_from(["2024-Q2", "2024", "unknown"]),
)
_TIMINGS = st.one_of(_MOMENTS, st.fixed_dictionaries({"planned": _MOMENTS}, optional={"announced": _MOMENTS}))
_ROUNDS = st.fixed_dictionaries(
    {},
    optional={
        "opened": _TIMINGS,
        "extended": _TIMINGS,
        "channels": st.lists(st.sampled_from(["website", "new_media", "gazette"]), unique=True),
        "urgent": st.booleans(),
        "opinions": st.integers(0, 10**9),
        "note": _TEXTS,
        "void": st.booleans(),
        "entered": _DAYS,
        "documents": st.lists(
            st.fixed_dictionaries({"kind": st.just("notice")}, optional={"title": _TEXTS, "day": _MOMENTS})
        ),
        "events": st.lists(st.fixed_dictionaries({"kind": st.just("suspended"), "at": _MOMENTS})),
    },
)
_RECORDS = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[A-Za-z0-9_.\-]{1,20}", fullmatch=True),
        "title": st.one_of(_TEXTS, st.fixed_dictionaries({"zh": _TEXTS, "en": _TEXTS})),
        "jurisdiction": st.just("CN"),
        "organ": _TEXTS,
        "organ_level": st.sampled_from(["county", "city", "township"]),
    },
    optional={
        "made_up": st.booleans(),
        "source": st.lists(_TEXTS, max_size=3),
        "catalogue": st.one_of(st.just({}), st.fixed_dictionaries({"entries": st.lists(_TEXTS, max_size=3)})),
        "units": st.lists(
            st.fixed_dictionaries(
                {"name": _TEXTS, "role": st.sampled_from(["lead", "joint"])}, optional={"since": _MOMENTS}
            )
        ),
        "determinations": st.fixed_dictionaries(
            {}, optional={"technical": st.fixed_dictionaries({"value": st.booleans()}, optional={"reason": _TEXTS})}
        ),
        "special_statutes": st.lists(st.just("decree-590"), max_size=1),
        "outcome": st.fixed_dictionaries({"kind": st.just("decided"), "on": _MOMENTS}, optional={"reason": _TEXTS}),
        "steps": st.fixed_dictionaries({}, optional={"public_comment": st.lists(_ROUNDS, max_size=3)}),
    },
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_RECORDS, min_size=1, max_size=5, unique_by=lambda record: record["id"]), st.sampled_from(["zh", "en"]))
def test_made_up_records_come_back_as_they_went(
    rulebook: Rulebook, national: CompiledRulebook, data: list[dict[str, object]], language: Language
) -> None:
    model = record_type(national.procedure)
    records = [model.model_validate(one) for one in data]
    assert list(_again(tables_of(records, [], rulebook, language=language), rulebook)) == records


@pytest.mark.parametrize("procedure", ["major_decision", "normative_document", "catalogue"])
def test_a_template_says_how_to_fill_it_in_and_is_read_as_nothing(rulebook: Rulebook, procedure: str) -> None:
    content = io.BytesIO()
    template(procedure, rulebook, language="zh").write_xlsx(content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content.getvalue()))
    read = read_grids(written_grids(content.getvalue()), file="x", rulebook=rulebook)
    assert (book.sheet_names[0], book.sheet_names[-1]) == ("说明 how-to", "选项 choices")
    assert (read.records, read.catalogues, read.problems) == ((), (), ())


def test_a_procedure_of_yaml_alone_has_a_template(permit: CompiledRulebook) -> None:
    tables = template("permit", permit.rulebook, language="en")
    assert {sheet.sheet.id for sheet in tables.sheets} >= {"record", *permit.procedure.steps}


def test_a_template_filled_in_belongs_to_its_procedure(rulebook: Rulebook) -> None:
    (sheet, *_) = template("normative_document", rulebook, language="zh").sheets
    headings = [column.heading(" ") for column, _ in sheet.headings]
    assert headings[-1].endswith("[procedure=normative_document]")


def test_records_of_two_procedures_are_not_put_into_one_table(rulebook: Rulebook) -> None:
    records = [*_examples(rulebook, "major_decision")[0], *_examples(rulebook, "normative_document")[0]]
    with pytest.raises(SeveralProceduresError, match="choose one by --procedure"):
        tables_of(records, [], rulebook, language="zh")


def test_what_a_table_cannot_say_is_told(rulebook: Rulebook, national: CompiledRulebook) -> None:
    data = {
        "id": "a",
        "title": {"zh": "甲(虚构)", "en": ""},
        "jurisdiction": "CN",
        "organ": "某县",
        "organ_level": "county",
    }
    record = record_type(national.procedure).model_validate(data)
    tables = tables_of([record], [], rulebook, language="zh")
    (problem,) = tables.untold(csv_grids(tables.csv_files()), file="x")
    assert (problem.code, problem.field) == ("not_in_a_table", "a title")


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''x", "@x", " -1", "plain", "'quoted'", "＝1"])
def test_a_text_goes_through_csv_without_being_a_formula(text: str) -> None:
    assert armed(written(text)) == text
    assert not written(text).lstrip(" ").startswith(("=", "@", "-", "+", "＝"))
