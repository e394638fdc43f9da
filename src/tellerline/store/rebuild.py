"""Making the projections anew from the events."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, delete, select

from tellerline.domain.event import ConversationId, ConversationOpened, Event
from tellerline.store.commit import read_body
from tellerline.store.moment import read_moment
from tellerline.store.projection import Change, ConversationRow, open_row, project, write_changes, write_rows
from tellerline.store.remember import before_line
from tellerline.store.schema import PROJECTIONS, events, memories, snapshots

BATCH_MAX = 1_000


class Fold:
    """Folds the events of one conversation after the other into the tables of projections, which were empty."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._row: ConversationRow | None = None
        self._rows: list[ConversationRow] = []
        self._changes: list[Change] = []

    def add(self, conversation: ConversationId, event: Event, head_hash: bytes) -> None:
        """Fold in the next event of `conversation`; the first one opens it."""
        if self._row is None or self._row.id != conversation:
            assert isinstance(event.body, ConversationOpened), (conversation, event.sequence)
            self._row = open_row(conversation, event, event.body)
            self._rows.append(self._row)
        self._changes += project(self._row, event, head_hash)
        if len(self._rows) > BATCH_MAX or len(self._changes) > BATCH_MAX:
            self.write()

    def write(self) -> None:
        """Write what has been folded so far."""
        write_rows(self._connection, self._rows)
        write_changes(self._connection, self._changes)
        self._rows = [] if self._row is None else [self._row]
        self._changes = []


def refold(engine: Engine) -> int:
    """Make all projections anew and drop the snapshots, in one transaction; return the number of events read."""
    with engine.begin() as connection:
        for table in (*PROJECTIONS, snapshots):
            connection.execute(delete(table))
        fold = Fold(connection)
        event_count = 0
        for conversation, event, head_hash in _stream(connection):
            fold.add(conversation, event, head_hash)
            event_count += 1
        fold.write()
        connection.execute(delete(memories).where(before_line()))
    return event_count


def _stream(connection: Connection) -> Iterator[tuple[ConversationId, Event, bytes]]:
    statement = select(
        events.c.conversation, events.c.sequence, events.c.at, events.c.body, events.c.hash
    ).order_by(events.c.conversation, events.c.sequence)
    for conversation, sequence, at, body, head_hash in connection.execute(
        statement, execution_options={"yield_per": BATCH_MAX}
    ):
        yield conversation, Event(sequence, read_moment(at), read_body(body)), head_hash
