"""Attesting the rounds of a record in the browser, each as it was seen, by whom the procedure names for the step."""

from typing import Annotated, Final

from fastapi import Depends, Form, Path, Request
from starlette.responses import Response

from api.clock import now
from api.context import Service, ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.identity.roles import Role
from api.records import attestations, evidence
from api.records.bodies import read_body
from api.records.models import Attesting
from api.records.telling import told_attestation, told_evidence
from api.records.versions import newest, units_of, visible
from api.refusals import RefusalError
from api.web.forms import said
from api.web.naming import unit_names
from api.web.rendering import page
from api.web.routing import pages_router, see_other
from api.web.showing import round_lines

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Field = Annotated[str, Form(max_length=200)]


@router.get("/records/{key}/attest")
def show_rounds(
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.STEP_ATTEST))],
    reach: ReachDep,
) -> Response:
    """Show the rounds that the caller may attest, and by whom they are attested."""
    return _page(request, service, caller, reach, key)


@router.post("/records/{key}/attest")
def attest(  # noqa: PLR0913 - one for each field of the form
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.STEP_ATTEST))],
    reach: ReachDep,
    step: Field = "",
    place: Field = "",
    version: Field = "",
) -> Response:
    """Vouch for a round as it was seen."""
    try:
        seen = said(Attesting, {"place": place, "version": version})
        with service.database.writing() as session:
            row, rules = visible(session, reach, key), service.rulebooks.active(session)
            what = attestations.Seen(step, seen.place, seen.version)
            attestations.attest(session, row, rules, what, caller=caller, reach=reach, at=now())
    except RefusalError as refusal:
        return _page(request, service, caller, reach, key, refusal=refusal)
    return see_other(f"/records/{key}/attest#{step}")


def _page(
    request: Request,
    service: Service,
    caller: Caller,
    reach: Reach,
    key: str,
    *,
    refusal: RefusalError | None = None,
) -> Response:
    with service.database.reading() as session:
        row, rules = visible(session, reach, key), service.rulebooks.active(session)
        record = read_body(newest(session, row).body, rules)
        units = units_of(session, row.key)
        files = evidence.of_record(session, row.key)
        erased = evidence.erasures(session, files)
        known = [told_attestation(one, record) for one in attestations.of_record(session, row.key)]
    procedure = rules.rulebook.procedures[row.procedure]
    steps = {
        name: (step, [(entry, round_lines(step, entry)) for entry in record.rounds(name)])
        for name, step in procedure.steps.items()
        if reach.may_attest(jurisdiction=row.jurisdiction, units=units, attested_by=Role.of(step.attested_by))
        and record.rounds(name)
    }
    return page(
        request,
        "attest/rounds.html",
        caller=caller,
        status=422 if refusal else 200,
        refusal=refusal,
        row=row,
        steps=steps,
        files=[told_evidence(one, erased.get(one.key)) for one in files],
        attested=known,
        unit_name=unit_names(caller),
    )
