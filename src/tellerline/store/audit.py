"""Verifying that the record is what was written: whole, unaltered, and that its projections say the same.

Nothing here trusts a column's type or text: an altered byte may have made it anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    cast,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateTable

from tellerline.domain.clock import SystemClock
from tellerline.domain.event import ConversationId, Event
from tellerline.store import chain
from tellerline.store.commit import read_body
from tellerline.store.database import open_reader
from tellerline.store.moment import read_moment, write_moment
from tellerline.store.rebuild import BATCH_MAX, Fold
from tellerline.store.schema import PROJECTIONS, anchors, conversations, events, memories, snapshots
from tellerline.store.statement import Statement, Values

FINDINGS_MAX = 1_000
PROGRESS_EVERY = 1_000

Progress: TypeAlias = Callable[[int, int], None]

_TEMPORARY = MetaData(schema="temp")
_sealed = Table(
    "sealed",
    _TEMPORARY,
    Column("conversation", LargeBinary, primary_key=True),
    Column("sequence", Integer),
    Column("head", LargeBinary),
    Column("snapshot_sequence", Integer),
    Column("snapshot", LargeBinary),
)
_EXPECTED = [table.to_metadata(_TEMPORARY) for table in PROJECTIONS]


class Finding(msgspec.Struct, frozen=True):
    """Something that is not as it was written.

    what: damaged (the file itself), altered (an event), missing, duplicated, truncated (the last events of a
    conversation are gone), deleted (a whole conversation is), unsealed (events that no append wrote), unreadable (of a
    kind this version does not know), anchor (the chain over all appends is broken), snapshot, projection (a table does
    not say what its events say; `rebuild` mends it), more (there are further findings).
    """

    what: Literal[
        "damaged", "altered", "missing", "duplicated", "truncated", "deleted",
        "unsealed", "unreadable", "anchor", "snapshot", "projection", "more",
    ]  # fmt: skip
    detail: str
    conversation: str | None = None
    sequence: int | None = None


class Anchor(msgspec.Struct, frozen=True):
    """The seal of everything up to the append with this number; noted elsewhere, it witnesses what was there."""

    number: int
    hash: str


class _TooMany(Exception):
    """No more findings are collected."""


def _seal_again() -> Statement:
    """The last append tells the head; the last one that came with a snapshot tells the snapshot."""
    statement = insert_or(_sealed)
    new = statement.excluded
    changed = {
        "sequence": new.sequence,
        "head": new.head,
        "snapshot_sequence": func.coalesce(new.snapshot_sequence, _sealed.c.snapshot_sequence),
        "snapshot": func.coalesce(new.snapshot, _sealed.c.snapshot),
    }
    return Statement(statement.on_conflict_do_update(index_elements=[_sealed.c.conversation], set_=changed))


_SEAL = _seal_again()


_RECALLABLE = """customer <> '' AND expires_at > :now AND NOT EXISTS (
    SELECT 1 FROM main.forgettings AS line
    WHERE line.customer = memories.customer AND line.at >= memories.at AND line.kind IN ('', memories.kind)
    AND line.of_conversation IN ('', memories.conversation) AND line.key IN ('', memories.key))"""
"""Of what is remembered, that which can still be recalled: the rest is removed some time or other."""


def _write_difference(table: Table) -> str:
    """Whose rows stand in the table and not among the expected ones, or the other way round."""
    key = "id" if table is conversations else "conversation"
    where = f"WHERE (:only IS NULL OR {key} = :only) AND {_RECALLABLE if table is memories else ':now <> 0'}"
    columns = ", ".join(table.c.keys())
    stored = f"SELECT {columns} FROM main.{table.name} {where}"  # noqa: S608  # names of columns
    expected = f"SELECT {columns} FROM temp.{table.name} {where}"  # noqa: S608  # the same
    differing = (
        f"SELECT * FROM ({stored} EXCEPT {expected}) UNION ALL SELECT * FROM ({expected} EXCEPT {stored})"  # noqa: S608
    )
    return f"SELECT DISTINCT CAST({key} AS BLOB) FROM ({differing})"  # noqa: S608


_DIFFERING = {table.name: _write_difference(table) for table in PROJECTIONS}


def last_anchor(path: Path) -> Anchor | None:
    """Return the newest anchor, to be noted where whoever can write the record cannot; None while it is empty.

    Raises: NotFound, code `record`.
    """
    engine = open_reader(path)
    try:
        with engine.connect() as connection:
            newest = select(anchors.c.number, anchors.c.hash).order_by(anchors.c.number.desc()).limit(1)
            row = connection.execute(newest).one_or_none()
            return None if row is None else Anchor(row.number, row.hash.hex())
    finally:
        engine.dispose()


def verify(
    path: Path,
    conversation: ConversationId | None = None,
    *,
    witness: Anchor | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """Read the record at `path`, or one conversation of it, and return what is not as it was written.

    witness:  an anchor noted earlier: finds a record that was cut off or made anew as a whole since.
    progress: told now and then how many events have been read, and of how many.
    Bounds:   reads a running record as of one moment; memory does not grow with it; at most `FINDINGS_MAX` findings.
    Raises:   NotFound, code `record`.
    """
    engine = open_reader(path)
    findings: list[Finding] = []
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            _Audit(connection, conversation, findings).run(witness, progress or _silent)
    except _TooMany:
        findings.append(Finding("more", f"there are more than {FINDINGS_MAX} findings"))
    except (DatabaseError, sqlite3.DatabaseError) as error:
        findings.append(Finding("damaged", f"the file cannot be read to its end: {error}"))
    finally:
        engine.dispose()
    return findings


def _silent(done: int, total: int) -> None:
    """Say nothing."""


class _Walk:
    """How far the chain of one conversation has been followed."""

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.sequence = 0
        self.hash = chain.genesis(_text(name))
        self.true_hash = (
            self.hash
        )  # what the last event's hash should be, should the column have been altered
        self.doubtful = False  # the last event was found altered: nothing can be said of what is linked to it
        self.sound = True


class _Audit:
    """One verification; collects findings into the list given."""

    def __init__(
        self, connection: Connection, conversation: ConversationId | None, findings: list[Finding]
    ) -> None:
        self._connection = connection
        self._only = conversation
        self._now = write_moment(SystemClock().now())
        self._findings = findings
        self._unsound: set[bytes] = set()
        self._seals: list[Values] = []
        self._fold = Fold(connection)

    def run(self, witness: Anchor | None, progress: Progress) -> None:
        """Verify file, anchors, snapshots, events and projections, in this order."""
        for table in (_sealed, *_EXPECTED):
            self._connection.execute(CreateTable(table))
        if self._only is None:
            self._check_file()
        self._check_anchors(witness)
        self._check_snapshots()
        self._check_events(progress)
        self._check_deleted()
        self._fold.write()
        for table in PROJECTIONS:
            self._check_projection(table)

    def _find(self, finding: Finding) -> None:
        if len(self._findings) >= FINDINGS_MAX:
            raise _TooMany
        self._findings.append(finding)

    def _check_file(self) -> None:
        for (said,) in self._connection.exec_driver_sql("PRAGMA main.integrity_check(20)"):
            if said != "ok":
                self._find(Finding("damaged", str(said)))

    def _stream(self, table: Table, *order: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table: numbers as numbers, all else as bytes."""
        columns = (
            cast(column, Integer if isinstance(column.type, Integer) else LargeBinary) for column in table.c
        )
        statement = select(*columns).order_by(*(table.c[name] for name in order))
        if self._only is not None and table is not anchors:
            statement = statement.where(table.c.conversation == self._only)
        for row in self._connection.execute(statement, execution_options={"yield_per": 500}):
            yield tuple(row)

    def _check_anchors(self, witness: Anchor | None) -> None:
        last, last_hash, seen = 0, chain.ANCHOR_GENESIS, False
        for number, name, sequence, head, snapshot, previous, stored in self._stream(anchors, "number"):
            true_hash = chain.seal(last_hash, number, _text(name), sequence, head, snapshot)
            if number != last + 1:
                self._find(Finding("anchor", f"anchors {last + 1} to {number - 1} are missing"))
            elif previous != last_hash or stored != true_hash:
                self._find(Finding("anchor", f"anchor {number} was altered", _text(name), sequence))
            if witness is not None and number == witness.number:
                seen = (stored or b"").hex() == witness.hash
            self._seal(name, sequence, head, snapshot)
            last, last_hash = number, stored
        self._write_seals()
        if witness is not None and not seen:
            self._find(Finding("anchor", f"anchor {witness.number} is not the one that was noted"))

    def _seal(self, name: bytes, sequence: int, head: bytes, snapshot: bytes | None) -> None:
        if self._only is not None and _text(name) != self._only:
            return
        values: Values = {
            "conversation": name,
            "sequence": sequence,
            "head": head,
            "snapshot_sequence": None if snapshot is None else sequence,
            "snapshot": snapshot,
        }
        self._seals.append(values)
        if len(self._seals) == BATCH_MAX:
            self._write_seals()

    def _write_seals(self) -> None:
        _SEAL.run(self._connection, self._seals)
        self._seals.clear()

    def _sealed(self, name: bytes) -> tuple[Any, ...] | None:
        found = self._connection.execute(select(_sealed).where(_sealed.c.conversation == name)).one_or_none()
        return None if found is None else tuple(found)

    def _check_snapshots(self) -> None:
        for name, sequence, body, digest in self._stream(snapshots):
            sealed = self._sealed(name)
            true_digest = chain.digest(body or b"")
            if digest != true_digest or sealed is None or sealed[3:] != (sequence, true_digest):
                self._find(
                    Finding("snapshot", "the snapshot is not the one that was taken", _text(name), sequence)
                )

    def _check_events(self, progress: Progress) -> None:
        total = self._connection.execute(select(func.count()).select_from(events)).scalar_one()
        walk: _Walk | None = None
        for done, row in enumerate(self._stream(events, "conversation", "sequence")):
            if done % PROGRESS_EVERY == 0:
                progress(done, total)
            if walk is None or walk.name != row[0]:
                if walk is not None:
                    self._check_end(walk)
                walk = _Walk(row[0])
            self._check_event(walk, *row[1:])
        if walk is not None:
            self._check_end(walk)
        progress(total, total)

    def _check_event(
        self, walk: _Walk, sequence: int, at: bytes, kind: bytes, body: bytes, previous: bytes, stored: bytes
    ) -> None:
        name = _text(walk.name)
        follows = sequence == walk.sequence + 1
        if sequence <= walk.sequence:
            self._break(walk, Finding("duplicated", "the sequence is there twice", name, sequence))
        elif not follows:
            gone = f"events {walk.sequence + 1} to {sequence - 1} are missing"
            self._break(walk, Finding("missing", gone, name, walk.sequence + 1))
        linked = not follows or walk.doubtful or previous in (walk.hash, walk.true_hash)
        base = previous if linked else walk.hash
        true_hash = chain.link(base, name, sequence, _text(at), _text(kind), body or b"")
        walk.doubtful = not linked or stored != true_hash
        if walk.doubtful:
            altered = "time, kind, body or hashes are not what was written"
            self._break(walk, Finding("altered", altered, name, sequence))
        walk.sequence, walk.hash, walk.true_hash = sequence, stored, true_hash
        if walk.sound:
            self._project(walk, at, body)

    def _project(self, walk: _Walk, at: bytes, body: bytes) -> None:
        name = _text(walk.name)
        try:
            event = Event(walk.sequence, read_moment(_text(at)), read_body(body))
            self._fold.add(ConversationId(name), event, walk.hash)
        except (msgspec.MsgspecError, ValueError, AssertionError) as error:
            unread = f"this version cannot read the event: {error}"
            self._break(walk, Finding("unreadable", unread, name, walk.sequence))

    def _break(self, walk: _Walk, finding: Finding) -> None:
        """Its projections are not compared any more: they were made from what has been found altered."""
        walk.sound = False
        self._unsound.add(walk.name)
        self._find(finding)

    def _check_end(self, walk: _Walk) -> None:
        name, sealed = _text(walk.name), self._sealed(walk.name)
        self._connection.execute(delete(_sealed).where(_sealed.c.conversation == walk.name))
        if sealed is None:
            self._break(walk, Finding("unsealed", "no append wrote this conversation", name))
            return
        sequence, head = sealed[1], sealed[2]
        if walk.sequence < sequence:
            gone = f"events {walk.sequence + 1} to {sequence} are missing"
            self._break(walk, Finding("truncated", gone, name, walk.sequence + 1))
        elif walk.sequence > sequence:
            self._break(walk, Finding("unsealed", "no append wrote the events from here", name, sequence + 1))
        elif head not in (walk.hash, walk.true_hash):
            self._break(walk, Finding("altered", "the head is not the one that was sealed", name, sequence))

    def _check_deleted(self) -> None:
        """Whatever was sealed and has not been met among the events."""
        for name, sequence in self._connection.execute(
            select(_sealed.c.conversation, _sealed.c.sequence).order_by(_sealed.c.conversation)
        ):
            self._unsound.add(name)
            gone = f"the conversation is gone, all {sequence} events of it"
            self._find(Finding("deleted", gone, _text(name)))

    def _check_projection(self, table: Table) -> None:
        for (name,) in self._connection.exec_driver_sql(
            _DIFFERING[table.name], {"only": self._only, "now": self._now}
        ):
            if name not in self._unsound:
                said = f"the table {table.name} does not say what the events say"
                self._find(Finding("projection", said, _text(name)))


def _text(written: bytes | None) -> str:
    return (written or b"").decode(errors="replace")
