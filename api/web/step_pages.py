"""One step of a record in a form: a new round, one that is completed, its files, and the draft decision."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.asked import Asked
from api.context import ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.records import evidence
from api.records.changes import Change, turn
from api.records.effects import Effects, effects
from api.records.errors import UnknownRoundError, UnknownStepError
from api.records.standing import answer_of
from api.refusals import RefusalError
from api.web.filling import Desk, Draft, Opened, kept_quietly, record_of
from api.web.form_errors import FormOutdatedError
from api.web.form_pages import CONFLICT, UNPROCESSABLE
from api.web.rendering import page
from api.web.round_forms import NEW_EVENTS, Answer, How, field_names, mattering, round_data, typed_round
from api.web.routing import pages_router, see_other
from api.web.typed import Sent, SentDep, Typed, as_day, beside, pairs
from engine.vocabulary import ClockEventKind

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Number = Annotated[int | None, Query(alias="round", ge=1, le=10_000)]


@dataclass(frozen=True, slots=True)
class Round:
    """Which round of which step of a record is filled in; `number` counts from 1, None for a new one."""

    opened: Opened
    step: str
    number: int | None

    @property
    def form(self) -> str:
        """Return what the form is called: its address below the record."""
        return f"steps/{self.step}" + (f"?round={self.number}" if self.number else "")

    @property
    def stored(self) -> dict[str, Any] | None:
        """Return the round as it is on record; raises `UnknownRoundError`."""
        if self.number is None:
            return None
        rounds = self.opened.rounds(self.step)
        if self.number > len(rounds):
            raise UnknownRoundError(step=self.step, given=self.number - 1, rounds=len(rounds))
        return rounds[self.number - 1]

    @property
    def address(self) -> str:
        """Return the address of the form."""
        return f"/records/{self.opened.row.key}/{self.form}"


@router.get("/records/{key}/steps/{step}")
def show_step(
    *,
    request: Request,
    key: Key,
    step: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.ROUND_ADD))],
    reach: ReachDep,
    number: Number = None,
) -> Response:
    """Show the form of a round."""
    desk = Desk(service, caller, reach)
    one = _round(desk, key, step, number)
    draft = desk.draft(one.form, record=key)
    typed = draft.typed if draft else typed_round(one.opened.procedure.steps[step], one.stored or {})
    return _page(request, desk, one, typed, draft=draft)


@router.post("/records/{key}/steps/{step}")
def send_step(  # noqa: PLR0913 - what a route is told
    *,
    request: Request,
    key: Key,
    step: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.ROUND_ADD))],
    reach: ReachDep,
    sent: SentDep,
    number: Number = None,
) -> Response:
    """Keep, look ahead, or enter a round."""
    desk = Desk(service, caller, reach)
    one = _round(desk, key, step, number)
    if sent.action == "draft":
        desk.keep_draft(one.form, sent, record=key)
        return kept_quietly() if sent.quietly else see_other(one.address)
    if sent.action == "discard":
        desk.discard_draft(one.form, record=key)
        return see_other(one.address)
    try:
        with turn(key):
            change = _change(desk, one, sent)
            if sent.action == "preview":
                ahead = effects(desk.standing(key), change.assessment)
                return _page(request, desk, one, sent.typed, ahead=ahead)
            written = desk.save(change, form=one.form, record=key, version=sent.version)
    except RefusalError as refusal:
        return _page(request, desk, _round(desk, key, step, number), sent.typed, refusal=refusal)
    place = number or len(written.record.rounds(step))
    return see_other(f"/records/{key}/steps/{step}?round={place}&saved=1#files")


@router.post("/records/{key}/steps/{step}/evidence")
def send_file(  # noqa: PLR0913 - what a route is told
    *,
    request: Request,
    key: Key,
    step: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.EVIDENCE_ADD))],
    reach: ReachDep,
    sent: SentDep,
    number: Number = 1,
) -> Response:
    """Add a file that proves something about a round; its digest is worked out here."""
    desk = Desk(service, caller, reach)
    one = _round(desk, key, step, number)
    try:
        with turn(key):
            received = evidence.receive(
                service.blobs, desk.clerk, key, _upload(sent, one), limit=service.settings.max_file_bytes
            )
            with (
                evidence.nothing_left_behind(service.blobs, service.database, received.blob.sha256),
                service.database.writing() as session,
            ):
                evidence.add(session, service.blobs, received, by=caller.account)
    except RefusalError as refusal:
        typed = typed_round(one.opened.procedure.steps[step], one.stored or {})
        return _page(request, desk, one, typed, refusal=refusal)
    return see_other(f"{one.address}&saved=1#files")


@router.post("/records/{key}/draft-versions")
def send_draft_version(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_UPDATE))],
    reach: ReachDep,
    sent: SentDep,
) -> Response:
    """List a version of the draft decision: its code and the digest of its file are made here, the file is not kept."""
    del request
    desk = Desk(service, caller, reach)
    opened = desk.opened(key)
    known: list[dict[str, Any]] = opened.data.get("drafts", [])
    names = {draft["id"] for draft in known}
    number = next(number for number in range(len(known) + 1, len(known) + len(names) + 2) if f"v{number}" not in names)
    made = {"id": f"v{number}", "amends": sent.typed.one("amends"), "dated": as_day(sent.typed.one("dated"))}
    if (file := sent.files.get("file")) and file.filename:
        made["sha256"] = _digest(file)
    listed = [*known, {name: text for name, text in made.items() if text}]
    with turn(key):
        change = desk.clerk.hand_in(key, record_of({**opened.data, "drafts": listed}, opened.rules))
        desk.save(change, form="draft-versions", record=key, version=sent.version)
    return see_other(f"/records/{key}/edit#drafts")


def _digest(file: UploadFile) -> str:
    found = sha256()
    while chunk := file.file.read(1 << 16):
        found.update(chunk)
    return found.hexdigest()


def _round(desk: Desk, key: str, step: str, number: int | None) -> Round:
    opened = desk.opened(key)
    if step not in opened.procedure.steps:
        raise UnknownStepError(given=step, procedure=opened.procedure.id)
    one = Round(opened, step, number)
    _ = one.stored
    return one


def _change(desk: Desk, one: Round, sent: Sent) -> Change:
    """Work out what a form says: a further round, or a version in which one says more or otherwise."""
    opened, key = one.opened, one.opened.row.key
    data = round_data(opened.procedure.steps[one.step], sent.typed, one.stored)
    if one.number is None:
        return desk.clerk.add_round(key, one.step, data)
    rounds = list(opened.rounds(one.step))
    rounds[one.number - 1] = data
    steps = {**opened.data.get("steps", {}), one.step: rounds}
    return desk.clerk.hand_in(key, record_of({**opened.data, "steps": steps}, opened.rules))


def _upload(sent: Sent, one: Round) -> evidence.Upload:
    file, typed = sent.files.get("file"), sent.typed
    if file is None:
        file = UploadFile(file=BytesIO(), filename="")
    return evidence.Upload(
        file=file.file,
        name=file.filename,
        declared=file.content_type,
        step=one.step,
        place=(one.number or 1) - 1,
        kind=typed.one("kind"),
        title=typed.one("title") or None,
        day=as_day(typed.one("day")) or None,
    )


def _page(
    request: Request,
    desk: Desk,
    one: Round,
    typed: Typed,
    *,
    draft: Draft | None = None,
    refusal: RefusalError | None = None,
    ahead: Effects | None = None,
) -> Response:
    opened, key = one.opened, one.opened.row.key
    step = opened.procedure.steps[one.step]
    answer = answer_of(desk.service, desk.reach, key, Asked())
    asked = mattering(one.step, step, opened.rules.rulebook, answer.assessment.verdicts)
    filled = {name.partition(".")[0] for name, texts in typed.content.items() if any(texts)}
    problems = refusal.problems if refusal else ()
    within = f"steps.{one.step}[{one.number - 1}]" if one.number else ""
    with desk.service.database.reading() as session:
        files = [row for row in evidence.of_record(session, key) if row.step == one.step]
    status = CONFLICT if isinstance(refusal, FormOutdatedError) else UNPROCESSABLE if refusal else 200
    return page(
        request,
        "forms/step.html",
        caller=desk.caller,
        status=status,
        row=opened.row,
        one=one,
        step=step,
        typed=typed,
        shown=[name for name in step.attributes if name in asked or name in filled],
        folded=[name for name in step.attributes if name not in asked and name not in filled],
        rounds=opened.rounds(one.step),
        draft_ids=[(found["id"], found["id"]) for found in opened.data.get("drafts", ())],
        files=[row for row in files if row.place == (one.number or 0) - 1],
        findings=[found for found in answer.assessment.findings if found.step == one.step],
        draft=draft,
        refusal=refusal,
        beside=beside(problems, field_names(step), within=within),
        ahead=ahead,
        version=opened.row.version,
        saved=request.query_params.get("saved") == "1",
        hows=tuple(How),
        answers=tuple(Answer),
        event_kinds=pairs(ClockEventKind),
        event_titles=dict(pairs(ClockEventKind)),
        new_events=range(NEW_EVENTS),
    )
