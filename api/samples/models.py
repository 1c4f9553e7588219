"""What is asked of samples, and what they say."""

from datetime import date

from pydantic import Field

from api.summaries.models import SummaryBasis
from engine.vocabulary import Bilingual, Frozen, OrganLevel, Word


class Stratum(Word):
    """By what records are put into strata."""

    UNIT = "unit", "牵头单位", "lead unit"
    MONTH = "month", "月份", "month"
    CLASS = "class", "事项类别", "class of matter"
    FLAGS = "flags", "标记情况", "state of flags"


class Standing(Word):
    """Whether a record has flags, as in rates."""

    FLAGGED = "flagged", "有标记", "with a flag"
    QUESTIONED = "questioned", "无标记但有待查", "without a flag, with a question"
    CLEAR = "clear", "无标记且无待查", "without a flag or question"


class SampleAsk(Frozen):
    """Which sample is asked for. `size`: how many records of each stratum, of all where there are no strata."""

    size: int
    seed: str
    by: Stratum | None = None


class StratumOut(Frozen):
    """A stratum. `key`: what to ask summaries for to see it; nothing is told of strata without a record."""

    key: str
    title: Bilingual
    records: int = Field(description="how many records it has")
    drawn: int


class SampledRecord(Frozen):
    """A record that was drawn."""

    key: str
    id: str
    title: Bilingual
    lead_unit: str
    jurisdiction: str
    organ_level: OrganLevel
    day: date = Field(description="by which the record belongs to a month")
    stratum: Bilingual
    standing: Standing


class Sample(Frozen):
    """Records drawn at random: the same question with the same seed draws the same."""

    seed: str
    size: int
    by: Stratum | None
    basis: SummaryBasis
    strata: tuple[StratumOut, ...]
    items: tuple[SampledRecord, ...]
