"""A record in a form: a new one, also from a catalogue entry, and what one says beside its steps."""

from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.catalogue.entries import Beginning, beginning
from api.clock import today
from api.context import ServiceDep
from api.drafts import service as drafts
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.judging.rulebooks import ReadyRulebook
from api.records.changes import turn
from api.records.clerk import Clerk
from api.records.effects import Effects, effects
from api.refusals import RefusalError
from api.store.keys import new_key
from api.web.fact_forms import NEW_UNITS, Determined, facts_data, field_names, typed_facts
from api.web.filling import Desk, Draft, Opened, kept_quietly, record_of
from api.web.form_errors import FormOutdatedError
from api.web.rendering import page
from api.web.routing import pages_router, see_other
from api.web.typed import Sent, SentDep, Typed, beside, pairs, rows_of
from engine.procedure import Procedure
from engine.record.reading import DEFAULT_PROCEDURE
from engine.vocabulary import ExclusionGround, Light, MatterClass, OrganLevel, OutcomeKind, UnitRole

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Query(max_length=200)]
NEW: Final = "new"
EDIT: Final = "edit"
UNPROCESSABLE: Final = 422
CONFLICT: Final = 409


@router.get("/records/new")
def show_new(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_CREATE))],
    reach: ReachDep,
    catalogue: Text = "",
    entry: Text = "",
) -> Response:
    """Show the form of a new record: as it was kept, or as an entry of a catalogue says, or empty."""
    desk = Desk(service, caller, reach)
    begun = _of_entry(desk, catalogue, entry)
    draft = desk.draft(_form_of(begun))
    said = _begun(desk) | (begun.data if begun else {})
    return _new(request, desk, draft.typed if draft else typed_facts(said), begun=begun, draft=draft)


@router.post("/records/new")
def send_new(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_CREATE))],
    reach: ReachDep,
    sent: SentDep,
    catalogue: Text = "",
    entry: Text = "",
) -> Response:
    """Keep, look ahead, or submit."""
    desk = Desk(service, caller, reach)
    begun = _of_entry(desk, catalogue, entry)
    form = _form_of(begun)
    if (done := _about_draft(desk, sent, form, drafts.NEW)) is not None:
        return done
    try:
        with service.database.reading() as session:
            rules = service.rulebooks.active(session)
        procedure = _procedure(rules)
        base = {"procedure": procedure.id, "jurisdiction": caller.jurisdiction}
        key, change = desk.clerk.submit(record_of(facts_data(procedure, sent.typed, base), rules))
        if sent.action == "preview":
            return _new(request, desk, sent.typed, begun=begun, ahead=effects(None, change.assessment))
        with turn(key):
            desk.save(change, form=form, record=drafts.NEW, version=None)
    except RefusalError as refusal:
        return _new(request, desk, sent.typed, begun=begun, refusal=refusal)
    return see_other(f"/records/{key}/edit#steps")


@router.get("/records/{key}/edit")
def show_edit(
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_UPDATE))],
    reach: ReachDep,
) -> Response:
    """Show what a record says beside its steps, and the way to each of these."""
    desk = Desk(service, caller, reach)
    opened, draft = desk.opened(key), desk.draft(EDIT, record=key)
    return _edit(request, desk, opened, draft.typed if draft else typed_facts(opened.data), draft=draft)


@router.post("/records/{key}/edit")
def send_edit(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_UPDATE))],
    reach: ReachDep,
    sent: SentDep,
) -> Response:
    """Keep, look ahead, or hand in a version."""
    desk = Desk(service, caller, reach)
    opened = desk.opened(key)
    if (done := _about_draft(desk, sent, EDIT, key)) is not None:
        return done
    try:
        with turn(key):
            change = _version(desk.clerk, opened, key, sent)
            if sent.action == "preview":
                ahead = effects(desk.standing(key), change.assessment)
                return _edit(request, desk, opened, sent.typed, ahead=ahead)
            desk.save(change, form=EDIT, record=key, version=sent.version)
    except RefusalError as refusal:
        return _edit(request, desk, desk.opened(key), sent.typed, refusal=refusal)
    return see_other(f"/records/{key}")


def _version(clerk: Clerk, opened: Opened, key: str, sent: Sent) -> Any:  # noqa: ANN401 - a change
    return clerk.hand_in(key, record_of(facts_data(opened.procedure, sent.typed, opened.data), opened.rules))


def _about_draft(desk: Desk, sent: Sent, form: str, record: str) -> Response | None:
    """Keep or discard what was typed, if that is what is asked for."""
    address = f"/records/{record}/{form}" if record else f"/records/{form}"
    if sent.action == "draft":
        desk.keep_draft(form, sent, record=record)
        return kept_quietly() if sent.quietly else see_other(address)
    if sent.action == "discard":
        desk.discard_draft(form, record=record)
        return see_other(address)
    return None


def _begun(desk: Desk) -> dict[str, Any]:
    """Return what is known of any record that somebody begins: by which code, and who leads it."""
    code = f"{today():%Y%m%d}-{new_key()[-6:]}"
    return {"id": code, "units": [{"name": desk.caller.unit_name, "role": UnitRole.LEAD.value}]}


def _of_entry(desk: Desk, catalogue: str, entry: str) -> Beginning | None:
    """Return what a record of an entry begins with, nothing for one that is begun of itself."""
    if not catalogue or not entry:
        return None
    with desk.service.database.reading() as session:
        return beginning(session, desk.reach, catalogue, entry)


def _form_of(begun: Beginning | None) -> str:
    """Return what the form is called: its address below the records, so that each entry has a draft of its own."""
    return f"{NEW}?catalogue={begun.catalogue}&entry={begun.entry}" if begun else NEW


def _procedure(rules: ReadyRulebook) -> Procedure:
    procedures = rules.rulebook.procedures
    return procedures.get(DEFAULT_PROCEDURE) or next(iter(procedures.values()))


def _new(
    request: Request,
    desk: Desk,
    typed: Typed,
    *,
    begun: Beginning | None,
    draft: Draft | None = None,
    refusal: RefusalError | None = None,
    ahead: Effects | None = None,
) -> Response:
    with desk.service.database.reading() as session:
        procedure = _procedure(desk.service.rulebooks.active(session))
    shown = _shown(procedure, typed, refusal)
    status = UNPROCESSABLE if refusal else 200
    return page(
        request,
        "forms/new.html",
        caller=desk.caller,
        status=status,
        begun=begun,
        address=f"/records/{_form_of(begun)}",
        draft=draft,
        ahead=ahead,
        version="",
        rows=rows_of(typed, "units") + NEW_UNITS - 1,
        **shown,
    )


def _edit(
    request: Request,
    desk: Desk,
    opened: Opened,
    typed: Typed,
    *,
    draft: Draft | None = None,
    refusal: RefusalError | None = None,
    ahead: Effects | None = None,
) -> Response:
    status = desk.standing(opened.row.key)
    lights = {name: status.lights.get(name, Light.NOT_APPLICABLE) for name in opened.procedure.steps}
    matters = [name for name, light in lights.items() if light is not Light.NOT_APPLICABLE or opened.rounds(name)]
    code = CONFLICT if isinstance(refusal, FormOutdatedError) else UNPROCESSABLE if refusal else 200
    return page(
        request,
        "forms/edit.html",
        caller=desk.caller,
        status=code,
        row=opened.row,
        draft=draft,
        ahead=ahead,
        version=opened.row.version,
        rows=max(rows_of(typed, "units") + NEW_UNITS - 1, len(opened.data.get("units", ())) + 1),
        lights=lights,
        matters=matters,
        others=[name for name in lights if name not in matters],
        opened=opened,
        **_shown(opened.procedure, typed, refusal),
    )


def _shown(procedure: Procedure, typed: Typed, refusal: RefusalError | None) -> dict[str, Any]:
    problems = refusal.problems if refusal else ()
    answered = [name for name in procedure.determinations if typed.one(f"determinations.{name}.reason")]
    return {
        "typed": typed,
        "procedure": procedure,
        "refusal": refusal,
        "beside": beside(problems, field_names(procedure, rows_of(typed, "units"))),
        "answered": answered,
        "levels": pairs(OrganLevel),
        "classes": pairs(MatterClass),
        "roles": pairs(UnitRole),
        "grounds": pairs(ExclusionGround),
        "outcomes": pairs(OutcomeKind),
        "answers": tuple(Determined),
    }
