"""The projections are nothing but the events: made anew, they are the same."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tellerline.domain import event as e
from tellerline.store import rebuild as module
from tellerline.store.audit import verify
from tellerline.store.database import rebuild
from tellerline.store.log import SqliteLog
from tellerline.store.memory import SqliteMemory
from tellerline.store.schema import PROJECTIONS
from tests.store.sample import BODIES, START, name, number, opening, queued, turn


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all projections."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: sorted(connection.execute(f"SELECT * FROM {table.name}"), key=repr)
            for table in PROJECTIONS
        }


async def fill(path: Path) -> int:
    """Append, in pieces and in turns, to conversations of every kind; return how many events."""
    lot = random.Random(8)
    count = 0
    with SqliteLog(path) as log:
        for index in range(12):
            middle = BODIES[1:-1]
            lot.shuffle(middle)
            bodies = [opening(), *middle, *([BODIES[-1]] if index % 3 else [queued()])]
            events = number(bodies)
            while events:
                piece = lot.randint(1, 12)
                await log.append(name(f"n{index}"), events[:piece], snapshot=b"tracker")
                count += len(events[:piece])
                events = events[piece:]
    with closing(SqliteMemory(path)) as memory:
        await memory.purge(
            at=START
        )  # of what one conversation forgets, another may be noting at the same moment
    return count


async def test_what_is_rebuilt_is_what_was_maintained(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_MAX", 5)
    count = await fill(path)
    memory = SqliteMemory(path)
    await memory.purge(
        at=START
    )  # what was forgotten before it was noted: clocks of conversations are their own
    memory.close()
    maintained = contents(path)
    assert all(maintained.values())
    assert rebuild(path) == count
    assert contents(path) == maintained
    assert verify(path) == []


async def test_a_damaged_projection_is_found_and_mended(path: Path) -> None:
    await fill(path)
    maintained = contents(path)
    damages = [
        "UPDATE conversations SET token_digest = 'mine' WHERE id = 'n3'",
        "UPDATE cases SET owner = 'nobody' WHERE conversation = 'n3'",
        "INSERT INTO timers VALUES ('n3', 'K9', 50, '', '')",
        "DELETE FROM messages WHERE conversation = 'n3'",
        "INSERT INTO gaps VALUES ('n3', 999, '', 'invented', 'en', 0.5)",
        "UPDATE handovers SET priority = 0 WHERE conversation = 'n3'",
    ]
    with closing(sqlite3.connect(path)) as connection, connection:
        for damage in damages:
            assert connection.execute(damage).rowcount
    findings = verify(path)
    assert {(finding.what, finding.conversation) for finding in findings} == {("projection", "n3")}
    assert len(findings) == len(damages)
    assert verify(path, name("n3")) == findings
    assert verify(path, name("n4")) == []
    rebuild(path)
    assert contents(path) == maintained
    assert verify(path) == []


async def test_a_rebuilt_record_goes_on(path: Path) -> None:
    with SqliteLog(path) as log:
        await log.append(name("a"), number([opening()]))
        await log.append(name("a"), turn(2, 1), snapshot=b"of an older shape")
        rebuild(path)
        assert (await log.load(name("a"))).snapshot is None
        await log.append(name("a"), turn(10, 2))
        await log.append(name("b"), number([opening(), e.ScamSuspected()]))
    assert verify(path) == []
