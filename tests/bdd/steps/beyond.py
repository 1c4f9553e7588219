"""Steps about what binds beyond the decree: fair competition, the city's two tiers, normative documents."""

from pytest_bdd import step

from tests.bdd.facts import Facts, code, said


@step(said('公平竞争审查由"{what}"于<day>完成'))
def fair_competition(facts: Facts, what: str, day: str) -> None:
    facts.begin("fair_competition_review", completed=day, form=code("fair_competition_review", "form", what))


@step(said("合法性初审意见于<day>出具"))
def initially_reviewed(facts: Facts, day: str) -> None:
    facts.begin("initial_legality_review", issued=day)


@step(said("该机关是乡镇"))
def of_a_township(facts: Facts) -> None:
    facts.beside["organ_level"] = "township"


@step(said('规范性文件"{title}"于<day>公开征求意见,<until>截止'))
def a_document_for_comment(facts: Facts, title: str, day: str, until: str) -> None:
    facts.procedure, facts.title = "normative_document", title
    facts.begin("public_comment", opened=day, closed=until)


@step(said('规范性文件"{title}"'))
def a_document(facts: Facts, title: str) -> None:
    facts.procedure, facts.title = "normative_document", title


@step(said("该文件(?P<is_so>与|不与)市场主体生产经营活动密切相关"))
def closely_tied_to_business(facts: Facts, is_so: str) -> None:
    reason = {"value": is_so == "与", "reason": "起草单位认定(虚构)"}
    facts.beside.setdefault("determinations", {})["business_related"] = reason


@step(said("该文件于<day>提交讨论"))
def deliberated(facts: Facts, day: str) -> None:
    facts.begin("collective_deliberation", held=day)


@step(said("合法性审核于<day>收到材料,于<until>出具意见"))
def reviewed(facts: Facts, day: str, until: str) -> None:
    facts.begin("legality_review", received=day, file_complete=day, issued=until, form="review_opinion")
