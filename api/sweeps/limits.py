"""Which numbers may stand in the columns of a case table, and in which words that is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.calendar.moment import LONG_AGO, NEVER
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.layout import ANNOUNCED, NOBODY, NOT_SAID, PLANNED, WITHOUT_REASON
from engine.procedure import Attribute, AttributeType, Step
from engine.vocabulary import Bilingual, MatterClass, OrganLevel, OutcomeKind

GREATEST_NUMBER: Final = 10**9
"""No attribute may be given a greater number."""
_LONGEST: Final = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the greatest number that may stand in a column, and what it stands for."""

    least: int
    most: int
    what: Bilingual

    @property
    def expected(self) -> Bilingual:
        """Say what is expected."""
        return Bilingual(
            zh=f"{self.what.zh}({self.least}至{self.most})", en=f"{self.what.en} ({self.least} to {self.most})"
        )


_CODE: Final = Bilingual(zh="版式中的代码", en="a code of the layout")
_SET: Final = Bilingual(zh="版式中成员的位", en="bits of members that the layout names")
_YES_OR_NO: Final = Bilingual(zh="是1,否0,未说明-1", en="1 for yes, 0 for no, -1 for not said")
_NUMBER: Final = Bilingual(zh="数目,未说明为-1", en="a number, -1 for not said")
_PARTY: Final = Bilingual(zh="单位、人员或者草案的编号", en="the number of a party or a draft")

FLAG: Final = Limits(0, 1, Bilingual(zh="是1,否0", en="1 for yes, 0 for no"))
MOMENT: Final = Limits(LONG_AGO, NEVER, Bilingual(zh="1970年以来的分钟数", en="minutes since 1970"))
NAMED: Final = Limits(NOBODY, _LONGEST, _PARTY)


def code(names: int, *, needed: bool = False) -> Limits:
    """Return the limits of a column of codes, which a record that is `needed` to say it always has."""
    return Limits(0 if needed else NOT_SAID, names - 1, _CODE)


def bits(names: int, *, least: int = 0) -> Limits:
    """Return the limits of a column of sets."""
    return Limits(least, (1 << names) - 1, _SET)


def record_limits(rules: CompiledRulebook) -> Mapping[str, Limits]:
    """Return the limits of the columns of records; a column of times of entry has none."""
    procedure = rules.procedure
    found = {
        "jurisdiction": code(len(rules.rulebook.tree.ids), needed=True),
        "organ_level": code(len(OrganLevel), needed=True),
        "matter_class": code(len(MatterClass)),
        "outcome": code(len(OutcomeKind)),
        "lead_unit": NAMED,
        "outcome.reasoned": FLAG,
        "excluded": FLAG,
        "excluded.hi": MOMENT,
        "corrected_after_flag": FLAG,
        "special_statutes": bits(len(procedure.special_statutes)),
    }
    for name in procedure.determinations:
        found[f"determined.{name}"] = Limits(NOT_SAID, WITHOUT_REASON, _CODE)
        found[f"determined.{name}.hi"] = MOMENT
    return found


def round_limits(step: Step) -> Mapping[str, Limits]:
    """Return the limits of the columns of the rounds of a step; moments are looked at end by end."""
    found = {"draft": NAMED, "documents": bits(len(step.evidence))}
    plain = {name: attribute for name, attribute in step.attributes.items() if attribute.type != AttributeType.MOMENT}
    return found | {name: _of_attribute(attribute) for name, attribute in plain.items()}


def moments(step: Step) -> tuple[str, ...]:
    """Return the moments of the rounds of a step, each of two columns."""
    named = [name for name, attribute in step.attributes.items() if attribute.type == AttributeType.MOMENT]
    return ("begun", *(f"{name}{kind}" for name in named for kind in ("", ANNOUNCED, PLANNED)))


def _of_attribute(attribute: Attribute) -> Limits:
    match attribute.type:
        case AttributeType.FLAG:
            return Limits(NOT_SAID, 1, _YES_OR_NO)
        case AttributeType.CHOICE:
            return code(len(attribute.values))
        case AttributeType.SET:
            return bits(len(attribute.values), least=NOT_SAID)
        case AttributeType.NUMBER:
            return Limits(NOT_SAID, GREATEST_NUMBER, _NUMBER)
    return NAMED
