"""Makes summaries: which records are meant, what they came to, and how that is told. Knows no HTTP."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from heapq import nlargest
from typing import Final

import numpy as np
from sqlalchemy import func, select
from sqlmodel import Session, col

from api import clock
from api.findings.tables import Finding
from api.identity.directory import Directory
from api.identity.reach import Reach
from api.judging.asking import Asked
from api.judging.codes import OUTCOMES
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.records.tables import Record, RecordUnit
from api.records.worked import on_versions
from api.reviews.standing import holding
from api.reviews.tables import Decision, ReviewInForce
from api.store import trail
from api.store.keys import is_key
from api.summaries.cells import CellMask, Cells, Choice, Marks, behind
from api.summaries.columns import Block, Mask
from api.summaries.counting import Counts, Key, Tally
from api.summaries.errors import NotInRulebookError
from api.summaries.judged import SHOWN, Left, Question, judged
from api.summaries.models import BeyondRulebook, CountedCard, Dimension, Figure, SummaryBasis, SummaryFilter
from api.summaries.naming import Naming
from api.waivers.standing import in_force
from api.waivers.tables import Waiver
from engine.calendar.moment import LOCAL, epoch_day
from engine.evaluation.compile import Outcome
from engine.evaluation.sweep import VIOLATIONS
from engine.observables.kleene import DOUBTS
from engine.vocabulary import UnitRole

TOGETHER: Final = 500
"""Of so many records the rows are read at a time."""


@dataclass(frozen=True)
class Desk:
    """Where one question is answered: on one moment's store, for who reaches so far, by the three coordinates.

    `known_at` is settled: whatever was entered by then is there. `most`: how many records may be judged anew.
    """

    session: Session
    rulebooks: Rulebooks
    reach: Reach
    directory: Directory
    asked: Asked
    known_at: datetime
    most: int

    @property
    def as_of(self) -> date:
        """Return the as-of day."""
        return self.asked.as_of or clock.today()

    @cached_property
    def rules(self) -> ReadyRulebook:
        """Return the rulebook; raises `UnknownRulebookError`."""
        digest = self.asked.rulebook
        return self.rulebooks.by_digest(self.session, digest) if digest else self.rulebooks.active(self.session)

    @property
    def of_versions(self) -> Hashable:
        """Return what decides, beside a version of a record, what is worked out of it."""
        return on_versions(rulebook=self.rules.digest, as_of=self.as_of, known_at=self.known_at)

    @cached_property
    def naming(self) -> Naming:
        """Return what units and groups are called."""
        return Naming(self.directory, self.rules.rulebook, clock.today())

    def named_on(self, name: str) -> Mapping[str, date]:
        """Return for each record led under a name the day by which the name is to be understood."""
        led = (col(RecordUnit.name) == name, col(RecordUnit.role) == UnitRole.LEAD)
        rows = self.session.execute(
            select(col(RecordUnit.record), func.min(col(RecordUnit.named_on))).where(*led).group_by(RecordUnit.record)
        )
        return {row[0]: row[1] for row in rows}

    def basis(self, left: Left) -> SummaryBasis:
        """Tell what the figures rest on."""
        head = trail.head(self.session)
        return SummaryBasis(
            as_of=self.as_of,
            known_at=self.known_at,
            rulebook=self.rules.digest,
            trail_number=head.number,
            trail_digest=head.digest,
            judged_anew=left.judged,
            beyond_rulebook=BeyondRulebook(count=len(left.beyond), records=tuple(sorted(left.beyond)[:SHOWN])),
        )


@dataclass(frozen=True, slots=True)
class Summed:
    """What was counted: of all, and of each group by its words in the order of the dimensions, if there are any."""

    basis: SummaryBasis
    total: Counts
    groups: Mapping[Key, Counts]


def summed(desk: Desk, wanted: SummaryFilter, by: Sequence[Dimension]) -> Summed:
    """Count what is wanted, grouped by some dimensions.

    Raises `UnknownRulebookError`, `NotInRulebookError` and `TooManyToJudgeError`.
    """
    (found,) = summed_at_once(desk, wanted, (by,))
    return found


def summed_at_once(desk: Desk, wanted: SummaryFilter, tables: Sequence[Sequence[Dimension]]) -> tuple[Summed, ...]:
    """Count what is wanted, grouped in several ways, in one pass over the records; raises what `summed` raises."""
    marks, left = marks_of(desk), Left()
    tallies = [Tally(_choice(wanted, by), marks) for by in tables]
    for block in blocks(desk, wanted, left):
        cells = Cells(block, marks)
        for tally in tallies:
            tally.add(block, cells)
    basis = desk.basis(left)
    return tuple(Summed(basis, tally.total, _groups(tally, by)) for tally, by in zip(tallies, tables, strict=True))


def _choice(wanted: SummaryFilter, by: Sequence[Dimension]) -> Choice:
    of_records = tuple(name for name in by if not name.of_cards)
    of_cards = next((name for name in by if name.of_cards), None)
    return Choice(by=of_records, of_cards=of_cards, step=wanted.step, card=wanted.card)


def _groups(tally: Tally, by: Sequence[Dimension]) -> dict[Key, Counts]:
    """Return the groups of a tally by their words in the order in which was asked."""
    if not by:
        return {}
    places = [(*tally.choice.by, tally.choice.of_cards).index(name) for name in by]
    return {tuple(key[place] for place in places): counts for key, counts in tally.groups.items()}


def blocks(desk: Desk, wanted: SummaryFilter, left: Left) -> Iterator[Block]:
    """Give what the wanted records came to, units by their keys and days by their months; `left` notes how."""
    _refuse_unknown(desk.rules, wanted)
    question = Question(
        reach=desk.reach,
        as_of=desk.as_of,
        known_at=desk.known_at,
        rules=desk.rules,
        most=desk.most,
        procedure=wanted.procedure,
        places=_places(desk, wanted),
    )
    for block in judged(desk.session, question, left):
        units = desk.naming.units(block, desk.named_on)
        months = block.days.mapped(lambda day: day[: len("2024-12")])
        named = replace(block, columns={**block.columns, Dimension.UNIT: units, Dimension.MONTH: months})
        yield named.among(_mask(named, desk, wanted))


@dataclass(frozen=True, slots=True)
class Hit:
    """A record behind a figure, its day, and the cards for whose sake it is counted."""

    day: str
    key: str
    cards: tuple[CountedCard, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Records behind figures, those of the newest days first: as many of them as were asked for.

    `records`: how many there are in all; `counted`: verdicts or findings, or they themselves.
    """

    basis: SummaryBasis
    hits: list[Hit]
    records: int
    counted: int


def found_behind(
    desk: Desk, wanted: SummaryFilter, figures: Sequence[Figure], *, after: tuple[str, str] | None, limit: int
) -> Found:
    """Find the records that are counted in any of some figures of what is wanted, from behind a day and key on.

    Raises what `summed` raises.
    """
    choice, marks, left = Choice(step=wanted.step, card=wanted.card), marks_of(desk), Left()
    hits: list[Hit] = []
    records = counted = 0
    for block in blocks(desk, wanted, left):
        mask, cells = _behind_any(block, figures, choice, marks)
        records += int(np.count_nonzero(mask))
        counted += int(np.count_nonzero(mask if cells is None else cells))
        entries = (
            (block.days.words[block.days.places[place]], block.keys[place], place)
            for place in np.flatnonzero(mask).tolist()
        )
        newest = nlargest(limit, (entry for entry in entries if after is None or entry[:2] < after))
        hits += [Hit(day, key, _cards(block, cells, place)) for day, key, place in newest]
    newest_hits = nlargest(limit, hits, key=lambda hit: (hit.day, hit.key))
    return Found(desk.basis(left), newest_hits, records=records, counted=counted)


def _behind_any(block: Block, figures: Sequence[Figure], choice: Choice, marks: Marks) -> tuple[Mask, CellMask | None]:
    """Return which records are counted in any figure, and for the sake of which cards, unless one counts records."""
    cells = Cells(block, marks)
    masks, counted = zip(*(behind(block, figure, choice, marks, cells) for figure in figures), strict=True)
    of_cards = [table for table in counted if table is not None]
    every = np.logical_or.reduce(of_cards) if len(of_cards) == len(counted) else None
    return np.logical_or.reduce(masks), every


def _cards(block: Block, cells: CellMask | None, record: int) -> tuple[CountedCard, ...]:
    places = [] if cells is None else np.flatnonzero(cells[:, record]).tolist()
    return tuple(
        CountedCard(
            card=block.cards[place].meaning.card.id,
            outcome=OUTCOMES[block.outcomes[place, record]],
            reason=_reason(OUTCOMES[block.outcomes[place, record]], int(block.reasons[place, record])),
        )
        for place in places
    )


def _reason(outcome: Outcome, code: int) -> str | None:
    if outcome == Outcome.VIOLATED:
        return VIOLATIONS[code]
    return DOUBTS[code] if outcome == Outcome.UNDETERMINED else None


def marks_of(desk: Desk) -> Marks:
    """Return what is waived and what has been dismissed, on the as-of day, by what was known."""
    return marks_at(desk.session, as_of=desk.as_of, known_at=desk.known_at)


def marks_at(session: Session, *, as_of: date, known_at: datetime) -> Marks:
    """Return what is waived and what has been dismissed on a day, by what was known at a time."""
    waived = select(col(Waiver.record), col(Waiver.card)).where(in_force(as_of=as_of, known_at=known_at))
    moment = min(known_at, datetime.combine(as_of, time.max, tzinfo=LOCAL))
    dismissed = (
        select(col(Finding.record), col(Finding.card))
        .join(ReviewInForce, col(ReviewInForce.finding) == col(Finding.key))
        .where(col(ReviewInForce.decision) == Decision.DISMISSED, holding(moment))
    )
    return Marks(
        waived=frozenset((record, card) for record, card in session.execute(waived)),
        dismissed=frozenset((record, card) for record, card in session.execute(dismissed)),
    )


def records_named(session: Session, keys: Sequence[str]) -> dict[str, Record]:
    """Return records by their keys."""
    found: dict[str, Record] = {}
    for begin in range(0, len(keys), TOGETHER):
        some = select(Record).where(col(Record.key).in_(keys[begin : begin + TOGETHER]))
        found |= {row.key: row for row in session.scalars(some)}
    return found


def _mask(block: Block, desk: Desk, wanted: SummaryFilter) -> Mask:
    """Tell which records are wanted, as far as the store was not asked for these only."""
    mask = block.everyone
    first, last = (day.isoformat() if day else None for day in (wanted.first, wanted.last))
    if first or last:
        mask = mask & block.days.where(lambda day: (not first or first <= day) and (not last or day <= last))
    for name, words in (
        (Dimension.MONTH, {wanted.month}),
        (Dimension.LEVEL, {wanted.level}),
        (Dimension.UNIT, _units(desk, wanted.unit)),
    ):
        if words != {None}:
            mask = mask & block.columns[name].where(words.__contains__)
    return mask


def _units(desk: Desk, given: str | None) -> set[str | None]:
    """Return what a key, or a name, of a unit stands for in the column of units."""
    if given is None or is_key(given):
        return {given}
    bearers = {desk.directory.acting(borne.unit, today=clock.today()) for borne in desk.directory.bearers(given)}
    return {given, *bearers}


def _places(desk: Desk, wanted: SummaryFilter) -> frozenset[str] | None:
    """Return the jurisdictions whose records are wanted, None for all."""
    tree, day = desk.rules.rulebook.tree, epoch_day(clock.today())
    if wanted.jurisdiction is None and wanted.within is None:
        return None
    here = {wanted.jurisdiction} if wanted.jurisdiction else set(tree.ids)
    return frozenset(
        place for place in here if place and (not wanted.within or wanted.within in tree.ancestors(place, day))
    )


def _refuse_unknown(rules: ReadyRulebook, wanted: SummaryFilter) -> None:
    book = rules.rulebook
    steps = {name for procedure in book.procedures.values() for name in procedure.steps}
    known: Iterable[tuple[str, str | None, Iterable[str]]] = (
        ("procedure", wanted.procedure, book.procedures),
        ("step", wanted.step, steps),
        ("card", wanted.card, (card.id for card in book.cards)),
        ("jurisdiction", wanted.jurisdiction, book.tree.ids),
        ("within", wanted.within, book.tree.ids),
    )
    for name, given, words in known:
        listed = sorted(words)
        if given is not None and given not in listed:
            raise NotInRulebookError(field=name, given=given, known=listed)
