"""Indexes by which lists find their rows in the order in which they stand, and the records of a unit."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Replace indexes by such that hold what lists ask for."""
    op.drop_index("ix_finding_state_opened_at", table_name="finding")
    order = ["state", "opened_at", "key", "kind", "card", "step", "record"]
    op.create_index("ix_finding_queue", "finding", order)
    parts = ["record", "state", "kind", "card", "step", "opened_at", "key"]
    op.create_index("ix_finding_count", "finding", parts)
    op.drop_index("ix_record_created_at", table_name="record")
    op.create_index("ix_record_created_at_key", "record", ["created_at", "key"])
    op.drop_index("ix_record_unit_name", table_name="record_unit")
    op.create_index("ix_record_unit_name_role_record", "record_unit", ["name", "role", "record"])
