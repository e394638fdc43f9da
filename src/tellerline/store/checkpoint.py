"""Bringing the write-ahead log into the file beside the writer, so that no caller waits for the disk meanwhile."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable

EVERY_S = 1e6


class Checkpointer:
    """A thread that makes durable, about every second, what was committed since.

    It only does what needs no lock; should it fail or lag, the writer's own checkpoint steps in (`database`).
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tellerline-checkpoint", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        with contextlib.closing(self._connect()) as connection:
            while not self._ended.wait(EVERY_S):
                with contextlib.suppress(sqlite3.OperationalError):
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
