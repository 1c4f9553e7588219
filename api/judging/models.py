"""What is told about a judgement: status, gates and verdicts of a record, and what has changed since the one before."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.findings.tables import Cause, FindingChange, FindingState
from api.waivers.standing import WaiverShown
from engine.evaluation.results import CardVerdict, Interval
from engine.vocabulary import (
    Bilingual,
    Doubt,
    FindingKind,
    Frozen,
    Gate,
    GateState,
    Light,
    Modality,
    Unit,
    Verdict,
    Violation,
)


class Coordinates(Frozen):
    """What an answer rests on, beside the record: the day, what was known when, and by which rules."""

    record: str = Field(description="key of the record")
    version: int = Field(description="the version of the record that was judged")
    as_of: date
    known_at: datetime
    rulebook: str = Field(description="digest of the rulebook")
    decided_by: Literal["live", "sweep"]


class ConsequenceOut(Frozen):
    """A card that says what it says only because of the finding that it stands under."""

    card: str
    title: Bilingual
    verdict: Verdict


class ToldFinding(Frozen):
    """A finding as it is told. `actual` and `required` are in `unit`; `change`: what would still satisfy."""

    kind: FindingKind
    card: str
    title: Bilingual
    step: str
    verdict: Verdict
    violation: Violation | None
    doubt: Doubt | None
    by_reference: bool
    actual: Interval | None
    required: int | None
    unit: Unit | None
    message: Bilingual
    article: Bilingual
    modality: Modality
    remedy: Bilingual
    change: Bilingual | None
    gate: Gate | None
    consequences: tuple[ConsequenceOut, ...]


class GateOut(Frozen):
    """How a gate stands: what bars it, what leaves it in doubt, and what is violated without barring it."""

    state: GateState
    barred_by: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    correctable: tuple[str, ...]


class StatusOut(Coordinates):
    """How a record stands: a light for each step, the gates, what somebody has to look at. `compliant`: no flag.

    `waivers`: those in force on the day; they stand beside, and change nothing of the rest.
    """

    outcome: Bilingual | None
    exclusion: Bilingual | None
    compliant: bool
    questions: int
    lights: dict[str, Light]
    gates: dict[Gate, GateOut]
    findings: tuple[ToldFinding, ...]
    waivers: tuple[WaiverShown, ...]


class GatesOut(Coordinates):
    """Whether the matter may go to the meeting, and whether it may be issued."""

    gates: dict[Gate, GateOut]


class SaidVerdict(CardVerdict):
    """The conclusion of one card, with a sentence that says it."""

    title: Bilingual
    sentence: Bilingual


class VerdictsOut(Coordinates):
    """One verdict for every card of the procedure."""

    verdicts: tuple[SaidVerdict, ...]


class VerdictChange(Frozen):
    """A card that says something else than before; None: it said nothing, for it was not in the rulebook."""

    card: str
    before: str | None
    after: str | None


class LightChange(Frozen):
    """A step that stands otherwise than before."""

    step: str
    before: Light | None
    after: Light


class FindingMoved(Frozen):
    """Something that happened to a finding."""

    finding: str
    card: str
    step: str
    kind: FindingKind
    what: FindingChange
    state: FindingState


class Changes(Frozen):
    """What a judgement changed: the verdicts, the lights, the findings; and why it was made."""

    record: str
    version: int
    as_of: date
    at: datetime
    rulebook: str
    cause: Cause
    verdicts: tuple[VerdictChange, ...]
    lights: tuple[LightChange, ...]
    findings: tuple[FindingMoved, ...]
