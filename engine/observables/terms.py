"""The terms in which a card asks about a case. Data only: `derive` gives them their values, `conditions` reads them.

The same term is one object, so the same question asked by two cards is one column. `str(term)` is the question
in the published grammar (docs/observables.md).
"""

import inspect
from dataclasses import dataclass, fields
from threading import Lock
from typing import Any, Final, Literal, TypeVar, dataclass_transform
from weakref import WeakValueDictionary

from engine.vocabulary import Gate, MatterClass, OrganLevel, OutcomeKind, Quantifier

Term = TypeVar("Term")


_KNOWN: Final[WeakValueDictionary[tuple[Any, ...], Any]] = WeakValueDictionary()
_LOCK: Final = Lock()


@dataclass_transform(frozen_default=True, eq_default=False)
def term(kind: type[Term]) -> type[Term]:
    """Make a frozen dataclass of which equal values are one and the same object.

    Terms nest and are looked up all the time: so they are compared and hashed by identity, which costs nothing.
    """
    made: Any = dataclass(frozen=True, eq=False)(kind)
    signature = inspect.signature(made.__init__)

    def new(cls: type[Any], *given: object, **named: object) -> Any:  # noqa: ANN401 - any term
        bound = signature.bind(None, *given, **named)
        bound.apply_defaults()
        key = (cls, *bound.args[1:])
        with _LOCK:
            known = _KNOWN.get(key)
            if known is None:
                known = _KNOWN[key] = object.__new__(cls)
        return known

    def rebuilt(self: Any) -> tuple[type[Any], tuple[Any, ...]]:  # noqa: ANN401 - any term
        return type(self), tuple(getattr(self, each.name) for each in fields(self))

    made.__new__ = new
    made.__reduce__ = rebuilt
    result: type[Term] = made
    return result


# --- moments ---------------------------------------------------------------------------------------------------


@term
class Own:
    """A moment of the round at hand."""

    attribute: str

    def __str__(self) -> str:
        return self.attribute


@term
class Picked:
    """An attribute of one round of a step: the first, the last or the effective one."""

    step: str
    quantifier: Quantifier
    attribute: str

    def __str__(self) -> str:
        return f"{self.step}.{self.quantifier}.{self.attribute}"


@term
class Earliest:
    """The earliest moment among the rounds of a step that count."""

    step: str
    attribute: str

    def __str__(self) -> str:
        return f"{self.step}.{self.attribute}"


@term
class GatePassed:
    """The moment at which a gate was passed: the earliest of the moments that the procedure lists."""

    gate: Gate

    def __str__(self) -> str:
        return f"gate.{self.gate}"


@term
class OutcomeDay:
    """The day of the outcome; with `decided`, only of a decision."""

    decided: bool = False

    def __str__(self) -> str:
        return "outcome.decided" if self.decided else "outcome.day"


@term
class LeadUnit:
    """The unit that leads the matter."""

    def __str__(self) -> str:
        return "record.lead_unit"


@term
class Today:
    """The as-of day: the earliest on which what has not happened can still happen, for the day is not over."""

    def __str__(self) -> str:
        return "today"


@term
class Always:
    """A moment that has always passed: what is due by it is due at once."""

    def __str__(self) -> str:
        return "always"


Fixed = Picked | Earliest | GatePassed | OutcomeDay | Today | Always
"""A moment of the case as a whole."""

Reference = Own | Fixed


@term
class Act:
    """The day of the act that a card regulates: the first of the moments that took place, else the as-of day."""

    moments: tuple[Fixed, ...]

    def __str__(self) -> str:
        return " or ".join(str(moment) for moment in (*self.moments, "as_of"))


# --- periods ---------------------------------------------------------------------------------------------------


@term
class Period:
    """From one moment to another, held against a parameter; `clock`: returns and pauses of the round change it."""

    start: Reference
    end: Reference
    parameter: str
    act: Act
    clock: bool = False

    def __str__(self) -> str:
        return f"{self.start}, {self.end}, {self.parameter} by {self.act}{', clock' if self.clock else ''}"


# --- tests of one round ----------------------------------------------------------------------------------------


@term
class Begun:
    """The round was begun: some moment of it lies at or before the as-of day."""

    def __str__(self) -> str:
        return "begun"


@term
class IsTrue:
    """A flag of the round."""

    attribute: str

    def __str__(self) -> str:
        return self.attribute


@term
class IsIn:
    """A choice of the round is one of some values."""

    attribute: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.attribute} in {self.values!r}"


@term
class Contains:
    """A set of the round holds all of some values; `documents` is the set of kinds of its documents."""

    attribute: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"contains_all({self.attribute}, {', '.join(map(repr, self.values))})"


Comparison = Literal[">=", "<=", ">", "<", "=="]


@term
class Compares:
    """A number of the round against a literal."""

    attribute: str
    comparison: Comparison
    value: int

    def __str__(self) -> str:
        return f"{self.attribute} {self.comparison} {self.value}"


@term
class Happened:
    """A moment lies at or before the as-of day."""

    moment: Reference

    def __str__(self) -> str:
        return f"happened({self.moment})"


@term
class Before:
    """One moment happened, and not after another one. The other need not have happened yet."""

    early: Reference
    late: Reference

    def __str__(self) -> str:
        return f"before({self.early}, {self.late})"


@term
class Reaches:
    """A period is at least as long as its parameter."""

    period: Period

    def __str__(self) -> str:
        return f"reaches({self.period})"


@term
class KeepsWithin:
    """A period is at most as long as its parameter."""

    period: Period

    def __str__(self) -> str:
        return f"keeps_within({self.period})"


@term
class Same:
    """Two drafts, or two parties, are the same."""

    left: Own | Picked
    right: Own | Picked | LeadUnit

    def __str__(self) -> str:
        return f"same({self.left}, {self.right})"


# --- questions about the case as a whole -----------------------------------------------------------------------


@term
class Taken:
    """At least one round of a step was begun."""

    step: str

    def __str__(self) -> str:
        return f"{self.step}.taken"


@term
class Determined:
    """A determination with its reason is on record, and says yes."""

    name: str

    def __str__(self) -> str:
        return f"determined.{self.name}"


@term
class LevelIn:
    """The organ level is one of some."""

    levels: tuple[OrganLevel, ...]

    def __str__(self) -> str:
        return f"record.organ_level in {tuple(map(str, self.levels))!r}"


@term
class ClassIn:
    """The class of the matter is one of some."""

    classes: tuple[MatterClass, ...]

    def __str__(self) -> str:
        return f"record.matter_class in {tuple(map(str, self.classes))!r}"


@term
class OutcomeIn:
    """The record has ended with one of some outcomes."""

    kinds: tuple[OutcomeKind, ...]

    def __str__(self) -> str:
        return f"record.outcome in {tuple(map(str, self.kinds))!r}"


@term
class Excluded:
    """The matter lies outside the procedure by an exclusion that is complete."""

    def __str__(self) -> str:
        return "record.excluded"


@term
class CorrectedAfterFlag:
    """Something was corrected after it had been flagged, and nothing on record supports the correction."""

    def __str__(self) -> str:
        return "record.corrected_after_flag"


@term
class Displaced:
    """A special statute governs the matter."""

    statute: str

    def __str__(self) -> str:
        return f"displaced({self.statute!r})"


@term
class LiesWithin:
    """The record's jurisdiction lies within another on the day of the act."""

    jurisdiction: str
    act: Act

    def __str__(self) -> str:
        return f"lies_within({self.jurisdiction!r} on {self.act})"


@term
class Confirmed:
    """The source of a card, and of the parameters that it uses, may give `violated` in this jurisdiction."""

    card: str
    found: bool
    parameters: tuple[str, ...]
    act: Act

    def __str__(self) -> str:
        return f"confirmed({self.card})"


@term
class Settled:
    """Of the rounds that a period is asked of, none is still open: their ends have happened."""

    step: str
    quantifier: Quantifier
    period: Period
    where: "RoundTest | None" = None

    def __str__(self) -> str:
        return f"settled({self.step}.{self.quantifier}({self.period}{_where(self.where)}))"


@term
class Open:
    """Unknown, because the future has still to tell. It decides nothing by itself."""

    def __str__(self) -> str:
        return "open"


Sense = Literal["at_least", "at_most"]

# --- numbers: intervals, exact when their ends meet --------------------------------------------------------------


@term
class ActDay:
    """The day of the act, as an epoch day."""

    act: Act

    def __str__(self) -> str:
        return f"act_day({self.act})"


@term
class Margin:
    """The calendar days by which the end of a round's period lies after the last day of its parameter's length.

    `sense`: whether that length is the least or the most that is demanded. Of several rounds that one counts which
    decides the quantifier. Without a round the number fails the demand. Without a step the period is one of the case.
    """

    step: str | None
    quantifier: Quantifier
    period: Period
    sense: Sense
    where: "RoundTest | None" = None

    def __str__(self) -> str:
        return f"margin({self.step}.{self.quantifier}({self.period}{_where(self.where)}), {self.sense})"


@term
class Elapsed:
    """The length of a round's period in the unit of its parameter. For showing only."""

    step: str
    quantifier: Quantifier
    period: Period
    sense: Sense
    where: "RoundTest | None" = None

    def __str__(self) -> str:
        return f"length({self.step}.{self.quantifier}({self.period}{_where(self.where)}), {self.sense})"


@term
class Amount:
    """A number of a round, less what a parameter demands at least where one is named."""

    step: str
    quantifier: Quantifier
    attribute: str
    where: "RoundTest | None" = None
    parameter: str | None = None
    act: Act | None = None

    def __str__(self) -> str:
        less = f" - {self.parameter} by {self.act}" if self.parameter else ""
        return f"{self.step}.{self.quantifier}.{self.attribute}{_where(self.where)}{less}"


@term
class Rounds:
    """How many rounds of a step were begun (and pass a test), less what a parameter demands where one is named."""

    step: str
    where: "RoundTest | None" = None
    parameter: str | None = None
    act: Act | None = None

    def __str__(self) -> str:
        less = f" - {self.parameter} by {self.act}" if self.parameter else ""
        return f"{self.step}.rounds{_where(self.where)}{less}"


@term
class Required:
    """The value of a parameter. For showing only."""

    parameter: str
    act: Act

    def __str__(self) -> str:
        return f"required({self.parameter} by {self.act})"


Number = ActDay | Margin | Elapsed | Amount | Rounds | Required


@term
class NumberTest:
    """A number against a literal: true when it holds at both ends, false when at neither."""

    number: Number
    comparison: Comparison
    value: int

    def __str__(self) -> str:
        return f"{self.number} {self.comparison} {self.value}"


# --- and, or, not: over the tests of one round, and over questions about the case ---------------------------------


@term
class RoundAll:
    """All of some tests hold for the same round."""

    parts: tuple["RoundTest", ...]

    def __str__(self) -> str:
        return "(" + " and ".join(map(str, self.parts)) + ")"


@term
class RoundAny:
    """Some test holds for the round."""

    parts: tuple["RoundTest", ...]

    def __str__(self) -> str:
        return "(" + " or ".join(map(str, self.parts)) + ")"


@term
class RoundNot:
    """A test does not hold for the round."""

    part: "RoundTest"

    def __str__(self) -> str:
        return f"(not {self.part})"


RoundTest = (
    Begun
    | IsTrue
    | IsIn
    | Contains
    | Compares
    | Happened
    | Before
    | Reaches
    | KeepsWithin
    | Same
    | RoundAll
    | RoundAny
    | RoundNot
)


@term
class OfRounds:
    """A test asked of the rounds of a step, by a named quantifier. Without a round the answer is no."""

    step: str
    quantifier: Quantifier
    test: RoundTest

    def __str__(self) -> str:
        return f"{self.step}.{self.quantifier}({self.test})"


Flag = (
    OfRounds
    | Happened
    | Before
    | Taken
    | Determined
    | LevelIn
    | ClassIn
    | OutcomeIn
    | Excluded
    | CorrectedAfterFlag
    | Displaced
    | LiesWithin
    | Confirmed
    | Settled
    | Open
)
"""A three-valued question about the case."""


@term
class Every:
    """All of some conditions hold."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return "(" + " and ".join(map(str, self.parts)) + ")"


@term
class Some:
    """Some condition holds."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return "(" + " or ".join(map(str, self.parts)) + ")"


@term
class Not:
    """A condition does not hold."""

    part: "Condition"

    def __str__(self) -> str:
        return f"(not {self.part})"


Condition = Flag | NumberTest | Every | Some | Not

YES: Condition = Every(())
NO: Condition = Some(())


def _where(test: "RoundTest | None") -> str:
    return f" where {test}" if test is not None else ""
