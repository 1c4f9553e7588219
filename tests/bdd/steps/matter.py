"""Steps about the matter itself: its day, what was determined of it, and whether the procedure holds for it."""

from datetime import date

from pytest_bdd import step

from engine.vocabulary import ExclusionGround
from tests.bdd.engine_for_features import rulebook, rules
from tests.bdd.facts import Facts, said

HEAD = "某县县长(虚构)"


@step(said('决策事项"{title}"'))
def a_matter(facts: Facts, title: str) -> None:
    facts.title = title


@step(said('该事项位于"{place}"'))
def in_a_place(facts: Facts, place: str) -> None:
    facts.beside["jurisdiction"] = next(
        name for name, found in rulebook().tree.by_id.items() if found.title.zh == place
    )


@step(said("基准日为<day>"))
def as_of_day(facts: Facts, day: str) -> None:
    facts.as_of = date.fromisoformat(day)


@step(said('决策事项"{title}"已认定"{what}"为(?P<yes>是|否),理由是"{reason}"'))
def determined(facts: Facts, title: str, what: str, yes: str, reason: str) -> None:
    facts.title = title
    determined_of_it(facts, what, yes, reason)


@step(said('该事项已认定"{what}"为(?P<yes>是|否),理由是"{reason}"'))
def determined_of_it(facts: Facts, what: str, yes: str, reason: str) -> None:
    names = {text.zh: name for name, text in rules().procedure.determinations.items()}
    said_of_it = {"value": yes == "是", "reason": reason}
    facts.beside.setdefault("determinations", {})[names[what]] = said_of_it


@step(said('该事项因"{what}"于<day>不适用本程序,依据是"{reason}"'))
def excluded(facts: Facts, what: str, day: str, reason: str) -> None:
    facts.beside["exclusion"] = {"ground": ground_named(what), "basis": reason, "by": HEAD, "on": day}


@step(said('该事项因"{what}"不适用本程序,但没有记明(?P<lacking>依据|决定人|决定日期)'))
def excluded_in_part(facts: Facts, what: str, lacking: str) -> None:
    claim = {"依据": ("basis", "有关规定"), "决定人": ("by", HEAD), "决定日期": ("on", "2024-05-06")}
    recorded = dict(value for name, value in claim.items() if name != lacking)
    facts.beside["exclusion"] = {"ground": ground_named(what), **recorded}


def ground_named(name: str) -> ExclusionGround:
    """Return the ground of exclusion with a Chinese name."""
    return next(ground for ground in ExclusionGround if ground.zh == name)
