"""Plans over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

from fastapi import Depends, Path, Query
from starlette.responses import Response

from api.asked import Asked
from api.context import Service, ServiceDep
from api.edge.answers import found
from api.edge.asking import AskedDep, Day
from api.edge.routing import documented, noun_router
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.judging.asking import Bench
from api.plans.models import PlanOut
from api.plans.service import lawful, told_plan, worked_out
from api.records.bodies import read_body
from api.records.reading import known
from api.records.worked import Entered, Worked, on_versions
from engine.planning import Plan

router: Final = noun_router("/records", tag="plans")

_PLANS: Final = Worked[Plan](1_000)


@router.get("/{key}/plan", response_model=PlanOut, responses=documented((409,)))
def read_plan(
    *,
    key: Annotated[str, Path(max_length=100)],
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_PLAN))],
    reach: ReachDep,
    asked: AskedDep,
    meeting: Annotated[
        Day | None, Query(description="the wished day of the meeting; the earliest lawful one if left out")
    ] = None,
) -> Response:
    """Plan what is left before a meeting: the latest lawful day of each moment, with the cards that bind it."""
    del caller
    return found(plan_of(service, reach, key, asked, meeting=meeting)).response()


def plan_of(service: Service, reach: Reach, key: str, asked: Asked, *, meeting: date | None) -> PlanOut:
    """Plan a record within reach; raises what `known` and `planned` raise. A plan of a version is worked out once."""
    bench = Bench(service.database, service.rulebooks, service.judge)
    version, rules, known_at = known(bench, reach, key, asked)
    record = read_body(version.body, rules)
    compiled = rules.compiled(record.procedure)
    digest = compiled.rulebook.digest
    question = on_versions(rulebook=digest, as_of=asked.day, known_at=known_at), meeting

    def plans(keys: Sequence[str]) -> dict[str, Plan]:
        plan = worked_out(record, compiled, meeting=meeting, today=asked.day, known_at=known_at)
        return dict.fromkeys(keys, plan)

    (plan,) = _PLANS.of(question, [Entered(version.record, version.number, version.sha256)], plans).values()
    return told_plan(lawful(plan, meeting=meeting), compiled, known_at=known_at, earliest=meeting is None)
