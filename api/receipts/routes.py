"""Receipts over HTTP: what an answer rests on; the same bytes whenever the same is asked."""

from typing import Annotated, Final

from fastapi import Depends, Path
from starlette.responses import Response

from api.context import ServiceDep
from api.edge.answers import found
from api.edge.asking import AskedDep
from api.edge.routing import noun_router
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.records.standing import answer_of
from api.store import trail
from engine.evaluation.results import Receipt

router: Final = noun_router("/records", tag="receipts")

HEAD: Final = "Trail-Head"


@router.get("/{key}/receipt", response_model=Receipt)
def read_receipt(
    key: Annotated[str, Path(max_length=100)],
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_RECEIPT))],
    reach: ReachDep,
    asked: AskedDep,
) -> Response:
    """Give the receipt of an answer: engine, rulebook, day, known-at time, record, and every verdict with its reasons.

    Asked for again with its own as-of day, known-at time and rulebook it has the same bytes, unless a live worker died
    over one of the two. The header `Trail-Head` gives number and digest of the newest entry of the trail.
    """
    del caller
    answer = answer_of(service, reach, key, asked)
    with service.database.reading() as session:
        head = trail.head(session)
    response = found(answer.assessment.receipt.text().encode()).response()
    response.headers[HEAD] = f"{head.number} {head.digest}"
    return response
