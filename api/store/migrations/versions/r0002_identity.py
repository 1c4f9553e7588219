"""Units, accounts, and what proves who somebody is."""

import sqlalchemy as sa
from alembic import op

from api.store.types import CanonicalJson, UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    _units()
    _accounts()
    _proofs()
    _logins()


def _units() -> None:
    op.create_table(
        "unit",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.String(26), nullable=True),
        sa.Column("merged_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_unit"),
        sa.ForeignKeyConstraint(["merged_into"], ["unit.key"], name="fk_unit_merged_into"),
        sa.CheckConstraint("(merged_into IS NULL) = (merged_on IS NULL)", name="ck_unit_merged"),
    )
    op.create_index("ix_unit_jurisdiction", "unit", ["jurisdiction"])
    op.create_index("ix_unit_merged_into", "unit", ["merged_into"])
    op.create_table(
        "unit_name",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("unit", sa.String(26), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_unit_name"),
        sa.ForeignKeyConstraint(["unit"], ["unit.key"], name="fk_unit_name_unit"),
    )
    op.create_index("ix_unit_name_unit", "unit_name", ["unit"])
    op.create_index("ix_unit_name_name", "unit_name", ["name"])
    state = op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_state"),
        sa.CheckConstraint("id = 1", name="ck_directory_state_one_row"),
    )
    op.bulk_insert(state, [{"id": 1, "version": 0}])


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("login", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(26), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_ends", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("disabled_at", UtcTime(), nullable=True),
        sa.Column("erased_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_account"),
        sa.ForeignKeyConstraint(["unit"], ["unit.key"], name="fk_account_unit"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_index("ix_account_unit", "account", ["unit"])


def _proofs() -> None:
    op.create_table(
        "oidc_link",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("account", sa.String(26), nullable=False),
        sa.Column("linked_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_oidc_link"),
        sa.ForeignKeyConstraint(["account"], ["account.key"], name="fk_oidc_link_account"),
    )
    op.create_index("ix_oidc_link_account", "oidc_link", ["account"])
    op.create_table(
        "person_session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("account", sa.String(26), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_person_session"),
        sa.ForeignKeyConstraint(["account"], ["account.key"], name="fk_person_session_account"),
        sa.UniqueConstraint("key", name="uq_person_session_key"),
    )
    op.create_index("ix_person_session_account", "person_session", ["account"])
    op.create_index("ix_person_session_ends_at", "person_session", ["ends_at"])
    op.create_table(
        "api_token",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account", sa.String(26), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("scopes", CanonicalJson(), nullable=False),
        sa.Column("issued_at", UtcTime(), nullable=False),
        sa.Column("issued_by", sa.String(26), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_api_token"),
        sa.ForeignKeyConstraint(["account"], ["account.key"], name="fk_api_token_account"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )
    op.create_index("ix_api_token_account", "api_token", ["account"])


def _logins() -> None:
    op.create_table(
        "oidc_flow",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_oidc_flow"),
    )
    op.create_index("ix_oidc_flow_begun_at", "oidc_flow", ["begun_at"])
    op.create_table(
        "login_try",
        sa.Column("key", sa.String(26), nullable=False),
        sa.Column("attempt", sa.String(26), nullable=False),
        sa.Column("bucket", sa.String(64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_login_try"),
    )
    op.create_index("ix_login_try_attempt", "login_try", ["attempt"])
    op.create_index("ix_login_try_bucket", "login_try", ["bucket"])
    op.create_index("ix_login_try_at", "login_try", ["at"])
