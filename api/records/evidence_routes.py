"""Evidence files and attestations over HTTP."""

from collections.abc import Iterator
from typing import Annotated, BinaryIO, Final
from urllib.parse import quote

from fastapi import Depends, File, Form, Path, UploadFile
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from api.clock import now
from api.context import ServiceDep
from api.edge.answers import Answer, created
from api.edge.idempotency import OnceDep
from api.edge.routing import noun_router
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.records import attestations, evidence
from api.records.bodies import read_body
from api.records.changes import turn
from api.records.clerk import Clerk
from api.records.files import KINDS
from api.records.models import (
    AttestationList,
    AttestationOut,
    Attesting,
    Erasing,
    EvidenceList,
    EvidenceOut,
    EvidenceWritten,
)
from api.records.tables import Evidence
from api.records.telling import told_attestation, told_attestations, told_evidence, told_files, told_written
from api.records.versions import editable, newest, visible
from api.store.types import canonical_json, digest_of

router: Final = noun_router("/records", tag="records")

Key = Annotated[str, Path(max_length=100)]
Short = Annotated[str, Form(min_length=1, max_length=100)]
CHUNK: Final = 1 << 16
FILES: Final = {kind.media_type: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}


@router.get("/{key}/evidence")
def list_evidence(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.EVIDENCE_LIST))],
    reach: ReachDep,
) -> EvidenceList:
    """List the evidence files of a record."""
    del caller
    with service.database.reading() as session:
        rows = evidence.of_record(session, visible(session, reach, key).key)
        return told_files(rows, evidence.erasures(session, rows))


@router.post("/{key}/evidence", status_code=201, response_model=EvidenceWritten)
def add_evidence(  # noqa: PLR0913 - one for each field of the form
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.EVIDENCE_ADD))],
    reach: ReachDep,
    once: OnceDep,
    file: Annotated[UploadFile, File(description="PDF, picture, office document, OFD, text or CSV")],
    step: Short,
    kind: Annotated[str, Form(min_length=1, max_length=100, description="a kind of document of the step")],
    place: Annotated[int, Form(ge=0, le=10_000, description="the place of the round in the step, from 0")] = 0,
    title: Annotated[str | None, Form(max_length=500)] = None,
    day: Annotated[str | None, Form(max_length=40, description="of the document, if it came after the round")] = None,
) -> Response:
    """Add a file that proves something about a round; the record lists it from now on.

    A file with a marking of a state secret is refused: list its kind in the round, with the legal ground as its title.
    """
    clerk = Clerk(service.database, service.rulebooks, service.judge, caller, reach)
    upload = evidence.Upload(
        file=file.file,
        name=file.filename,
        declared=file.content_type,
        step=step,
        place=place,
        kind=kind,
        title=title or None,
        day=day or None,
    )
    with turn(key):
        received = evidence.receive(service.blobs, clerk, key, upload, limit=service.settings.max_file_bytes)
        with evidence.nothing_left_behind(service.blobs, service.database, received.blob.sha256):

            def work(session: Session) -> Answer:
                row, written = evidence.add(session, service.blobs, received, by=caller.account)
                told = EvidenceWritten(evidence=told_evidence(row, None), record=told_written(written))
                return created(told, location=f"{router.prefix}/{key}/evidence/{row.key}")

            said = digest_of(canonical_json([received.blob.sha256, step, place, kind, upload.name, title, day]))
            return once(caller.account, work, content=said)


@router.get(
    "/{key}/evidence/{evidence_key}",
    response_class=StreamingResponse,
    responses={200: {"content": FILES}},
)
def read_evidence(
    key: Key,
    evidence_key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.EVIDENCE_READ))],
    reach: ReachDep,
) -> Response:
    """Give an evidence file, to be saved and not to be shown."""
    del caller
    with service.database.reading() as session:
        row = evidence.one_of_record(session, visible(session, reach, key).key, evidence_key)
        file = evidence.open_file(session, service.blobs, row)
    return StreamingResponse(_chunks(file), media_type=row.media_type, headers=_headers(row))


@router.post("/{key}/evidence/{evidence_key}/erasure")
def erase_evidence(
    *,
    key: Key,
    evidence_key: Key,
    why: Erasing,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.EVIDENCE_ERASE))],
    reach: ReachDep,
) -> EvidenceOut:
    """Take a file away because of what is in it. That it was there, its digest, and why it is gone stay on record."""
    with service.database.writing() as session:
        row = evidence.one_of_record(session, editable(session, reach, key).key, evidence_key)
        reason, by = why.reason, caller.account
        return told_evidence(row, evidence.erase(session, service.blobs, row, reason=reason, at=now(), by=by))


@router.get("/{key}/attestations")
def list_attestations(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.ATTESTATION_LIST))],
    reach: ReachDep,
) -> AttestationList:
    """List who vouched for which round, and whether that holds still."""
    del caller
    with service.database.reading() as session:
        row = visible(session, reach, key)
        rows, body = attestations.of_record(session, row.key), newest(session, row).body
        return told_attestations(rows, read_body(body, service.rulebooks.active(session)))


@router.post("/{key}/steps/{step}/attestations", status_code=201, response_model=AttestationOut)
def attest_round(
    *,
    key: Key,
    step: Key,
    seen: Attesting,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.STEP_ATTEST))],
    reach: ReachDep,
    once: OnceDep,
) -> Response:
    """Vouch for a round as you have seen it; only for the role that the procedure names for the step."""

    def work(session: Session) -> Answer:
        row, rules = visible(session, reach, key), service.rulebooks.active(session)
        what = attestations.Seen(step, seen.place, seen.version)
        made = attestations.attest(session, row, rules, what, caller=caller, reach=reach, at=now())
        present = read_body(newest(session, row).body, rules)
        return created(told_attestation(made, present), location=f"{router.prefix}/{key}/attestations")

    return once(caller.account, work)


def _headers(row: Evidence) -> dict[str, str]:
    """Let a file be saved under its name, whatever a browser makes of its content."""
    ascii_name = row.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(row.name, safe='')}",
        "Content-Length": str(row.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{row.sha256}"',
    }


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
