"""Waivers: applied for, approved or refused by somebody else, ended. Knows no HTTP.

Whoever applies answers for a violation; whoever decides about the finding lets them, or not. Both see one version of
the record, and the waiver is for that one alone.
"""

from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from api.findings.service import visible as visible_finding
from api.findings.tables import Finding, FindingState
from api.identity.operations import Operation
from api.identity.roles import Role, may
from api.judging.judgements import show_waivers
from api.outbox.tables import DueKind
from api.records.clerk import refuse_classified
from api.records.errors import NotLeadingError
from api.records.tables import Record
from api.records.versions import units_of
from api.refusals import RefusalError
from api.reviews.errors import DayPassedError
from api.reviews.service import Reviewer
from api.reviews.standing import in_force as review_in_force
from api.reviews.tables import Decision
from api.store.keys import is_key, new_key
from api.waivers.errors import (
    NothingToWaiveError,
    OwnApplicationError,
    RecordChangedError,
    UnknownWaiverError,
    WaiverDaysError,
    WaiverExistsError,
    WaiverLapsedError,
    WaiverStateError,
)
from api.waivers.models import Applying
from api.waivers.standing import STANDING, note
from api.waivers.tables import Waiver, WaiverState
from engine.vocabulary import Bilingual, FindingKind


def visible(session: Session, reviewer: Reviewer, key: str) -> tuple[Waiver, Record]:
    """Return a waiver of a record within reach, with the record; raises `UnknownWaiverError`."""
    query = select(Waiver, Record).join(Record, col(Record.key) == col(Waiver.record))
    found = session.exec(query.where(Waiver.key == key, reviewer.reach.where())).first() if is_key(key) else None
    if found is None:
        raise UnknownWaiverError(given=key)
    return found


def apply(session: Session, applied: Applying, *, reviewer: Reviewer, at: datetime) -> Waiver:
    """Apply for a waiver, in a session of `Database.writing()`.

    Raises `UnknownFindingError`, `NotLeadingError`, `NothingToWaiveError`, `RecordChangedError`, `WaiverDaysError`,
    `DayPassedError`, `WaiverExistsError` and `ClassifiedError`.
    """
    caller = reviewer.caller
    finding, record = visible_finding(session, reviewer.reach, applied.finding)
    _refuse_others(session, record, reviewer)
    _refuse_nothing(session, finding)
    if applied.version != record.version:
        raise RecordChangedError(given=applied.version, newest=record.version)
    _refuse_days(applied, today=reviewer.reach.today)
    _refuse_second(session, finding, applied)
    refuse_classified({"reason": applied.reason})
    waiver = Waiver(
        key=new_key(),
        finding=finding.key,
        record=record.key,
        card=finding.card,
        version=record.version,
        scope=applied.scope,
        reason=applied.reason,
        since=applied.since,
        until=applied.until,
        state=WaiverState.APPLIED,
        applied_at=at,
        by=caller.account,
        role=caller.role,
        unit=caller.unit,
        events=0,
    )
    note(session, waiver, WaiverState.APPLIED, reason=None, version=record.version, at=at, by=caller.account)
    return waiver


def may_apply(session: Session, finding: Finding, record: Record, *, reviewer: Reviewer) -> bool:
    """Tell whether there is something to waive in a finding, and the caller is one of those who may apply for it."""
    try:
        _refuse_others(session, record, reviewer)
        _refuse_nothing(session, finding)
    except RefusalError:
        return False
    return may(reviewer.caller.role, Operation.WAIVER_APPLY)


def may_decide(session: Session, waiver: Waiver, record: Record, *, reviewer: Reviewer) -> bool:
    """Tell whether the caller may approve or refuse a waiver: who decides about its finding, but not who applied."""
    finding = session.get_one(Finding, waiver.finding)
    waits = waiver.state == WaiverState.APPLIED and waiver.until >= reviewer.reach.today
    return waits and waiver.by != reviewer.caller.account and reviewer.decides(session, finding, record)


def may_end(session: Session, waiver: Waiver, record: Record, *, reviewer: Reviewer) -> bool:
    """Tell whether the caller may end a waiver: its applicant, or who decides about its finding."""
    stands = waiver.state in STANDING and waiver.until >= reviewer.reach.today
    own = waiver.by == reviewer.caller.account
    return stands and (own or reviewer.decides(session, session.get_one(Finding, waiver.finding), record))


def approve(session: Session, key: str, reason: str | None, *, reviewer: Reviewer, at: datetime) -> Waiver:
    """Approve a waiver that another account has applied for, in a session of `Database.writing()`.

    Raises `UnknownWaiverError`, `OwnApplicationError`, `NotYoursToDecideError`, `WaiverStateError`,
    `NothingToWaiveError`, `WaiverLapsedError` and `ClassifiedError`.
    """
    waiver, finding, record = _undecided(session, key, reviewer)
    _refuse_nothing(session, finding)
    if waiver.until < reviewer.reach.today:
        raise WaiverLapsedError(until=waiver.until)
    refuse_classified({"reason": reason})
    account = reviewer.caller.account
    waiver.approved_at, waiver.approved_by = at, account
    note(session, waiver, WaiverState.APPROVED, reason=reason, version=waiver.version, at=at, by=account)
    reviewer.expect(session, DueKind.WAIVER, waiver.key, finding, record, day=waiver.until, at=at)
    show_waivers(session, waiver.record, at=at)
    return waiver


def refuse(session: Session, key: str, reason: str, *, reviewer: Reviewer, at: datetime) -> Waiver:
    """Refuse a waiver that another account has applied for, in a session of `Database.writing()`.

    Raises `UnknownWaiverError`, `OwnApplicationError`, `NotYoursToDecideError`, `WaiverStateError` and
    `ClassifiedError`.
    """
    waiver, *_ = _undecided(session, key, reviewer)
    refuse_classified({"reason": reason})
    return _close(session, waiver, WaiverState.REFUSED, reason, at=at, by=reviewer.caller.account)


def end(session: Session, key: str, reason: str, *, reviewer: Reviewer, at: datetime) -> Waiver:
    """End a waiver before its last day, in a session of `Database.writing()`: its applicant, or who decides about it.

    Raises `UnknownWaiverError`, `NotYoursToDecideError`, `WaiverStateError`, `WaiverLapsedError` and
    `ClassifiedError`.
    """
    waiver, record = visible(session, reviewer, key)
    if waiver.by != reviewer.caller.account:
        reviewer.refuse_others(session, session.get_one(Finding, waiver.finding), record)
    if waiver.state not in STANDING:
        raise WaiverStateError(given=waiver.state, expected=_STANDING)
    if waiver.until < reviewer.reach.today:
        raise WaiverLapsedError(until=waiver.until)
    refuse_classified({"reason": reason})
    return _close(session, waiver, WaiverState.ENDED, reason, at=at, by=reviewer.caller.account)


def _close(session: Session, waiver: Waiver, what: WaiverState, reason: str, *, at: datetime, by: str) -> Waiver:
    waiver.closed_at = at
    note(session, waiver, what, reason=reason, version=waiver.version, at=at, by=by)
    if waiver.approved_at is not None:
        show_waivers(session, waiver.record, at=at)
    return waiver


def _undecided(session: Session, key: str, reviewer: Reviewer) -> tuple[Waiver, Finding, Record]:
    """Return a waiver that the caller may approve or refuse, with its finding and record."""
    waiver, record = visible(session, reviewer, key)
    finding = session.get_one(Finding, waiver.finding)
    if waiver.by == reviewer.caller.account:
        raise OwnApplicationError
    reviewer.refuse_others(session, finding, record)
    if waiver.state != WaiverState.APPLIED:
        raise WaiverStateError(given=waiver.state, expected=_UNDECIDED)
    return waiver, finding, record


def _refuse_others(session: Session, record: Record, reviewer: Reviewer) -> None:
    """Refuse a department that does not lead; offices apply for what is in their reach."""
    units = units_of(session, record.key)
    if reviewer.caller.role is Role.DEPARTMENT and not reviewer.reach.leads(
        jurisdiction=record.jurisdiction, units=units
    ):
        raise NotLeadingError(given=record.key)


def _refuse_nothing(session: Session, finding: Finding) -> None:
    if finding.kind != FindingKind.FLAG:
        raise NothingToWaiveError(given=finding.kind.value)
    if finding.state != FindingState.OPEN:
        raise NothingToWaiveError(given=finding.state.value)
    holds = review_in_force(session, finding.key)
    if holds and holds.decision == Decision.DISMISSED:
        raise NothingToWaiveError(given=holds.decision.value)


def _refuse_days(applied: Applying, *, today: date) -> None:
    if applied.since < today:
        raise DayPassedError(field="since", given=applied.since, today=today)
    if applied.until < applied.since:
        raise WaiverDaysError(since=applied.since, until=applied.until)


def _refuse_second(session: Session, finding: Finding, applied: Applying) -> None:
    """Refuse a waiver for days of which some are another's."""
    others = select(Waiver.key).where(
        Waiver.record == finding.record,
        Waiver.card == finding.card,
        col(Waiver.state).in_(STANDING),
        col(Waiver.since) <= applied.until,
        col(Waiver.until) >= applied.since,
    )
    if other := session.exec(others).first():
        raise WaiverExistsError(given=other)


_UNDECIDED: Final = Bilingual(zh="待批准的豁免", en="a waiver that is applied for")
_STANDING: Final = Bilingual(zh="待批准或者已批准的豁免", en="a waiver that is applied for or approved")
