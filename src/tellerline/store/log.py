"""The record of conversations in one SQLite file: the dialogue's `EventLog`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, bindparam, select

from tellerline.dialogue.ports import Loaded
from tellerline.domain.event import ConversationId, Event
from tellerline.store.commit import prepare, read_body
from tellerline.store.database import (
    BUSY_TIMEOUT_MS,
    Synchronous,
    open_reader,
    open_writer,
    upgrade,
)
from tellerline.store.moment import read_moment
from tellerline.store.records import Records, access_row
from tellerline.store.schema import cases, conversations, events, messages, snapshots
from tellerline.store.writer import Writer

WAITING_MAX = 10_000

AT_ONCE_MAX = 100
"""Events read on the event loop itself, in about a millisecond: less than handing so little to a thread costs."""
ALL = -1

_SNAPSHOT = select(snapshots.c.sequence, snapshots.c.body).where(
    snapshots.c.conversation == bindparam("of_conversation")
)
_EVENTS = (
    select(events.c.sequence, events.c.at, events.c.body)
    .where(events.c.conversation == bindparam("of_conversation"), events.c.sequence > bindparam("after"))
    .order_by(events.c.sequence)
    .limit(bindparam("limit_count"))
)


class SqliteLog:
    """Appends through one writer thread with group commit, reads through connections of its own.

    An append that returned survives the end of the process, `kill -9` included: it is in the file, and the file is the
    operating system's. With `synchronous="NORMAL"` a power cut or a crash of the operating system can lose the appends
    since the last checkpoint of the write-ahead log (the record before them stays whole and its chains hold); with
    "FULL" nothing that returned is lost, and every group waits for the disk.

    Several processes may open one file; each append checks within its transaction what the others wrote.
    """

    def __init__(
        self,
        path: Path,
        *,
        synchronous: Synchronous = "NORMAL",
        waiting_max: int = WAITING_MAX,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> None:
        upgrade(path)
        self._write_engine = open_writer(path, synchronous, busy_timeout_ms)
        self._engine = open_reader(path)
        self._writer = Writer(self._write_engine, waiting_max=waiting_max)
        self.records = Records(self._engine)
        """What is read at a glance, from the same file."""

    def close(self) -> None:
        """Commit what is waiting and close the file; may take a moment, so not on an event loop that serves."""
        self._writer.close()
        self._engine.dispose()
        self._write_engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def append(
        self, conversation: ConversationId, events: Sequence[Event], *, snapshot: bytes | None = None
    ) -> None:
        """Append `events`, whose sequences follow the last stored one; `snapshot` is the tracker after them.

        Raises: Conflict, code `duplicate_message` (told first) or `sequence_taken`, both with data `sequence`;
        Invalid, code `events`; Unavailable when nothing was written and the same append may be tried again.
        """
        await self._writer.submit(prepare(conversation, events, snapshot))

    async def load(self, conversation: ConversationId) -> Loaded:
        """Return the newest snapshot and the events after it. Raises: NotFound, code `conversation`."""
        with self._engine.connect() as connection:
            newest = connection.execute(_SNAPSHOT, {"of_conversation": conversation}).one_or_none()
            after, snapshot = (0, None) if newest is None else newest
            found = _read_events(connection, conversation, after, AT_ONCE_MAX)
        if len(found) == AT_ONCE_MAX:
            found += await asyncio.to_thread(self._read, conversation, found[-1].sequence, ALL)
        return Loaded(snapshot, found)

    async def read(self, conversation: ConversationId, *, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return at most `limit` events with sequence > `after`, in order. Raises: NotFound."""
        found = self._read(conversation, after, min(limit, AT_ONCE_MAX))
        if AT_ONCE_MAX == len(found) < limit:
            rest = limit - AT_ONCE_MAX
            found += await asyncio.to_thread(self._read, conversation, found[-1].sequence, rest)
        return found

    async def find_message(self, conversation: ConversationId, client_id: str) -> int | None:
        """Return the sequence of the message taken under `client_id`."""
        wanted = messages.c.conversation == conversation, messages.c.client_id == client_id
        with self._engine.connect() as connection:
            return connection.execute(select(messages.c.sequence).where(*wanted)).scalar_one_or_none()

    async def unanswered(self) -> list[ConversationId]:
        """Return conversations whose last received message has no ended turn, the longest untouched first."""
        statement = (
            select(conversations.c.id)
            .where(conversations.c.received > conversations.c.answered)
            .order_by(conversations.c.last_at, conversations.c.id)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    async def doubtful(self) -> list[ConversationId]:
        """Return conversations with an open case of kind `reconcile`: an action whose outcome is not known."""
        open_ones = cases.c.kind == "reconcile", cases.c.state == "open"
        with self._engine.connect() as connection:
            return list(
                connection.execute(select(cases.c.conversation).where(*open_ones).distinct()).scalars()
            )

    def _read(self, conversation: ConversationId, after: int, limit: int) -> list[Event]:
        with self._engine.connect() as connection:
            return _read_events(connection, conversation, after, limit)


def _read_events(connection: Connection, conversation: ConversationId, after: int, limit: int) -> list[Event]:
    values = {"of_conversation": conversation, "after": after, "limit_count": limit}
    found = connection.execute(_EVENTS, values).all()
    if not found:
        access_row(connection, conversation)
    return [Event(sequence, read_moment(at), read_body(body)) for sequence, at, body in found]
