"""Whether the trail still stands: what was changed, removed, reordered or cut off, in it or in what it vouches for.

Who can write to the database can also drop its triggers and write every digest anew from some entry on. That shows
only against a head exported earlier and kept elsewhere, so such a head is asked for.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, String, Text, func, select, type_coerce
from sqlmodel import Session, col

from api.store.tables import TrailEntry, TrailHead
from api.store.trail import GENESIS, Head, entry_digest
from engine.vocabulary import Bilingual, Frozen, Language, Word

BATCH: Final = 5000
"""How many entries are read at a time."""

COMPARED: Final = 500
"""Among how many entries that do not fit their numbers it is looked whether they fit each other's."""


class Tampering(Word):
    """What is wrong with the trail, or with what it vouches for."""

    CHANGED = "changed", "被改动", "changed"
    REMOVED = "removed", "被删除", "removed"
    REORDERED = "reordered", "被调换顺序", "reordered"
    ADDED = "added", "被插入", "added from outside"
    CUT_OFF = "cut_off", "尾部被截去", "cut off"
    REWRITTEN = "rewritten", "与此前导出的链头不符", "not the trail of which this head was exported"
    HEAD = "head", "链头记录与最后一条不符", "head row does not match the newest entry"
    CONTENT_CHANGED = "content_changed", "所证内容被改动", "what it vouches for was changed"
    CONTENT_REMOVED = "content_removed", "所证内容被删除", "what it vouches for was removed"
    CONTENT_ADDED = "content_added", "内容未经留痕", "kept without an entry in the trail"


class TrailProblem(Frozen):
    """A place where the trail does not stand. `number`: of the entry, 0 if there is none for it."""

    kind: Tampering
    number: int
    subject: str

    def say(self, language: Language) -> str:
        """Return the problem as a sentence."""
        subject = self.subject or "–"
        said = Bilingual(
            zh=f"第{self.number}条({subject}):{self.kind.zh}",
            en=f"entry {self.number} ({subject}): {self.kind.en}",
        )
        return said.say(language)


class Vouched(NamedTuple):
    """Something that never changes, by its name, and its SHA-256."""

    name: str
    digest: str


@dataclass(frozen=True)
class Witness:
    """What entries say of rows that are kept elsewhere and never change, beside what those rows are now.

    `said` reads subject and content of an entry with one of the actions; `held` computes the digests anew from what
    the tables hold. Each thing said must be held with the digest said, and each thing held must have been said.
    """

    actions: frozenset[str]
    said: Callable[[str, Mapping[str, Any]], Iterable[Vouched]]
    held: Callable[[Session], Iterable[Vouched]]


class _Row(NamedTuple):
    """An entry as it is written, whatever it says."""

    number: int
    at: str
    content: str
    actor: str
    action: str
    subject: str
    before: str
    digest: str

    def fits(self, number: int) -> bool:
        """Tell whether the entry has the digest that it would have with a number."""
        try:
            return self.digest == entry_digest(
                self.before, number, self.at, self.content, self.actor, self.action, self.subject
            )
        except (TypeError, ValueError, AttributeError):  # what is written is not even text
            return False


def verify(
    session: Session,
    *,
    exported: Head | None = None,
    witnesses: Iterable[Witness] = (),
) -> tuple[TrailProblem, ...]:
    """Return every place where the trail does not stand, in order; nothing if it does."""
    chain = _Chain(exported=exported)
    for row in _rows(session):
        chain.add(row)
    chain.end(session.get(TrailHead, 1))
    contents = (problem for witness in witnesses for problem in _contents(session, witness))
    return (*sorted(chain.problems(), key=lambda problem: problem.number), *contents)


class _Chain:
    """The entries read so far, and what is wrong with them."""

    def __init__(self, *, exported: Head | None) -> None:
        self._exported = exported
        self._last: _Row | None = None
        self._last_fits = True
        self._misfits: list[_Row] = []
        self._found: list[TrailProblem] = []

    def add(self, row: _Row) -> None:
        """Take the entry with the next higher number."""
        if row.number < 1:
            self._note(Tampering.ADDED, row.number, row.subject)
            return
        last, fits = self._last, row.fits(row.number)
        number, digest = (last.number, last.digest) if last else (0, GENESIS)
        if row.number > number + 1:
            self._note(Tampering.REMOVED, number + 1, "")
        elif fits and row.before != digest and self._last_fits:
            # It stands by itself and vouches for another one than stands before it.
            self._note(Tampering.CHANGED, *((last.number, last.subject) if last else (row.number, row.subject)))
        if not fits:
            self._misfits.append(row)
        if self._exported and row.number == self._exported.number and row.digest != self._exported.digest:
            self._note(Tampering.REWRITTEN, row.number, row.subject)
        self._last, self._last_fits = row, fits

    def end(self, head: TrailHead | None) -> None:
        """Compare the newest entry with the head row and with the head exported."""
        number, digest = (self._last.number, self._last.digest) if self._last else (0, GENESIS)
        newest = max(head.number if head else 0, self._exported.number if self._exported else 0)
        if newest > number:
            self._note(Tampering.CUT_OFF, number + 1, "")
        if head is None or head.number < number or (head.number == number and head.digest != digest):
            self._note(Tampering.HEAD, number, "")

    def problems(self) -> Iterator[TrailProblem]:
        """Return what was found; entries that fit the number of another are told from those that fit none."""
        yield from self._found
        numbers = [row.number for row in self._misfits[:COMPARED]]
        for index, row in enumerate(self._misfits):
            moved = index < COMPARED and any(row.fits(number) for number in numbers)
            kind = Tampering.REORDERED if moved else Tampering.CHANGED
            yield TrailProblem(kind=kind, number=row.number, subject=str(row.subject))

    def _note(self, kind: Tampering, number: int, subject: str) -> None:
        self._found.append(TrailProblem(kind=kind, number=number, subject=str(subject)))


def _rows(session: Session) -> Iterator[_Row]:
    """Read the entries as they are written, without making times or JSON of what may be neither."""
    statement = select(
        col(TrailEntry.number),
        _written(session),
        type_coerce(col(TrailEntry.content), Text),
        col(TrailEntry.actor),
        col(TrailEntry.action),
        col(TrailEntry.subject),
        col(TrailEntry.before),
        col(TrailEntry.digest),
    ).order_by(col(TrailEntry.number))
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        yield _Row(*row)


def _written(session: Session) -> ColumnElement[str]:
    """Return the time of an entry as it is written in its digest."""
    at = col(TrailEntry.at)
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(at, String)
    return func.to_char(func.timezone("UTC", at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"', type_=String)


def _contents(session: Session, witness: Witness) -> Iterator[TrailProblem]:
    said: dict[str, tuple[str, int]] = {}
    for number, subject, text in _testimony(session, witness.actions):
        try:
            vouched = tuple(witness.said(subject, json.loads(text)))
        except (TypeError, ValueError, LookupError):  # tampered with, and told as such
            continue
        for thing in vouched:
            said.setdefault(thing.name, (thing.digest, number))
    for thing in witness.held(session):
        digest, number = said.pop(thing.name, ("", 0))
        if not digest:
            yield TrailProblem(kind=Tampering.CONTENT_ADDED, number=0, subject=thing.name)
        elif digest != thing.digest:
            yield TrailProblem(kind=Tampering.CONTENT_CHANGED, number=number, subject=thing.name)
    for name, (_, number) in said.items():
        yield TrailProblem(kind=Tampering.CONTENT_REMOVED, number=number, subject=name)


def _testimony(session: Session, actions: Iterable[str]) -> Iterable[tuple[int, str, str]]:
    statement = (
        select(col(TrailEntry.number), col(TrailEntry.subject), type_coerce(col(TrailEntry.content), Text))
        .where(col(TrailEntry.action).in_(sorted(actions)))
        .order_by(col(TrailEntry.number))
    )
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        yield row.number, row.subject, row.content
