"""What is decided about findings: confirmed, dismissed, to be rectified by a day, closed. Knows no HTTP.

A decision changes no verdict and no figure. Who decides follows from the step: never the body whose step it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from api.findings.tables import Finding, FindingState
from api.identity.callers import Caller
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.rulebooks import Rulebooks
from api.outbox.dues import Due, keep_due
from api.outbox.posting import Tidings, post
from api.outbox.tables import DueKind, News
from api.records.clerk import refuse_classified
from api.records.errors import UnknownStepError
from api.records.tables import Record
from api.records.versions import units_of
from api.reviews.errors import (
    DayPassedError,
    DecisionOutOfPlaceError,
    NotRectifiedError,
    NotYoursToDecideError,
    ReasonMissingError,
    RectifiedAlreadyError,
    ToldWithAnotherError,
)
from api.reviews.models import ReviewOut, Reviews
from api.reviews.standing import in_force, review_state, undo
from api.reviews.tables import Decision, Review, ReviewInForce, ReviewState
from api.reviews.witness import review_digest
from api.store import trail
from api.store.types import JSON
from engine.procedure import Procedure

_FOLLOWS: Final[Mapping[ReviewState, frozenset[Decision]]] = {
    ReviewState.UNDECIDED: frozenset(Decision),
    ReviewState.CONFIRMED: frozenset(Decision) - {Decision.CONFIRMED},
    ReviewState.DISMISSED: frozenset({Decision.CONFIRMED, Decision.RECTIFICATION_ORDERED}),
    ReviewState.RECTIFICATION_ORDERED: frozenset(Decision) - {Decision.CONFIRMED},
    ReviewState.CLOSED: frozenset({Decision.CONFIRMED}),
}
"""What can be decided on top of what holds: an order may be given another day, and what is closed taken up again."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be decided."""

    decision: Decision
    reason: str | None = None
    due: date | None = None
    rectified: bool = False


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, how far they reach, and the rulebooks, which say whose each step is."""

    rulebooks: Rulebooks
    caller: Caller
    reach: Reach

    def refuse_others(self, session: Session, finding: Finding, record: Record) -> None:
        """Refuse whoever does not decide about a finding; raises `NotYoursToDecideError`."""
        if not self.decides(session, finding, record):
            raise NotYoursToDecideError(step=finding.step, attested_by=self.attested_by(session, finding, record))

    def decides(self, session: Session, finding: Finding, record: Record) -> bool:
        """Tell whether the caller decides about a finding."""
        attested_by, units = self.attested_by(session, finding, record), units_of(session, record.key)
        return self.reach.may_decide(jurisdiction=record.jurisdiction, units=units, attested_by=attested_by)

    def attested_by(self, session: Session, finding: Finding, record: Record) -> Role:
        """Return whose step a finding is about; raises `UnknownStepError`."""
        return Role.of(self._procedure(session, finding, record).steps[finding.step].attested_by)

    def _procedure(self, session: Session, finding: Finding, record: Record) -> Procedure:
        """Return the procedure by the active rulebook, or, if that lacks the step, by the one that told the finding.

        A rulebook that answers no more takes long to read, so it is asked last. Raises `UnknownStepError`.
        """
        books = self.rulebooks.active, lambda asked: self.rulebooks.by_digest(asked, finding.rulebook)
        for book in books:
            found = book(session).rulebook.procedures.get(record.procedure)
            if found is not None and finding.step in found.steps:
                return found
        raise UnknownStepError(given=finding.step, procedure=record.procedure)

    def expect(
        self,
        session: Session,
        kind: DueKind,
        subject: str,
        finding: Finding,
        record: Record,
        *,
        day: date,
        at: datetime,
    ) -> None:
        """Let something about a finding be due on a day; it is due soon as many days before as the procedure says."""
        warning = self._procedure(session, finding, record).due_soon_days
        due = Due(kind, subject, record.key, finding.card, finding.step, day, warning)
        keep_due(session, due, today=self.reach.today, at=at)


def decide(
    session: Session, finding: Finding, record: Record, ruling: Ruling, *, reviewer: Reviewer, at: datetime
) -> Review:
    """Decide about a finding within reach, in a session of `Database.writing()`.

    Raises `NotYoursToDecideError`, `ToldWithAnotherError`, `RectifiedAlreadyError`, `NotRectifiedError`,
    `DecisionOutOfPlaceError`, `ReasonMissingError`, `DayPassedError` and `ClassifiedError`.
    """
    reviewer.refuse_others(session, finding, record)
    _refuse_unfit(finding, ruling)
    _refuse_incomplete(ruling, today=reviewer.reach.today)
    holds = review_state(in_force(session, finding.key))
    if ruling.decision not in _FOLLOWS[holds]:
        raise DecisionOutOfPlaceError(given=ruling.decision, holds=holds)
    review = Review(
        finding=finding.key,
        number=len(_reviews(session, finding.key)) + 1,
        decision=ruling.decision,
        reason=ruling.reason,
        due=ruling.due,
        rectified=ruling.rectified,
        events=finding.events,
        version=record.version,
        role=reviewer.caller.role,
        unit=reviewer.caller.unit,
        at=at,
        by=reviewer.caller.account,
    )
    _keep(session, review, finding)
    if ruling.decision == Decision.RECTIFICATION_ORDERED and ruling.due is not None:
        _announce_order(session, finding, due=ruling.due, at=at)
        reviewer.expect(session, DueKind.RECTIFICATION, finding.key, finding, record, day=ruling.due, at=at)
    return review


def open_decisions(session: Session, finding: Finding) -> frozenset[Decision]:
    """Return what can be decided about a finding as it stands, by whoever decides."""
    if finding.state == FindingState.SUBSUMED:
        return frozenset()
    follow = _FOLLOWS[review_state(in_force(session, finding.key))]
    return follow & {Decision.CLOSED} if finding.state == FindingState.RECTIFIED else follow


def reviews(session: Session, finding: Finding) -> Reviews:
    """Tell what was decided about a finding."""
    holds = in_force(session, finding.key)
    return Reviews(
        finding=finding.key,
        state=review_state(holds),
        due=holds.due if holds else None,
        events=finding.events,
        items=tuple(_told(review, held) for review, held in _reviews(session, finding.key)),
    )


def _refuse_unfit(finding: Finding, ruling: Ruling) -> None:
    """Refuse a decision that does not go with how the finding stands."""
    if finding.state == FindingState.SUBSUMED:
        raise ToldWithAnotherError(under=finding.under)
    if finding.state == FindingState.RECTIFIED and ruling.decision != Decision.CLOSED:
        raise RectifiedAlreadyError(given=ruling.decision)
    if finding.state == FindingState.OPEN and ruling.rectified:
        raise NotRectifiedError


def _refuse_incomplete(ruling: Ruling, *, today: date) -> None:
    if ruling.decision == Decision.CLOSED and not ruling.rectified and ruling.reason is None:
        raise ReasonMissingError
    if ruling.due is not None and ruling.due < today:
        raise DayPassedError(field="due", given=ruling.due, today=today)
    refuse_classified({"reason": ruling.reason})


def _keep(session: Session, review: Review, finding: Finding) -> None:
    undo(session, finding.key, at=review.at)
    session.add(review)
    session.add(
        ReviewInForce(
            finding=review.finding,
            number=review.number,
            decision=review.decision,
            due=review.due,
            since=review.at,
            until=None,
        )
    )
    content: dict[str, JSON] = {
        "record": finding.record,
        "card": finding.card,
        "number": review.number,
        "due": review.due.isoformat() if review.due else None,
        "rectified": review.rectified,
        "version": review.version,
        "sha256": review_digest(review),
    }
    action = f"review.{review.decision}"
    trail.append(session, at=review.at, actor=review.by, action=action, subject=finding.key, content=content)
    session.flush()


def _announce_order(session: Session, finding: Finding, *, due: date, at: datetime) -> None:
    content = {
        "due_kind": DueKind.RECTIFICATION,
        "due": due.isoformat(),
        "card": finding.card,
        "step": finding.step,
        "kind": finding.kind,
    }
    post(session, Tidings(News.RECTIFICATION_ORDERED, finding.record, finding.key, content), at=at)


def _reviews(session: Session, finding: str) -> list[tuple[Review, ReviewInForce]]:
    same = (col(ReviewInForce.finding) == col(Review.finding)) & (col(ReviewInForce.number) == col(Review.number))
    wanted = select(Review, ReviewInForce).join(ReviewInForce, same).where(Review.finding == finding)
    return list(session.exec(wanted.order_by(col(Review.number))))


def _told(review: Review, held: ReviewInForce) -> ReviewOut:
    return ReviewOut(
        number=review.number,
        decision=review.decision,
        reason=review.reason,
        due=review.due,
        rectified=review.rectified,
        events=review.events,
        version=review.version,
        role=Role.of(review.role),
        unit=review.unit,
        at=review.at,
        by=review.by,
        until=held.until,
    )
