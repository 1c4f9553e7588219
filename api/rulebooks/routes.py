"""Rulebooks over HTTP: everybody reads which there are, an admin adds one and makes it the active one."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.clock import now
from api.context import ServiceDep
from api.edge.answers import Answer, created, found
from api.edge.idempotency import OnceDep
from api.edge.routing import noun_router, taken_as
from api.errands.background import ErrandsDep
from api.identity.callers import Caller
from api.identity.dependencies import allowed
from api.identity.operations import Operation
from api.rulebooks import service as rulebooks
from api.rulebooks.models import RulebookList, RulebookOut

ZIP: Final = "application/zip"
_ARCHIVE: Final[dict[str, Any]] = {"type": "string", "format": "binary"}

router: Final = noun_router("/rulebooks", tag="rulebooks")


@router.get("", response_model=RulebookList, dependencies=[Depends(allowed(Operation.RULEBOOK_LIST))])
def list_rulebooks(service: ServiceDep) -> Response:
    """List the rulebooks that are kept, the newest first."""
    with service.database.reading() as session:
        return found(RulebookList(items=rulebooks.rulebooks(session))).response()


@router.get("/{digest}", response_model=RulebookOut, dependencies=[Depends(allowed(Operation.RULEBOOK_READ))])
def read_rulebook(digest: str, service: ServiceDep) -> Response:
    """Give one rulebook, without its cards; those are under `/rules` with its digest."""
    with service.database.reading() as session:
        return found(rulebooks.rulebook(session, digest)).response()


@router.post("", status_code=201, response_model=RulebookOut, openapi_extra=taken_as(ZIP, schema=_ARCHIVE))
async def add_rulebook(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RULEBOOK_ADD))],
    once: OnceDep,
) -> Response:
    """Keep a rulebook: the folder of rules as a ZIP archive. It answers only once it is activated, or asked for."""
    archive = await request.body()

    def add() -> Response:
        handed_in = service.rulebooks.read(archive)

        def work(session: Session) -> Answer:
            kept = service.rulebooks.keep(session, handed_in, at=now(), by=caller.account)
            session.flush()
            told = rulebooks.rulebook(session, kept.digest)
            return created(told, location=f"{router.prefix}/{kept.digest}")

        return once(caller.account, work, content=handed_in.ready.digest)

    return await run_in_threadpool(add)


@router.post("/{digest}/activation", response_model=RulebookOut)
def activate_rulebook(
    *,
    digest: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RULEBOOK_ACTIVATE))],
    once: OnceDep,
    errands: ErrandsDep,
) -> Response:
    """Let a rulebook answer from now on; all records are then judged anew by it, beginning at once."""

    def work(session: Session) -> Answer:
        service.rulebooks.activate(session, digest, at=now(), by=caller.account)
        session.flush()
        return found(rulebooks.rulebook(session, digest))

    answer = once(caller.account, work)
    errands.judge_anew(caller.account)
    return answer
