"""Deciding about findings as they were seen, several at once with one reason, each by itself.

Knows no HTTP. What is decided about one is `api.reviews.service.decide`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from api.findings.service import visible
from api.findings.tables import Finding
from api.refusals import RefusalError
from api.reviews.errors import FindingMovedError
from api.reviews.service import Reviewer, Ruling, decide
from api.reviews.standing import in_force
from api.reviews.tables import Review, ReviewInForce
from api.store.database import Database


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as somebody has seen it; see `seen`."""

    finding: str
    state: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding about which nothing was decided, and why."""

    finding: str
    refusal: RefusalError


def seen(finding: Finding, holds: ReviewInForce | None) -> str:
    """Return what changes whenever something happens to a finding, or is decided about it."""
    return f"{finding.events}-{holds.number if holds else 0}"


def decide_as_seen(session: Session, what: Seen, ruling: Ruling, *, reviewer: Reviewer, at: datetime) -> Review:
    """Decide about a finding if it is still as it was seen, in a session of `Database.writing()`.

    Raises `UnknownFindingError`, `FindingMovedError`, and what `decide` raises.
    """
    finding, record = visible(session, reviewer.reach, what.finding)
    if what.state != seen(finding, in_force(session, finding.key)):
        raise FindingMovedError(given=what.state)
    return decide(session, finding, record, ruling, reviewer=reviewer, at=at)


def decide_each(
    database: Database, chosen: Iterable[Seen], ruling: Ruling, *, reviewer: Reviewer, at: datetime
) -> tuple[Refused, ...]:
    """Decide the same about each of some findings, each in a transaction of its own; returns those refused."""
    refused: list[Refused] = []
    for what in chosen:
        try:
            with database.writing() as session:
                decide_as_seen(session, what, ruling, reviewer=reviewer, at=at)
        except RefusalError as refusal:
            refused.append(Refused(what.finding, refusal))
    return tuple(refused)
