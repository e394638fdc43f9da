"""The desk: accounts, sessions, drafts, phrases, attachments, and who attends to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.String(27)
_HASH = sa.LargeBinary(32)


def upgrade() -> None:
    """Create the tables; so far nobody has been attended to."""
    op.add_column("handovers", sa.Column("representative", sa.String))
    op.create_table(
        "desk_accounts",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("subject", sa.String),
    )
    op.create_index("ix_desk_accounts_subject", "desk_accounts", ["subject"], unique=True)
    op.create_table(
        "desk_sessions",
        sa.Column("digest", _HASH, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "desk_drafts",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("form", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_phrases",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "desk_files",
        sa.Column("digest", _HASH, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    _create_audit()


def _create_audit() -> None:
    op.create_table(
        "desk_audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("detail", sa.LargeBinary, nullable=False),
        sa.Column("previous", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
    )
    op.create_index("ix_desk_audit_account", "desk_audit", ["account", "number"])
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER desk_audit_refuse_{change.lower()} BEFORE {change} ON desk_audit"
            " BEGIN SELECT RAISE(ABORT, 'desk_audit is append-only'); END"
        )
