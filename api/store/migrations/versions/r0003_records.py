"""Rulebooks, records with what proves them, judgements, findings with their history."""

import sqlalchemy as sa
from alembic import op

from api.store.migrations.triggers import append_only
from api.store.types import UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    _rulebooks()
    _records()
    _evidence()
    _judgements()
    _findings()


def _rulebooks() -> None:
    op.create_table(
        "rulebook",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("law", sa.String(64), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("archive", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_rulebook"),
    )
    append_only("rulebook", key=("digest",))
    op.create_table(
        "rulebook_activation",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rulebook_activation"),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebook.digest"], name="fk_rulebook_activation_rulebook"),
    )
    append_only("rulebook_activation", key=("number",))


def _records() -> None:
    op.create_table(
        "record",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("own_id", sa.String(100), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("organ_level", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_record"),
        sa.UniqueConstraint("lead_unit", "own_id", name="uq_record_lead_unit_own_id"),
    )
    for column in ("jurisdiction", "state", "created_at"):
        op.create_index(f"ix_record_{column}", "record", [column])
    op.create_table(
        "record_unit",
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("named_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("record", "place", name="pk_record_unit"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_record_unit_record"),
    )
    op.create_index("ix_record_unit_name", "record_unit", ["name"])
    op.create_table(
        "record_version",
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("record", "number", name="pk_record_version"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_record_version_record"),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebook.digest"], name="fk_record_version_rulebook"),
    )
    op.create_index("ix_record_version_record_entered_at", "record_version", ["record", "entered_at"])
    op.create_index("ix_record_version_sha256", "record_version", ["sha256"])
    append_only("record_version", key=("record", "number"))


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_evidence"),
        _version("evidence"),
    )
    op.create_index("ix_evidence_record", "evidence", ["record"])
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])
    append_only("evidence")
    op.create_table(
        "evidence_erasure",
        sa.Column("evidence", sa.String(26), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("evidence", name="pk_evidence_erasure"),
        sa.ForeignKeyConstraint(["evidence"], ["evidence.key"], name="fk_evidence_erasure_evidence"),
    )
    append_only("evidence_erasure", key=("evidence",))
    op.create_table(
        "attestation",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(26), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_attestation"),
        _version("attestation"),
    )
    op.create_index("ix_attestation_record", "attestation", ["record"])
    append_only("attestation")


def _version(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["record", "version"],
        ["record_version.record", "record_version.number"],
        name=f"fk_{table}_record_version",
    )


def _judgements() -> None:
    op.create_table(
        "judgement",
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", UtcTime(), nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("outcomes", sa.LargeBinary(), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("lights", sa.LargeBinary(), nullable=False),
        sa.Column("gates", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_judgement"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_judgement_record"),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebook.digest"], name="fk_judgement_rulebook"),
    )
    op.create_index("ix_judgement_as_of", "judgement", ["as_of"])
    op.create_index("ix_judgement_rulebook", "judgement", ["rulebook"])
    op.create_table(
        "judged_status",
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_judged_status"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_judged_status_record"),
    )


def _findings() -> None:
    op.create_table(
        "finding",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("under", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("opened_as_of", sa.Date(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("rectified_at", UtcTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_finding"),
        sa.UniqueConstraint("record", "card", name="uq_finding_record_card"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_finding_record"),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebook.digest"], name="fk_finding_rulebook"),
    )
    op.create_index("ix_finding_card", "finding", ["card"])
    op.create_index("ix_finding_state_opened_at", "finding", ["state", "opened_at"])
    op.create_table(
        "finding_event",
        sa.Column("finding", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("finding", "number", name="pk_finding_event"),
        sa.ForeignKeyConstraint(["finding"], ["finding.key"], name="fk_finding_event_finding"),
    )
    op.create_index("ix_finding_event_at", "finding_event", ["at"])
    append_only("finding_event", key=("finding", "number"))
