"""What goes into the outbox when a record is judged: findings that moved, days that are due, steps before a gate."""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session

from api.findings.tables import FindingChange
from api.judging.models import Changes, FindingMoved
from api.outbox.dues import Due, end_due, keep_deadlines
from api.outbox.posting import Tidings, post
from api.outbox.tables import DueKind, News
from api.store.types import JSON
from engine.evaluation.results import Assessment, CardVerdict
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Light, Violation

_NEWS: Final = {
    FindingChange.OPENED: News.FINDING_OPENED,
    FindingChange.CHANGED: News.FINDING_CHANGED,
    FindingChange.REOPENED: News.FINDING_REOPENED,
    FindingChange.RECTIFIED: News.FINDING_RECTIFIED,
}


def announce(session: Session, assessment: Assessment, changes: Changes, rulebook: Rulebook) -> None:
    """Enter into the outbox what an assessment changed, and bring the due days of the record up to it."""
    for moved in changes.findings:
        if moved.what == FindingChange.RECTIFIED:
            end_due(session, DueKind.RECTIFICATION, moved.finding, at=changes.at)
    post(session, *tidings(assessment, changes, rulebook), at=changes.at)
    dues = deadlines(assessment, changes.record, rulebook)
    keep_deadlines(session, changes.record, dues, today=changes.as_of, at=changes.at)


def tidings(assessment: Assessment, changes: Changes, rulebook: Rulebook) -> list[Tidings]:
    """Tell what an assessment changed: findings that moved, steps that are due soon because a gate is near."""
    verdicts = {verdict.card: verdict for verdict in assessment.verdicts}
    found = [_of_finding(moved, verdicts.get(moved.card), changes) for moved in changes.findings]
    return [*found, *_near_gates(assessment, changes, rulebook)]


def deadlines(assessment: Assessment, record: str, rulebook: Rulebook) -> list[Due]:
    """Return the days by which something is due by an assessment of a record."""
    warning = rulebook.procedures[assessment.procedure].due_soon_days
    due = {verdict.card: verdict.due for verdict in assessment.verdicts if verdict.due is not None}
    return [
        Due(DueKind.DEADLINE, _deadline(record, card.id), record, card.id, card.step, due[card.id], warning)
        for card in rulebook.cards
        if card.id in due
    ]


def _of_finding(moved: FindingMoved, verdict: CardVerdict | None, changes: Changes) -> Tidings:
    """Tell what happened to a finding; one that came about because a day has passed is overdue, however it came."""
    overdue = verdict is not None and verdict.violation == Violation.OVERDUE
    news = News.DUE_PASSED if overdue and moved.what != FindingChange.RECTIFIED else _NEWS[moved.what]
    content: dict[str, JSON] = {
        "card": moved.card,
        "step": moved.step,
        "kind": moved.kind,
        "state": moved.state,
        "verdict": verdict.verdict if verdict else None,
        "reason": (verdict.violation or verdict.doubt) if verdict else None,
        "version": changes.version,
        "as_of": changes.as_of.isoformat(),
        "rulebook": changes.rulebook,
        "cause": changes.cause,
    }
    return Tidings(news, changes.record, moved.finding, content)


def _near_gates(assessment: Assessment, changes: Changes, rulebook: Rulebook) -> Iterable[Tidings]:
    """Tell of steps that are due soon because a gate is near; those with a deadline of their own are told by that."""
    cards = {card.id: card for card in rulebook.cards}
    dated = {cards[verdict.card].step for verdict in assessment.verdicts if verdict.due is not None}
    for light in changes.lights:
        if light.after == Light.DUE_SOON and light.step not in dated:
            content = {"due_kind": DueKind.GATE, "due": None, "card": None, "step": light.step}
            yield Tidings(News.DUE_SOON, changes.record, changes.record, content)


def _deadline(record: str, card: str) -> str:
    return f"{record}/{card}"
