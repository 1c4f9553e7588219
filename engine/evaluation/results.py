"""What an evaluation says, as frozen models: verdicts, findings, status and receipt. Decides nothing."""

import json
from datetime import date, datetime
from typing import Literal

from engine.vocabulary import (
    Bilingual,
    Doubt,
    FindingKind,
    Frozen,
    Gate,
    GateState,
    Light,
    Modality,
    OrganLevel,
    Owner,
    Unit,
    Verdict,
    Violation,
)


class Interval(Frozen):
    """A number between two ends, both inclusive; exact when they meet. None: open on that side."""

    lo: int | None
    hi: int | None


class Observed(Frozen):
    """A question that was asked of the case, and its answer: true, false, unknown (and why), or a number."""

    term: str
    answer: Literal["true", "false", "unknown"] | Interval
    doubt: Doubt | None = None


class CardVerdict(Frozen):
    """The conclusion of one card. `actual` and `required` are in `unit`; `by_reference`: it binds by 参照 only.

    `due`: the last day on which a pending deadline can still be kept, where that is one day for sure.
    """

    card: str
    verdict: Verdict
    by_exception: bool = False
    by_reference: bool = False
    violation: Violation | None = None
    doubt: Doubt | None = None
    actual: Interval | None = None
    required: int | None = None
    unit: Unit | None = None
    due: date | None = None
    observed: tuple[Observed, ...] = ()

    @property
    def owner(self) -> Owner | None:
        """Tell whose doubt it is, None without one."""
        return self.doubt.owner if self.doubt else None


class Consequence(Frozen):
    """A card that says what it says only because of the finding that it stands under."""

    card: str
    title: Bilingual
    verdict: Verdict


class Finding(Frozen):
    """What somebody has to look at. `change`: the smallest change that would satisfy, for what is planned."""

    kind: FindingKind
    card: str
    title: Bilingual
    step: str
    verdict: CardVerdict
    message: Bilingual
    article: Bilingual
    modality: Modality
    remedy: Bilingual
    change: Bilingual | None = None
    gate: Gate | None = None
    consequences: tuple[Consequence, ...] = ()


class GateStatus(Frozen):
    """How a gate stands: what bars it, and what is violated without barring it ("hold, correctable")."""

    state: GateState
    barred_by: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    correctable: tuple[str, ...] = ()


class Status(Frozen):
    """Lights by step and gates; `compliant`: no flag; `questions`: how many are open."""

    lights: dict[str, Light]
    gates: dict[Gate, GateStatus]
    compliant: bool
    questions: int


class Receipt(Frozen):
    """What an answer rests on. The same inputs give the same receipt, byte for byte."""

    engine: str
    rulebook: str
    as_of: date
    known_at: datetime
    record: str
    decided_by: Literal["live", "sweep"]
    verdicts: tuple[CardVerdict, ...]

    def text(self) -> str:
        """Return the canonical form: JSON with sorted keys and no spaces."""
        return canonical(self)


class Assessment(Frozen):
    """Everything about one record on one day. `outcome` and `exclusion`: as far as seen on that day, in words."""

    record: str
    title: Bilingual
    procedure: str
    organ_level: OrganLevel
    made_up: bool
    outcome: Bilingual | None
    exclusion: Bilingual | None
    status: Status
    findings: tuple[Finding, ...]
    receipt: Receipt

    @property
    def verdicts(self) -> tuple[CardVerdict, ...]:
        """Return one verdict for each card."""
        return self.receipt.verdicts

    def verdict(self, card: str) -> CardVerdict:
        """Return the verdict of a card; raises `KeyError`."""
        for verdict in self.verdicts:
            if verdict.card == card:
                return verdict
        raise KeyError(card)

    def of_kind(self, kind: FindingKind) -> tuple[Finding, ...]:
        """Return the findings of a kind."""
        return tuple(finding for finding in self.findings if finding.kind == kind)


def canonical(model: Frozen) -> str:
    """Write a model so that equal models give equal bytes: JSON, keys sorted, no spaces, UTF-8 as it is."""
    return json.dumps(model.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
