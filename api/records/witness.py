"""What the trail vouches for among records: versions, evidence files and attestations, by their digests."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from api.records.tables import Attestation, Evidence, RecordVersion
from api.store.types import digest_of
from api.store.verification import Vouched, Witness


def _version_said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    yield Vouched(f"{subject}/{content['version']}", content["body"])


def _versions_held(session: Session) -> Iterable[Vouched]:
    columns = select(RecordVersion.record, RecordVersion.number, RecordVersion.body)
    for record, number, body in session.exec(columns.order_by(col(RecordVersion.record), col(RecordVersion.number))):
        yield Vouched(f"{record}/{number}", digest_of(body))


def _evidence_said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    yield Vouched(subject, content["sha256"])


def _evidence_held(session: Session) -> Iterable[Vouched]:
    for key, sha256 in session.exec(select(Evidence.key, Evidence.sha256).order_by(col(Evidence.key))):
        yield Vouched(key, sha256)


def _attestation_said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
    yield Vouched(subject, content["digest"])


def _attestations_held(session: Session) -> Iterable[Vouched]:
    for key, digest in session.exec(select(Attestation.key, Attestation.digest).order_by(col(Attestation.key))):
        yield Vouched(key, digest)


WITNESSES: Final = (
    Witness(frozenset({"record.created", "record.version", "round.added"}), _version_said, _versions_held),
    Witness(frozenset({"evidence.added"}), _evidence_said, _evidence_held),
    Witness(frozenset({"record.attested"}), _attestation_said, _attestations_held),
)
