"""The stages of cases, and the timers of their clocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.String(27)


def upgrade() -> None:
    """Give every case its stage, and every open one the timer of its last day."""
    op.rename_table("cases", "cases_before")
    op.drop_index("ix_cases_due", "cases_before")
    _create_cases()
    op.execute(
        "INSERT INTO cases SELECT number, conversation, kind, owner, summary, opened_at, due_at, state,"
        " CASE state WHEN 'open' THEN 'received' ELSE 'closed' END, 0, 0, 0, coalesce((SELECT"
        " json_extract(CAST(body AS TEXT), '$.resolution') FROM events WHERE events.conversation = cases_before.conversation"
        " AND events.kind = 'case.closed' AND json_extract(CAST(body AS TEXT), '$.number') = cases_before.number"
        " ORDER BY events.sequence DESC LIMIT 1), '') FROM cases_before"
    )
    op.drop_table("cases_before")
    _create_timers()
    op.execute(
        "INSERT INTO timers SELECT conversation, number, 100, due_at, due_at FROM cases WHERE state = 'open'"
    )


def _create_cases() -> None:
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
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("alarmed", sa.Integer, nullable=False),
        sa.Column("extended", sa.Boolean, nullable=False),
        sa.Column("escalated", sa.Boolean, nullable=False),
        sa.Column("resolution", sa.String, nullable=False),
    )
    op.create_index("ix_cases_due", "cases", ["state", "due_at"])
    op.create_index("ix_cases_conversation", "cases", ["conversation"])


def _create_timers() -> None:
    op.create_table(
        "timers",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("share", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("case_due_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_timers_due", "timers", ["due_at"])
    op.create_table(
        "timer_leases",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("share", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
    )
