"""What is read of records: lists, versions, how they stand. Answers for today are kept; others are judged anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlmodel import Session, col

from api import clock
from api.asked import Asked
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.asking import Bench, settled_time
from api.judging.rulebooks import ReadyRulebook
from api.judging.tables import JudgedStatus, Judgement, RulebookActivation
from api.records.bodies import read_body
from api.records.errors import UnknownRecordError
from api.records.models import RecordFilter
from api.records.tables import Record, RecordUnit, RecordVersion
from api.records.versions import as_known, visible
from api.store.conditions import looked_at, older
from engine.evaluation.results import Assessment
from engine.record.catalogue import CATALOGUE, ENTRY


@dataclass(frozen=True, slots=True)
class Answered:
    """A record as it was known, and what comes of it."""

    version: RecordVersion
    assessment: Assessment
    rules: ReadyRulebook


_OF_CATALOGUES: Final = (CATALOGUE, ENTRY)
"""Procedures of what is listed with its catalogue, and among records only if asked for."""
_ACTIVE: Final = (
    select(col(RulebookActivation.rulebook)).order_by(col(RulebookActivation.number).desc()).limit(1).scalar_subquery()
)
# Statements made once, and columns in place of objects: a status is read far more often than anything else.
_STATUS: Final = (
    select(col(Record.jurisdiction), col(Judgement.as_of), col(JudgedStatus.text))
    .join(Judgement, col(Judgement.record) == col(Record.key))
    .join(JudgedStatus, col(JudgedStatus.record) == col(Record.key))
    .add_columns((col(Judgement.rulebook) == _ACTIVE).label("active"))
    .where(col(Record.key) == bindparam("key"))
)
_UNITS: Final = select(
    col(RecordUnit.name), col(RecordUnit.role), col(RecordUnit.named_on), col(RecordUnit.until)
).where(col(RecordUnit.record) == bindparam("key"))


def kept_status(session: Session, reach: Reach, key: str) -> str | None:
    """Return the status of a record for today as it was written out when the record was last judged.

    None where it has to be judged for that. Raises `UnknownRecordError`.
    """
    connection = session.connection()
    found = connection.execute(_STATUS, {"key": key}).first()
    if found is None:
        raise UnknownRecordError(given=key)
    units: Sequence[Any] = connection.execute(_UNITS, {"key": key}).all() if reach.role is Role.DEPARTMENT else ()
    if not reach.may_read(jurisdiction=found.jurisdiction, units=units):
        raise UnknownRecordError(given=key)
    text: str = found.text
    return text if found.active and found.as_of == clock.today() else None


def answered(bench: Bench, reach: Reach, key: str, asked: Asked) -> Answered:
    """Judge a record as it was known at a time, for a day, by a rulebook.

    Raises what `known` raises, `BeyondRulebookError` and `EngineFaultError`.
    """
    version, rules, known_at = known(bench, reach, key, asked)
    record = read_body(version.body, rules)
    assessment = bench.judge.assess(record, rules.compiled(record.procedure), as_of=asked.day, known_at=known_at)
    return Answered(version, assessment, rules)


def known(bench: Bench, reach: Reach, key: str, asked: Asked) -> tuple[RecordVersion, ReadyRulebook, datetime]:
    """Return a record as it was known at a time, the rulebook that is asked for, and the time.

    Raises `UnknownRecordError`, `NotYetKnownError`, `FutureKnowledgeError` and `UnknownRulebookError`.
    """
    with bench.database.reading() as session:
        visible(session, reach, key)
    known_at = settled_time(bench.database, asked.known_at)
    with bench.database.reading() as session:
        version = as_known(session, key, known_at)
        rulebooks = bench.rulebooks
        rules = rulebooks.by_digest(session, asked.rulebook) if asked.rulebook else rulebooks.active(session)
    return version, rules, known_at


def listed(
    session: Session,
    reach: Reach,
    wanted: RecordFilter,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> Sequence[tuple[Record, Judgement]]:
    """Return records within reach with their judgements, the newest first, from behind a position on."""
    query = (
        select(Record, Judgement)
        .join(Judgement, col(Judgement.record) == col(Record.key))
        .where(reach.where(), *_conditions(wanted))
        .order_by(col(Record.created_at).desc(), col(Record.key).desc())
    )
    if after is not None:
        created, key = col(Record.created_at), col(Record.key)
        query = query.where(older(created, key, than=after))
    if limit is not None:
        query = query.limit(limit)
    return [(row, judgement) for row, judgement in session.execute(query)]


def _conditions(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """Return what a filter asks for. Texts go to the database as values, never as SQL."""
    equal = {
        Record.jurisdiction: wanted.jurisdiction,
        Record.procedure: wanted.procedure,
        Record.organ_level: wanted.level,
        Record.own_id: wanted.own_id,
        Record.made_up: wanted.made_up,
    }
    found: list[ColumnElement[bool]] = [col(column) == value for column, value in equal.items() if value is not None]
    if wanted.state is not None:
        found.append(looked_at(col(Record.state), wanted.state))
    if wanted.procedure is None:
        found.append(col(Record.procedure).not_in(_OF_CATALOGUES))
    if wanted.unit is not None or wanted.role is not None:
        of_unit = [col(RecordUnit.name) == wanted.unit] if wanted.unit is not None else []
        in_role = [col(RecordUnit.role) == wanted.role] if wanted.role is not None else []
        found.append(col(Record.key).in_(select(col(RecordUnit.record)).where(*of_unit, *in_role)))
    if wanted.compliant is not None:
        found.append(col(Judgement.flags) == 0 if wanted.compliant else col(Judgement.flags) > 0)
    if wanted.text:
        anywhere = (col(Record.title_zh), col(Record.title_en), col(Record.own_id), col(Record.organ))
        found.append(or_(*(column.contains(wanted.text, autoescape=True) for column in anywhere)))
    return found
