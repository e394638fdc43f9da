"""The record and its projections. The record refuses to be changed: it only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.String(27)
_HASH = sa.LargeBinary(32)


def upgrade() -> None:
    """Create all tables."""
    _create_record()
    _create_conversations()
    _create_projections()
    for table in ("events", "anchors"):
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
            )


def _create_record() -> None:
    op.create_table(
        "events",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("previous", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
    )
    op.create_table(
        "anchors",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("conversation", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("head", _HASH, nullable=False),
        sa.Column("snapshot", _HASH),
        sa.Column("previous", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
    )


def _create_conversations() -> None:
    table = op.create_table(
        "conversations",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("release", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("customer", sa.String),
        sa.Column("token_digest", sa.String, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("taking", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("head_hash", _HASH, nullable=False),
    )
    op.create_index("ix_conversations_opened_at", "conversations", ["opened_at", "id"])
    op.create_index("ix_conversations_customer", "conversations", ["customer", "opened_at"])
    op.create_index(
        "ix_conversations_unanswered",
        "conversations",
        ["last_at"],
        sqlite_where=table.c.received > table.c.answered,
    )


def _create_projections() -> None:
    op.create_table(
        "messages",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("client_id", sa.String, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("digest", _HASH, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("summary", sa.String, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_index("ix_cases_due", "cases", ["state", "due_at"])
    handovers = op.create_table(
        "handovers",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("queue", sa.String, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_index(
        "ix_handovers_waiting",
        "handovers",
        ["queue", "priority", "requested_at", "conversation"],
        sqlite_where=handovers.c.state == "waiting",
    )
    op.create_table(
        "gaps",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
    )
    op.create_index("ix_gaps_at", "gaps", ["at"])
