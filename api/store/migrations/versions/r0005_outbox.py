"""Re-evaluations and errands; the outbox: due days, receivers, messages, deliveries."""

import sqlalchemy as sa
from alembic import op

from api.store.migrations.triggers import append_only
from api.store.types import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    _errands()
    _due_days()
    _receivers()
    _messages()


def _errands() -> None:
    op.create_table(
        "errand",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(26), nullable=True),
        sa.Column("until", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("done_for", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_errand"),
    )
    op.create_table(
        "reevaluation",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_reevaluation"),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebook.digest"], name="fk_reevaluation_rulebook"),
    )
    op.create_index("ix_reevaluation_begun_at", "reevaluation", ["begun_at"])
    op.create_table(
        "changed_verdict",
        sa.Column("reevaluation", sa.String(26), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reevaluation", "record", "card", name="pk_changed_verdict"),
        sa.ForeignKeyConstraint(["reevaluation"], ["reevaluation.key"], name="fk_changed_verdict_reevaluation"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_changed_verdict_record"),
    )
    op.create_index("ix_changed_verdict_record", "changed_verdict", ["record"])
    append_only("changed_verdict", key=("reevaluation", "record", "card"))


def _due_days() -> None:
    op.create_table(
        "due_day",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("warn_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("told_soon", sa.Date(), nullable=True),
        sa.Column("told_passed", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_due_day"),
        sa.UniqueConstraint("kind", "subject", name="uq_due_day_kind_subject"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_due_day_record"),
    )
    op.create_index("ix_due_day_record", "due_day", ["record"])
    op.create_index("ix_due_day_ended_at_warn_on", "due_day", ["ended_at", "warn_on"])


def _receivers() -> None:
    op.create_table(
        "webhook",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("unit", sa.String(26), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        *_wanted(),
        sa.PrimaryKeyConstraint("key", name="pk_webhook"),
        sa.ForeignKeyConstraint(["unit"], ["unit.key"], name="fk_webhook_unit"),
    )
    op.create_index("ix_webhook_unit", "webhook", ["unit"])
    op.create_table(
        "subscription",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("unit", sa.String(26), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("account", sa.String(26), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        *_wanted(),
        sa.PrimaryKeyConstraint("key", name="pk_subscription"),
        sa.ForeignKeyConstraint(["unit"], ["unit.key"], name="fk_subscription_unit"),
        sa.ForeignKeyConstraint(["account"], ["account.key"], name="fk_subscription_account"),
    )
    for column in ("unit", "account"):
        op.create_index(f"ix_subscription_{column}", "subscription", [column])


def _wanted() -> tuple[sa.Column[object], ...]:
    """Return the columns of whoever wants to be told: of what, since when and until when."""
    return (
        sa.Column("news", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(26), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
    )


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("news", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("record", sa.String(26), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("spread_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_message"),
        sa.ForeignKeyConstraint(["record"], ["record.key"], name="fk_message_record"),
    )
    for column in ("at", "record", "spread_at"):
        op.create_index(f"ix_message_{column}", "message", [column])
    op.create_table(
        "delivery",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("message", sa.String(26), nullable=False),
        sa.Column("webhook", sa.String(26), nullable=True),
        sa.Column("subscription", sa.String(26), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_delivery"),
        sa.ForeignKeyConstraint(["message"], ["message.key"], name="fk_delivery_message"),
        sa.ForeignKeyConstraint(["webhook"], ["webhook.key"], name="fk_delivery_webhook"),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.key"], name="fk_delivery_subscription"),
    )
    for columns in (["message"], ["webhook"], ["subscription"], ["at"], ["state", "next_at"]):
        op.create_index(f"ix_delivery_{'_'.join(columns)}", "delivery", columns)
