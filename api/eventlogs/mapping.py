"""The mapping file: which activity of a log gives which moment of which step, and what the attributes of cases mean.

It is data throughout: nothing in Python knows any log. What it names is checked against the procedure when it is read.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from api.eventlogs.times import Clock
from engine.calendar.moment import LOCAL
from engine.reading.problems import fault
from engine.vocabulary import Bilingual, ClockEventKind, Frozen, UnitRole

Take = Literal["first", "last", "each"]
Scalar = str | bool | int

_ONE_ORIGIN: Final = Bilingual(
    zh="value、case、event三者之一",
    en="one of `value`, `case` (attribute of the case), `event` (attribute of an event)",
)
_ONE_SOURCE: Final = Bilingual(zh="activity、case二者之一", en="one of `activity` and `case` (attribute of the case)")
_CHOOSE: Final = Bilingual(zh="只保留其中之一", en="keep one of them")
_ZONE: Final = Bilingual(zh="时区名称,例如Asia/Shanghai", en="the name of a time zone, such as Asia/Shanghai")
_CORRECT: Final = Bilingual(zh="更正名称", en="correct the name")


def _zone(name: object) -> object:
    try:
        ZoneInfo(str(name))
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError, and told below
        raise fault("unknown_zone", _ZONE, _CORRECT) from None
    except KeyError:
        raise fault("unknown_zone", _ZONE, _CORRECT) from None
    return name


ZoneName = Annotated[str, BeforeValidator(_zone)]


class Origin(Frozen):
    """Where a fact is from: a value for all cases, an attribute of the case, or one of the events of the round.

    `values` translates what stands in the log; what it does not list stays as it is. `split`: what stands between the
    members of a set.
    """

    value: Scalar | tuple[Scalar, ...] | None = None
    case: str | None = None
    event: str | None = None
    values: dict[str, Scalar] = Field(default_factory=dict)
    split: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(part is not None for part in (self.value, self.case, self.event)) != 1:
            raise fault("not_one_origin", _ONE_ORIGIN, _CHOOSE)
        return self


def _as_origin(given: object) -> object:
    return {"value": given} if isinstance(given, str | bool | int | list) else given


OriginField = Annotated[Origin, BeforeValidator(_as_origin)]
"""A bare value is one for all cases."""


class Source(Frozen):
    """Where a moment is from: the occurrences of an activity, or an attribute of the case.

    `transition`: only events in that transition of their lifecycle. `take`: which occurrence. `kind`: what the moment
    says. `to`: how exactly it is believed. `written_in`: an attribute of the event in which the moment is written as a
    record writes it; where the event has it, it stands in place of the timestamp. `round`: into which round a moment of
    the case goes, by the label that rounds have (see `StepMapping.rounds_by`).
    """

    activity: str | None = None
    case: str | None = None
    transition: str | None = None
    take: Take = "first"
    kind: Literal["actual", "announced", "planned"] = "actual"
    to: Literal["minute", "day"] = "minute"
    written_in: str | None = None
    round: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.activity is None) == (self.case is None):
            raise fault("not_one_origin", _ONE_SOURCE, _CHOOSE)
        return self

    def fits(self, activity: str, transition: str | None) -> bool:
        """Tell whether an event is one of its occurrences."""
        return activity == self.activity and (self.transition is None or self.transition == transition)


def _as_sources(given: object) -> object:
    parts = given if isinstance(given, list) else [given]
    return [{"activity": part} if isinstance(part, str) else part for part in parts]


Sources = Annotated[tuple[Source, ...], BeforeValidator(_as_sources)]
"""One source or several; a bare text is an activity."""


class DocumentSource(Frozen):
    """What proves a document: an activity, on whose day the round gets one of a kind; or an attribute listing kinds."""

    kind: str | None = None
    activity: str | None = None
    transition: str | None = None
    kinds: OriginField | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        by_activity = self.kind is not None and self.activity is not None
        if by_activity == (self.kinds is not None):
            expected = Bilingual(zh="kind和activity,或者kinds", en="`kind` with `activity`, or `kinds`")
            raise fault("not_one_origin", expected, _CHOOSE)
        return self

    def fits(self, activity: str, transition: str | None) -> bool:
        """Tell whether an event proves it."""
        return activity == self.activity and (self.transition is None or self.transition == transition)


class StepMapping(Frozen):
    """How the rounds of a step arise.

    With `rounds_by`, events whose attribute of that name is the same belong to one round, and the value is its label.
    Without, the first, second, … occurrences of all activities taken `each` make the first, second, … round; and what
    is taken `first` or `last` goes into the first.
    """

    rounds_by: str | None = None
    moments: dict[str, Sources] = Field(default_factory=dict)
    attributes: dict[str, OriginField] = Field(default_factory=dict)
    documents: tuple[DocumentSource, ...] = ()
    clock: dict[ClockEventKind, Sources] = Field(default_factory=dict)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return all sources of moments."""
        return tuple(source for given in (*self.moments.values(), *self.clock.values()) for source in given)

    def fits(self, activity: str, transition: str | None) -> bool:
        """Tell whether an event means something for the step."""
        return any(source.fits(activity, transition) for source in self.sources) or any(
            document.fits(activity, transition) for document in self.documents
        )


class DeterminationMapping(Frozen):
    """Where a determination is from; without a reason it is not believed."""

    value: OriginField
    reason: OriginField | None = None
    by: OriginField | None = None
    on: Sources = ()


class OutcomeMapping(Frozen):
    """How a case ended. Without a day it has not."""

    kind: OriginField
    on: Sources
    reason: OriginField | None = None


class UnitMapping(Frozen):
    """A unit in a role; without a name there is none."""

    name: OriginField
    role: UnitRole


class RecordMapping(Frozen):
    """The fields of the record itself."""

    title: OriginField | None = None
    made_up: OriginField = Origin(value=False)
    source: tuple[str, ...] = ()
    jurisdiction: OriginField
    organ: OriginField
    organ_level: OriginField
    matter_class: OriginField | None = None
    units: tuple[UnitMapping, ...] = ()


class Keys(Frozen):
    """What the attributes of an XES log are called; the defaults are those of the standard's extensions."""

    case: str = "concept:name"
    activity: str = "concept:name"
    time: str = "time:timestamp"
    transition: str = "lifecycle:transition"


class Columns(Frozen):
    """What the columns of a CSV log are called. `time_format`: as `strptime` has it; without it, ISO 8601."""

    case: str
    activity: str
    time: str
    transition: str | None = None
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    time_format: str | None = None


class ObjectCase(Frozen):
    """Which type of object is the case of an OCEL log, and which attribute of events is their transition."""

    case: str
    transition: str | None = None


class LogMapping(Frozen):
    """The whole file. `zone`: whose wall clock the record shows; `unzoned`: that of timestamps without an offset."""

    procedure: str
    zone: ZoneName = str(LOCAL)
    unzoned: ZoneName | None = None
    xes: Keys = Keys()
    csv: Columns | None = None
    ocel: ObjectCase | None = None
    record: RecordMapping
    determinations: dict[str, DeterminationMapping] = Field(default_factory=dict)
    outcome: OutcomeMapping | None = None
    steps: dict[str, StepMapping] = Field(default_factory=dict)

    def clock(self, *, written: str | None = None) -> Clock:
        """Return how timestamps are read."""
        zone = ZoneInfo(self.zone)
        return Clock(zone, ZoneInfo(self.unzoned) if self.unzoned else zone, written)

    @property
    def sources(self) -> Iterator[Source]:
        """Give all sources of moments."""
        for step in self.steps.values():
            yield from step.sources
        for determination in self.determinations.values():
            yield from determination.on
        if self.outcome:
            yield from self.outcome.on

    @property
    def activities(self) -> frozenset[str]:
        """Return the activities that it names."""
        documents = (part.activity for step in self.steps.values() for part in step.documents)
        return frozenset(name for name in (*(source.activity for source in self.sources), *documents) if name)

    @property
    def case_attributes(self) -> frozenset[str]:
        """Return the attributes of cases that it names."""
        origins = (value for value in parts(self) if isinstance(value, Origin))
        named = (*(origin.case for origin in origins), *(source.case for source in self.sources))
        return frozenset(name for name in named if name)

    def fits(self, activity: str, transition: str | None) -> bool:
        """Tell whether an event means something."""
        return any(step.fits(activity, transition) for step in self.steps.values()) or any(
            source.fits(activity, transition) for source in self.sources
        )


def parts(value: Any) -> Iterable[Any]:  # noqa: ANN401 - whatever a mapping is made of
    """Give a value and all that it is made of."""
    yield value
    inside: Iterable[Any] = ()
    if isinstance(value, Frozen):
        inside = (getattr(value, name) for name in type(value).model_fields)
    elif isinstance(value, dict):
        inside = value.values()
    elif isinstance(value, tuple):
        inside = value
    for part in inside:
        yield from parts(part)
