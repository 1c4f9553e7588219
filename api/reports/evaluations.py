"""Section: evaluations after the decision."""

from typing import Final

from api.reports.ledger import Told
from api.reports.models import Cell, Section
from api.reports.scope import Scope
from api.reports.words import both, said, table
from engine.record import DecisionRecord, Round

EVALUATION: Final = "post_decision_evaluation"
_HEADING: Final = both("决策后评估", "Post-decision evaluation")


def evaluation_section(scope: Scope) -> Section | None:
    """Tell which decisions were evaluated in the year, whenever they were taken; nothing without such a step."""
    procedure = scope.everything.cases.rules.procedure
    if EVALUATION not in procedure.steps:
        return None
    step = procedure.steps[EVALUATION]
    done = _rounds(scope, step.completes)
    begun = [one for one in _rounds(scope, step.starts) if one not in done]
    numbers = [
        scope.ledger.figure(
            title,
            scope.everything.title,
            both(
                f"决策后评估的一轮,其“{step.attributes[name].title.zh}”在该年度内且不晚于基准日",
                f"rounds of the step of which `{name}` lies in the year, and is no later than the as-of day",
            ),
            f"{EVALUATION}.{name} in {scope.year}",
            value=len(rounds),
            told=Told(tuple(f"{record.id} #{number}" for record, number, _ in rounds)),
        )
        for title, name, rounds in (
            (both("完成的决策后评估", "evaluations completed"), step.completes, done),
            (both("开始而未完成的决策后评估", "evaluations begun and not completed"), step.starts, begun),
        )
    ]
    rows = [_row(scope, *one) for one in (*done, *begun)]
    shown = ("started", "completed", "evaluator", "conclusion", "involved")
    columns = (both("编号", "id"), *(step.attributes[name].title for name in shown if name in step.attributes))
    return Section(
        heading=_HEADING,
        parts=(
            said("完成决策后评估{0}次,另有{1}次已开始。", "Evaluations completed: {0}; begun besides: {1}.", *numbers),
            table(both("该年度的决策后评估", "evaluations of the year"), columns, rows),
        ),
    )


def _rounds(scope: Scope, moment: str) -> list[tuple[DecisionRecord, int, Round]]:
    return [
        (record, number, entry)
        for record in scope.everything.cases.records
        for number, entry in enumerate(record.rounds(EVALUATION), start=1)
        if scope.stands(entry) and scope.is_of_the_year(entry.timing(moment))
    ]


def _row(scope: Scope, record: DecisionRecord, number: int, entry: Round) -> tuple[Cell, ...]:
    del number
    attributes = scope.everything.cases.rules.procedure.steps[EVALUATION].attributes
    conclusion = getattr(entry, "conclusion", None)
    involved = [attributes["involved"].values[one] for one in getattr(entry, "involved", None) or ()]
    return (
        record.id,
        scope.day(entry.timing("started")),
        scope.day(entry.timing("completed")),
        getattr(entry, "evaluator", None),
        attributes["conclusion"].values[conclusion] if conclusion else None,
        both("、".join(one.zh for one in involved), ", ".join(one.en for one in involved)),
    )
