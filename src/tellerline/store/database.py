"""Opening the file: its settings, its connections, and bringing it up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from tellerline.domain.errors import NotFound, Refused
from tellerline.store.rebuild import refold
from tellerline.store.schema import REVISION

READERS_KEPT = 4
CACHE_KIB = 16_384  # the indexes' hot pages; SQLite's own 2 MiB would read them again and again
BUSY_TIMEOUT_MS = 5_000

Synchronous: TypeAlias = Literal["NORMAL", "FULL"]


def upgrade(path: Path) -> bool:
    """Create the record at `path`, or bring it to this version; says whether there was anything to do.

    Raises: Refused, code `record_newer`, when a newer version wrote it; code `record_foreign`, when it is no record.
    """
    before = revision(path) if path.exists() else None
    if before == REVISION:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # what customers said is nobody else's on this machine
    from tellerline.store.migrations.apply import apply_steps  # noqa: PLC0415  # most of a second, hardly ever needed

    engine = open_writer(path)
    try:
        apply_steps(engine)
        if before is not None:  # a projection that is new has to say what the events so far say
            refold(engine)
    finally:
        engine.dispose()
    return True


def rebuild(path: Path) -> int:
    """Make all projections anew and drop the snapshots, in one transaction; return the number of events read.

    For when a projection was damaged or has got a new meaning, or the tracker has got a new shape. Appends of a
    running service wait meanwhile, and are refused as unavailable when it takes longer than their patience.
    """
    upgrade(path)
    engine = open_writer(path)
    try:
        return refold(engine)
    finally:
        engine.dispose()


def revision(path: Path) -> str | None:
    """Return the revision of the record at `path`; None while it is empty.

    Raises: Refused, code `record_foreign`.
    """
    try:
        with closing(sqlite3.connect(_address(path, "ro"), uri=True)) as connection:
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if not tables:
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else None
    except sqlite3.DatabaseError as error:
        raise Refused("record_foreign", f"{path.name} cannot be read as a record: {error}") from error


def open_writer(
    path: Path, synchronous: Synchronous = "NORMAL", busy_timeout_ms: int = BUSY_TIMEOUT_MS
) -> Engine:
    """Return an engine with one connection, whose transactions hold the write lock from their beginning."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms:d}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=0)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def open_reader(path: Path) -> Engine:
    """Return an engine whose connections cannot write; each statement sees what is committed when it begins.

    Raises: NotFound, code `record`.
    """
    if not path.exists():
        raise NotFound("record", f"there is no record at {path}")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            _address(path, "ro"), uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        return connection

    # Without a limit, because a reader that waited for another would make the event loop wait.
    return create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=READERS_KEPT, max_overflow=-1
    )


class InRecord:
    """Something kept in the record's file beside the conversations: opened for reading and, one at a time, for writing."""

    def __init__(self, path: Path) -> None:
        upgrade(path)
        self._writer = open_writer(path)
        self._reader = open_reader(path)

    def close(self) -> None:
        """Close the file."""
        self._writer.dispose()
        self._reader.dispose()


def _address(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
