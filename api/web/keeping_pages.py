"""Keeping a catalogue in forms: made for a year, its head corrected, a version published, an adjustment with reason.

What a form says is handed in as a whole, as over the interface: what was said before stays on record.
"""

from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.catalogue import reading
from api.catalogue.content import Said
from api.catalogue.models import CatalogueFilter
from api.clock import today
from api.context import ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.refusals import RefusalError
from api.store.keys import new_key
from api.web.catalogue_desk import CatalogueDesk
from api.web.catalogue_errors import UnknownListingError
from api.web.catalogue_forms import (
    HEAD_FIELDS,
    PLAN,
    VERSION,
    adjusted,
    head_data,
    step_of,
    typed_head,
    with_version,
)
from api.web.form_errors import FormOutdatedError
from api.web.form_pages import CONFLICT, UNPROCESSABLE
from api.web.navigation import CATALOGUES
from api.web.rendering import page
from api.web.round_forms import Answer, How, field_names, round_data, typed_round
from api.web.routing import pages_router, see_other
from api.web.typed import Sent, SentDep, Typed, beside, pairs
from engine.vocabulary import OrganLevel

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Number = Annotated[int | None, Query(ge=1, le=10_000)]
MayCompile = Annotated[Caller, Depends(allowed(Operation.CATALOGUE_CREATE))]
MayChange = Annotated[Caller, Depends(allowed(Operation.CATALOGUE_UPDATE))]
ADJUSTMENT: Final = "adjustment"
LISTING: Final = "listing"


@router.get(CATALOGUES.address + "/new")
def show_new(request: Request, service: ServiceDep, caller: MayCompile, reach: ReachDep) -> Response:
    """Show the form of a new catalogue."""
    desk = CatalogueDesk(service, caller, reach)
    return _new(request, desk, typed_head(_begun(desk)))


@router.post(CATALOGUES.address + "/new")
def send_new(request: Request, service: ServiceDep, caller: MayCompile, reach: ReachDep, sent: SentDep) -> Response:
    """Enter a catalogue without entries, which are added one by one."""
    desk = CatalogueDesk(service, caller, reach)
    try:
        key = desk.compile(head_data(sent.typed, {"jurisdiction": caller.jurisdiction}))
    except RefusalError as refusal:
        return _new(request, desk, sent.typed, refusal=refusal)
    return see_other(f"{CATALOGUES.address}/{key}")


@router.get(CATALOGUES.address + "/{key}/edit")
def show_head(request: Request, key: Key, service: ServiceDep, caller: MayChange, reach: ReachDep) -> Response:
    """Show the form of what a catalogue says beside its versions and entries."""
    desk = CatalogueDesk(service, caller, reach)
    said = desk.said(key)
    return _head(request, desk, said, typed_head(said.data))


@router.post(CATALOGUES.address + "/{key}/edit")
def send_head(
    *, request: Request, key: Key, service: ServiceDep, caller: MayChange, reach: ReachDep, sent: SentDep
) -> Response:
    """Correct what a catalogue says beside its versions and entries."""
    desk = CatalogueDesk(service, caller, reach)
    try:
        desk.change(key, lambda data: head_data(sent.typed, data), version=sent.version)
    except RefusalError as refusal:
        return _head(request, desk, desk.said(key), sent.typed, refusal=refusal)
    return see_other(f"{CATALOGUES.address}/{key}")


@router.get(CATALOGUES.address + "/{key}/publication")
def show_version(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: MayChange,
    reach: ReachDep,
    number: Number = None,
) -> Response:
    """Show the form of a version of a catalogue: the first listing, or one that is completed."""
    desk = CatalogueDesk(service, caller, reach)
    said = desk.said(key)
    stored = _listing(said, number) or {"kind": ADJUSTMENT if said.data.get("versions") else LISTING}
    step = step_of(desk.rules.rulebook, VERSION)
    return _version(request, desk, said, number, typed_round(step, stored))


@router.post(CATALOGUES.address + "/{key}/publication")
def send_version(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: MayChange,
    reach: ReachDep,
    sent: SentDep,
    number: Number = None,
) -> Response:
    """Enter or complete a version: consents, publication, filing."""
    desk = CatalogueDesk(service, caller, reach)
    step = step_of(desk.rules.rulebook, VERSION)
    stored = _listing(desk.said(key), number)

    def make(data: dict[str, Any]) -> dict[str, Any]:
        version = round_data(step, sent.typed, stored)
        return with_version(data, number, version, fills_plans=sent.typed.has("fills_plans", "yes"))

    try:
        desk.change(key, make, version=sent.version)
    except RefusalError as refusal:
        return _version(request, desk, desk.said(key), number, sent.typed, refusal=refusal)
    return see_other(f"{CATALOGUES.address}/{key}#listings")


@router.get(CATALOGUES.address + "/{key}/adjust")
def show_adjustment(request: Request, key: Key, service: ServiceDep, caller: MayChange, reach: ReachDep) -> Response:
    """Show the form of an adjustment: why, with whose consent, and which entries change how."""
    desk = CatalogueDesk(service, caller, reach)
    return _adjustment(request, desk, desk.said(key), Typed())


@router.post(CATALOGUES.address + "/{key}/adjust")
def send_adjustment(
    *, request: Request, key: Key, service: ServiceDep, caller: MayChange, reach: ReachDep, sent: SentDep
) -> Response:
    """Adjust a catalogue."""
    desk = CatalogueDesk(service, caller, reach)
    step = step_of(desk.rules.rulebook, VERSION)

    def make(data: dict[str, Any]) -> dict[str, Any]:
        return adjusted(data, {"kind": ADJUSTMENT, **round_data(step, _adjusting(sent), None)}, sent.typed)

    try:
        desk.change(key, make, version=sent.version)
    except RefusalError as refusal:
        return _adjustment(request, desk, desk.said(key), sent.typed, refusal=refusal)
    return see_other(f"{CATALOGUES.address}/{key}#listings")


def _adjusting(sent: Sent) -> Typed:
    """Return what is said of the adjustment itself: of which kind it is, the page says."""
    return Typed({**sent.typed.content, "kind": [ADJUSTMENT]})


def _begun(desk: CatalogueDesk) -> dict[str, Any]:
    """Return what is known of any catalogue that somebody begins: its code and year, and the organ of the last one."""
    year = today().year
    with desk.service.database.reading() as session:
        wanted = CatalogueFilter(jurisdiction=desk.caller.jurisdiction)
        last = reading.listed(session, desk.reach, wanted, limit=1)
    known = {"organ": last[0].row.organ, "organ_level": last[0].row.organ_level.value} if last else {}
    return {"id": f"{year}-{new_key()[-6:]}", "year": year, **known}


def _listing(said: Said, number: int | None) -> dict[str, Any] | None:
    """Return a version as it stands, none for a further one; raises `UnknownListingError`."""
    versions: list[dict[str, Any]] = said.data.get("versions", [])
    if number is None:
        return None
    if number > len(versions):
        raise UnknownListingError(given=number, versions=len(versions))
    return versions[number - 1]


def status_of(refusal: RefusalError | None) -> int:
    """Return the status of a page with a form that was refused, or not."""
    return CONFLICT if isinstance(refusal, FormOutdatedError) else UNPROCESSABLE if refusal else 200


def _new(request: Request, desk: CatalogueDesk, typed: Typed, *, refusal: RefusalError | None = None) -> Response:
    return page(
        request,
        "catalogues/new.html",
        caller=desk.caller,
        status=status_of(refusal),
        typed=typed,
        refusal=refusal,
        beside=beside(refusal.problems if refusal else (), HEAD_FIELDS),
        levels=pairs(OrganLevel),
    )


def _head(
    request: Request, desk: CatalogueDesk, said: Said, typed: Typed, *, refusal: RefusalError | None = None
) -> Response:
    return page(
        request,
        "catalogues/edit.html",
        caller=desk.caller,
        status=status_of(refusal),
        row=said.row,
        typed=typed,
        refusal=refusal,
        beside=beside(refusal.problems if refusal else (), HEAD_FIELDS),
        levels=pairs(OrganLevel),
    )


def _version(
    request: Request,
    desk: CatalogueDesk,
    said: Said,
    number: int | None,
    typed: Typed,
    *,
    refusal: RefusalError | None = None,
) -> Response:
    step = step_of(desk.rules.rulebook, VERSION)
    place = (number or len(said.data.get("versions", ())) + 1) - 1
    return page(
        request,
        "catalogues/publication.html",
        caller=desk.caller,
        status=status_of(refusal),
        row=said.row,
        number=number,
        step=step,
        typed=typed,
        refusal=refusal,
        beside=beside(refusal.problems if refusal else (), field_names(step), within=f"versions[{place}]"),
        hows=tuple(How),
        answers=tuple(Answer),
    )


def _adjustment(
    request: Request, desk: CatalogueDesk, said: Said, typed: Typed, *, refusal: RefusalError | None = None
) -> Response:
    step, plan = (step_of(desk.rules.rulebook, place) for place in (VERSION, PLAN))
    entries, versions = said.data.get("entries", ()), said.data.get("versions", ())
    names = [*field_names(step), *(f"entries.{number}" for number in range(len(entries)))]
    return page(
        request,
        "catalogues/adjust.html",
        caller=desk.caller,
        status=status_of(refusal),
        row=said.row,
        step=step,
        kinds=[(code, name) for code, name in plan.attributes["kind"].values.items() if code != LISTING],
        entries=entries,
        typed=typed,
        refusal=refusal,
        beside=beside(refusal.problems if refusal else (), names, within=f"versions[{len(versions)}]"),
        hows=tuple(How),
        answers=tuple(Answer),
    )
