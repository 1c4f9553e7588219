"""What is told about rules: cards in a list, one card with everything, coverage, procedures and places."""

from datetime import date
from typing import Any

from pydantic import Field

from engine.rulebook.coverage import Uncovered
from engine.rulebook.instrument import Instrument
from engine.vocabulary import Bilingual, Confidence, Frozen, Gate, Modality, OrganLevel, Weight


class RuleRow(Frozen):
    """A card in a list. `gate`: the gate that it bars; `since` and `until`: its days of force, inclusive."""

    id: str
    title: Bilingual
    instrument: str
    article: str
    procedure: str
    step: str
    jurisdiction: str
    modality: Modality
    weight: Weight
    gate: Gate | None
    confidence: Confidence
    since: date
    until: date | None


class Rule(Frozen):
    """One card with everything that decides what it says."""

    rulebook: str = Field(description="digest of the rulebook")
    card: RuleRow
    cited_as: Bilingual
    instrument: Instrument
    step_title: Bilingual
    written: dict[str, Any] = Field(description="the card as it is written, its examples included")
    parameter: dict[str, Any] | None = Field(description="the parameter that it demands, with the values of all places")
    covers: tuple[str, ...] = Field(description="rows of the coverage map that it checks")
    followed_by: tuple[str, ...] = Field(description="cards that stand under a finding of this one")


class CoveredRowOut(Frozen):
    """A row of the law's list: the cards that check it, or why none does."""

    row: str
    cards: tuple[str, ...]
    reason: Uncovered | None
    why: Bilingual | None


class CoveredArticleOut(Frozen):
    """An article: its rows, or why it has none."""

    article: str
    rows: tuple[CoveredRowOut, ...]
    reason: Uncovered | None
    why: Bilingual | None


class Coverage(Frozen):
    """What is checked of one instrument, article by article. `accounted`: rows with cards or with a reason."""

    instrument: str
    title: Bilingual
    rows: int
    accounted: int
    cards: int
    articles: tuple[CoveredArticleOut, ...]


class CoverageReport(Frozen):
    """What is checked of each instrument of a rulebook."""

    rulebook: str
    items: tuple[Coverage, ...]


class StepOut(Frozen):
    """A step of a procedure: what it is called, who attests it, and the kinds of its attributes and documents."""

    id: str
    title: Bilingual
    attested_by: str
    attributes: dict[str, str]
    evidence: dict[str, Bilingual]


class ProcedureOut(Frozen):
    """A procedure with its steps, in their order. `record`: the JSON schema of its records."""

    id: str
    title: Bilingual
    rulebook: str
    steps: tuple[StepOut, ...]
    gates: tuple[Gate, ...]
    determinations: dict[str, Bilingual]
    special_statutes: dict[str, Bilingual]
    record: dict[str, Any]


class ProcedureRow(Frozen):
    """A procedure in a list."""

    id: str
    title: Bilingual
    cards: int


class Procedures(Frozen):
    """The procedures of a rulebook."""

    rulebook: str
    items: tuple[ProcedureRow, ...]


class Place(Frozen):
    """A jurisdiction, and those that it lies within today, the nearest last."""

    id: str
    title: Bilingual
    within: tuple[str, ...]
    made_up: bool


class Places(Frozen):
    """The jurisdictions of a rulebook."""

    rulebook: str
    items: tuple[Place, ...]


class RuleFilter(Frozen):
    """Which cards are asked for; what is left out is not asked about."""

    procedure: str | None = None
    step: str | None = None
    instrument: str | None = None
    jurisdiction: str | None = None
    level: OrganLevel | None = None
    weight: Weight | None = None
    gate: Gate | None = None
    confidence: Confidence | None = None
