"""What becomes of a record when a new version of it is handed in. Pure: knows no store, no clock and no caller.

A new version says what the record should say; it cannot unsay what was on record. So each round on record keeps its
place and its time of entry: it stays as it is, takes on what the new version adds to it (`api.records.additions`), or
is declared void when the new version leaves it out or says something else in its stead. Times of entry are set here
and nowhere else.

A round declared void has `voided` and not `void`: it was on record until then, and who asks by what was known earlier
sees it. `void` alone means annulled before it was ever entered.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from api.records.additions import continues, same
from api.records.matching import largest_matching
from api.refusals import REQUEST
from engine.reading.problems import Location, Problem, field_path
from engine.record import DecisionRecord, Determination, Document, Draft, Outcome, Round
from engine.vocabulary import Bilingual

_Dated = TypeVar("_Dated", Determination, Outcome)
_ON_RECORD: Final = frozenset({"void", "voided", "entered"})
"""What says how far a round is on record, and nothing of what took place."""


def stands(entry: Round) -> bool:
    """Tell whether a round is on record and not void."""
    return not entry.void and entry.voided is None


def merged(stored: DecisionRecord | None, submitted: DecisionRecord, *, now: datetime) -> DecisionRecord:
    """Return what is on record once a version is handed in: the first, or a new one of what is stored.

    Expects that `entry_problems` finds nothing. Equal to `stored` where nothing is new.
    """
    steps = {
        step: merged_rounds(stored.rounds(step) if stored else (), submitted.rounds(step), now=now)
        for step in submitted.step_names
    }
    determinations = {
        name: _entered(stored.determination(name) if stored else None, submitted.determination(name), now=now)
        for name in type(submitted.determinations).model_fields
    }
    return submitted.model_copy(
        update={
            "steps": submitted.steps.model_copy(update=steps),
            "determinations": submitted.determinations.model_copy(update=determinations),
            "drafts": _drafts(stored.drafts if stored else (), submitted.drafts, steps),
            "outcome": _entered(stored.outcome if stored else None, submitted.outcome, now=now),
            "entered": stored.entered if stored else now,
        }
    )


def merged_rounds(stored: Sequence[Round], submitted: Sequence[Round], *, now: datetime) -> tuple[Round, ...]:
    """Return the rounds of a step: those on record in their places, then what is new in its order."""
    match = _matching(stored, submitted, now)
    kept = [
        _kept(entry, submitted[match[place]] if place in match else None, now) for place, entry in enumerate(stored)
    ]
    known = set(match.values())
    new = [entry for place, entry in enumerate(submitted) if place not in known]
    return (*kept, *(entry.model_copy(update={"entered": now}) for entry in new))


def with_round(stored: DecisionRecord, step: str, entry: Round, *, now: datetime) -> DecisionRecord:
    """Add one round to what is on record."""
    return _with_rounds(stored, step, (*stored.rounds(step), entry.model_copy(update={"entered": now})))


def with_document(stored: DecisionRecord, step: str, place: int, document: Document) -> DecisionRecord:
    """Add a document to a round on record, or its details to one that stands there without them.

    The same file once more changes nothing.
    """
    entry = stored.rounds(step)[place]
    documents = list(entry.documents)
    if any((known.kind, known.sha256) == (document.kind, document.sha256) for known in documents):
        return stored
    bare = next((index for index, known in enumerate(documents) if same(known, Document(kind=document.kind))), None)
    if bare is None:
        documents.append(document)
    else:
        documents[bare] = document
    rounds = list(stored.rounds(step))
    rounds[place] = entry.model_copy(update={"documents": tuple(documents)})
    return _with_rounds(stored, step, tuple(rounds))


def round_problems(entry: Round) -> list[Problem]:
    """Tell which times of entry a round names that is to be added: they are set by the server alone."""
    given: tuple[tuple[Location, datetime | None], ...] = (("entered",), entry.entered), (("voided",), entry.voided)
    return [_by_server(place, time) for place, time in given if time is not None]


def entry_problems(stored: DecisionRecord | None, submitted: DecisionRecord) -> list[Problem]:
    """Tell which times of entry a version names that are not on record: they are set by the server alone."""
    given: list[tuple[Location, datetime | None, set[datetime | None]]] = [
        (("entered",), submitted.entered, {stored.entered} if stored else set())
    ]
    for step in submitted.step_names:
        known = stored.rounds(step) if stored else ()
        for place, entry in enumerate(submitted.rounds(step)):
            of_equals = {other.voided for other in known if same(other, entry)}
            given.append((("steps", step, place, "entered"), entry.entered, {other.entered for other in known}))
            given.append((("steps", step, place, "voided"), entry.voided, of_equals))
    given += [
        (("determinations", name, "entered"), found.entered, {_entry(stored.determination(name) if stored else None)})
        for name in type(submitted.determinations).model_fields
        if (found := submitted.determination(name))
    ]
    given.append((("outcome", "entered"), _entry(submitted.outcome), {_entry(stored.outcome if stored else None)}))
    return [_by_server(place, time) for place, time, known in given if time is not None and time not in known]


def _kept(stored: Round, submitted: Round | None, now: datetime) -> Round:
    """Return what becomes of a round on record; `submitted`: what the new version says of it, None for nothing."""
    if submitted is None:
        return stored.model_copy(update={"voided": now}) if stands(stored) else stored
    voided = now if submitted.void and stands(stored) else stored.voided
    return submitted.model_copy(update={"void": stored.void, "voided": voided, "entered": stored.entered})


def _matching(stored: Sequence[Round], submitted: Sequence[Round], now: datetime) -> dict[int, int]:
    """Find for rounds on record, by place, those of a new version that say the same of them, or else more."""

    def identical(old: Round, new: Round) -> bool:
        return _as_void(old, new) and all(value == getattr(new, name) for name, value in old if name not in _ON_RECORD)

    def equal(old: Round, new: Round) -> bool:
        return _as_void(old, new) and same(old, new)

    def more(old: Round, new: Round) -> bool:
        return stands(old) and new.voided is None and continues(old, new, now=now)

    match: dict[int, int] = {}
    for relation in (identical, equal, more):
        candidates: dict[int, list[int]] = {}
        for place, entry in enumerate(submitted):
            if place not in match.values():
                found = [old for old, known in enumerate(stored) if old not in match and relation(known, entry)]
                # The one in the same place first.
                candidates[place] = sorted(found, key=lambda old, place=place: (old != place, old))  # type: ignore[misc]
        match |= largest_matching(candidates)
    return match


def _as_void(stored: Round, submitted: Round) -> bool:
    """Tell whether a round of a new version may be one on record, by whether they are void.

    What the new version calls void may be one that stands, and is declared void by it, or one that was void before.
    """
    if submitted.voided is not None:
        return stored.voided == submitted.voided
    return submitted.void or stands(stored)


def _entered(stored: _Dated | None, submitted: _Dated | None, *, now: datetime) -> _Dated | None:
    """Return a determination or an outcome with its time of entry, that on record if nothing else is said now."""
    if submitted is None:
        return None
    known = stored is not None and continues(stored, submitted, now=now)
    return submitted.model_copy(update={"entered": stored.entered if known and stored else now})


def _entry(dated: Determination | Outcome | None) -> datetime | None:
    return dated.entered if dated else None


def _drafts(
    stored: Sequence[Draft], submitted: Sequence[Draft], steps: Mapping[str, Sequence[Round]]
) -> tuple[Draft, ...]:
    """Return the drafts of a new version, and those on record that rounds on record still name."""
    known = {draft.id: draft for draft in stored}
    listed = {draft.id for draft in submitted}
    wanted = [entry.draft for rounds in steps.values() for entry in rounds]
    kept: dict[str, Draft] = {}
    while wanted:
        name = wanted.pop(0)
        if name is not None and name in known and name not in listed and name not in kept:
            kept[name] = known[name]
            wanted.append(known[name].amends)
    return (*submitted, *(draft for draft in stored if draft.id in kept))


def _with_rounds(stored: DecisionRecord, step: str, rounds: tuple[Round, ...]) -> DecisionRecord:
    return stored.model_copy(update={"steps": stored.steps.model_copy(update={step: rounds})})


def _by_server(place: Location, given: datetime) -> Problem:
    return Problem(
        code="entered_by_server",
        file=REQUEST,
        line=1,
        field=field_path(place),
        given=given.isoformat(),
        expected=_AS_ON_RECORD,
        do=_LEAVE_OUT,
    )


_AS_ON_RECORD: Final = Bilingual(
    zh="不填写,或者与记录中的录入时间一致", en="nothing, or a time of entry that is on record"
)
_LEAVE_OUT: Final = Bilingual(
    zh="删除该字段;录入时间由系统记载", en="leave it out; times of entry are set by the server"
)
