"""Reviews of findings, waivers, catalogues with what is joined to them."""

import sqlalchemy as sa
from alembic import op

from api.store.migrations.triggers import append_only
from api.store.types import UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    _reviews()
    _waivers()
    _catalogues()
    _joined()


def _reviews() -> None:
    op.create_table(
        "review",
        sa.Column("finding", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("rectified", sa.Boolean(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(26), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("finding", "number", name="pk_review"),
        sa.ForeignKeyConstraint(["finding"], ["finding.key"], name="fk_review_finding"),
    )
    append_only("review", key=("finding", "number"))
    op.create_table(
        "review_in_force",
        sa.Column("finding", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("finding", "number", name="pk_review_in_force"),
        sa.ForeignKeyConstraint(["finding"], ["finding.key"], name="fk_review_in_force_finding"),
    )
    op.create_index("ix_review_in_force_decision", "review_in_force", ["decision"])


def _waivers() -> None:
    op.create_table(
        "waiver",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("finding", sa.String(26), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("applied_at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(26), nullable=False),
        sa.Column("approved_at", UtcTime(), nullable=True),
        sa.Column("approved_by", sa.String(26), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_waiver"),
        sa.ForeignKeyConstraint(["finding"], ["finding.key"], name="fk_waiver_finding"),
        sa.ForeignKeyConstraint(
            ["record", "version"],
            ["record_version.record", "record_version.number"],
            name="fk_waiver_record_version",
        ),
    )
    for columns in (["finding"], ["record", "card"], ["until"], ["applied_at"]):
        op.create_index(f"ix_waiver_{'_'.join(columns)}", "waiver", columns)
    op.create_table(
        "waiver_event",
        sa.Column("waiver", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("waiver", "number", name="pk_waiver_event"),
        sa.ForeignKeyConstraint(["waiver"], ["waiver.key"], name="fk_waiver_event_waiver"),
    )
    append_only("waiver_event", key=("waiver", "number"))


def _catalogues() -> None:
    op.create_table(
        "catalogue",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("own_id", sa.String(100), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("organ_level", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_catalogue"),
        sa.UniqueConstraint("own_id", name="uq_catalogue_own_id"),
    )
    for column in ("jurisdiction", "organ", "created_at"):
        op.create_index(f"ix_catalogue_{column}", "catalogue", [column])
    op.create_table(
        "catalogue_version",
        sa.Column("catalogue", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("catalogue", "number", name="pk_catalogue_version"),
        sa.ForeignKeyConstraint(["catalogue"], ["catalogue.key"], name="fk_catalogue_version_catalogue"),
    )
    append_only("catalogue_version", key=("catalogue", "number"))


def _joined() -> None:
    op.create_table(
        "catalogue_case",
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("catalogue", sa.String(26), nullable=False),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_catalogue_case"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_catalogue_case_record"),
        sa.ForeignKeyConstraint(["catalogue"], ["catalogue.key"], name="fk_catalogue_case_catalogue"),
    )
    for column in ("catalogue", "entry", "name"):
        op.create_index(f"ix_catalogue_case_{column}", "catalogue_case", [column])
    op.create_table(
        "catalogue_link",
        sa.Column("case", sa.String(26), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case", "record", name="pk_catalogue_link"),
        sa.ForeignKeyConstraint(["case"], ["catalogue_case.record"], name="fk_catalogue_link_case"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_catalogue_link_record"),
    )
    op.create_index("ix_catalogue_link_record", "catalogue_link", ["record"])
    op.create_table(
        "named_entry",
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record", "name", name="pk_named_entry"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_named_entry_record"),
    )
    op.create_index("ix_named_entry_name", "named_entry", ["name"])
