"""Attestations: somebody of the role that the procedure names vouches for a round as they have seen it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from api.identity.callers import Caller
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.rulebooks import ReadyRulebook
from api.records.bodies import read_body, round_digest
from api.records.errors import (
    NotToAttestError,
    RoundChangedError,
    RoundVoidError,
    UnknownRoundError,
    UnknownStepError,
)
from api.records.merge import stands
from api.records.tables import Attestation, Record
from api.records.versions import newest, numbered, units_of
from api.store import trail
from api.store.keys import new_key
from engine.record import DecisionRecord, Round


@dataclass(frozen=True, slots=True)
class Seen:
    """A round as somebody has seen it: by its step, its place in the step from 0, and the version of the record."""

    step: str
    place: int
    version: int


def attest(
    session: Session, row: Record, rules: ReadyRulebook, seen: Seen, *, caller: Caller, reach: Reach, at: datetime
) -> Attestation:
    """Vouch for a round as it was seen, in a session of `Database.writing()`.

    Once more by the same account, it is the same attestation. Raises `UnknownStepError`, `NotToAttestError`,
    `UnknownRoundError`, `UnknownVersionError`, `RoundVoidError`, `RoundChangedError`.
    """
    present = read_body(newest(session, row).body, rules)
    _refuse_others(session, row, rules, seen.step, reach)
    entry = _round(present, seen)
    digest = round_digest(entry)
    before = read_body(numbered(session, row, seen.version).body, rules).rounds(seen.step)
    if len(before) <= seen.place or round_digest(before[seen.place]) != digest:
        raise RoundChangedError(step=seen.step, place=seen.place, version=seen.version)
    for known in of_record(session, row.key):
        if (known.step, known.place, known.digest, known.by) == (seen.step, seen.place, digest, caller.account):
            return known
    found = Attestation(
        key=new_key(),
        record=row.key,
        version=row.version,
        step=seen.step,
        place=seen.place,
        digest=digest,
        role=caller.role,
        unit=caller.unit,
        by=caller.account,
        at=at,
    )
    session.add(found)
    content = {name: getattr(found, name) for name in ("record", "version", "step", "place", "digest", "role", "unit")}
    trail.append(session, at=at, actor=caller.account, action="record.attested", subject=found.key, content=content)
    return found


def _refuse_others(session: Session, row: Record, rules: ReadyRulebook, step: str, reach: Reach) -> None:
    """Refuse whoever is not to attest a step; raises `UnknownStepError` and `NotToAttestError`."""
    steps = rules.rulebook.procedures[row.procedure].steps
    if step not in steps:
        raise UnknownStepError(given=step, procedure=row.procedure)
    attested_by = Role.of(steps[step].attested_by)
    if not reach.may_attest(jurisdiction=row.jurisdiction, units=units_of(session, row.key), attested_by=attested_by):
        raise NotToAttestError(step=step, attested_by=attested_by)


def of_record(session: Session, record: str) -> tuple[Attestation, ...]:
    """Return the attestations of a record, in the order in which they came."""
    order = col(Attestation.at), col(Attestation.key)
    return tuple(session.exec(select(Attestation).where(Attestation.record == record).order_by(*order)))


def holds(attestation: Attestation, present: DecisionRecord) -> bool:
    """Tell whether a round is still what was attested, and stands."""
    rounds = present.rounds(attestation.step) if attestation.step in present.step_names else ()
    if attestation.place >= len(rounds):
        return False
    entry = rounds[attestation.place]
    return stands(entry) and round_digest(entry) == attestation.digest


def _round(record: DecisionRecord, seen: Seen) -> Round:
    """Return a round that stands; raises `UnknownRoundError` and `RoundVoidError`."""
    rounds = record.rounds(seen.step)
    if seen.place >= len(rounds):
        raise UnknownRoundError(step=seen.step, given=seen.place, rounds=len(rounds))
    if not stands(rounds[seen.place]):
        raise RoundVoidError(step=seen.step, place=seen.place)
    return rounds[seen.place]
