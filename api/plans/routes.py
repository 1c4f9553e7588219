"""Plans over HTTP."""

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
from api.plans.service import planned, told_plan
from api.records.bodies import read_body
from api.records.reading import known

router: Final = noun_router("/records", tag="plans")


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
    """Plan a record within reach; raises what `known` and `planned` raise."""
    bench = Bench(service.database, service.rulebooks, service.judge)
    version, rules, known_at = known(bench, reach, key, asked)
    record = read_body(version.body, rules)
    compiled = rules.compiled(record.procedure)
    plan = planned(record, compiled, meeting=meeting, today=asked.day, known_at=known_at)
    return told_plan(plan, compiled, known_at=known_at, earliest=meeting is None)
