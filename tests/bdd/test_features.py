"""The steps of the features: facts are collected, the record is built from them, and the engine is asked once."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.evaluation.results import Assessment, CardVerdict
from engine.record import record_type
from engine.vocabulary import ExclusionGround, Gate
from tests.bdd.engine_for_features import assess, rules, sentence

scenarios(".")

DAY = r"(?P<{}>\d{{4}}-\d{{2}}(?:-\d{{2}}(?: \d{{2}}:\d{{2}})?)?)"
MEETINGS = {
    "常务会议": "executive_meeting",
    "全体会议": "plenary_meeting",
    "专题会议": "special_meeting",
    "党组会议": "party_group_meeting",
}


@dataclass
class Facts:
    """What a scenario has said so far; `card`: the one that was asked about last."""

    title: str = ""
    as_of: date = date.max
    steps: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)
    card: str = ""
    answer: Assessment | None = None

    def begin(self, step: str, **said: Any) -> None:  # noqa: ANN401 - whatever a round may say
        """Add a round of a step."""
        self.steps.setdefault(step, []).append(said)

    def add(self, step: str, **said: Any) -> None:  # noqa: ANN401 - whatever a round may say
        """Add to the latest round of a step, which there is from now on."""
        self.steps.setdefault(step, [{}])[-1].update(said)

    @property
    def assessment(self) -> Assessment:
        """Ask the engine; once, for a scenario's facts come before its questions."""
        if self.answer is None:
            procedure = rules().procedure
            record = record_type(procedure).model_validate(
                {
                    "id": "scenario",
                    "title": self.title,
                    "made_up": True,
                    "jurisdiction": "CN",
                    "organ": "某县人民政府(虚构)",
                    "organ_level": "county",
                    "steps": self.steps,
                    **self.beside,
                },
            )
            self.answer = assess(record, as_of=self.as_of)
        return self.answer

    @property
    def verdict(self) -> CardVerdict:
        """Return the verdict of the card that was asked about last."""
        return self.assessment.verdict(self.card)


@pytest.fixture
def facts() -> Facts:
    return Facts()


def said(pattern: str) -> parsers.re:
    """Read a step's phrase, in which <name> stands for a day or a time, and {name} for a text."""
    for name in ("day", "until"):
        pattern = pattern.replace(f"<{name}>", DAY.format(name))
    for name in ("title", "what", "value", "reason", "text", "other"):
        pattern = pattern.replace(f"{{{name}}}", f'(?P<{name}>[^"]+)')
    return parsers.re(
        pattern.replace("{card}", r"(?P<card>[A-Z]{2,3}-\w+)").replace("{root}", r"(?P<root>[A-Z]{2,3}-\w+)")
    )


# --- the matter ----------------------------------------------------------------------------------------------------


@given(said('决策事项"{title}"'))
def a_matter(facts: Facts, title: str) -> None:
    facts.title = title


@given(said("基准日为<day>"))
@when(said("基准日为<day>"))
def as_of_day(facts: Facts, day: str) -> None:
    facts.as_of = date.fromisoformat(day)


@given(said('决策事项"{title}"已认定"{what}"为(?P<yes>是|否),理由是"{reason}"'))
def determined(facts: Facts, title: str, what: str, yes: str, reason: str) -> None:
    facts.title = title
    names = {text.zh: name for name, text in rules().procedure.determinations.items()}
    facts.beside["determinations"] = {names[what]: {"value": yes == "是", "reason": reason}}


@given(said('该事项因"{what}"于<day>不适用本程序,依据是"{reason}"'))
def excluded(facts: Facts, what: str, day: str, reason: str) -> None:
    ground = next(ground for ground in ExclusionGround if ground.zh == what)
    facts.beside["exclusion"] = {"ground": ground, "basis": reason, "by": "某县县长(虚构)", "on": day}


@given(said("该事项于<day>作出决定"))
@when(said("该事项于<day>作出决定"))
def decided(facts: Facts, day: str) -> None:
    facts.beside["outcome"] = {"kind": "decided", "on": day}


@when(said("该事项于<day>印发"))
def issued(facts: Facts, day: str) -> None:
    facts.begin("issue", issued=day)


# --- public comment ------------------------------------------------------------------------------------------------


@given(said('决策事项"{title}"于<day>公开征求意见'))
def comment_opened(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("public_comment", opened=day)


@given(said('决策事项"{title}"于<day>公开征求意见,公告载明<until>截止'))
def comment_announced(facts: Facts, title: str, day: str, until: str) -> None:
    facts.title = title
    facts.begin("public_comment", opened=day, closed={"announced": until})


@when(said("征求意见于<day>截止"))
def comment_closed(facts: Facts, day: str) -> None:
    facts.add("public_comment", closed=day)


@given(said("公告说明了缩短期限的理由"))
def explained_in_notice(facts: Facts) -> None:
    facts.add("public_comment", shortening_explained_in_notice=True)


@when(said("事后报告说明了缩短期限的理由"))
def explained_afterwards(facts: Facts) -> None:
    facts.add("public_comment", shortening_explained_afterwards=True)


# --- experts and risk ----------------------------------------------------------------------------------------------


@given(said("专家论证于<day>完成"))
def experts_done(facts: Facts, day: str) -> None:
    facts.begin("expert_review", completed=day)


@given(said('决策事项"{title}"的专家论证于<day>完成'))
def experts_done_of(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    experts_done(facts, day)


@when(said('论证机构声明"{value}"'))
def declared(facts: Facts, value: str) -> None:
    facts.add("expert_review", conflict_declaration=code("expert_review", "conflict_declaration", value))


@given(said('决策事项"{title}"的风险评估于<day>完成'))
def risk_assessed(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("risk_assessment", completed=day)


@given(said('决策事项"{title}"的风险评估于<day>完成,结论是"{value}"'))
def risk_concluded(facts: Facts, title: str, day: str, value: str) -> None:
    facts.title = title
    facts.beside["drafts"] = [{"id": "送评稿"}]
    conclusion = code("risk_assessment", "conclusion", value)
    facts.begin("risk_assessment", completed=day, conclusion=conclusion, draft="送评稿")


@given(said('调整草案后风险评估于<day>完成,结论是"{value}"'))
def risk_concluded_again(facts: Facts, day: str, value: str) -> None:
    facts.beside["drafts"].append({"id": "调整稿", "amends": "送评稿"})
    conclusion = code("risk_assessment", "conclusion", value)
    facts.begin("risk_assessment", completed=day, conclusion=conclusion, draft="调整稿")


@given(said("于<day>沿用针对同一风险的已有评估"))
def risk_reused(facts: Facts, day: str) -> None:
    facts.begin("risk_assessment", completed=day, reuses_earlier_report=True, earlier_report_covers_same_risk=True)


# --- review and meeting --------------------------------------------------------------------------------------------


@given(said('决策事项"{title}"的送审材料于<day>齐全'))
def file_complete(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("legality_review", file_complete=day)


@given(said("合法性审查意见于<day>出具"))
def reviewed(facts: Facts, day: str) -> None:
    facts.add("legality_review", issued=day, form="review_opinion")


@given(said('决策事项"{title}"在征求意见中于<day>收到法制部门回复'))
def only_a_reply(facts: Facts, title: str, day: str) -> None:
    facts.title = title
    facts.begin("legality_review", issued=day, form="consultation_reply")


@given(said("(?P<meeting>常务会议|全体会议|专题会议|党组会议)于<day>讨论"))
@when(said("(?P<meeting>常务会议|全体会议|专题会议|党组会议)于<day>讨论"))
def discussed(facts: Facts, meeting: str, day: str) -> None:
    facts.begin("collective_deliberation", held=day, form=MEETINGS[meeting])


@when(said("(?P<meeting>常务会议|全体会议)计划于<day>讨论"))
def to_be_discussed(facts: Facts, meeting: str, day: str) -> None:
    facts.begin("collective_deliberation", held={"planned": day}, form=MEETINGS[meeting])


@given(said("传阅会签于<day>完成"))
def circulated(facts: Facts, day: str) -> None:
    facts.begin("collective_deliberation", held=day, form="circulation")


# --- what the engine says ------------------------------------------------------------------------------------------


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


@then(said('(?P<gate>提交讨论|出台)的关口是"{value}"'))
def gate_is(facts: Facts, gate: str, value: str) -> None:
    assert facts.assessment.status.gates[gate_named(gate)].state.zh == value


@then(said("规则{card}列为(?P<gate>提交讨论|出台)关口的待补正事项"))
def correctable(facts: Facts, card: str, gate: str) -> None:
    state = facts.assessment.status.gates[gate_named(gate)]
    assert card in state.correctable
    assert card not in state.barred_by


@then(said("规则{card}列在规则{root}之下"))
def follows_from(facts: Facts, card: str, root: str) -> None:
    flags = {finding.card: finding for finding in facts.assessment.findings}
    assert card not in flags
    assert card in {consequence.card for consequence in flags[root].consequences}


def gate_named(name: str) -> Gate:
    """Return the gate with a Chinese name."""
    return next(gate for gate in Gate if gate.zh == name)


def code(step: str, attribute: str, name: str) -> str:
    """Return the code of a value of a choice by its Chinese name."""
    values = rules().procedure.steps[step].attributes[attribute].values
    return next(key for key, text in values.items() if text.zh == name)
