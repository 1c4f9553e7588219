"""How records are told: from rows to what the interface answers. Decides nothing."""

import json
from collections.abc import Iterable, Mapping

from api.judging.tables import Judgement
from api.records.attestations import holds
from api.records.changes import Written
from api.records.models import (
    AttestationList,
    AttestationOut,
    EvidenceList,
    EvidenceOut,
    History,
    RecordOut,
    RecordRow,
    VersionRow,
    WrittenOut,
)
from api.records.tables import Attestation, Evidence, EvidenceErasure, Record, RecordVersion
from engine.record import DecisionRecord
from engine.vocabulary import Bilingual


def told_row(row: Record, judgement: Judgement) -> RecordRow:
    """Tell a record in a list."""
    return RecordRow(
        key=row.key,
        id=row.own_id,
        title=Bilingual(zh=row.title_zh, en=row.title_en),
        procedure=row.procedure,
        jurisdiction=row.jurisdiction,
        organ=row.organ,
        organ_level=row.organ_level,
        lead_unit=row.lead_unit,
        state=row.state,
        version=row.version,
        made_up=row.made_up,
        created_at=row.created_at,
        changed_at=row.changed_at,
        judged_as_of=judgement.as_of,
        flags=judgement.flags,
        questions=judgement.questions,
        notices=judgement.notices,
    )


def told_record(row: Record, version: RecordVersion) -> RecordOut:
    """Tell a record as a version has it."""
    return RecordOut(
        key=row.key,
        version=version.number,
        newest=row.version,
        sha256=version.sha256,
        rulebook=version.rulebook,
        entered_at=version.entered_at,
        entered_by=version.by,
        state=row.state,
        lead_unit=row.lead_unit,
        record=json.loads(version.body),
    )


def told_written(written: Written) -> WrittenOut:
    """Tell a record after a change."""
    return WrittenOut(**dict(told_record(written.row, written.version)), changes=written.changes)


def told_history(key: str, versions: Iterable[RecordVersion]) -> History:
    """Tell the versions of a record."""
    return History(
        key=key,
        items=tuple(
            VersionRow(
                version=version.number,
                sha256=version.sha256,
                rulebook=version.rulebook,
                entered_at=version.entered_at,
                entered_by=version.by,
            )
            for version in versions
        ),
    )


def told_evidence(row: Evidence, erasure: EvidenceErasure | None) -> EvidenceOut:
    """Tell an evidence file."""
    return EvidenceOut(
        key=row.key,
        record=row.record,
        version=row.version,
        step=row.step,
        place=row.place,
        kind=row.kind,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        added_at=row.at,
        added_by=row.by,
        erased_at=erasure.at if erasure else None,
        erased_because=erasure.reason if erasure else None,
    )


def told_files(rows: Iterable[Evidence], erasures: Mapping[str, EvidenceErasure]) -> EvidenceList:
    """Tell the evidence files of a record."""
    return EvidenceList(items=tuple(told_evidence(row, erasures.get(row.key)) for row in rows))


def told_attestation(row: Attestation, present: DecisionRecord) -> AttestationOut:
    """Tell an attestation, and whether it holds for the record as it is."""
    return AttestationOut(
        key=row.key,
        record=row.record,
        version=row.version,
        step=row.step,
        place=row.place,
        role=row.role,
        unit=row.unit,
        attested_by=row.by,
        attested_at=row.at,
        holds=holds(row, present),
    )


def told_attestations(rows: Iterable[Attestation], present: DecisionRecord) -> AttestationList:
    """Tell the attestations of a record."""
    return AttestationList(items=tuple(told_attestation(row, present) for row in rows))
