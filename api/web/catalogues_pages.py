"""Catalogues in the browser: the list, and one with its entries and the records that name them. Read only.

A catalogue is entered and given versions over HTTP (`/api/v1/catalogues`), as a whole, for it is compiled as a file.
"""

from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.catalogue import reading
from api.catalogue.entries import opened_by
from api.catalogue.models import CatalogueFilter
from api.catalogue.versions import history, visible
from api.context import ServiceDep
from api.edge.asking import AskedDep
from api.edge.cursors import PagingDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.roles import may
from api.judging.asking import Bench
from api.store.types import utc_text
from api.web.navigation import CATALOGUES
from api.web.rendering import page
from api.web.routing import pages_router

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Query(max_length=200)]
_YEAR: Final = 4


@router.get(CATALOGUES.address)
def list_catalogues(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_LIST))],
    reach: ReachDep,
    paging: PagingDep,
    organ: Text = "",
    year: Text = "",
) -> Response:
    """List the catalogues of which something is in reach, the newest first."""
    number = int(year) if year.isascii() and year.isdecimal() and len(year) == _YEAR else None
    wanted = CatalogueFilter(organ=organ.strip() or None, year=number)
    with service.database.reading() as session:
        rows = reading.listed(session, reach, wanted, after=paging.at_time(), limit=paging.fetch)
    shown = paging.page(rows, lambda row: row, lambda row: (utc_text(row.row.created_at), row.row.key))
    return page(
        request,
        "catalogues/list.html",
        caller=caller,
        shown=shown,
        organ=organ,
        year=year,
    )


@router.get(CATALOGUES.address + "/{key}")
def show_catalogue(
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.CATALOGUE_STATUS))],
    reach: ReachDep,
    asked: AskedDep,
) -> Response:
    """Show how a catalogue and its entries stand, entries without a record, and records without an entry."""
    bench = Bench(service.database, service.rulebooks, service.judge)
    standing = reading.status(bench, reach, key, asked)
    with service.database.reading() as session:
        row = visible(session, reach, key)
        versions = history(session, row)
        opens = opened_by(session, reach, key)
    return page(
        request,
        "catalogues/catalogue.html",
        caller=caller,
        row=row,
        standing=standing,
        versions=versions,
        opens=opens,
        may_edit=may(caller.role, Operation.CATALOGUE_UPDATE) and row.jurisdiction == reach.jurisdiction,
    )
