"""What is remembered of customers, and what they asked to be forgotten. Both fill from the conversations to come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.String(27)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "memories",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("customer", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_memories_customer", "memories", ["customer", "at"])
    op.create_index("ix_memories_expires_at", "memories", ["expires_at"])
    op.create_table(
        "forgettings",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("customer", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("of_conversation", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
    )
    op.create_index("ix_forgettings_customer", "forgettings", ["customer", "at"])
