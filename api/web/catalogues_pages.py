"""Catalogues in the browser: the list, and one with its entries and the records that name them. Read only."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.catalogue import reading
from api.catalogue.entries import opened_by
from api.catalogue.models import CatalogueFilter
from api.catalogue.versions import history, numbered, visible
from api.context import Service, ServiceDep
from api.edge.asking import AskedDep
from api.edge.cursors import PagingDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.roles import may
from api.judging.asking import Bench
from api.store.types import utc_text
from api.web.catalogue_forms import PLAN, VERSION, step_of
from api.web.navigation import CATALOGUES
from api.web.rendering import page
from api.web.routing import pages_router
from api.web.showing import Line, lines
from engine.vocabulary import Bilingual

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
        exported=urlencode({name: value for name, value in (("organ", wanted.organ), ("year", wanted.year)) if value}),
        may_compile=may(caller.role, Operation.CATALOGUE_CREATE),
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
        said = reading.in_reach(session, reach, key, numbered(session, row, standing.version))
        opens = opened_by(session, reach, key)
    return page(
        request,
        "catalogues/catalogue.html",
        caller=caller,
        row=row,
        standing=standing,
        versions=versions,
        listings=[lines(step_of(service.rulebook, VERSION), one) for one in said.get("versions", ())],
        notes=[one.get("note", "") for one in said.get("versions", ())],
        plans={one["id"]: _plans(service, one.get("plans", ())) for one in said.get("entries", ())},
        titles={one["id"]: _title(one["title"]) for one in said.get("entries", ())},
        opens=opens,
        as_of=asked.as_of,
        may_edit=may(caller.role, Operation.CATALOGUE_UPDATE) and row.jurisdiction == reach.jurisdiction,
    )


def _title(title: str | dict[str, str]) -> Bilingual:
    return Bilingual(zh=title, en=title) if isinstance(title, str) else Bilingual(**title)


def _plans(service: Service, plans: Iterable[Mapping[str, Any]]) -> list[tuple[str, tuple[Line, ...]]]:
    """Return the times for which an entry was planned, the first one first, each with what else its plan says."""
    step = step_of(service.rulebook, PLAN)
    return [(plan.get("planned", ""), lines(step, plan)) for plan in plans]
