"""Which columns of the case table the query reads, and views of them for some partitions at once.

`key` numbers the records of all partitions, `row` the rows of their files. A column that no record fills may be left
out of its file, and is null.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

ROWS: Final = 10_000_000
"""More than a file has."""


def both_ends(*moments: str) -> tuple[str, ...]:
    """Name both ends of moments."""
    return tuple(f"{name}.{end}" for name in moments for end in ("lo", "hi"))


def determined(*names: str) -> tuple[str, ...]:
    """Name the columns of determinations."""
    return tuple(f"determined.{name}{part}" for name in names for part in ("", ".hi", ".entered"))


RECORDS: Final = (
    "id",
    "jurisdiction",
    "organ_level",
    "excluded",
    "excluded.hi",
    "special_statutes",
    "outcome",
    *both_ends("outcome"),
    "outcome.entered",
    "outcome.reasoned",
    *determined("not_public", "technical", "risk_possible", "units_concerned", "statutory_hearing"),
)

ROUNDS: Final[Mapping[str, tuple[str, ...]]] = {
    "catalogue_listing": (
        *both_ends("scheduled_until"),
        "scheduled_until.announced.hi",
        "scheduled_until.planned.hi",
    ),
    "drafting": (*both_ends("researched", "drafted"), "research_done", "legal_basis_sorted"),
    "consultation": (*both_ends("asked"), "affected_units_all_asked"),
    "public_comment": (
        *both_ends("opened", "closed", "closed.announced"),
        "opened.announced.hi",
        "opened.planned.hi",
        "closed.planned.hi",
        "notice_contains",
        "shortening_explained_in_notice",
        "opinions",
    ),
    "hearing": (
        *both_ends("materials_delivered", "held", "held.announced"),
        "materials_delivered.announced.hi",
        "materials_delivered.planned.hi",
        "held.planned.hi",
        "held_in_public",
        "sequence",
    ),
    "other_participation": (*both_ends("completed"), "opinions"),
    "opinion_adoption": (*both_ends("completed"), "of"),
    "expert_review": (
        *both_ends("started", "completed"),
        "documents",
        "experts",
        "experts_of_the_unit",
        "outside_experts_included",
        "conflict_declaration",
        "independent",
    ),
    "risk_assessment": (
        *both_ends("completed"),
        "draft",
        "reuses_earlier_report",
        "earlier_report_covers_same_risk",
        "conclusion",
        "departments_heard",
        "report_contains",
    ),
    "initial_legality_review": (*both_ends("issued"), "form", "aspects"),
    "legality_review": (
        *both_ends("file_complete", "received", "issued"),
        "file_complete.announced.hi",
        "file_complete.planned.hi",
        "draft",
        "form",
        "conclusion",
        "aspects",
        "legal_advisers_heard",
    ),
    "submission": (*both_ends("submitted"), "materials"),
    "party_report": (*both_ends("reported"), "not_prescribed"),
    "collective_deliberation": (*both_ends("held"), "held.planned.hi", "draft", "form", "members_spoke"),
    "issue": both_ends("issued"),
    "publication": (*both_ends("published"), "published.announced.hi", "published.planned.hi"),
    "archiving": (*both_ends("archived"), "items"),
}

ATTACHED: Final[Mapping[str, tuple[str, ...]]] = {
    "events": ("step", "round", "kind", *both_ends("at")),
    "documents": ("step", "round", "bits", "lo", "hi"),
}

KNOWN: Final = {
    "entered": 'coalesce("entered", 0) <= known_at()',
    "voided": 'coalesce("voided" > known_at(), true)',
}
"""What was on record by then; files without these columns say nothing of it."""


def look_at(connection: duckdb.DuckDBPyConnection, partitions: Sequence[Path]) -> None:
    """Lay views over some partitions, which have the columns of the first."""
    _view(connection, "records", [folder / "records.parquet" for folder in partitions], RECORDS)
    for step, columns in ROUNDS.items():
        files = [folder / "rounds" / f"{step}.parquet" for folder in partitions]
        _view(connection, step, files, ("record", "entered", "voided", *both_ends("begun"), *columns))
    for name, columns in ATTACHED.items():
        _view(connection, name, [folder / f"{name}.parquet" for folder in partitions], ("record", *columns))


def _view(connection: duckdb.DuckDBPyConnection, name: str, files: Iterable[Path], columns: Iterable[str]) -> None:
    found = [str(path) for path in files]
    there = {row[0] for row in connection.execute("SELECT name FROM parquet_schema(?)", [found[0]]).fetchall()}
    place = "file_row_number" if name == "records" else '"record"'
    selected = ", ".join(
        (
            f"(file_index * {ROWS} + {place})::INTEGER AS key",
            f'(file_index * {ROWS} + file_row_number)::INTEGER AS "row"',
            *(_selected(column, there=column in there) for column in columns if column != "record"),
        )
    )
    known = " AND ".join(test for column, test in KNOWN.items() if column in there) or "true"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {selected} FROM read_parquet({found}) WHERE {known}"  # noqa: S608 - names stand above
    )


def _selected(column: str, *, there: bool) -> str:
    name = column.removeprefix("determined.").replace(".", "_")
    return f'"{column}" AS "{name}"' if there else f'NULL::INTEGER AS "{name}"'
