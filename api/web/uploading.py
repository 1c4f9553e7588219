"""What becomes of the records of a workbook that is uploaded, how its bad cells are told, and the template to fill in.

All records are entered or none, in one transaction; on request those that can be entered are, and the others are told.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlmodel import Session

from api.office.problems import CellProblem
from api.office.tables import template
from api.records.changes import Change
from api.refusals import RefusalError
from api.web.by_digest import ByDigest
from api.web.filling import Desk
from engine.reading.problems import Problem
from engine.record import DecisionRecord
from engine.vocabulary import Bilingual, Frozen, Language


class Submitted(Frozen):
    """What became of a record of the workbook: its key, or why it was refused; neither where it waits for others."""

    id: str
    title: Bilingual
    key: str | None = None
    problems: tuple[Problem, ...] = ()


class Pointed(Frozen):
    """A bad cell: on which sheet, which cell of it, under which heading, of which record, and what is wrong."""

    sheet: str
    cell: str
    heading: str
    owner: str
    problem: Problem


class _NotAllError(Exception):
    """Some records are refused, and so none is to be entered."""


_Changes = Mapping[str, tuple[str, Change]]
"""What is to be written, by the ids of records, with their keys."""


def submit(desk: Desk, records: Sequence[DecisionRecord], *, partly: bool) -> tuple[Submitted, ...]:
    """Submit records for the unit of a desk: all or none; `partly`: those that can be."""
    refused: dict[str, tuple[Problem, ...]] = {}
    changes: dict[str, tuple[str, Change]] = {}
    for record in records:
        try:
            changes[record.id] = desk.clerk.submit(record)
        except RefusalError as refusal:
            refused[record.id] = refusal.problems
    written = _write_each(desk, changes, refused) if partly else _write_all(desk, changes, refused)
    return tuple(
        Submitted(id=record.id, title=_title(record), key=written.get(record.id), problems=refused.get(record.id, ()))
        for record in records
    )


def waiting(records: Iterable[DecisionRecord]) -> tuple[Submitted, ...]:
    """Return records that nothing is wrong with, and that wait until the others are mended."""
    return tuple(Submitted(id=record.id, title=_title(record)) for record in records)


def pointed(problem: Problem) -> Pointed:
    """Tell where a problem lies; one that lies in no cell is about the whole file."""
    if isinstance(problem, CellProblem):
        return Pointed(
            sheet=problem.sheet,
            cell=problem.cell,
            heading=problem.heading or "",
            owner=problem.owner or "",
            problem=problem,
        )
    return Pointed(sheet="", cell="", heading="", owner="", problem=problem)


@lru_cache(maxsize=16)
def template_of(procedure: str, rules: ByDigest, language: Language) -> bytes:
    """Return the template of a procedure, or of catalogues, as XLSX; raises `UnknownProcedureError`."""
    content = io.BytesIO()
    template(procedure, rules.rulebook, language=language).write_xlsx(content)
    return content.getvalue()


def _write_all(desk: Desk, changes: _Changes, refused: dict[str, tuple[Problem, ...]]) -> dict[str, str]:
    """Write all changes in one transaction, or none where any is refused; returns the keys."""
    try:
        with desk.service.database.writing() as session:
            for own_id, (_, change) in changes.items():
                _write(session, change, own_id, refused)
            _all_or_none(refused)
    except _NotAllError:
        return {}
    return {own_id: key for own_id, (key, _) in changes.items()}


def _all_or_none(refused: Mapping[str, tuple[Problem, ...]]) -> None:
    if refused:
        raise _NotAllError


def _write_each(desk: Desk, changes: _Changes, refused: dict[str, tuple[Problem, ...]]) -> dict[str, str]:
    """Write each change in a transaction of its own; returns the keys of those that were not refused."""
    for own_id, (_, change) in changes.items():
        try:
            with desk.service.database.writing() as session:
                change.write(session)
        except RefusalError as refusal:
            refused[own_id] = refusal.problems
    return {own_id: key for own_id, (key, _) in changes.items() if own_id not in refused}


def _write(session: Session, change: Change, own_id: str, refused: dict[str, tuple[Problem, ...]]) -> None:
    """Write a change; where it is refused, note why and go on: what is wrong with the others is to be told, too."""
    try:
        change.write(session)
    except RefusalError as refusal:
        refused[own_id] = refusal.problems


def _title(record: DecisionRecord) -> Bilingual:
    title = record.title
    return title if isinstance(title, Bilingual) else Bilingual(zh=title, en=title)
