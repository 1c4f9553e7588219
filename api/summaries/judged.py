"""What records came to: from the judgements that are kept where they hold, else judged anew by the sweep evaluator.

A kept judgement holds for the day that it was made for, and for later ones where nothing can change by itself; by the
rulebook that it was made by, and by what was known then or later. Everything else is judged from the versions as they
were known, each once, in bunches, so that millions of records need no more memory than thousands.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Executable, String, and_, case, cast, func, or_, select, type_coerce
from sqlmodel import Session, col

from api.identity.reach import Reach
from api.judging.errors import BeyondRulebookError
from api.judging.rulebooks import ReadyRulebook
from api.judging.standing import period
from api.judging.tables import Judgement
from api.records.bodies import read_body
from api.records.errors import LeadUnclearError
from api.records.tables import Record, RecordState
from api.records.units import lead_of
from api.records.worked import Worked, on_versions
from api.summaries.bodies import bodies, entered_of
from api.summaries.columns import Block, Column, Table
from api.summaries.errors import TooManyToJudgeError
from api.summaries.followed import Followed, Keys, Source
from api.summaries.models import Dimension
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.corrections import corrected_after_flag
from engine.record import DecisionRecord
from engine.record.catalogue import CATALOGUE, ENTRY

BUNCH: Final = 50_000
"""How many kept judgements are read at a time."""
TURNED: Final = 128
"""Of how many records the outcomes are turned from rows into columns at a time."""
SWEPT: Final = 1_000
"""How many records are judged anew at a time."""
KEPT: Final = 50_000
"""Of so many versions that were judged anew it is kept what they came to."""
FOLLOWED: Final = 150_000
"""What so many records came to is kept; of more it is read each time."""
SHOWN: Final = 20
"""Of how many records that the rulebook has no words for the keys are told."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which records are meant, on which day, by what was known when, by which rulebook.

    `procedure`: that of the records, None for all but catalogues; `places`: their jurisdictions, None for all. `most`:
    how many may be judged anew.
    """

    reach: Reach
    as_of: date
    known_at: datetime
    rules: ReadyRulebook
    most: int
    procedure: str | None = None
    places: frozenset[str] | None = None

    @property
    def of_versions(self) -> Hashable:
        """Return what decides, beside a version, what it came to."""
        return on_versions(rulebook=self.rules.digest, as_of=self.as_of, known_at=self.known_at)

    @property
    def of_records(self) -> Hashable:
        """Return what decides, beside what was known, which records are meant and what is kept of them."""
        return self.reach, self.procedure, self.places, self.as_of, self.rules.digest

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions on `Record`: within reach, and of what is fixed for each record what is meant."""
        here = [col(Record.jurisdiction).in_(sorted(self.places))] if self.places is not None else []
        procedure = col(Record.procedure)
        meant = procedure.not_in((CATALOGUE, ENTRY)) if self.procedure is None else procedure == self.procedure
        return (self.reach.where(), meant, *here)

    @property
    def holds(self) -> ColumnElement[bool]:
        """Return the condition on `Judgement` and `Record` that what is kept is the answer."""
        day = col(Judgement.as_of)
        return and_(
            col(Judgement.rulebook) == self.rules.digest,
            col(Judgement.known_at) <= self.known_at,
            or_(day == self.as_of, and_(col(Record.state) == RecordState.CLOSED, day <= self.as_of)),
        )


@dataclass(slots=True)
class Left:
    """What no judgement was kept for: how many records were judged anew, and the keys of those that could not be."""

    judged: int = 0
    beyond: list[str] = field(default_factory=list)


def judged(session: Session, question: Question, left: Left) -> Iterator[Block]:
    """Give what all records that are meant came to; `left` notes what was not kept.

    Raises `TooManyToJudgeError` where more are left than may be judged for one answer.
    """
    rest: dict[str, str] = {}
    if _number(session) > FOLLOWED:
        yield from _kept(session, question, rest)
    else:
        stock = _STOCK.of(session, question.of_records, _source(session, question), known_at=question.known_at)
        yield from stock.blocks
        rest |= stock.rest
    if len(rest) > question.most:
        raise TooManyToJudgeError(given=len(rest), most=question.most)
    keys = list(rest)
    for begin in range(0, len(keys), SWEPT):
        came_to = _came_to(session, question, keys[begin : begin + SWEPT])
        left.judged += sum(one is not None for one in came_to.values())
        left.beyond += [key for key, one in came_to.items() if one is None]
        known: Sequence[Any] = [
            (key, one.procedure, one.jurisdiction, one.level, one.lead or rest[key], one.day, one.outcomes, one.reasons)
            for key, one in came_to.items()
            if one is not None
        ]
        for procedure, some in _by_procedure(known):
            yield _kept_block(question.rules.compiled(procedure), some)


_KEY, _PROCEDURE, _LEAD, _OUTCOMES = 0, 1, 4, 6


def _number(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Judgement)) or 0


def _kept(
    session: Session, question: Question, rest: dict[str, str], *conditions: ColumnElement[bool]
) -> Iterator[Block]:
    """Give what is kept of the records that are meant; `rest` takes the others, with the units that lead."""
    meant = session.connection().execute(_meant(question, *conditions).execution_options(yield_per=BUNCH))
    for rows in meant.partitions():
        there = [row for row in rows if row[_OUTCOMES] is not None]
        if len(there) < len(rows):
            rest |= {row[_KEY]: row[_LEAD] for row in rows if row[_OUTCOMES] is None}
        for procedure, some in _by_procedure(there):
            yield _kept_block(question.rules.compiled(procedure), some)


@dataclass(frozen=True, slots=True)
class _Stock:
    """What is kept of the records that are meant, and the others, with the units that lead."""

    blocks: tuple[Block, ...]
    rest: Mapping[str, str]

    @property
    def size(self) -> int:
        """Return how many records there are."""
        return sum(block.size for block in self.blocks) + len(self.rest)


_STOCK: Final = Followed[_Stock](FOLLOWED)


def _source(session: Session, question: Question) -> Source[_Stock]:
    def newest(keys: Keys | None) -> datetime | None:
        query = select(func.max(col(Judgement.known_at)))
        return session.scalar(query if keys is None else query.where(col(Judgement.record).in_(keys)))

    def whole() -> _Stock:
        rest: dict[str, str] = {}
        return _Stock(tuple(_kept(session, question, rest)), rest)

    def renewed(stock: _Stock, keys: Keys) -> _Stock:
        rest = {key: lead for key, lead in stock.rest.items() if key not in keys}
        fresh = tuple(_kept(session, question, rest, col(Record.key).in_(keys)))
        return _Stock(_joined((*(block.without(keys) for block in stock.blocks), *fresh)), rest)

    return Source(newest=newest, whole=whole, renewed=renewed, size=lambda stock: stock.size)


def _joined(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Make one block of those of each procedure."""
    found: dict[str, Block] = {}
    for block in blocks:
        if block.size:
            column = block.columns[Dimension.PROCEDURE]
            procedure = column.words[column.places[0]]
            found[procedure] = found[procedure].joined(block) if procedure in found else block
    return tuple(found.values())


def _meant(question: Question, *conditions: ColumnElement[bool]) -> Executable:
    """Select the records that are meant, with their judgements where these hold."""
    holds = question.holds
    return (
        select(
            col(Record.key),
            col(Record.procedure),
            col(Record.jurisdiction),
            type_coerce(col(Record.organ_level), String),
            col(Record.lead_unit),
            cast(col(Judgement.period), String),
            case((holds, col(Judgement.outcomes))),
            case((holds, col(Judgement.reasons))),
        )
        .join(Judgement, col(Judgement.record) == col(Record.key))
        .where(*question.conditions, *conditions)
    )


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a record, read by the rulebook; `lead`: the name of the unit that leads."""

    key: str
    lead: str
    record: DecisionRecord


def _by_procedure(rows: Sequence[Any]) -> Iterator[tuple[str, Sequence[Any]]]:
    """Split rows by the procedure that stands in them."""
    if len({row[_PROCEDURE] for row in rows}) == 1:
        yield rows[0][_PROCEDURE], rows
        return
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[_PROCEDURE]].append(row)
    yield from found.items()


def _kept_block(rules: CompiledRulebook, rows: Sequence[Any]) -> Block:
    keys, procedures, places, levels, leads, days, outcomes, reasons = zip(*rows, strict=True)
    return Block(
        cards=rules.cards,
        keys=keys,
        columns={
            Dimension.UNIT: Column.of(leads),
            Dimension.JURISDICTION: Column.of(places),
            Dimension.LEVEL: Column.of(levels),
            Dimension.PROCEDURE: Column.of(procedures),
        },
        days=Column.of(days),
        outcomes=_table(outcomes, len(rules.cards)),
        reasons=_table(reasons, len(rules.cards)),
    )


def _table(rows: Sequence[bytes], cards: int) -> Table:
    """Turn bytes, one text for each record, into a table with one row for each card."""
    written = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), cards)
    table = np.empty((cards, len(rows)), dtype=np.uint8)
    # Some at a time, so that what is read and written stays in the processor's cache.
    for begin in range(0, len(rows), TURNED):
        table[:, begin : begin + TURNED] = written[begin : begin + TURNED].T
    return table


class _CameTo(NamedTuple):
    """What a version came to, as a judgement has it; `lead`: the unit that leads, None where that is not certain."""

    procedure: str
    jurisdiction: str
    level: str
    lead: str | None
    day: str
    outcomes: bytes
    reasons: bytes


_JUDGED: Final = Worked[_CameTo | None](KEPT)


def _came_to(session: Session, question: Question, keys: Sequence[str]) -> dict[str, _CameTo | None]:
    """Tell what the versions of some records came to, each judged once; None for what the rulebook has no words for."""
    versions = list(entered_of(session, keys, known_at=question.known_at))
    return _JUDGED.of(question.of_versions, versions, lambda lacking: _anew(session, question, lacking))


def _lead(record: DecisionRecord, day: date) -> str | None:
    """Return the unit that leads on a day, None where that is not certain."""
    try:
        return lead_of(record, on=day)
    except LeadUnclearError:
        return None


def _anew(session: Session, question: Question, keys: Sequence[str]) -> dict[str, _CameTo | None]:
    """Judge the versions of some records."""
    found: dict[str, _CameTo | None] = {}
    of_procedure: defaultdict[str, list[Version]] = defaultdict(list)
    for key, body in bodies(session, keys, known_at=question.known_at):
        try:
            record = read_body(body, question.rules)
        except BeyondRulebookError:
            found[key] = None
        else:
            of_procedure[record.procedure].append(Version(key, _lead(record, question.as_of) or "", record))
    for procedure, read in of_procedure.items():
        rules = question.rules.compiled(procedure)
        found |= _told(swept_block(rules, read, as_of=question.as_of, known_at=question.known_at), read)
    return found


def _told(block: Block, read: Sequence[Version]) -> Iterator[tuple[str, _CameTo]]:
    outcomes, reasons = (np.ascontiguousarray(table.T) for table in (block.outcomes, block.reasons))
    for place, one in enumerate(read):
        yield (
            one.key,
            _CameTo(
                procedure=one.record.procedure,
                jurisdiction=one.record.jurisdiction,
                level=one.record.organ_level.value,
                lead=one.lead or None,
                day=block.days.words[block.days.places[place]],
                outcomes=outcomes[place].tobytes(),
                reasons=reasons[place].tobytes(),
            ),
        )


def swept_block(rules: CompiledRulebook, read: Sequence[Version], *, as_of: date, known_at: datetime) -> Block:
    """Judge some records by the sweep evaluator, for a summary."""
    records = [one.record for one in read]
    corrected = [corrected_after_flag(record, rules, as_of=as_of, known_at=known_at) for record in records]
    cases = rules.cases(records, corrected=corrected)
    found = rules.sweep.evaluate(rules.columns(rules.derivation(cases, as_of=as_of, known_at=known_at)))
    procedure = rules.procedure
    return Block(
        cards=rules.cards,
        keys=[one.key for one in read],
        columns={
            Dimension.UNIT: Column.of([one.lead for one in read]),
            Dimension.JURISDICTION: Column.of([record.jurisdiction for record in records]),
            Dimension.LEVEL: Column.of([record.organ_level.value for record in records]),
            Dimension.PROCEDURE: Column.of([record.procedure for record in records]),
        },
        days=Column.of([period(record, procedure, as_of=as_of).isoformat() for record in records]),
        outcomes=found.outcomes,
        reasons=found.reasons,
    )
