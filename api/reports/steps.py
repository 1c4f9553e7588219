"""Section: the share of matters that went through each step, and how far the law was kept on it."""

from typing import Final

from api.reports.ledger import Population, Told
from api.reports.models import Cell, Number, Section
from api.reports.scope import Scope
from api.reports.words import both, said, table
from api.summaries.cells import Choice
from api.summaries.models import Figure
from engine.record.catalogue import ENTRY
from engine.vocabulary import Bilingual, Gate

_HEADING: Final = both("程序环节的履行", "Steps taken")


def step_section(scope: Scope) -> Section:
    """Tell for each step how many matters went through it: of all, of those discussed, and of the entries."""
    procedure = scope.matters.cases.rules.procedure
    all_of_them = scope.ledger.whole(
        both("决策事项", "decision matters"),
        scope.matters,
        both(
            "归属日(提交讨论之日,没有的为结果之日,再没有的为基准日)在该年度内",
            "the day of the matter (of deliberation, else of the outcome, else the as-of day) lies in the year",
        ),
        f"procedure == {procedure.id}; day of the matter in {scope.year}",
    )
    discussed = _discussed(scope)
    rows = [_row(scope, step, discussed) for step in _steps(scope)]
    columns = [both("环节", "step"), both("决策事项", "matters"), both("已提交讨论的决策事项", "matters discussed")]
    columns += [both("目录事项", "entries of the catalogue"), both("合规率", "compliance rate")]
    return Section(
        heading=_HEADING,
        parts=(
            said("决策事项共{0}件。", "There are {0} decision matters.", all_of_them),
            table(both("履行各环节的事项", "matters through each step"), columns, rows),
            said(
                "环节的合规率为该环节各规则卡的符合数除以符合数与违反数之和;依法定例外符合、无法判断和尚未到期的不计入。",
                "The compliance rate of a step is satisfied / (satisfied + violated) over the cards of the step; "
                "satisfied by exception, undetermined and pending are not counted in it.",
            ),
        ),
    )


def _steps(scope: Scope) -> list[str]:
    """Return the steps that a catalogue may declare for an entry; of another procedure, all of them."""
    procedure = scope.matters.cases.rules.procedure
    entry = scope.rulebook.procedures.get(ENTRY)
    declared = entry.steps["plan"].attributes["steps"].values if entry else {}
    chosen = [step for step in procedure.steps if step in declared]
    return chosen or list(procedure.steps)


def _discussed(scope: Scope) -> Population | None:
    cases = scope.matters.cases
    if not cases.rules.procedure.gates.get(Gate.DISCUSSION):
        return None
    title = scope.matters.title
    return Population(
        Bilingual(zh=f"{title.zh}中已提交讨论的", en=f"{title.en}, discussed"),
        cases.where([one is True for one in cases.truth(_PASSED)]),
    )


_PASSED: Final = "happened(gate.discussion)"


def _row(scope: Scope, step: str, discussed: Population | None) -> tuple[Cell, ...]:
    own = scope.matters.cases.rules.procedure.steps[step]
    asks = f"happened({step}.effective.{own.completes})"
    definition = both(
        f"“{own.title.zh}”有一轮有效且在基准日前已完成({own.attributes[own.completes].title.zh})",
        f"a round of the step that counts was completed by the as-of day ({own.attributes[own.completes].title.en})",
    )
    counted = [
        scope.ledger.share(own.title, among, definition, asks) if among is not None else None
        for among in (scope.matters, discussed)
    ]
    return (own.title, *counted, _of_entries(scope, step, own.title), _rate(scope, step, own.title))


def _of_entries(scope: Scope, step: str, title: Bilingual) -> Number | None:
    """Count the entries of which some linked record began the step."""
    entries = scope.entries
    if entries is None or not len(entries) or step not in entries.cases.rules.procedure.steps["record"].attributes:
        return None
    definition = both(
        f"有关联的决策记录,且其“{title.zh}”在基准日前已开始",
        "a record that names the entry had begun the step by the as-of day",
    )
    return scope.ledger.share(title, entries, definition, f"record.any_round(happened({step}))")


def _rate(scope: Scope, step: str, title: Bilingual) -> Number:
    """Return the compliance rate of a step as the summaries have it."""
    cases = scope.matters.cases
    satisfied, violated = (cases.cells(figure, Choice(step=step)) for figure in (Figure.SATISFIED, Figure.VIOLATED))
    return scope.ledger.figure(
        both(f"{title.zh}:合规率", f"{title.en}: compliance rate"),
        scope.matters.title,
        both(
            "该环节权重为违反的规则卡:符合 ÷(符合+违反)",
            "cards of the step of weight breach: satisfied / (satisfied + violated)",
        ),
        f"summaries: step={step}, figures satisfied and violated",
        value=len(satisfied),
        told=Told(satisfied, violated, among=len(satisfied) + len(violated)),
    )
