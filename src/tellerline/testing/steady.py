"""The record on disk without its writer thread: written at once, so that a run comes out the same each time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from tellerline.cases.book import CaseQuery, CaseRow
from tellerline.domain.errors import Unavailable
from tellerline.domain.event import ConversationId, Event
from tellerline.store.commit import commit, prepare
from tellerline.store.database import open_reader, open_writer
from tellerline.store.log import SqliteLog
from tellerline.store.records import Records
from tellerline.store.timers import SqlTimers


class KeptCases(SqlTimers):
    """The cases in a record on disk, and their timers: what a counter needs of a log of one's own."""

    def __init__(self, path: Path, records: Records) -> None:
        super().__init__(open_writer(path), open_reader(path))
        self._records = records

    async def cases(self, wanted: CaseQuery, *, limit: int = 50) -> Sequence[CaseRow]:
        """List cases; see `CaseBook.cases`."""
        return await self._records.cases(wanted, limit=limit)


class SteadyLog(SqliteLog):
    """A `SqliteLog` whose appends are transactions of their own, committed before anything else happens."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._steady = open_writer(path)
        self.cases = KeptCases(path, self.records)

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
        self.cases.close()
        super().close()
