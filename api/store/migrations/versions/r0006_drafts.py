"""Drafts of forms."""

import sqlalchemy as sa
from alembic import op

from api.store.types import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "draft",
        sa.Column("account", sa.String(26), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("form", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "record", "form", name="pk_draft"),
        sa.ForeignKeyConstraint(["account"], ["account.key"], name="fk_draft_account"),
    )
    op.create_index("ix_draft_account_at", "draft", ["account", "at"])
