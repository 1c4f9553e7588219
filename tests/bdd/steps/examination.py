"""Steps about those who examine the draft: experts, the assessor of its risk, and the legal office."""

from pytest_bdd import step

from tests.bdd.facts import Facts, code, said

# --- experts -------------------------------------------------------------------------------------------------------


@step(said("专家论证于<day>完成"))
def experts_done(facts: Facts, day: str) -> None:
    facts.begin("expert_review", completed=day)


@step(said('决策事项"{title}"的专家论证于<day>完成'))
def experts_done_of(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    experts_done(facts, day)


@step(said('论证机构声明"{value}"'))
def declared(facts: Facts, value: str) -> None:
    facts.add("expert_review", conflict_declaration=code("expert_review", "conflict_declaration", value))


# --- risk ----------------------------------------------------------------------------------------------------------


@step(said('决策事项"{title}"的风险评估于<day>完成'))
def risk_assessed(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("risk_assessment", completed=day)


@step(said('决策事项"{title}"的风险评估由"{what}"于<day>完成'))
def risk_assessed_by(facts: Facts, title: str, what: str, day: str) -> None:
    facts.title = title
    facts.begin("risk_assessment", completed=day, assessor=what)


@step(said('决策事项"{title}"的风险评估于<day>完成,结论是"{value}"'))
def risk_concluded(facts: Facts, title: str, day: str, value: str) -> None:
    facts.title = title
    facts.beside["drafts"] = [{"id": "送评稿"}]
    conclusion = code("risk_assessment", "conclusion", value)
    facts.begin("risk_assessment", completed=day, conclusion=conclusion, draft="送评稿")


@step(said('调整草案后风险评估于<day>完成,结论是"{value}"'))
def risk_concluded_again(facts: Facts, day: str, value: str) -> None:
    facts.beside["drafts"].append({"id": "调整稿", "amends": "送评稿"})
    conclusion = code("risk_assessment", "conclusion", value)
    facts.begin("risk_assessment", completed=day, conclusion=conclusion, draft="调整稿")


@step(said("于<day>沿用针对(?P<which>同一|另一)风险的已有评估"))
def risk_reused(facts: Facts, day: str, which: str) -> None:
    same = which == "同一"
    facts.begin("risk_assessment", completed=day, reuses_earlier_report=True, earlier_report_covers_same_risk=same)


# --- legality ------------------------------------------------------------------------------------------------------


@step(said('决策事项"{title}"的送审材料于<day>齐全'))
def file_complete(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("legality_review", file_complete=day)


@step(said("合法性审查意见于<day>出具"))
def reviewed(facts: Facts, day: str) -> None:
    facts.add("legality_review", issued=day, form="review_opinion")


@step(said('合法性审查意见于<day>出具,结论是"{value}"'))
def reviewed_with_conclusion(facts: Facts, day: str, value: str) -> None:
    conclusion = code("legality_review", "conclusion", value)
    facts.add("legality_review", issued=day, form="review_opinion", conclusion=conclusion)


@step(said("审查意见(?P<stated>明示|没有明示)法律风险"))
def legal_risk(facts: Facts, stated: str) -> None:
    facts.add("legality_review", legal_risk_stated=stated == "明示")


@step(said("调整方案于<day>送审,合法性审查意见于<until>出具"))
def adjustment_reviewed(facts: Facts, day: str, until: str) -> None:
    facts.begin("legality_review", received=day, issued=until, form="review_opinion")


@step(said('决策事项"{title}"在征求意见中于<day>收到法制部门回复'))
def only_a_reply(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("legality_review", issued=day, form="consultation_reply")
