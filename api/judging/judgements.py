"""Judgements as they are kept, and what one changes. All writes and all re-evaluations go through `record_changes`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col

from api.findings.tables import Cause
from api.judging import codes
from api.judging.announcing import announce, deadlines, tidings
from api.judging.findings import Noted, Occasion, Opener, move_findings
from api.judging.models import Changes, LightChange, StatusOut, VerdictChange
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.judging.standing import is_settled, period
from api.judging.tables import JudgedStatus, Judgement
from api.judging.telling import told_status
from api.outbox.dues import keep_deadlines
from api.outbox.posting import Tidings, post
from api.records.tables import Record, RecordState
from api.store.inserting import insert_rows
from api.waivers.standing import carried_over, shown_waivers
from engine.calendar.moment import LOCAL
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord
from engine.vocabulary import FindingKind, Light

SWEEP: Final = "sweep"
"""Who judges anew as days pass and rules change."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The newest version of a record, and what came of it. `row` is in the session, and flushed."""

    row: Record
    record: DecisionRecord
    assessment: Assessment


def record_changes(
    session: Session, rulebooks: Rulebooks, judged: Judged, *, at: datetime, by: str, cause: Cause
) -> Changes:
    """Keep the judgement of the newest version of a record, move its findings, end waivers, announce what changed.

    The one way in which judgements enter the store but for the first of a record, in a session of `Database.writing()`.
    """
    row, assessment = judged.row, judged.assessment
    kept = session.get(Judgement, row.key)
    rules = rulebooks.by_digest(session, assessment.receipt.rulebook)
    judgement = _judgement(judged, rules)
    verdicts = _verdicts(session, rulebooks, kept, judgement)
    lights = _lights(session, rulebooks, kept, judgement)
    occasion = Occasion(record=row.key, version=row.version, at=at, by=by, cause=cause)
    findings = move_findings(session, assessment, occasion)
    moved = {finding.finding for finding in findings}
    waivers = carried_over(session, row.key, version=row.version, moved=moved, as_of=judgement.as_of, at=at, by=by)
    session.merge(judgement)
    text = told_status(assessment, record=row.key, version=row.version, waivers=waivers).model_dump_json()
    _keep_status(session, row.key, text, first=kept is None)
    row.state = state_of(judged)
    session.add(row)
    changes = Changes(
        record=row.key,
        version=row.version,
        as_of=judgement.as_of,
        at=at,
        rulebook=judgement.rulebook,
        cause=cause,
        verdicts=verdicts,
        lights=lights,
        findings=findings,
    )
    announce(session, assessment, changes, rules.rulebook)
    return changes


def first_judgements(
    session: Session, rules: ReadyRulebook, judged: Sequence[Judged], *, at: datetime, by: str
) -> tuple[Changes, ...]:
    """Keep the first judgement of each of some new records, as `record_changes` does of one that is there.

    In a session of `Database.writing()` in which the rows of the records have been written.
    """
    noted, posted, judgements, statuses, told = Noted(), list[Tidings](), [], [], list[Changes]()
    for one in judged:
        row, assessment, judgement = one.row, one.assessment, _judgement(one, rules)
        opener = Opener(assessment, Occasion(row.key, row.version, at, by, Cause.VERSION), noted)
        opener.open(assessment.findings)
        judgements.append(dict(judgement))
        text = told_status(assessment, record=row.key, version=row.version, waivers=()).model_dump_json()
        statuses.append({"record": row.key, "text": text})
        changes = Changes(
            record=row.key,
            version=row.version,
            as_of=judgement.as_of,
            at=at,
            rulebook=rules.digest,
            cause=Cause.VERSION,
            verdicts=(),
            lights=_changed_lights({}, _lights_of(judgement, rules)),
            findings=tuple(opener.moved),
        )
        told.append(changes)
        posted += tidings(assessment, changes, rules.rulebook)
        if dues := deadlines(assessment, row.key, rules.rulebook):
            keep_deadlines(session, row.key, dues, today=judgement.as_of, at=at)
    noted.write(session, at=at, by=by)
    insert_rows(session, Judgement, judgements)
    insert_rows(session, JudgedStatus, statuses)
    post(session, *posted, at=at)
    return tuple(told)


def show_waivers(session: Session, record: str, *, at: datetime) -> None:
    """Show in the status that is kept for today which waivers are in force, in a session of `Database.writing()`.

    A status of another day is not given out; it is written anew when the record is judged for today.
    """
    kept = session.get(JudgedStatus, record)
    status = StatusOut.model_validate_json(kept.text) if kept else None
    if kept is None or status is None or status.as_of != at.astimezone(LOCAL).date():
        return
    waivers = shown_waivers(session, record, as_of=status.as_of, known_at=at)
    kept.text = status.model_copy(update={"known_at": at, "waivers": waivers}).model_dump_json()
    session.add(kept)


def state_of(judged: Judged) -> RecordState:
    """Tell whether a record can still change by itself."""
    return RecordState.CLOSED if is_settled(judged.record, judged.assessment) else RecordState.OPEN


def _judgement(judged: Judged, rules: ReadyRulebook) -> Judgement:
    row, record, assessment = judged.row, judged.record, judged.assessment
    receipt = assessment.receipt
    return Judgement(
        record=row.key,
        version=row.version,
        as_of=receipt.as_of,
        known_at=receipt.known_at,
        rulebook=receipt.rulebook,
        procedure=assessment.procedure,
        decided_by=receipt.decided_by,
        flags=len(assessment.of_kind(FindingKind.FLAG)),
        questions=len(assessment.of_kind(FindingKind.QUESTION)),
        notices=len(assessment.of_kind(FindingKind.NOTICE)),
        period=period(record, rules.rulebook.procedures[assessment.procedure], as_of=receipt.as_of),
        outcomes=codes.outcomes(assessment),
        reasons=codes.reasons(assessment),
        lights=codes.lights(assessment),
        gates=codes.gates(assessment),
    )


def _keep_status(session: Session, record: str, text: str, *, first: bool) -> None:
    """Keep a status written out; that before it is not read."""
    if first:
        session.add(JudgedStatus(record=record, text=text))
    else:
        session.execute(update(JudgedStatus).where(col(JudgedStatus.record) == record).values(text=text))


def _verdicts(
    session: Session, rulebooks: Rulebooks, kept: Judgement | None, judgement: Judgement
) -> tuple[VerdictChange, ...]:
    """Compare the outcomes with those before, card by card; nothing has changed where nothing was said before."""
    if kept is None or (kept.rulebook == judgement.rulebook and kept.outcomes == judgement.outcomes):
        return ()
    before, after = _outcomes(session, rulebooks, kept), _outcomes(session, rulebooks, judgement)
    return tuple(
        VerdictChange(card=card, before=before.get(card), after=after.get(card))
        for card in dict.fromkeys((*after, *before))
        if before.get(card) != after.get(card)
    )


def _outcomes(session: Session, rulebooks: Rulebooks, judgement: Judgement) -> dict[str, str]:
    cards = rulebooks.by_digest(session, judgement.rulebook).cards[judgement.procedure]
    return {card: codes.OUTCOMES[code].value for card, code in zip(cards, judgement.outcomes, strict=True)}


def _lights(
    session: Session, rulebooks: Rulebooks, kept: Judgement | None, judgement: Judgement
) -> tuple[LightChange, ...]:
    before = _lights_of(kept, rulebooks.by_digest(session, kept.rulebook)) if kept else {}
    return _changed_lights(before, _lights_of(judgement, rulebooks.by_digest(session, judgement.rulebook)))


def _changed_lights(before: Mapping[str, Light], after: Mapping[str, Light]) -> tuple[LightChange, ...]:
    return tuple(
        LightChange(step=step, before=before.get(step), after=light)
        for step, light in after.items()
        if before.get(step) != light
    )


def _lights_of(judgement: Judgement, rules: ReadyRulebook) -> dict[str, Light]:
    steps = rules.rulebook.procedures[judgement.procedure].steps
    return {step: codes.LIGHTS[code] for step, code in zip(steps, judgement.lights, strict=True)}
