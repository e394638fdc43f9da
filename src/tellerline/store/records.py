"""What is read at a glance: conversations, cases, the queues and the gaps, as of the last committed append."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)

from tellerline.cases.book import CaseQuery, CaseRow
from tellerline.dialogue.past import Cited
from tellerline.domain.errors import Invalid, NotFound
from tellerline.domain.event import ConversationId
from tellerline.domain.language import Language
from tellerline.store.moment import Moment
from tellerline.store.projection import ConversationRow
from tellerline.store.schema import cases, citations, conversations, events, gaps, handovers

RowT = TypeVar("RowT", bound=msgspec.Struct)

PAGE_MAX = 1_000


class HandoverRow(msgspec.Struct, frozen=True):
    """A conversation's wait for a representative, or who attends to it. The smaller `priority` is more urgent."""

    conversation: ConversationId
    queue: str
    priority: int
    requested_at: datetime
    state: Literal["waiting", "attended", "left"]
    representative: str | None = None


class GapRow(msgspec.Struct, frozen=True):
    """A question that had no answer with enough evidence."""

    conversation: ConversationId
    sequence: int
    at: datetime
    question: str
    language: Language
    score: float


class Records:
    """Reads the projections. Single rows are read at once; lists are read in a thread, off the event loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def access(self, conversation: ConversationId) -> ConversationRow:
        """Return what is known of `conversation` at a glance. Raises: NotFound, code `conversation`."""
        with self._engine.connect() as connection:
            return access_row(connection, conversation)

    async def conversations(
        self, *, customer: str | None = None, before: ConversationRow | None = None, limit: int = 50
    ) -> list[ConversationRow]:
        """List conversations, the newest first; `before` is the last row of the page before."""
        statement = _select(ConversationRow, conversations)
        if customer is not None:
            statement = statement.where(conversations.c.customer == customer)
        if before is not None:
            key = tuple_(conversations.c.opened_at, conversations.c.id)
            statement = statement.where(key < tuple_(literal(before.opened_at, Moment), before.id))
        newest = conversations.c.opened_at.desc(), conversations.c.id.desc()
        return await self._list(ConversationRow, statement.order_by(*newest), limit)

    async def cases(self, wanted: CaseQuery, *, limit: int = 50) -> list[CaseRow]:
        """List cases, open ones first, then the earliest due."""
        asked = {
            cases.c.conversation: wanted.conversation,
            cases.c.number: wanted.number,
            cases.c.owner: wanted.owner,
            cases.c.kind: wanted.kind,
            cases.c.state: wanted.state,
            conversations.c.customer: wanted.customer,
        }
        statement = _CASES.where(*(column == value for column, value in asked.items() if value is not None))
        if wanted.due_by is not None:
            statement = statement.where(cases.c.due_at <= wanted.due_by)
        order = cases.c.state.desc(), cases.c.due_at, cases.c.number, cases.c.conversation
        return await self._list(CaseRow, statement.order_by(*order), limit)

    async def abandoned(self, *, before: datetime, limit: int = 50) -> list[ConversationId]:
        """List open conversations in which nothing has happened since `before`, the longest untouched first."""
        untouched = conversations.c.closed.is_(False), conversations.c.last_at < before
        statement = (
            _select(ConversationRow, conversations).where(*untouched).order_by(conversations.c.last_at)
        )
        return [row.id for row in await self._list(ConversationRow, statement, limit)]

    async def releases_in_use(self) -> dict[str, int]:
        """Return the releases that open conversations began with, and how many did."""
        release = conversations.c.release
        statement = select(release, func.count()).where(conversations.c.closed.is_(False)).group_by(release)

        def read() -> dict[str, int]:
            with self._engine.connect() as connection:
                return {name: int(count) for name, count in connection.execute(statement)}

        return await asyncio.to_thread(read)

    async def waiting(self, queue: str, *, limit: int = 50) -> list[HandoverRow]:
        """List who waits in `queue`, the next one first."""
        statement = (
            _select(HandoverRow, handovers)
            .where(handovers.c.queue == queue, _WAITING)
            .order_by(handovers.c.priority, handovers.c.requested_at, handovers.c.conversation)
        )
        return await self._list(HandoverRow, statement, limit)

    async def at_the_desk(self) -> list[ConversationId]:
        """List the conversations that wait for a representative, have one, or were promised something that is open."""
        here = select(handovers.c.conversation).where(handovers.c.state != "left")
        promised = (
            select(cases.c.conversation)
            .join(handovers, handovers.c.conversation == cases.c.conversation)
            .where(cases.c.state == "open")
        )

        def read() -> list[ConversationId]:
            with self._engine.connect() as connection:
                found = connection.execute(here.union(promised)).scalars()
                return sorted(ConversationId(name) for name in found)

        return await asyncio.to_thread(read)

    async def gaps(self, *, since: datetime | None = None, limit: int = 50) -> list[GapRow]:
        """List questions that had no answer, the newest first."""
        statement = _select(GapRow, gaps).order_by(gaps.c.at.desc(), gaps.c.conversation, gaps.c.sequence)
        if since is not None:
            statement = statement.where(gaps.c.at >= since)
        return await self._list(GapRow, statement, limit)

    async def citing(self, kind: str, source: str, version: str, *, limit: int = 50) -> list[Cited]:
        """List messages that rest on `version` of a source, the newest first. A passage is found by its article's id."""
        parts = citations.c.source.startswith(f"{source}#", autoescape=True)
        wanted = (
            citations.c.kind == kind,
            or_(citations.c.source == source, parts),
            citations.c.version == version,
        )
        statement = _select(Cited, citations).where(*wanted).order_by(citations.c.at.desc())
        return await self._list(Cited, statement, limit)

    async def holding(self, kind: str, *, since: datetime, limit: int = 50) -> list[ConversationId]:
        """List the conversations opened since then in which an event of `kind` happened, the newest first."""
        here = events.c.conversation == conversations.c.id, events.c.kind == kind
        statement = (
            _select(ConversationRow, conversations)
            .where(conversations.c.opened_at >= since, exists().where(*here))
            .order_by(conversations.c.opened_at.desc(), conversations.c.id.desc())
        )
        return [row.id for row in await self._list(ConversationRow, statement, limit)]

    async def _list(self, row: type[RowT], statement: Select[Any], limit: int) -> list[RowT]:
        if not 1 <= limit <= PAGE_MAX:
            raise Invalid("limit", f"a page has 1 to {PAGE_MAX} rows", field="limit")

        def read() -> list[RowT]:
            with self._engine.connect() as connection:
                return [row(*found) for found in connection.execute(statement.limit(limit))]

        return await asyncio.to_thread(read)


def access_row(connection: Connection, conversation: ConversationId) -> ConversationRow:
    """Return the row of `conversation`. Raises: NotFound, code `conversation`."""
    found = connection.execute(_ACCESS, {"of_conversation": conversation}).one_or_none()
    if found is None:
        raise NotFound("conversation", "there is no such conversation")
    return ConversationRow(*found)


def _select(row: type[msgspec.Struct], table: Table) -> Select[Any]:
    return select(*(table.c[name] for name in row.__struct_fields__))


_CASES = select(
    *(cases.c[name] for name in CaseRow.__struct_fields__ if name in cases.c), conversations.c.customer
).join_from(cases, conversations, cases.c.conversation == conversations.c.id)
_ACCESS = _select(ConversationRow, conversations).where(conversations.c.id == bindparam("of_conversation"))
_WAITING = handovers.c.state == literal_column(
    "'waiting'"
)  # as written in the partial index, so that it is used
