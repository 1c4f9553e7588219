"""Steps about catalogues and their entries."""

from pytest_bdd import step

from tests.bdd.facts import Facts, said
from tests.bdd.steps.matter import in_a_place


@step(said(r'"{place}"(?P<year>\d{4})年度目录'))
def a_catalogue(facts: Facts, place: str, year: str) -> None:
    facts.procedure, facts.title = "catalogue", f"{year}年度目录"
    facts.begin("year", begins=f"{year}-01-01", ends=f"{year}-12-31")
    in_a_place(facts, place)


@step(said("目录于<day>公布,党委于<consent>同意"))
def published_with_consent(facts: Facts, day: str, consent: str) -> None:
    facts.begin("version", kind="listing", published=day, party_consent=consent)


@step(said("目录于<day>公布"))
def published(facts: Facts, day: str) -> None:
    facts.begin("version", kind="listing", published=day)


@step(said("目录于<day>公布,没有报党委同意"))
def published_without_consent(facts: Facts, day: str) -> None:
    facts.begin("version", kind="listing", published=day)


@step(said("有一条决策记录未列入目录,<day>启动"))
def unlisted(facts: Facts, day: str) -> None:
    facts.begin("record", begun=day, record="made-up-1", listed=False)


@step(said('目录事项"{title}"于<day>公布,计划于<until>前决策'))
def an_entry(facts: Facts, title: str, day: str, until: str) -> None:
    facts.procedure, facts.title = "catalogue_entry", title
    facts.begin("plan", published=day, planned_until=until, kind="listing")


@step(said("该事项于<day>调整,计划由<before>前改为<until>前决策"))
def postponed(facts: Facts, day: str, before: str, until: str) -> None:
    facts.begin("plan", published=day, planned_until=until, previous_until=before, kind="postponement")


@step(said("该事项的决策记录于<day>启动"))
def recorded(facts: Facts, day: str) -> None:
    facts.begin("record", begun=day)


@step(said("该事项于<day>集体讨论"))
def deliberated(facts: Facts, day: str) -> None:
    facts.add("record", collective_deliberation=day)
