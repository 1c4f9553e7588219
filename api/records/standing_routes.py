"""How records stand, over HTTP: status, gates, verdicts. For today from what is kept; else judged anew."""

from typing import Annotated, Final

from fastapi import Depends, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.context import ServiceDep
from api.edge.answers import found
from api.edge.asking import AskedDep
from api.edge.etags import etag, is_known, not_modified
from api.edge.promptly import promptly
from api.edge.routing import noun_router
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.judging.models import GatesOut, StatusOut, VerdictsOut
from api.judging.telling import gates_alone, told_verdicts
from api.records.standing import answer_of, kept_for_today, standing, status_of
from api.store.types import digest_of

router: Final = noun_router("/records", tag="records")

Key = Annotated[str, Path(max_length=100)]


@router.get("/{key}/status", response_model=StatusOut)
async def read_status(
    key: Key,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_STATUS))],
    reach: ReachDep,
    asked: AskedDep,
) -> Response:
    """Tell how a record stands: lights, gates, findings; as of a day, by what was known at a time, by a rulebook."""
    del caller
    if asked.is_present:
        kept = await promptly(service.database, lambda: kept_for_today(service, reach, key))
        if kept:
            tag = etag(digest_of(kept))
            return not_modified(tag) if is_known(request, tag) else found(kept.encode(), etag=tag).response()
    return await run_in_threadpool(lambda: found(status_of(service, answer_of(service, reach, key, asked))).response())


@router.get("/{key}/gates", response_model=GatesOut)
def read_gates(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_GATES))],
    reach: ReachDep,
    asked: AskedDep,
) -> Response:
    """Tell whether the matter may go to the meeting, and whether it may be issued; and what bars it."""
    del caller
    return found(gates_alone(standing(service, reach, key, asked))).response()


@router.get("/{key}/verdicts", response_model=VerdictsOut)
def read_verdicts(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_VERDICTS))],
    reach: ReachDep,
    asked: AskedDep,
) -> Response:
    """Tell what every card of the procedure concludes, in a sentence each."""
    del caller
    answer = answer_of(service, reach, key, asked)
    version = answer.version
    book = answer.rules.rulebook
    return found(told_verdicts(answer.assessment, book, record=version.record, version=version.number)).response()
