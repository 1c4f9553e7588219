"""Steps that say what the engine has to answer."""

from pytest_bdd import then

from engine.vocabulary import FindingKind, Gate
from tests.bdd.engine_for_features import sentence
from tests.bdd.facts import Facts, said

GATE = "(?P<gate>提交讨论|出台)"


@then(said('规则{card}的结论是"{value}"'))
def verdict_is(facts: Facts, card: str, value: str) -> None:
    facts.card = card
    assert facts.verdict.verdict.zh == value


@then(said('结论写明"{text}"'))
def says(facts: Facts, text: str) -> None:
    assert text in sentence(facts.assessment, facts.card)


@then(said('原因是"{value}"'))
def reason_is(facts: Facts, value: str) -> None:
    reason = facts.verdict.violation or facts.verdict.doubt
    assert reason is not None
    assert reason.zh == value


@then("该结论出自法定例外")
def by_exception(facts: Facts) -> None:
    assert facts.verdict.by_exception


@then(said(f'{GATE}的关口是"{{value}}"'))
def gate_is(facts: Facts, gate: str, value: str) -> None:
    assert facts.assessment.status.gates[gate_named(gate)].state.zh == value


@then(said(f"规则{{card}}使{GATE}的关口关闭"))
def bars(facts: Facts, card: str, gate: str) -> None:
    assert card in facts.assessment.status.gates[gate_named(gate)].barred_by


@then(said(f"规则{{card}}列为{GATE}关口的待补正事项"))
def correctable(facts: Facts, card: str, gate: str) -> None:
    state = facts.assessment.status.gates[gate_named(gate)]
    assert card in state.correctable
    assert card not in state.barred_by


@then(said("规则{card}只作提示"))
def only_a_notice(facts: Facts, card: str) -> None:
    assert {finding.kind for finding in facts.assessment.findings if finding.card == card} == {FindingKind.NOTICE}


@then(said("规则{card}列在规则{root}之下"))
def follows_from(facts: Facts, card: str, root: str) -> None:
    flags = {finding.card: finding for finding in facts.assessment.findings}
    assert card not in flags
    assert card in {consequence.card for consequence in flags[root].consequences}


def gate_named(name: str) -> Gate:
    """Return the gate with a Chinese name."""
    return next(gate for gate in Gate if gate.zh == name)
