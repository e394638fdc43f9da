"""Quality: what was found in conversations, reviews with their steps, and words on auto-fails."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.String(27)


def upgrade() -> None:
    """Create the tables. What has closed so far is scored by and by."""
    op.create_table(
        "quality_scores",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("rubric", sa.String, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_quality_scores_closed_at", "quality_scores", ["closed_at"])
    op.create_table(
        "quality_reviews",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("drawn_at", _MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_quality_reviews_state", "quality_reviews", ["state", "drawn_at"])
    op.create_table(
        "quality_steps",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("review", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
    )
    op.create_index("ix_quality_steps_review", "quality_steps", ["review", "number"])
    op.create_table(
        "quality_verdicts",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("indicator", sa.String, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_quality_verdicts_at", "quality_verdicts", ["at"])
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER quality_steps_refuse_{change.lower()} BEFORE {change} ON quality_steps"
            " BEGIN SELECT RAISE(ABORT, 'quality_steps are append-only'); END"
        )
