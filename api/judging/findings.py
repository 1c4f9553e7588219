"""What becomes of the findings of a record when it is judged anew: opened, changed, rectified or reopened.

The state of a finding follows from successive judgements alone; what people decide about it lies elsewhere, and holds
no more once the finding says something else or comes back. Each thing that happens is kept, and enters the trail, in
the transaction of what brought it about.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, select

from api.findings.tables import Cause, Finding, FindingChange, FindingEvent, FindingState
from api.judging.models import FindingMoved
from api.reviews.standing import undo
from api.store import trail
from api.store.inserting import Row, insert_rows
from api.store.keys import new_key
from api.store.types import canonical_json, digest_of
from engine.evaluation import results
from engine.evaluation.results import Assessment, CardVerdict, canonical

_SUBSTANCE: Final = ("verdict", "violation", "doubt", "by_reference", "required", "unit")
"""What makes a finding another one than before, whatever day it is."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """On what occasion a record is judged: by whom, when and why, and which version."""

    record: str
    version: int
    at: datetime
    by: str
    cause: Cause


def move_findings(session: Session, assessment: Assessment, occasion: Occasion) -> tuple[FindingMoved, ...]:
    """Bring the findings of a record up to an assessment of it; returns what has happened to them."""
    present = {row.card: row for row in session.exec(select(Finding).where(Finding.record == occasion.record))}
    told = {finding.card: finding for finding in assessment.findings}
    noted = Noted()
    mover = _Mover(session, assessment, occasion, noted)
    mover.open(finding for card, finding in told.items() if card not in present)
    for card, finding in told.items():
        if card in present:
            mover.tell(present[card], finding)
    above = {part.card: root.card for root in assessment.findings for part in root.consequences}
    verdicts = {verdict.card: verdict for verdict in assessment.verdicts}
    for card, row in present.items():
        if card not in told and row.state != FindingState.RECTIFIED:
            mover.tell_no_more(row, verdicts.get(card), above.get(card))
    noted.write(session, at=occasion.at, by=occasion.by)
    return tuple(mover.moved)


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be written about findings: those that were opened, and what has happened, also for the trail."""

    opened: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    done: list[trail.Done] = field(default_factory=list)

    def write(self, session: Session, *, at: datetime, by: str) -> None:
        """Write all of it with one statement for each table; the histories refer to the findings."""
        insert_rows(session, Finding, self.opened)
        insert_rows(session, FindingEvent, self.events)
        trail.append_all(session, self.done, at=at, actor=by)


class Opener:
    """Opens findings on one occasion, and notes what happened."""

    def __init__(self, assessment: Assessment, occasion: Occasion, noted: Noted) -> None:
        """Take what was judged and when; whatever is to be written is added to what is noted."""
        self._receipt = assessment.receipt
        self._occasion = occasion
        self._noted = noted
        self.moved: list[FindingMoved] = []

    def open(self, found: Iterable[results.Finding]) -> None:
        """Open findings that were never told."""
        for finding in found:
            row = self._row(finding)
            self._noted.opened.append(row)
            self._note(row, FindingChange.OPENED, finding.verdict)

    def _row(self, finding: results.Finding) -> Row:
        occasion, receipt = self._occasion, self._receipt
        return {
            "key": new_key(),
            "record": occasion.record,
            "card": finding.card,
            "step": finding.step,
            "kind": finding.kind,
            "state": FindingState.OPEN,
            "under": None,
            "verdict": finding.verdict.verdict,
            "reason": _reason(finding.verdict),
            "said": canonical(finding),
            "opened_at": occasion.at,
            "opened_as_of": receipt.as_of,
            "changed_at": occasion.at,
            "rectified_at": None,
            "version": occasion.version,
            "as_of": receipt.as_of,
            "rulebook": receipt.rulebook,
            "events": 1,
        }

    def _note(self, row: Row, what: FindingChange, verdict: CardVerdict | None) -> None:
        occasion, receipt = self._occasion, self._receipt
        event = {
            "finding": row["key"],
            "number": row["events"],
            "what": what,
            "cause": occasion.cause,
            "at": occasion.at,
            "by": occasion.by,
            "version": occasion.version,
            "as_of": receipt.as_of,
            "rulebook": receipt.rulebook,
            "kind": row["kind"],
            "state": row["state"],
            "verdict": canonical(verdict) if verdict else None,
        }
        content = {
            "record": row["record"],
            "card": row["card"],
            "kind": row["kind"],
            "state": row["state"],
            "verdict": row["verdict"],
            "version": occasion.version,
            "as_of": receipt.as_of.isoformat(),
            "cause": occasion.cause,
            "number": event["number"],
            "event": event_digest(event),
        }
        self._noted.events.append(event)
        self._noted.done.append(trail.Done(f"finding.{what}", row["key"], content))
        self.moved.append(
            FindingMoved(
                finding=row["key"],
                card=row["card"],
                step=row["step"],
                kind=row["kind"],
                what=what,
                state=row["state"],
            )
        )


class _Mover(Opener):
    """Changes findings, too."""

    def __init__(self, session: Session, assessment: Assessment, occasion: Occasion, noted: Noted) -> None:
        super().__init__(assessment, occasion, noted)
        self._session = session

    def tell(self, row: Finding, finding: results.Finding) -> None:
        """Tell a finding that was told before."""
        said = canonical(finding)
        what = self._what(row, finding, said)
        if what == FindingChange.REOPENED or row.kind != finding.kind or self._says_other(row, said):
            undo(self._session, row.key, at=self._occasion.at)
        if said != row.said or what:
            row.step, row.kind, row.said = finding.step, finding.kind, said
            row.verdict, row.reason = finding.verdict.verdict, _reason(finding.verdict)
        if what:
            row.state, row.under, row.rectified_at = FindingState.OPEN, None, None
            self._change(row, what, finding.verdict)

    def tell_no_more(self, row: Finding, verdict: CardVerdict | None, root: str | None) -> None:
        """Note that a finding is told no more, or with another only."""
        row.verdict, row.reason = (verdict.verdict, _reason(verdict)) if verdict else (None, None)
        before, row.under = row.state, root
        if root is None:
            row.state, row.rectified_at = FindingState.RECTIFIED, self._occasion.at
            self._change(row, FindingChange.RECTIFIED, verdict)
        elif before != FindingState.SUBSUMED:
            row.state = FindingState.SUBSUMED
            self._change(row, FindingChange.CHANGED, verdict)

    def _what(self, row: Finding, finding: results.Finding, said: str) -> FindingChange | None:
        """Say what has happened to a finding that is told again, None for nothing that matters."""
        if row.state == FindingState.RECTIFIED:
            return FindingChange.REOPENED
        if row.state == FindingState.SUBSUMED or row.kind != finding.kind:
            return FindingChange.CHANGED
        return FindingChange.CHANGED if self._says_other(row, said) else None

    def _says_other(self, row: Finding, said: str) -> bool:
        """Tell whether a finding says something else than it was last told to say."""
        if said == row.said:
            return False
        # Days that merely pass make numbers grow; that is told, and is nothing new.
        names = (*_SUBSTANCE, "actual") if self._occasion.cause == Cause.VERSION else _SUBSTANCE
        old, new = json.loads(row.said)["verdict"], json.loads(said)["verdict"]
        return _differ(old, new, names)

    def _change(self, row: Finding, what: FindingChange, verdict: CardVerdict | None) -> None:
        """Note a change of a finding that is there."""
        occasion, receipt = self._occasion, self._receipt
        row.events += 1
        row.changed_at, row.version = occasion.at, occasion.version
        row.as_of, row.rulebook = receipt.as_of, receipt.rulebook
        self._session.add(row)
        self._note({name: getattr(row, name) for name in _NOTED}, what, verdict)


_NOTED: Final = ("key", "record", "card", "step", "kind", "state", "verdict", "events")
_SAID_BY_EVENTS: Final = ("what", "cause", "kind", "state", "version", "verdict")


def event_digest(event: Row) -> str:
    """Return the SHA-256 of what an event says: what happened, to which kind, and what the card concluded."""
    return digest_of(canonical_json([event[name] for name in _SAID_BY_EVENTS]))


def _reason(verdict: CardVerdict) -> str | None:
    return verdict.violation or verdict.doubt


def _differ(old: Mapping[str, Any], new: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(old[name] != new[name] for name in names)
