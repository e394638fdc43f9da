"""Proposals of changes with their documents and steps, and which messages rest on which facts and articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.String(27)
_HASH = sa.LargeBinary(32)


def upgrade() -> None:
    """Create the tables, and find the citations of the messages sent so far."""
    _create_citations()
    _create_proposals()
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER proposal_steps_refuse_{change.lower()} BEFORE {change} ON proposal_steps"
            " BEGIN SELECT RAISE(ABORT, 'proposal_steps are append-only'); END"
        )


def _create_citations() -> None:
    op.create_table(
        "citations",
        sa.Column("conversation", sa.String, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_citations_source", "citations", ["kind", "source", "version", "at"])
    op.execute(
        "INSERT OR IGNORE INTO citations (conversation, sequence, kind, source, version, at)"
        " SELECT events.conversation, events.sequence, json_extract(cited.value, '$.kind'),"
        " json_extract(cited.value, '$.id'), json_extract(cited.value, '$.version'), events.at"
        " FROM events, json_each(CAST(events.body AS TEXT), '$.sources') AS cited"
        " WHERE events.kind = 'message.sent' AND json_extract(cited.value, '$.kind') IN ('fact', 'article')"
    )


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_proposals_state", "proposals", ["state", "created_at"])
    op.create_table(
        "proposal_documents",
        sa.Column("proposal", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("digest", _HASH, nullable=False),
        sa.Column("read", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "proposal_steps",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("proposal", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
    )
    op.create_index("ix_proposal_steps_proposal", "proposal_steps", ["proposal", "number"])
