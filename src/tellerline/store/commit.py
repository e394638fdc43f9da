"""Writing a group of appends in one transaction, in which one that must be refused does not sink the others."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, func, literal_column, select, tuple_
from sqlalchemy.dialects.sqlite import insert as insert_or

from tellerline.domain.errors import Conflict
from tellerline.domain.event import Body, ConversationId, ConversationOpened, Event, MessageReceived, kind_of
from tellerline.store import chain
from tellerline.store.intake import check_events, duplicate_message, sequence_taken
from tellerline.store.moment import write_moment
from tellerline.store.projection import (
    Change,
    ConversationRow,
    open_row,
    project,
    read_rows,
    write_changes,
    write_rows,
)
from tellerline.store.schema import anchors, events, messages, snapshots
from tellerline.store.statement import Insertion, Statement, Values

_BODY: msgspec.json.Decoder[Body] = msgspec.json.Decoder(Body)
_encode_body = msgspec.json.Encoder(order="deterministic").encode
_LAST_ANCHOR = Statement(select(anchors.c.number, anchors.c.hash).order_by(anchors.c.number.desc()))
_ADD_EVENTS = Insertion(events)
_ADD_ANCHORS = Insertion(anchors)


def _taken() -> Statement:
    asked = func.json_each(bindparam("asked")).table_valued("value")
    pairs = select(*(func.json_extract(asked.c.value, literal_column(f"'$[{i}]'")) for i in range(2)))
    return Statement(select(messages).where(tuple_(messages.c.conversation, messages.c.client_id).in_(pairs)))


def _put_snapshot() -> Statement:
    statement = insert_or(snapshots)
    changed = {name: statement.excluded[name] for name in ("sequence", "body", "digest")}
    return Statement(statement.on_conflict_do_update(index_elements=[snapshots.c.conversation], set_=changed))


_TAKEN = _taken()
_PUT_SNAPSHOT = _put_snapshot()


class Written(msgspec.Struct, frozen=True):
    """An event as it is written down."""

    at: str
    kind: str
    body: bytes


class Append(msgspec.Struct, frozen=True):
    """Events that belong in one transaction."""

    conversation: ConversationId
    events: Sequence[Event]
    written: list[Written]
    snapshot: bytes | None


def prepare(conversation: ConversationId, given: Sequence[Event], snapshot: bytes | None) -> Append:
    """Check the events and write them down, as far as that can be done without the database.

    Raises: Invalid, code `events`.
    """
    check_events(given)
    written: list[Written] = []
    at, text = None, ""
    for event in given:
        if event.at is not at:  # the events of one step share their moment
            at, text = event.at, write_moment(event.at)
        written.append(Written(text, kind_of(event.body), _encode_body(event.body)))
    return Append(conversation, given, written, snapshot)


def read_body(written: bytes) -> Body:
    """Return the body that was written down.

    Raises: msgspec.MsgspecError when it is none of a known kind.
    """
    return _BODY.decode(written)


def commit(connection: Connection, appends: Sequence[Append]) -> list[Conflict | None]:
    """Write what can be written of `appends`, in their order; return for each why it was refused, if it was.

    The caller commits the transaction, and tells nobody before it has.
    """
    group = _Group(connection, appends)
    outcomes = [group.stage(append) for append in appends]
    group.write()
    return outcomes


class _Group:
    """What the database holds of the conversations concerned, and what the appends staged so far add to it."""

    def __init__(self, connection: Connection, appends: Sequence[Append]) -> None:
        self._connection = connection
        self._rows = {
            row.id: row for row in read_rows(connection, {append.conversation for append in appends})
        }
        self._taken = self._read_taken(appends)
        self._anchor, self._seal = _LAST_ANCHOR.first(connection) or (0, chain.ANCHOR_GENESIS)
        self._touched: set[ConversationId] = set()
        self._events: list[tuple[str | int | bytes, ...]] = []
        self._anchors: list[tuple[str | int | bytes | None, ...]] = []
        self._snapshots: list[Values] = []
        self._changes: list[Change] = []

    def _read_taken(self, appends: Sequence[Append]) -> dict[tuple[str, str], int]:
        asked = [
            (append.conversation, event.body.client_id)
            for append in appends
            for event in append.events
            if isinstance(event.body, MessageReceived)
        ]
        if not asked:
            return {}
        found = _TAKEN.fetch(self._connection, {"asked": msgspec.json.encode(asked).decode()})
        return {(conversation, client_id): sequence for conversation, client_id, sequence in found}

    def stage(self, append: Append) -> Conflict | None:
        """Add `append` to what is to be written, or say why it cannot be."""
        refusal = self._check(append)
        if refusal is not None:
            return refusal
        first = append.events[0]
        row = self._rows.get(append.conversation)
        if row is None:
            assert isinstance(first.body, ConversationOpened)
            row = self._rows[append.conversation] = open_row(append.conversation, first, first.body)
        self._touched.add(row.id)
        head = row.head_hash or chain.genesis(row.id)
        for event, written in zip(append.events, append.written, strict=True):
            head = self._stage_event(row, event, written, head)
        self._stage_anchor(row, append.snapshot)
        return None

    def _check(self, append: Append) -> Conflict | None:
        """A message that is there already is told first: its sender asks nothing but where it is."""
        fresh: dict[str, int] = {}
        for event in append.events:
            if isinstance(event.body, MessageReceived):
                client_id = event.body.client_id
                earlier = self._taken.get((append.conversation, client_id), fresh.get(client_id))
                if earlier is not None:
                    return duplicate_message(append.conversation, earlier)
                fresh[client_id] = event.sequence
        row = self._rows.get(append.conversation)
        stored = 0 if row is None else row.last_sequence
        given = append.events[0].sequence
        if given != stored + 1:
            return sequence_taken(append.conversation, stored, given)
        return None

    def _stage_event(self, row: ConversationRow, event: Event, written: Written, previous: bytes) -> bytes:
        head = chain.link(previous, row.id, event.sequence, written.at, written.kind, written.body)
        self._events.append((row.id, event.sequence, written.at, written.kind, written.body, previous, head))
        if isinstance(event.body, MessageReceived):
            self._taken[row.id, event.body.client_id] = event.sequence
        self._changes += project(row, event, head)
        return head

    def _stage_anchor(self, row: ConversationRow, snapshot: bytes | None) -> None:
        digest = None if snapshot is None else chain.digest(snapshot)
        if snapshot is not None:
            self._snapshots.append(
                {"conversation": row.id, "sequence": row.last_sequence, "body": snapshot, "digest": digest}
            )
        previous, self._anchor = self._seal, self._anchor + 1
        self._seal = chain.seal(previous, self._anchor, row.id, row.last_sequence, row.head_hash, digest)
        self._anchors.append(
            (self._anchor, row.id, row.last_sequence, row.head_hash, digest, previous, self._seal)
        )

    def write(self) -> None:
        """Execute what was staged."""
        if not self._events:
            return
        _ADD_EVENTS.run(self._connection, self._events)
        _ADD_ANCHORS.run(self._connection, self._anchors)
        _PUT_SNAPSHOT.run(self._connection, self._snapshots)
        write_rows(self._connection, (self._rows[name] for name in self._touched))
        write_changes(self._connection, self._changes)
