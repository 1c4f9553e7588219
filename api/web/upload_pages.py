"""Records of a filled-in workbook: each bad cell is pointed out; if there is none, its records are submitted."""

from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.responses import Response

from api.context import ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.office.reading import read_workbook
from api.refusals import RefusalError
from api.web.filling import Desk
from api.web.rendering import page
from api.web.routing import pages_router
from api.web.typed import SentDep
from engine.reading.problems import Problem
from engine.record import DecisionRecord
from engine.vocabulary import Frozen

router: Final = pages_router()

ADDRESS: Final = "/records/upload"


class Submitted(Frozen):
    """What became of a record of the workbook: its key, or why it was refused."""

    id: str
    key: str | None = None
    problems: tuple[Problem, ...] = ()


@router.get(ADDRESS)
def show_upload(request: Request, caller: Annotated[Caller, Depends(allowed(Operation.RECORD_CREATE))]) -> Response:
    """Ask for a workbook."""
    return page(request, "forms/upload.html", caller=caller, problems=(), submitted=())


@router.post(ADDRESS)
def send_upload(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_CREATE))],
    reach: ReachDep,
    sent: SentDep,
) -> Response:
    """Read a workbook, and submit its records unless a cell is bad."""
    file = sent.files.get("file")
    if file is None or not file.filename:
        return page(request, "forms/upload.html", caller=caller, status=422, problems=(), submitted=())
    limit = service.settings.max_file_bytes
    read = read_workbook(file.file, file=file.filename, rulebook=service.rulebook, limit=limit)
    if read.problems:
        return page(request, "forms/upload.html", caller=caller, status=422, problems=read.problems, submitted=())
    desk = Desk(service, caller, reach)
    submitted = [_submit(desk, record) for record in read.records]
    return page(request, "forms/upload.html", caller=caller, problems=(), submitted=submitted)


def _submit(desk: Desk, record: DecisionRecord) -> Submitted:
    try:
        key, change = desk.clerk.submit(record)
        with desk.service.database.writing() as session:
            change.write(session)
    except RefusalError as refusal:
        return Submitted(id=record.id, problems=refusal.problems)
    return Submitted(id=record.id, key=key)
