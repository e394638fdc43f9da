"""The record on disk without its writer thread: written at once, so that a run comes out the same each time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from tellerline.domain.errors import Unavailable
from tellerline.domain.event import ConversationId, Event
from tellerline.store.commit import commit, prepare
from tellerline.store.database import BUSY_TIMEOUT_MS, open_writer
from tellerline.store.log import SqliteLog


class SteadyLog(SqliteLog):
    """A `SqliteLog` whose appends are transactions of their own, committed before anything else happens."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._steady = open_writer(path, "NORMAL", BUSY_TIMEOUT_MS)

    async def append(
        self, conversation: ConversationId, events: Sequence[Event], *, snapshot: bytes | None = None
    ) -> None:
        """Append `events`; see `SqliteLog.append`."""
        try:
            with self._steady.begin() as connection:
                refused = commit(connection, [prepare(conversation, events, snapshot)])[0]
        except DatabaseError as error:
            raise Unavailable("store", f"the record cannot be written: {error}") from error
        if refused is not None:
            raise refused

    def close(self) -> None:
        """Close the file."""
        self._steady.dispose()
        super().close()
