"""What is asked of summaries, and what they say."""

from datetime import date, datetime

from pydantic import Field

from engine.vocabulary import Bilingual, Frozen, OrganLevel, Word


class Dimension(Word):
    """By what records or cards are grouped."""

    UNIT = "unit", "牵头单位", "lead unit"
    MONTH = "month", "月份", "month"
    JURISDICTION = "jurisdiction", "地区", "jurisdiction"
    LEVEL = "level", "机关层级", "organ level"
    PROCEDURE = "procedure", "程序", "procedure"
    STEP = "step", "环节", "step"
    CARD = "card", "规则卡", "card"

    @property
    def of_cards(self) -> bool:
        """Tell whether cards are grouped by it, and not records."""
        return self in {Dimension.STEP, Dimension.CARD}


class Figure(Word):
    """What is counted. The first four count records, the last three findings, those between verdicts."""

    RECORDS = "records", "决策事项", "records"
    COMPLIANT = "compliant", "无标记", "records without a flag"
    COMPLIANT_WITH_QUESTIONS = "compliant_with_questions", "无标记但有待查", "of these, with a question"
    FLAGGED = "flagged", "有标记", "records with a flag"
    SATISFIED = "satisfied", "符合", "satisfied"
    VIOLATED = "violated", "违反", "violated"
    WAIVED = "waived", "其中已豁免", "of these, waived"
    BY_EXCEPTION = "by_exception", "依法定例外符合", "satisfied by exception"
    PENDING = "pending", "尚未到期", "pending"
    UNDETERMINED = "undetermined", "无法判断", "undetermined"
    DOUBTS_OF_RULES = "doubts_of_rules", "其中因规则库", "of these, for the rulebook's sake"
    NOT_APPLICABLE = "not_applicable", "不适用", "not applicable"
    FLAGS = "flags", "标记", "flags"
    DISMISSED = "dismissed", "其中不予认定", "of these, dismissed"
    QUESTIONS = "questions", "待查", "questions"
    NOTICES = "notices", "提示", "notices"


class SummaryFilter(Frozen):
    """Which records and which cards are asked for; what is left out is not asked about. Days are inclusive."""

    first: date | None = None
    last: date | None = None
    month: str | None = None
    unit: str | None = None
    jurisdiction: str | None = None
    within: str | None = None
    level: OrganLevel | None = None
    procedure: str | None = None
    step: str | None = None
    card: str | None = None


class Part(Frozen):
    """One part of what a group has in common. `key`: what to ask for to see this group only."""

    by: Dimension
    key: str
    title: Bilingual


class Rate(Frozen):
    """The compliance rate: satisfied / (satisfied + violated). `value`: nothing where neither was found."""

    numerator: int
    denominator: int
    value: float | None


class SummaryRow(Frozen):
    """The figures of a group of records and cards.

    Verdicts are counted of cards of weight `breach`, and of any card where cards are named. The rate is of cards of
    weight `breach`: the law demands nothing by the others, so that for them alone there is none.
    """

    group: tuple[Part, ...]
    rate: Rate | None
    records: int
    compliant: int = Field(description="records without a flag, here on the cards of the group")
    compliant_with_questions: int = Field(description="of these, those with a question")
    flagged: int = Field(description="records with a flag, here on the cards of the group")
    satisfied: int = Field(description="verdicts; those by a statutory exception are counted apart")
    violated: int = Field(description="verdicts, whatever was decided about them since")
    waived: int = Field(description="of these, those that a waiver in force on the as-of day answers for")
    by_exception: int
    pending: int
    undetermined: int
    doubts_of_rules: int = Field(
        description="of these, those that the unit cannot mend, for the rulebook leaves it open"
    )
    not_applicable: int
    flags: int = Field(description="findings; what follows from another is told with that one")
    dismissed: int = Field(description="of these, those that were dismissed")
    questions: int
    notices: int


class BeyondRulebook(Frozen):
    """Records that say what the rulebook has no words for; they are in no figure. `records`: keys of some of them."""

    count: int
    records: tuple[str, ...]


class SummaryBasis(Frozen):
    """What the figures rest on."""

    as_of: date
    known_at: datetime
    rulebook: str = Field(description="digest of the rulebook")
    trail_number: int
    trail_digest: str
    judged_anew: int = Field(description="how many records had to be judged for this, since no judgement was kept")
    beyond_rulebook: BeyondRulebook


class Summary(Frozen):
    """Figures of all that was asked for, and of each group, in the order of the groups; `next` as in every list."""

    by: tuple[Dimension, ...]
    basis: SummaryBasis
    total: SummaryRow
    items: tuple[SummaryRow, ...]
    next: str | None


class CountedCard(Frozen):
    """A card for whose sake a record is counted. `outcome`: the verdict; `reason`: how violated, or why in doubt."""

    card: str
    outcome: str
    reason: str | None


class CountedRecord(Frozen):
    """A record behind a figure. `cards`: what of it is counted; nothing where records are."""

    key: str
    id: str
    title: Bilingual
    lead_unit: str
    jurisdiction: str
    organ_level: OrganLevel
    day: date = Field(description="by which the record belongs to a month")
    cards: tuple[CountedCard, ...]


class CountedRecords(Frozen):
    """The records behind figures, those of the newest days first."""

    figures: tuple[Figure, ...]
    basis: SummaryBasis
    records: int = Field(description="how many there are on all pages")
    counted: int = Field(description="how much is counted of them: verdicts, findings, or the records themselves")
    items: tuple[CountedRecord, ...]
    next: str | None
