"""Steps about what follows a decision: publication, archiving, execution, adjustment and evaluation."""

from pytest_bdd import step

from tests.bdd.facts import Facts, code, codes, said

# --- publication and archive ---------------------------------------------------------------------------------------


@step(said("该决策于<day>公布"))
def published(facts: Facts, day: str) -> None:
    facts.begin("publication", published=day)


@step(said('该事项于<day>归档,归档目录列有"{what}"'))
def archived_with(facts: Facts, day: str, what: str) -> None:
    facts.begin("archiving", archived=day, items=codes("archiving", "items", what))


# --- execution -----------------------------------------------------------------------------------------------------


@step(said("该决策于<day>开始执行"))
def executed_from(facts: Facts, day: str) -> None:
    facts.add("execution", started=day)


@step(said("该决策于<day>开始执行,于<until>执行完毕"))
def executed(facts: Facts, day: str, until: str) -> None:
    facts.add("execution", started=day, completed=until)


@step(said("执行中于<day>出现不可抗力"))
def problem_arose(facts: Facts, day: str) -> None:
    facts.add("execution", problem_arose=day)


# --- adjustment ----------------------------------------------------------------------------------------------------


@step(said("行政首长于<day>先决定中止执行"))
def suspended_by_head(facts: Facts, day: str) -> None:
    facts.add("adjustment", suspended_by_head=day, kind=code("adjustment", "kind", "中止执行"))


@step(said("情况紧急,行政首长于<day>先决定中止执行,于<until>正式决定"))
def suspended_in_urgency(facts: Facts, day: str, until: str) -> None:
    suspended_by_head(facts, day)
    facts.add("adjustment", decided=until, urgent=True, procedure_repeated=False)


@step(said("该决策于<day>决定(?P<kind>调整|中止执行|停止执行),(?P<repeated>已|未)履行相关法定程序"))
def changed(facts: Facts, day: str, kind: str, repeated: str) -> None:
    facts.begin("adjustment", decided=day, kind=code("adjustment", "kind", kind), procedure_repeated=repeated == "已")


@step(said("该决策于<day>作出重大调整"))
def changed_greatly(facts: Facts, day: str) -> None:
    facts.begin("adjustment", decided=day, kind=code("adjustment", "kind", "调整"), major=True)


@step(said("该决策于<day>调整,没有记明是否属于重大调整"))
def changed_unsaid(facts: Facts, day: str) -> None:
    facts.begin("adjustment", decided=day, kind=code("adjustment", "kind", "调整"))


# --- evaluation ----------------------------------------------------------------------------------------------------


@step(said('决策后评估于<day>开始,受托第三方机构是"{what}"'))
def evaluated_by(facts: Facts, day: str, what: str) -> None:
    facts.begin("post_decision_evaluation", started=day, evaluator_kind=third_party(), evaluator=what)


@step(said("决策后评估于<day>开始,没有记明受托第三方机构的名称"))
def evaluated_by_somebody(facts: Facts, day: str) -> None:
    facts.begin("post_decision_evaluation", started=day, evaluator_kind=third_party())


@step(said('决策事项"{title}"的决策后评估于<day>完成,结论是"{value}"'))
def evaluated(facts: Facts, title: str, day: str, value: str) -> None:
    facts.title = title
    conclusion = code("post_decision_evaluation", "conclusion", value)
    facts.begin("post_decision_evaluation", started=day, completed=day, conclusion=conclusion)


def third_party() -> str:
    """Return the code of an evaluator from outside."""
    return code("post_decision_evaluation", "evaluator_kind", "第三方机构")
