"""Records and catalogues of a filled-in workbook: each bad cell is pointed out; the template to fill in."""

from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.context import Service, ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.office.reading import ReadTables, read_workbook
from api.refusals import RefusalError
from api.web.by_digest import by_digest
from api.web.catalogue_desk import CatalogueDesk
from api.web.filling import Desk
from api.web.form_errors import NoSuchTemplateError, NothingToTakeError
from api.web.languages import page_language
from api.web.rendering import page
from api.web.routing import pages_router, see_other
from api.web.typed import Sent, SentDep
from api.web.uploading import pointed, submit, template_of, waiting
from engine.record.catalogue import CATALOGUE, JOINED
from engine.record.catalogues import ReadCatalogue
from engine.record.reading import DEFAULT_PROCEDURE

router: Final = pages_router()

ADDRESS: Final = "/records/upload"
OF_CATALOGUES: Final = "/catalogues/upload"
UNPROCESSABLE: Final = 422
MOST_SHOWN: Final = 200
"""So many bad cells are told at a time."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MaySubmit = Annotated[Caller, Depends(allowed(Operation.RECORD_CREATE))]
MayCompile = Annotated[Caller, Depends(allowed(Operation.CATALOGUE_CREATE))]


@router.get(ADDRESS)
def show_upload(request: Request, service: ServiceDep, caller: MaySubmit) -> Response:
    """Ask for a workbook with records."""
    return _page(request, service, caller, ADDRESS)


@router.post(ADDRESS)
def send_upload(request: Request, service: ServiceDep, caller: MaySubmit, reach: ReachDep, sent: SentDep) -> Response:
    """Read a workbook, and submit its records: none while a cell is bad, unless those that are good are asked for."""
    read = _read(service, sent)
    partly = sent.typed.has("partly", "yes")
    if read is None or not (read.records or read.problems):
        return _page(request, service, caller, ADDRESS, refusal=NothingToTakeError(taken=DEFAULT_PROCEDURE))
    if read.problems and not partly:
        return _page(request, service, caller, ADDRESS, read=read, submitted=waiting(read.records))
    submitted = submit(Desk(service, caller, reach), read.records, partly=partly)
    return _page(request, service, caller, ADDRESS, read=read, submitted=submitted, partly=partly)


@router.get(ADDRESS + "/template.xlsx")
def give_template(
    request: Request,
    service: ServiceDep,
    caller: MaySubmit,
    procedure: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Give the workbook to fill in for records of a procedure."""
    del caller
    known = _procedures(service)
    name = procedure or (DEFAULT_PROCEDURE if DEFAULT_PROCEDURE in known else known[0])
    if name not in known:
        raise NoSuchTemplateError(given=name, known=known)
    return _workbook(request, service, name)


@router.get(OF_CATALOGUES)
def show_catalogue_upload(request: Request, service: ServiceDep, caller: MayCompile) -> Response:
    """Ask for a workbook with a catalogue."""
    return _page(request, service, caller, OF_CATALOGUES)


@router.post(OF_CATALOGUES)
def send_catalogue_upload(
    request: Request, service: ServiceDep, caller: MayCompile, reach: ReachDep, sent: SentDep
) -> Response:
    """Read a workbook, and enter its catalogue unless a cell is bad."""
    read = _read(service, sent)
    if read is None or not (read.catalogues or read.problems):
        return _page(request, service, caller, OF_CATALOGUES, refusal=NothingToTakeError(taken=CATALOGUE))
    if read.problems:
        return _page(request, service, caller, OF_CATALOGUES, read=read)
    if len(read.catalogues) > 1:
        return _page(request, service, caller, OF_CATALOGUES, refusal=NothingToTakeError(taken=CATALOGUE))
    try:
        key = CatalogueDesk(service, caller, reach).compile(ReadCatalogue(read.catalogues[0], "", 1, {}))
    except RefusalError as refusal:
        return _page(request, service, caller, OF_CATALOGUES, refusal=refusal)
    return see_other(f"/catalogues/{key}")


@router.get(OF_CATALOGUES + "/template.xlsx")
def give_catalogue_template(request: Request, service: ServiceDep, caller: MayCompile) -> Response:
    """Give the workbook to fill in for catalogues."""
    del caller
    if CATALOGUE not in service.rulebook.procedures:
        raise NoSuchTemplateError(given=CATALOGUE, known=_procedures(service))
    return _workbook(request, service, CATALOGUE)


def _read(service: Service, sent: Sent) -> ReadTables | None:
    """Read the workbook that was sent, none where there is no file."""
    file = sent.files.get("file")
    if file is None or not file.filename:
        return None
    limit = service.settings.max_file_bytes
    return read_workbook(file.file, file=file.filename, rulebook=service.rulebook, limit=limit)


def _procedures(service: Service) -> list[str]:
    """Return the procedures whose records are filled in, the usual one first."""
    names = [name for name in service.rulebook.procedures if name not in JOINED]
    return sorted(names, key=lambda name: (name != DEFAULT_PROCEDURE, name))


def _workbook(request: Request, service: Service, procedure: str) -> Response:
    content = template_of(procedure, by_digest(service.rulebook), page_language(request))
    headers = {"Content-Disposition": f'attachment; filename="{procedure}.xlsx"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=XLSX, headers=headers)


def _page(
    request: Request,
    service: Service,
    caller: Caller,
    address: str,
    *,
    read: ReadTables | None = None,
    refusal: RefusalError | None = None,
    **more: Any,  # noqa: ANN401 - what became of records
) -> Response:
    problems = read.problems if read else ()
    cells = [pointed(problem) for problem in problems[:MOST_SHOWN]]
    submitted = more.get("submitted", ())
    waits = problems or any(one.problems for one in submitted)
    procedures = service.rulebook.procedures
    return page(
        request,
        "forms/upload.html",
        caller=caller,
        status=UNPROCESSABLE if waits or refusal else 200,
        address=address,
        of_catalogues=address == OF_CATALOGUES,
        refusal=refusal,
        cells=cells,
        bad=len(problems),
        submitted=submitted,
        partly=more.get("partly", False),
        done=[one for one in submitted if one.key],
        refused=[one for one in submitted if one.problems],
        waits=[one for one in submitted if not one.key and not one.problems],
        procedures=[(name, procedures[name].title) for name in _procedures(service)],
    )
