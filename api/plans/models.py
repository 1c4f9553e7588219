"""What is told of a plan: the same over HTTP, on the command line and on pages."""

from datetime import date, datetime

from pydantic import Field

from engine.vocabulary import Bilingual, Frozen, GateState


class CardOut(Frozen):
    """A card, with its article."""

    card: str
    title: Bilingual
    article: Bilingual


class MomentOut(Frozen):
    """The latest lawful day of a moment, given those after it. `in_time`: not before today."""

    step: str
    step_title: Bilingual
    round: int = Field(description="the place of the round among those of its step that are not void, from 0")
    attribute: str
    title: Bilingual
    day: date
    in_time: bool
    bound_by: tuple[CardOut, ...] = Field(description="the cards that would be broken a day later")


class FactOut(Frozen):
    """What a round that is still to come has to say, for the plan to be lawful."""

    step: str
    step_title: Bilingual
    round: int
    attribute: str
    title: Bilingual
    value: bool | int | str | tuple[str, ...]
    said: Bilingual


class PlanOut(Frozen):
    """The latest lawful days of what is left before a meeting, the earliest first; days are calendar days."""

    record: str = Field(description="how the unit that leads calls the record")
    today: date
    known_at: datetime
    rulebook: str
    meeting: date
    earliest: bool = Field(description="whether the meeting is the earliest for which a plan is lawful")
    state: GateState = Field(
        description="open: lawful for sure; shut: not lawful; cannot_tell: what bars it, or a duty of days, is in doubt"
    )
    lawful: bool
    moments: tuple[MomentOut, ...]
    assumed: tuple[FactOut, ...]
    conflicts: tuple[CardOut, ...] = Field(
        description="cards about moments that are planned which no day keeps; another meeting may do"
    )
    standing: tuple[CardOut, ...] = Field(description="cards that days do not mend")
    unsure: tuple[CardOut, ...] = Field(description="cards of which one cannot tell, whatever the days")
