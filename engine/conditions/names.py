"""The names that a condition may use: checked against the procedure and the parameters, or refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from engine.observables.terms import Act
from engine.parameters.jurisdictions import ROOT
from engine.parameters.parameter import Parameter
from engine.procedure import Attribute, AttributeType, Procedure
from engine.reading.problems import near
from engine.vocabulary import Bilingual, Quantifier, Unit

DOCUMENTS: Final = "documents"
DRAFT: Final = "draft"
BUILT_IN: Final = {
    "documented": Attribute(
        type=AttributeType.FLAG,
        title=Bilingual(zh="有材料证明", en="proved by a document"),
        if_absent="no",
    ),
    "entered": Attribute(type=AttributeType.MOMENT, title=Bilingual(zh="录入时间", en="entered")),
}
"""What every round has beside the attributes of its step."""

AS_OF: Final = Act(())
SINGLE: Final = frozenset({Quantifier.FIRST, Quantifier.LAST, Quantifier.EFFECTIVE})


class ConditionError(Exception):
    """A condition, or a reference in a card, that cannot be read."""

    def __init__(self, *, code: str, given: str, expected: str, do: str) -> None:
        """Keep what a problem needs."""
        super().__init__(f"given {given}; expected {expected}; do {do}")
        self.code = code
        self.given = given
        self.expected = Bilingual(zh=expected, en=expected)
        self.do = Bilingual(zh=do, en=do)


@dataclass(frozen=True)
class Names:
    """What may be named in a card of one procedure. `act`: the day of the act that the card regulates."""

    procedure: Procedure
    parameters: Mapping[str, Parameter]
    places: Collection[str] = (ROOT,)
    act: Act = AS_OF

    def step(self, name: str) -> str:
        """Return a step's name if the procedure has it."""
        return _known(name, list(self.procedure.steps), code="unknown_observable", what="a step of the procedure")

    def attribute(self, step: str, name: str, *types: AttributeType) -> Attribute:
        """Return an attribute of a step if it is of one of some types."""
        if name in BUILT_IN and BUILT_IN[name].type in types:
            return BUILT_IN[name]
        attributes = self.procedure.steps[step].attributes
        _known(name, list(attributes), code="unknown_observable", what=f"an attribute of {step}")
        attribute = attributes[name]
        if attribute.type not in types:
            raise ConditionError(
                code="wrong_kind_of_observable",
                given=f"{step}.{name}, a {attribute.type}",
                expected=f"a {' or '.join(types)} here",
                do="ask for another attribute, or in another way",
            )
        return attribute

    def moment(self, step: str, name: str) -> str:
        """Return the name of a moment of a step."""
        self.attribute(step, name, AttributeType.MOMENT)
        return name

    def values(self, step: str, name: str, given: tuple[str, ...]) -> tuple[str, ...]:
        """Return values of a choice or set (or kinds of documents) if all of them exist."""
        if name == DOCUMENTS:
            known = list(self.procedure.steps[step].evidence)
        else:
            known = list(self.attribute(step, name, AttributeType.CHOICE, AttributeType.SET).values)
        for value in given:
            _known(value, known, code="unknown_value", what=f"a value of {step}.{name}")
        return given

    def parameter(self, name: str, *, clock: bool = False) -> str:
        """Return the name of a parameter; a clock that can be paused runs in days or working days."""
        found = _known(name, list(self.parameters), code="unknown_parameter", what="a parameter")
        unit = self.parameters[found].unit
        if clock and unit not in {Unit.DAYS, Unit.WORKING_DAYS}:
            raise ConditionError(
                code="wrong_kind_of_parameter",
                given=f"{name}, in {unit}",
                expected="a parameter in days or working days, in which a clock can be paused",
                do="leave the clock out, or name another parameter",
            )
        return found

    def place(self, name: str) -> str:
        """Return the id of a jurisdiction."""
        return _known(name, sorted(self.places), code="unknown_jurisdiction", what="a jurisdiction")

    def statute(self, name: str) -> str:
        """Return the name of a special statute."""
        known = list(self.procedure.special_statutes)
        return _known(name, known, code="unknown_statute", what="a special statute of the procedure")

    def determination(self, name: str) -> str:
        """Return the name of a determination."""
        known = list(self.procedure.determinations)
        return _known(name, known, code="unknown_observable", what="a determination of the procedure")

    def quantifier(self, name: str, *, given: str) -> Quantifier:
        """Return a quantifier; without one a question about rounds has no meaning."""
        if not Quantifier.knows(name):
            raise ConditionError(
                code="quantifier_missing",
                given=repr(given),
                expected=f"a quantifier after the step: {', '.join(Quantifier)}",
                do=f"say which rounds are meant, as in {given.split('.', maxsplit=1)[0]}.any_round.…",
            )
        return Quantifier.of(name)


def _known(name: str, known: list[str], *, code: str, what: str) -> str:
    if name not in known:
        listed = ", ".join(known) or "none"
        raise ConditionError(
            code=code,
            given=repr(name),
            expected=f"{what}: {listed}{near(name, known)}",
            do="correct the name",
        )
    return name
