"""What a procedure is made of. Decides which steps and attributes exist, not whether anything is lawful.

A procedure is YAML only: a new one needs no Python.
"""

from enum import StrEnum
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from engine.reading.problems import fault
from engine.vocabulary import Bilingual, Frozen, Gate

NAME: Final = r"^[a-z][a-z0-9_]*$"
SET_LIMIT: Final = 62
"""Sets are kept as bits of one signed 64-bit integer."""


DECIDED: Final = "outcome.decided"
"""The moment of a decision, as a gate may name it."""

_GATE_MOMENT: Final = Bilingual(
    zh="outcome.decided,环节.时间属性(有效轮次中最早的),或者 环节.first(last、effective).时间属性",
    en="outcome.decided, STEP.MOMENT (the earliest of the rounds that count), or STEP.first.MOMENT (last, effective)",
)
_CORRECT: Final = Bilingual(zh="更正名称", en="correct the name")


class AttributeType(StrEnum):
    """What an attribute holds."""

    MOMENT = "moment"
    FLAG = "flag"
    CHOICE = "choice"
    SET = "set"
    NUMBER = "number"
    PARTY = "party"


class Attribute(Frozen):
    """One attribute of a round.

    `if_absent` says what silence means for a flag, choice or set: `no` (nothing of the kind was done) or `unknown`
    (the record does not say). `seen_at` names the moment from whose day on the attribute is seen; without it, the
    step's completion. `announced_at` names the moment at which an announced day becomes public.
    """

    type: AttributeType
    title: Bilingual
    values: dict[str, Bilingual] = Field(default_factory=dict)
    if_absent: Literal["no", "unknown"] = "unknown"
    seen_at: str | None = None
    announced_at: str | None = None

    @model_validator(mode="after")
    def _has_values_where_needed(self) -> Self:
        needed = self.type in {AttributeType.CHOICE, AttributeType.SET}
        if needed != bool(self.values) or len(self.values) > SET_LIMIT:
            raise fault(
                "values_missing",
                Bilingual(
                    zh="choice和set列出values(不超过62个),其他类型不列",
                    en="values for choice and set, none else",
                ),
                Bilingual(zh="补充或者删除values", en="add or remove `values`"),
            )
        return self


class Step(Frozen):
    """A mandated procedural step. Any number of rounds of it may stand on a record."""

    title: Bilingual
    attested_by: Literal["department", "legal_office", "general_office"]
    starts: str
    completes: str
    counts_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    attributes: dict[str, Attribute]
    evidence: dict[str, Bilingual] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_its_own_attributes(self) -> Self:
        moments = {name for name, attribute in self.attributes.items() if attribute.type == AttributeType.MOMENT}
        named: set[str | None] = {self.starts, self.completes}
        for attribute in self.attributes.values():
            named |= {attribute.seen_at, attribute.announced_at} - {None}
        choices = {name for name, attribute in self.attributes.items() if attribute.type == AttributeType.CHOICE}
        wrong = (named - moments) | (set(self.counts_when) - choices)
        if wrong:
            listed = ", ".join(sorted(str(name) for name in wrong))
            raise fault(
                "unknown_attribute",
                Bilingual(
                    zh=f"本环节的时间属性(而不是 {listed})",
                    en=f"attributes of this step in place of {listed}",
                ),
                Bilingual(zh="更正名称", en="correct the name"),
            )
        return self


class Procedure(Frozen):
    """A procedure. `gates` lists for each gate the moments of which the earliest passes it (docs/cards.md)."""

    id: str = Field(pattern=NAME)
    title: Bilingual
    due_soon_days: int = Field(ge=0, description="calendar days before a planned gate in which a step is due soon")
    determinations: dict[str, Bilingual] = Field(default_factory=dict)
    special_statutes: dict[str, Bilingual] = Field(default_factory=dict)
    gates: dict[Gate, tuple[str, ...]]
    steps: dict[str, Step]

    @model_validator(mode="after")
    def _gates_name_moments(self) -> Self:
        for gate, moments in self.gates.items():
            for index, text in enumerate(moments):
                if text != DECIDED and not self._is_moment(text):
                    raise fault(
                        "unknown_moment", _GATE_MOMENT, _CORRECT, within=("gates", gate, index), given=repr(text)
                    )
        return self

    def _is_moment(self, text: str) -> bool:
        match text.split("."):
            case [step, name] | [step, "first" | "last" | "effective", name] if step in self.steps:
                attribute = self.steps[step].attributes.get(name)
                return attribute is not None and attribute.type == AttributeType.MOMENT
        return False

    def step_code(self, step: str) -> int:
        """Return the number by which tables know a step: its place in the procedure, from 0."""
        return list(self.steps).index(step)
