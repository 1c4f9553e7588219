"""A finding in the browser: what was found, the evidence beside the article, decisions, waivers; deciding about it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Depends, Form, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now, today
from api.context import Service, ServiceDep
from api.findings import service as findings
from api.findings.tables import Finding
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.permission import permit
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.rulebooks import ReadyRulebook
from api.records import attestations, evidence
from api.records.bodies import read_body
from api.records.tables import Record
from api.records.telling import told_attestation, told_evidence
from api.records.versions import newest, units_of
from api.refusals import RefusalError
from api.reviews import service as reviews
from api.reviews.queue import barred_by
from api.reviews.service import Reviewer
from api.reviews.several import Seen, decide_as_seen, seen
from api.reviews.standing import in_force
from api.rules import service as rules
from api.waivers import reading as waivers_read
from api.waivers import service as waivers
from api.waivers.models import Applying, WaiverFilter
from api.waivers.tables import WaiverScope
from api.web.forms import ruling_of, said
from api.web.naming import unit_names
from api.web.queue_pages import OPERATIONS
from api.web.rendering import page
from api.web.routing import pages_router, see_other
from api.web.showing import examples, round_lines

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Field = Annotated[str, Form(max_length=10_000)]


@router.get("/findings/{key}")
def show_finding(
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.FINDING_READ))],
    reach: ReachDep,
) -> Response:
    """Show what was found with the numbers that decided it, the evidence beside the article, and what was decided."""
    return _page(request, service, caller, reach, key)


@router.post("/findings/{key}/decide")
def decide(  # noqa: PLR0913 - one for each field of the form
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_CONFIRM))],
    reach: ReachDep,
    decision: Field = "",
    reason: Field = "",
    due: Field = "",
    rectified: Field = "",
    state: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Decide about a finding as it was seen."""
    try:
        ruling = ruling_of(decision, reason=reason, due=due, rectified=bool(rectified))
        permit(caller, OPERATIONS[ruling.decision])
        reviewer = Reviewer(service.rulebooks, caller, reach)
        with service.database.writing() as session:
            decide_as_seen(session, Seen(key, state), ruling, reviewer=reviewer, at=now())
    except RefusalError as refusal:
        written = {"reason": reason, "due": due}
        return _page(request, service, caller, reach, key, refusal=refusal, written=written)
    return see_other(f"/findings/{key}#decisions")


@router.post("/findings/{key}/waiver")
def apply_for_waiver(  # noqa: PLR0913 - one for each field of the form
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_APPLY))],
    reach: ReachDep,
    reason: Field = "",
    scope: Field = "",
    since: Field = "",
    until: Field = "",
    version: Field = "",
) -> Response:
    """Apply for a waiver of a finding."""
    fields = {"reason": reason.strip(), "scope": scope, "since": since, "until": until}
    try:
        applied = said(Applying, {"finding": key, "version": version, **fields})
        reviewer = Reviewer(service.rulebooks, caller, reach)
        with service.database.writing() as session:
            waiver = waivers.apply(session, applied, reviewer=reviewer, at=now()).key
    except RefusalError as refusal:
        return _page(request, service, caller, reach, key, refusal=refusal, applied=fields)
    return see_other(f"/waivers/{waiver}")


def _page(  # noqa: PLR0913 - what stands on it
    request: Request,
    service: Service,
    caller: Caller,
    reach: Reach,
    key: str,
    *,
    refusal: RefusalError | None = None,
    written: Mapping[str, str] | None = None,
    applied: Mapping[str, str] | None = None,
) -> Response:
    at, reviewer = now(), Reviewer(service.rulebooks, caller, reach)
    with service.database.reading() as session:
        finding, record = findings.visible(session, reach, key)
        ready = _rules(session, service, finding)
        values = {
            "row": record,
            "told": findings.told(session, finding, at=at),
            "history": findings.history(session, finding),
            "reviews": reviews.reviews(session, finding),
            "decisions": _open_to(session, reviewer, finding, record),
            "waivers": _waivers(session, reach, finding),
            "may_apply": waivers.may_apply(session, finding, record, reviewer=reviewer),
            "seen": seen(finding, in_force(session, finding.key)),
            **_shown(session, ready, reach, finding, record),
        }
    return page(
        request,
        "findings/finding.html",
        caller=caller,
        status=422 if refusal else 200,
        refusal=refusal,
        active=service.rulebook.digest,
        scopes=tuple(WaiverScope),
        written=written or {"reason": "", "due": ""},
        applied=applied or {"reason": "", "scope": "", "since": today().isoformat(), "until": ""},
        unit_name=unit_names(caller),
        **values,
    )


def _rules(session: Session, service: Service, finding: Finding) -> ReadyRulebook:
    """Return the active rulebook, or, if that has not the card any more, the one that told the finding."""
    active = service.rulebooks.active(session)
    has_it = any(card.id == finding.card for card in active.rulebook.cards)
    return active if has_it else service.rulebooks.by_digest(session, finding.rulebook)


def _open_to(session: Session, reviewer: Reviewer, finding: Finding, record: Record) -> frozenset[str]:
    """Return what the caller can decide about a finding as it stands."""
    if not reviewer.decides(session, finding, record):
        return frozenset()
    return frozenset(decision.value for decision in reviews.open_decisions(session, finding))


def _waivers(session: Session, reach: Reach, finding: Finding) -> tuple[Any, ...]:
    wanted = WaiverFilter(record=finding.record, card=finding.card)
    rows = waivers_read.listed(session, reach, wanted, today=today())
    return tuple(waivers_read.told_row(waiver, record, today=today()) for waiver, record in rows)


def _shown(session: Session, ready: ReadyRulebook, reach: Reach, finding: Finding, record: Record) -> dict[str, Any]:
    """Return the article with the card's examples, and beside it the rounds of the step with their evidence."""
    rule = rules.rule(ready.rulebook, finding.card)
    procedure = ready.rulebook.procedures[record.procedure]
    body, step = read_body(newest(session, record).body, ready), procedure.steps[finding.step]
    files = [row for row in evidence.of_record(session, record.key) if row.step == finding.step]
    erased = evidence.erasures(session, files)
    vouched = [told_attestation(row, body) for row in attestations.of_record(session, record.key)]
    return {
        "rule": rule,
        "gate": barred_by(ready.rulebook, finding.card),
        "examples": examples(rule.written, procedure),
        "step": step,
        "rounds": [(entry, round_lines(step, entry)) for entry in body.rounds(finding.step)],
        "files": [told_evidence(row, erased.get(row.key)) for row in files],
        "attested": [one for one in vouched if one.step == finding.step],
        "may_attest": reach.may_attest(
            jurisdiction=record.jurisdiction,
            units=units_of(session, record.key),
            attested_by=Role.of(step.attested_by),
        ),
    }
