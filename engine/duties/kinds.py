"""The closed set of duty kinds, as a card writes them. Decides their form; `meaning` decides what they say.

Texts in `where`, `moment`, `of` and the like are read by `engine.conditions`; `due` is the moment of the case
after which a duty that is not met can no longer be met.
"""

from typing import Annotated, Literal

from pydantic import Field

from engine.vocabulary import Frozen, Quantifier, Violation


class ParameterName(Frozen):
    """Refers to a parameter of the rulebook."""

    parameter: str


class _Duty(Frozen):
    """What all duties have: how their violation is called, where it is not what the kind says."""

    violation: Violation | None = None


class _OfRounds(_Duty):
    """A duty about the rounds of the card's step, or about those that pass `where`."""

    round: Quantifier
    where: str | None = None


class CompletedBefore(_OfRounds):
    """A moment of a round lies before a moment of the case, and is there when that one has come."""

    kind: Literal["completed_before"]
    moment: str
    before: str


class MinimumPeriod(_OfRounds):
    """From one moment to another lies at least what a parameter says.

    `clock`: returns and pauses within the round change the count. A period that can no longer become long enough is
    violated at once; one that may is pending until its end, or until `due`.
    """

    kind: Literal["minimum_period"]
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    at_least: ParameterName
    clock: bool = False
    due: str


class Deadline(_Duty):
    """A moment comes no later after another one than a parameter says; pending until that day has passed."""

    kind: Literal["deadline"]
    round: Quantifier
    moment: str
    after: str
    within: ParameterName
    clock: bool = False


class RequiredFact(_OfRounds):
    """A flag of a round is set."""

    kind: Literal["required_fact"]
    fact: str
    due: str


class OneOf(_OfRounds):
    """A choice of a round is one of some values."""

    kind: Literal["one_of"]
    attribute: str
    values: tuple[str, ...] = Field(min_length=1)
    due: str


class ContainsAll(_OfRounds):
    """A set of a round holds all of some values."""

    kind: Literal["contains_all"]
    attribute: str
    values: tuple[str, ...] = Field(min_length=1)
    due: str


class MinimumCount(_OfRounds):
    """A number of a round, or with `of: rounds` the number of rounds, is at least what a parameter says."""

    kind: Literal["minimum_count"]
    of: str
    at_least: ParameterName
    due: str


class Evidence(_OfRounds):
    """A round has documents of all of some kinds."""

    kind: Literal["evidence"]
    documents: tuple[str, ...] = Field(min_length=1)
    due: str


class Unchanged(_OfRounds):
    """The draft of a round is the same as that of another step."""

    kind: Literal["unchanged"]
    of: str
    due: str


class Changed(_OfRounds):
    """The draft of a round is not the same as that of another step."""

    kind: Literal["changed"]
    of: str
    due: str


class Distinct(_OfRounds):
    """A party of a round is not the same as another one."""

    kind: Literal["distinct"]
    party: str
    of: str
    due: str


class ConditionDuty(_Duty):
    """Anything else: a condition about the case holds."""

    kind: Literal["condition"]
    met: str
    due: str


Duty = Annotated[
    CompletedBefore
    | MinimumPeriod
    | Deadline
    | RequiredFact
    | OneOf
    | ContainsAll
    | MinimumCount
    | Evidence
    | Unchanged
    | Changed
    | Distinct
    | ConditionDuty,
    Field(discriminator="kind"),
]
