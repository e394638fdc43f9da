"""The outcomes of all commits, on disk before anybody is told of them.

One row is one effect. It is written in its own transaction, synced, before the books change and before the caller hears
of it; the key is unique in the file, so not even two processes can act twice under one key.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import msgspec

from tellerline.bank.adapters.simulator.core import Change
from tellerline.domain.data import Record

_SCHEMA = """
CREATE TABLE IF NOT EXISTS origin (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS outcome (
    sequence INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    body     TEXT NOT NULL
) STRICT;
"""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A committed action and what it changed. `digest` is that of what was prepared."""

    key: str
    action: str
    customer: str
    digest: str
    at: datetime
    result: Record
    changes: list[Change]


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the books were made up from, before the first entry."""

    opened_at: datetime
    number: int


class Journal:
    """An append-only file; without a path it lives in memory. Used by one thread at a time."""

    def __init__(self, path: Path | None = None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # Commits run in worker threads, one after the other.
        self._file = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(_SCHEMA)

    def origin(self, otherwise: Origin) -> Origin:
        """Return what the books began from; on first use, `otherwise` becomes that."""
        body = msgspec.json.encode(otherwise).decode()
        self._file.execute("INSERT OR IGNORE INTO origin VALUES ('origin', ?)", (body,))
        (stored,) = self._file.execute("SELECT value FROM origin WHERE name = 'origin'").fetchone()
        return msgspec.json.decode(stored, type=Origin)

    def append(self, entry: Entry) -> int:
        """Write an entry and sync it; return its sequence.

        Raises: sqlite3.IntegrityError when the key is taken; sqlite3.Error when nobody can say whether it was written.
        """
        body = msgspec.json.encode(entry).decode()
        cursor = self._file.execute("INSERT INTO outcome (key, body) VALUES (?, ?)", (entry.key, body))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def read(self, after: int = 0) -> list[tuple[int, Entry]]:
        """Return the entries with sequence > `after`, in order."""
        rows = self._file.execute(
            "SELECT sequence, body FROM outcome WHERE sequence > ? ORDER BY sequence", (after,)
        )
        return [(sequence, msgspec.json.decode(body, type=Entry)) for sequence, body in rows]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
