"""The one thread that writes: whatever waits when it is free goes into one transaction together."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import sys
import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from tellerline.domain.errors import Unavailable
from tellerline.store.commit import Append, commit

GROUP_MAX = 128  # appends in one transaction, so that no caller waits for an endless one
SWITCH_INTERVAL_S = 0.000_5
"""How long a busy event loop may keep the writer from going on after each step of SQLite.

A commit of one turn takes some twenty steps. With the interpreter's own 5 ms, a loop that has always something to do
would stretch it to over 100 ms.
"""


class _Ticket(NamedTuple):
    append: Append
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class Writer:
    """Takes appends from any event loop, commits them in groups, and wakes the callers once they are on disk."""

    def __init__(self, engine: Engine, *, waiting_max: int) -> None:
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL_S))
        self._engine = engine
        self._waiting_max = waiting_max
        self._tickets: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._open = True
        self._gate = threading.Lock()  # nothing enters the queue after the mark that ends it
        self._thread = threading.Thread(target=self._run, name="tellerline-writer", daemon=True)
        self._thread.start()

    async def submit(self, append: Append) -> None:
        """Return when `append` is committed. A caller that is cancelled meanwhile does not take it back.

        Raises: Conflict; Unavailable, code `store_busy`, `store_closed` or `store`, when nothing was written.
        """
        loop = asyncio.get_running_loop()
        ticket = _Ticket(append, loop, loop.create_future())
        with self._gate:
            if not self._open:
                raise Unavailable("store_closed", "the record is being closed")
            if self._tickets.qsize() >= self._waiting_max:
                raise Unavailable("store_busy", f"{self._waiting_max} appends are waiting already")
            self._tickets.put(ticket)
        await ticket.done

    def close(self) -> None:
        """Commit what is waiting, and end."""
        with self._gate:
            if self._open:
                self._open = False
                self._tickets.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            group, ended = self._take()
            if group:
                self._settle(group, self._commit(group))

    def _take(self) -> tuple[list[_Ticket], bool]:
        """Wait for a ticket, then take along whatever else is there; say whether the queue has ended."""
        ticket = self._tickets.get()
        group: list[_Ticket] = []
        while ticket is not None:
            group.append(ticket)
            if len(group) == GROUP_MAX:
                return group, False
            try:
                ticket = self._tickets.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, group: Sequence[_Ticket]) -> list[Exception | None]:
        try:
            with self._engine.begin() as connection:
                return [*commit(connection, [ticket.append for ticket in group])]
        except (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.ProgrammingError) as error:
            failure: Exception = error
        except (sqlite3.DatabaseError, DatabaseError) as error:  # locked, full or damaged
            return [Unavailable("store", f"the record cannot be written: {error}") for _ in group]
        except Exception as error:  # boundary: one append that cannot be written must not end the thread
            failure = error
        if len(group) == 1:
            return [failure]
        return [outcome for ticket in group for outcome in self._commit([ticket])]

    def _settle(self, group: Sequence[_Ticket], outcomes: Sequence[Exception | None]) -> None:
        by_loop = defaultdict(list)
        for ticket, outcome in zip(group, outcomes, strict=True):
            by_loop[ticket.loop].append((ticket.done, outcome))
        for loop, settled in by_loop.items():
            with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                loop.call_soon_threadsafe(_wake, settled)


def _wake(settled: Sequence[tuple[asyncio.Future[None], Exception | None]]) -> None:
    for done, outcome in settled:
        if done.done():
            continue
        if outcome is None:
            done.set_result(None)
        else:
            done.set_exception(outcome)
