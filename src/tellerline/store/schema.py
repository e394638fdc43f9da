"""The tables. `events` and `anchors` are the record and only ever grow; all others are projections of it.

A projection can be dropped and rebuilt from the record at any time, so no foreign key leads from the record to one.
A change here needs a migration in `migrations/versions`, whose last revision is `REVISION`.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from tellerline.store.moment import MOMENT_WIDTH, Moment

REVISION = "0006"
METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

events = Table(
    "events",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(MOMENT_WIDTH), nullable=False),
    Column("kind", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""Every event, each linked to the one before it; see `chain`."""

anchors = Table(
    "anchors",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("conversation", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("head", LargeBinary(32), nullable=False),
    Column("snapshot", LargeBinary(32)),
    Column("previous", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""One row for each append, in the order of all appends: how far its conversation went, and the hash of its head."""

conversations = Table(
    "conversations",
    METADATA,
    Column("id", String, primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("release", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("language", String, nullable=False),
    Column("customer", String),
    Column("token_digest", String, nullable=False),
    Column("last_sequence", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("taking", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("head_hash", LargeBinary(32), nullable=False),
)
Index("ix_conversations_opened_at", conversations.c.opened_at, conversations.c.id)
Index("ix_conversations_customer", conversations.c.customer, conversations.c.opened_at)
Index(
    "ix_conversations_unanswered",
    conversations.c.last_at,
    sqlite_where=conversations.c.received > conversations.c.answered,
)

messages = Table(
    "messages",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("sequence", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Which messages were taken, by the id their sender gave them."""

snapshots = Table(
    "snapshots",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)
"""The newest snapshot of each conversation's tracker, folded up to `sequence`."""

cases = Table(
    "cases",
    METADATA,
    Column("number", String, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("summary", String, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("alarmed", Integer, nullable=False),
    Column("extended", Boolean, nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("resolution", String, nullable=False),
)
Index("ix_cases_due", cases.c.state, cases.c.due_at)
Index("ix_cases_conversation", cases.c.conversation)

timers = Table(
    "timers",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("number", String, primary_key=True),
    Column("share", Integer, primary_key=True, autoincrement=False),
    Column("due_at", Moment, nullable=False),
    Column("case_due_at", Moment, nullable=False),
)
"""When open cases are to be looked at next: see `cases.timers`. A row goes when the record tells what came of it."""
Index("ix_timers_due", timers.c.due_at)

handovers = Table(
    "handovers",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("queue", String, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("representative", String),
)
"""Who waits for a representative, or has one: `waiting`, `attended` by whom, or `left`."""
Index(
    "ix_handovers_waiting",
    handovers.c.queue,
    handovers.c.priority,
    handovers.c.requested_at,
    handovers.c.conversation,
    sqlite_where=handovers.c.state == "waiting",
)

gaps = Table(
    "gaps",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("question", String, nullable=False),
    Column("language", String, nullable=False),
    Column("score", Float, nullable=False),
)
Index("ix_gaps_at", gaps.c.at)

citations = Table(
    "citations",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""Which messages rest on which facts and articles, so that those a change touches are found."""
Index("ix_citations_source", citations.c.kind, citations.c.source, citations.c.version, citations.c.at)

memories = Table(
    "memories",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("customer", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("value", String, nullable=False),
    sqlite_with_rowid=False,
)
"""What is remembered of customers, with the event it comes from and its end; "" while nobody has been identified.

What has ended, or lies before a line of `forgettings`, is never read, and soon removed.
"""
Index("ix_memories_customer", memories.c.customer, memories.c.at)
Index("ix_memories_expires_at", memories.c.expires_at)

forgettings = Table(
    "forgettings",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("customer", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("of_conversation", String, nullable=False),
    Column("key", String, nullable=False),
)
"""What customers asked to be forgotten: all noted up to `at` of a kind, conversation and key, where "" names any."""
Index("ix_forgettings_customer", forgettings.c.customer, forgettings.c.at)

PROJECTIONS: tuple[Table, ...] = (
    conversations, messages, cases, timers, handovers, gaps, citations, memories, forgettings
)  # fmt: skip
"""What `projection` maintains. Snapshots are made by the dialogue and cannot be rebuilt here, only dropped."""

leases = Table(
    "timer_leases",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("number", String, primary_key=True),
    Column("share", Integer, primary_key=True, autoincrement=False),
    Column("holder", String, nullable=False),
    Column("until", Moment, nullable=False),
)
"""Which node acts on which due timer, and until when nobody else does."""

proposals = Table(
    "proposals",
    METADATA,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index("ix_proposals_state", proposals.c.state, proposals.c.created_at)

proposal_documents = Table(
    "proposal_documents",
    METADATA,
    Column("proposal", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("read", LargeBinary, nullable=False),
)
"""The documents as they were brought, and what was read of them."""

proposal_steps = Table(
    "proposal_steps",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("proposal", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("person", String, nullable=False),
    Column("step", String, nullable=False),
    Column("digest", String, nullable=False),
)
"""Who did what to a proposal, and when. Like the record it only grows."""
Index("ix_proposal_steps_proposal", proposal_steps.c.proposal, proposal_steps.c.number)

desk_accounts = Table(
    "desk_accounts",
    METADATA,
    Column("account", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("subject", String),
)
"""The staff, with password hash, second factor and lock. `subject`: who they are to the bank's own login."""
Index("ix_desk_accounts_subject", desk_accounts.c.subject, unique=True)

desk_sessions = Table(
    "desk_sessions",
    METADATA,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account", String, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
"""Open sessions, by the hash of what the cookie holds."""

desk_drafts = Table(
    "desk_drafts",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("form", String, nullable=False),
    Column("text", String, nullable=False),
    Column("saved_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""What is being written and not yet sent."""

desk_phrases = Table(
    "desk_phrases",
    METADATA,
    Column("id", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""Canned replies that the staff brought, beside those of the pack."""

desk_audit = Table(
    "desk_audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(MOMENT_WIDTH), nullable=False),
    Column("account", String, nullable=False),
    Column("action", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("detail", LargeBinary, nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""Who of the staff did what: sign-ins, refusals, reveals, exports. It only grows, each row linked to the one before."""
Index("ix_desk_audit_account", desk_audit.c.account, desk_audit.c.number)

desk_files = Table(
    "desk_files",
    METADATA,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
"""Attachments by the SHA-256 of their content."""

quality_scores = Table(
    "quality_scores",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("rubric", String, nullable=False),
    Column("closed_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What a rubric found in each conversation that has closed. It follows from the record, and is made again from it."""
Index("ix_quality_scores_closed_at", quality_scores.c.closed_at)

quality_reviews = Table(
    "quality_reviews",
    METADATA,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("drawn_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index("ix_quality_reviews_state", quality_reviews.c.state, quality_reviews.c.drawn_at)

quality_steps = Table(
    "quality_steps",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("review", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("person", String, nullable=False),
    Column("step", String, nullable=False),
)
"""Who did what to a review, and when. Like the record it only grows."""
Index("ix_quality_steps_review", quality_steps.c.review, quality_steps.c.number)

quality_verdicts = Table(
    "quality_verdicts",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("indicator", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What a person said of each auto-fail."""
Index("ix_quality_verdicts_at", quality_verdicts.c.at)
