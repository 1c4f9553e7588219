"""Units over HTTP: everybody reads them, an admin adds, renames and merges them."""

from itertools import islice
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now, today
from api.context import ServiceDep
from api.edge.answers import Answer, created, found
from api.edge.cursors import Page, PagingDep
from api.edge.idempotency import OnceDep
from api.edge.language import language_of
from api.edge.routing import PREFIX, noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.identity.callers import Caller
from api.identity.dependencies import allowed
from api.identity.operations import Operation
from api.identity.units import add_unit, merge_unit, read_directory, rename_unit
from api.store import trail
from api.units import service as units
from api.units.models import MergerIn, RenamingIn, UnitFilter, UnitIn, UnitOut
from engine.vocabulary import Bilingual

router: Final = noun_router("/units", tag="units")

Text = Annotated[str | None, Query(max_length=200)]


async def _wanted(*, jurisdiction: Text = None, name: Text = None, merged: bool | None = None) -> UnitFilter:
    return UnitFilter(jurisdiction=jurisdiction, name=name, merged=merged)


@router.get("", response_model=Page[UnitOut], responses=TABLES)
def list_units(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.UNIT_LIST))],
    wanted: Annotated[UnitFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the units in the order of their jurisdictions; CSV and XLSX hold all of them, not a page."""
    if form == Format.JSON:
        rows = units.units(caller.directory, wanted, today=today(), after=paging.at(str, str))
        page = list(islice(rows, paging.fetch))
        return found(paging.page(page, lambda row: row, lambda row: (row.jurisdiction, row.key))).response()
    with service.database.reading() as session:
        basis = Basis(_TITLE, printed_at=now(), trail=trail.head(session))
    cells = ([getattr(row, name) for name in _COLUMNS] for row in units.units(caller.directory, wanted, today=today()))
    language = language_of(request.scope)
    return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="units")


@router.get("/{key}", response_model=UnitOut)
def read_unit(key: str, caller: Annotated[Caller, Depends(allowed(Operation.UNIT_READ))]) -> Response:
    """Give one unit."""
    return found(units.unit(caller.directory, key, today=today())).response()


@router.post("", status_code=201, response_model=UnitOut)
def create_unit(
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.UNIT_CREATE))],
    once: OnceDep,
    new: UnitIn,
) -> Response:
    """Register a unit."""

    def work(session: Session) -> Answer:
        tree, at = service.rulebook.tree, now()
        name, place, since = new.name, new.jurisdiction, new.since
        unit = add_unit(session, name=name, jurisdiction=place, since=since, tree=tree, at=at, actor=caller.account)
        return created(_told(session, unit.key), location=f"{PREFIX}/units/{unit.key}")

    return once(caller.account, work)


@router.post("/{key}/names", response_model=UnitOut)
def name_unit(
    key: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.UNIT_RENAME))],
    once: OnceDep,
    new: RenamingIn,
) -> Response:
    """Let a unit bear another name from a day on."""

    def work(session: Session) -> Answer:
        tree, at, actor = service.rulebook.tree, now(), caller.account
        rename_unit(session, key, name=new.name, since=new.since, tree=tree, at=at, actor=actor)
        return found(_told(session, key))

    return once(caller.account, work)


@router.post("/{key}/merger", response_model=UnitOut)
def merge_units(
    key: str,
    caller: Annotated[Caller, Depends(allowed(Operation.UNIT_MERGE))],
    once: OnceDep,
    merger: MergerIn,
) -> Response:
    """Let another unit stand in a unit's place from a day on; records and accounts are then the other's."""

    def work(session: Session) -> Answer:
        merge_unit(session, key, into=merger.into, on=merger.on, at=now(), actor=caller.account)
        return found(_told(session, key))

    return once(caller.account, work)


def _told(session: Session, key: str) -> UnitOut:
    session.flush()
    return units.unit(read_directory(session), key, today=today())


_TITLE: Final = Bilingual(zh="单位", en="units")
_COLUMNS: Final = {
    "key": Bilingual(zh="标识", en="key"),
    "name": Bilingual(zh="名称", en="name"),
    "jurisdiction": Bilingual(zh="地区", en="jurisdiction"),
    "merged_into": Bilingual(zh="并入", en="merged into"),
    "merged_on": Bilingual(zh="合并日期", en="merged on"),
}
