"""Rulebooks by digest: kept for good, one of them active, made ready to evaluate when first asked.

Decides which rulebook answers when none is named. A rulebook is read once in a process and then shared.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.judging.archives import ArchiveError, law_digest, pack, unpacked
from api.judging.errors import BadArchiveError, BadRulebookError, UnfitRulebookError, UnknownRulebookError
from api.judging.tables import RulebookActivation, RulebookArchive
from api.store import trail
from api.store.database import Database
from engine.evaluation.compiled import AmbiguousNameError, CompiledRulebook
from engine.evaluation.dnf import FormulaTooLargeError
from engine.evaluation.proof import NotAPartitionError
from engine.record import DecisionRecord, record_type
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook, RulebookError

PROGRAM: Final = "program"
"""Who adds and activates the rulebook that comes with the program."""

_UNFIT: Final = (AmbiguousNameError, FormulaTooLargeError, NotAPartitionError)

KEPT: Final = 4
"""How many rulebooks stay in memory."""

# Made once: it is asked with every judgement.
_NEWEST: Final = (
    columns(
        col(RulebookActivation.number),
        col(RulebookActivation.rulebook),
        col(RulebookActivation.at),
        col(RulebookActivation.by),
    )
    .order_by(col(RulebookActivation.number).desc())
    .limit(1)
)


class Activation(NamedTuple):
    """Since when a rulebook answers, and by whom it was chosen."""

    number: int
    rulebook: str
    at: datetime
    by: str


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Shelf(Generic[Key, Value]):
    """Values that are costly to make: each is made once, by one thread while others wait; the oldest used go first."""

    def __init__(self, most: int) -> None:
        """Keep so many."""
        self._most: Final = most
        self._lock: Final = threading.Lock()
        self._values: Final[OrderedDict[Key, Value]] = OrderedDict()
        self._making: Final[dict[Key, threading.Lock]] = {}

    def put(self, key: Key, value: Value) -> None:
        """Keep a value that is there already."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def take(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return a value, made now if it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            own = self._making.setdefault(key, threading.Lock())
        with own:
            with self._lock:
                if key in self._values:
                    return self._values[key]
            value = make()
            self.put(key, value)
        with self._lock:
            self._making.pop(key, None)
        return value


class ReadyRulebook:
    """A rulebook with what is made of it once: its procedures compiled, the models of their records."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Take the rulebook."""
        self.rulebook: Final = rulebook
        self._compiled: Final[Shelf[str, CompiledRulebook]] = Shelf(len(rulebook.procedures))

    @property
    def digest(self) -> str:
        """Return the digest of the rulebook."""
        return self.rulebook.digest

    def compiled(self, procedure: str) -> CompiledRulebook:
        """Return a procedure ready to evaluate, both evaluators made; raises `KeyError`."""
        return self._compiled.take(procedure, lambda: _compile(self.rulebook, procedure))

    @cached_property
    def models(self) -> dict[str, type[DecisionRecord]]:
        """Return the model of the records of each procedure."""
        return {name: record_type(procedure) for name, procedure in self.rulebook.procedures.items()}

    @cached_property
    def cards(self) -> dict[str, tuple[str, ...]]:
        """Return the ids of the cards of each procedure, in the order in which judgements keep their outcomes."""
        return {
            name: tuple(meaning.card.id for meaning in self.rulebook.of_procedure(name))
            for name in self.rulebook.procedures
        }


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A rulebook that was read and proved to be fit, and its archive."""

    ready: ReadyRulebook
    content: bytes


class Rulebooks:
    """The rulebooks that are kept. What asks the database takes a session."""

    def __init__(self) -> None:
        """Begin without any."""
        self._ready: Final[Shelf[str, ReadyRulebook]] = Shelf(KEPT)
        self._current: ReadyRulebook | None = None

    @property
    def current(self) -> ReadyRulebook:
        """Return the active rulebook as it was when this process last looked; raises `LookupError` before `install`."""
        if self._current is None:
            raise LookupError
        return self._current

    def active(self, session: Session) -> ReadyRulebook:
        """Return the active rulebook; raises `UnknownRulebookError` where there is none."""
        activation = newest_activation(session)
        if activation is None:
            raise UnknownRulebookError(given="-")
        if self._current is None or self._current.digest != activation.rulebook:
            self._current = self.by_digest(session, activation.rulebook)
        return self._current

    def by_digest(self, session: Session, digest: str) -> ReadyRulebook:
        """Return a rulebook that is kept; raises `UnknownRulebookError`."""
        return self._ready.take(digest, lambda: ReadyRulebook(_read(session, digest)))

    def install(self, database: Database, folder: Path, *, at: datetime) -> ReadyRulebook:
        """Keep the rulebook that comes with the program; it becomes active unless somebody has chosen another.

        Raises `RulebookError`.
        """
        rulebook = load_rulebook(folder)
        self._ready.put(rulebook.digest, ReadyRulebook(rulebook))
        with database.reading() as session:
            if is_kept(session, rulebook.digest):
                return self.active(session)
        with database.writing() as session:
            if not is_kept(session, rulebook.digest):
                _keep(session, rulebook, pack(folder), at=at, by=PROGRAM)
                activation = newest_activation(session)
                if activation is None or activation.by == PROGRAM:
                    self.activate(session, rulebook.digest, at=at, by=PROGRAM)
            return self.active(session)

    def read(self, archive: bytes) -> HandedIn:
        """Read a rulebook that is handed in and make it ready, which takes its time and needs no database.

        Raises `BadArchiveError`, `BadRulebookError` and `UnfitRulebookError`.
        """
        try:
            with unpacked(archive) as folder:
                ready, content = ReadyRulebook(_load(folder)), pack(folder)
        except ArchiveError as error:
            raise BadArchiveError(given=error.given, expected=error.expected) from None
        for name in ready.rulebook.procedures:
            try:
                _ = ready.compiled(name).rulesets
            except _UNFIT as error:
                raise UnfitRulebookError(procedure=name, error=error) from None
        return HandedIn(ready, content)

    def keep(self, session: Session, handed_in: HandedIn, *, at: datetime, by: str) -> ReadyRulebook:
        """Keep a rulebook that was read, in a session of `Database.writing()`; one that is kept stays as it is."""
        rulebook = handed_in.ready.rulebook
        if not is_kept(session, rulebook.digest):
            _keep(session, rulebook, handed_in.content, at=at, by=by)
        return self._ready.take(rulebook.digest, lambda: handed_in.ready)

    def add(self, session: Session, archive: bytes, *, at: datetime, by: str) -> ReadyRulebook:
        """Read a rulebook that is handed in, and keep it.

        Raises `BadArchiveError`, `BadRulebookError` and `UnfitRulebookError`.
        """
        return self.keep(session, self.read(archive), at=at, by=by)

    def activate(self, session: Session, digest: str, *, at: datetime, by: str) -> None:
        """Let a rulebook answer from now on; raises `UnknownRulebookError`."""
        if not is_kept(session, digest):
            raise UnknownRulebookError(given=digest)
        newest = newest_activation(session)
        session.add(RulebookActivation(number=newest.number + 1 if newest else 1, rulebook=digest, at=at, by=by))
        session.flush()
        trail.append(
            session, at=at, actor=by, action="rulebook.activated", subject=digest, content={"rulebook": digest}
        )


def is_kept(session: Session, digest: str) -> bool:
    """Tell whether a rulebook of a digest is kept."""
    return session.exec(select(RulebookArchive.digest).where(RulebookArchive.digest == digest)).first() is not None


def newest_activation(session: Session) -> Activation | None:
    """Return which rulebook is active, since when and by whom; None before the first."""
    found = session.connection().execute(_NEWEST).first()
    return Activation(*found) if found else None


def same_law(session: Session, one: str, other: str) -> bool:
    """Tell whether two rulebooks that are kept differ in nothing but holiday notices."""
    laws = session.exec(select(RulebookArchive.law).where(col(RulebookArchive.digest).in_([one, other]))).all()
    return len(set(laws)) == 1


def _compile(rulebook: Rulebook, procedure: str) -> CompiledRulebook:
    compiled = CompiledRulebook(rulebook, procedure)
    _ = compiled.sweep
    return compiled


def _read(session: Session, digest: str) -> Rulebook:
    kept = session.get(RulebookArchive, digest)
    if kept is None:
        raise UnknownRulebookError(given=digest)
    with unpacked(kept.archive) as folder:
        return load_rulebook(folder)


def _load(folder: Path) -> Rulebook:
    try:
        return load_rulebook(folder)
    except RulebookError as error:
        raise BadRulebookError.within(error, folder=str(folder)) from None


def _keep(session: Session, rulebook: Rulebook, archive: bytes, *, at: datetime, by: str) -> None:
    title = rulebook.masthead.title
    law = law_digest(archive)
    session.add(
        RulebookArchive(
            digest=rulebook.digest,
            law=law,
            title_zh=title.zh,
            title_en=title.en,
            archive=archive,
            added_at=at,
            by=by,
        )
    )
    session.flush()
    content: dict[str, Any] = {"rulebook": rulebook.digest, "law": law, "cards": len(rulebook.cards)}
    trail.append(session, at=at, actor=by, action="rulebook.added", subject=rulebook.digest, content=content)
