"""An entry of a catalogue in a form: added, changed, or left out where it was entered by mistake."""

from typing import Annotated, Any, Final

from fastapi import Query, Request
from starlette.responses import Response

from api.catalogue.content import Said
from api.catalogue.errors import UnknownEntryError
from api.context import ServiceDep
from api.identity.dependencies import ReachDep
from api.refusals import RefusalError
from api.web.catalogue_desk import CatalogueDesk
from api.web.catalogue_forms import (
    FILING,
    PLAN,
    entry_data,
    entry_fields,
    next_id,
    rows_shown,
    step_of,
    typed_entry,
    with_entry,
    without_entry,
)
from api.web.keeping_pages import Key, MayChange, status_of
from api.web.navigation import CATALOGUES
from api.web.rendering import page
from api.web.round_forms import Answer, How
from api.web.routing import pages_router, see_other
from api.web.typed import SentDep, Typed, beside, pairs
from engine.vocabulary import MatterClass, UnitRole

router: Final = pages_router()

Entry = Annotated[str, Query(max_length=100)]
LEAVE_OUT: Final = "leave_out"


@router.get(CATALOGUES.address + "/{key}/entry")
def show_entry(
    *, request: Request, key: Key, service: ServiceDep, caller: MayChange, reach: ReachDep, entry: Entry = ""
) -> Response:
    """Show the form of an entry, or of a new one."""
    desk = CatalogueDesk(service, caller, reach)
    said = desk.said(key)
    stored = _stored(said, entry)
    typed = typed_entry(desk.rules.rulebook, stored or _begun(said))
    return _page(request, desk, said, entry, typed)


@router.post(CATALOGUES.address + "/{key}/entry")
def send_entry(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: MayChange,
    reach: ReachDep,
    sent: SentDep,
    entry: Entry = "",
) -> Response:
    """Add an entry, change it, or leave it out."""
    desk = CatalogueDesk(service, caller, reach)
    rulebook = desk.rules.rulebook
    stored = _stored(desk.said(key), entry)

    def make(data: dict[str, Any]) -> dict[str, Any]:
        if sent.action == LEAVE_OUT:
            return without_entry(data, entry)
        return with_entry(data, entry_data(rulebook, sent.typed, stored), instead_of=entry)

    try:
        desk.change(key, make, version=sent.version)
    except RefusalError as refusal:
        return _page(request, desk, desk.said(key), entry, sent.typed, refusal=refusal)
    return see_other(f"{CATALOGUES.address}/{key}#entries")


def _stored(said: Said, entry: str) -> dict[str, Any]:
    """Return an entry as it stands, nothing for a new one; raises `UnknownEntryError`."""
    found: dict[str, Any] | None = next((one for one in said.data.get("entries", ()) if one["id"] == entry), None)
    if entry and found is None:
        raise UnknownEntryError(given=entry)
    return found or {}


def _begun(said: Said) -> dict[str, Any]:
    """Return what is known of any entry that somebody adds: its code, and whether the catalogue was published."""
    published = any(version.get("published") for version in said.data.get("versions", ()))
    kind = "addition" if published else "listing"
    return {"id": next_id(said.data), "units": [{"name": "", "role": UnitRole.LEAD.value}], "plans": [{"kind": kind}]}


def _page(
    request: Request,
    desk: CatalogueDesk,
    said: Said,
    entry: str,
    typed: Typed,
    *,
    refusal: RefusalError | None = None,
) -> Response:
    rulebook = desk.rules.rulebook
    rows = rows_shown(typed, is_new=not entry)
    ids = [one["id"] for one in said.data.get("entries", ())]
    place = ids.index(entry) if entry in ids else len(ids)
    problems = refusal.problems if refusal else ()
    return page(
        request,
        "catalogues/entry.html",
        caller=desk.caller,
        status=status_of(refusal),
        row=said.row,
        entry=entry,
        typed=typed,
        rows=rows,
        filing=step_of(rulebook, FILING),
        plan=step_of(rulebook, PLAN),
        refusal=refusal,
        beside=beside(problems, entry_fields(rows), within=f"entries[{place}]"),
        classes=pairs(MatterClass),
        roles=pairs(UnitRole),
        hows=tuple(How),
        answers=tuple(Answer),
    )
