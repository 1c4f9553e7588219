"""Steps about what is submitted, where it is discussed, and what is decided and issued."""

from pytest_bdd import step

from tests.bdd.facts import Facts, code, codes, said

MEETING = "(?P<meeting>常务会议|全体会议|专题会议|党组会议)"


@step(said('于<day>报送"{what}"'))
def submitted(facts: Facts, day: str, what: str) -> None:
    facts.begin("submission", submitted=day, materials=codes("submission", "materials", what))


@step(said("于<day>提交讨论,没有记明报送了哪些材料"))
def submitted_unsaid(facts: Facts, day: str) -> None:
    facts.begin("submission", submitted=day)


@step(said(f"{MEETING}于<day>讨论"))
def discussed(facts: Facts, meeting: str, day: str) -> None:
    facts.begin("collective_deliberation", held=day, form=form(meeting))


@step(said(f"{MEETING}计划于<day>讨论"))
def to_be_discussed(facts: Facts, meeting: str, day: str) -> None:
    facts.begin("collective_deliberation", held={"planned": day}, form=form(meeting))


@step(said("传阅会签于<day>完成"))
def circulated(facts: Facts, day: str) -> None:
    facts.begin("collective_deliberation", held=day, form=form("传阅会签"))


@step(said("该事项于<day>作出决定"))
def decided(facts: Facts, day: str) -> None:
    facts.beside["outcome"] = {"kind": "decided", "on": day}


@step(said('决策事项"{title}"经常务会议讨论,于<day>作出决定'))
def discussed_and_decided(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    discussed(facts, "常务会议", day)
    decided(facts, day)


@step(said("该事项于<day>印发"))
def issued(facts: Facts, day: str) -> None:
    facts.begin("issue", issued=day)


@step(said('决策事项"{title}"于<day>印发'))
def issued_of(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    issued(facts, day)


def form(name: str) -> str:
    """Return the code of a form of discussion by its Chinese name."""
    return code("collective_deliberation", "form", name)
