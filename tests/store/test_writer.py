"""One thread writes for all: in groups, in order, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from tellerline.domain import event as e
from tellerline.domain.errors import Conflict, Unavailable
from tellerline.store.audit import verify
from tellerline.store.commit import prepare
from tellerline.store.database import open_writer
from tellerline.store.log import SqliteLog
from tellerline.store.writer import GROUP_MAX, Writer
from tests.store.sample import name, number, opening, queued, said, turn

A, B = name("a"), name("b")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock, as another process would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


async def test_appends_that_wait_together_are_committed_together(path: Path) -> None:
    engine = open_writer(path)
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    writer = Writer(engine, waiting_max=1_000)
    names = [name(f"n{index}") for index in range(3 * GROUP_MAX)]
    with locked(path):
        first = asyncio.create_task(writer.submit(prepare(A, number([opening()]), None)))
        await asyncio.sleep(0.05)  # the writer waits for the lock now, all others for the writer
        rest = [writer.submit(prepare(one, number([opening()]), None)) for one in names]
        waiting = asyncio.gather(first, *rest)
        await asyncio.sleep(0.05)
    await waiting
    writer.close()
    engine.dispose()
    assert len(commits) == 1 + 3
    assert verify(path) == []


async def test_one_that_cannot_be_written_does_not_sink_the_group(log: SqliteLog, path: Path) -> None:
    names = [name(f"n{index}") for index in range(10)]
    with locked(path):
        poisoned = [[opening(), queued(priority=2**70 if index == 4 else 1)] for index in range(10)]
        appends = [log.append(one, number(bodies)) for one, bodies in zip(names, poisoned, strict=True)]
        waiting = asyncio.gather(*appends, return_exceptions=True)
        await asyncio.sleep(0.05)
    outcomes = await waiting
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [OverflowError]
    assert isinstance(outcomes[4], OverflowError)
    assert verify(path) == []
    await log.append(names[4], number([opening()]))


async def test_while_another_process_holds_the_file_it_is_unavailable(path: Path) -> None:
    with SqliteLog(path, busy_timeout_ms=20) as log:
        with locked(path), pytest.raises(Unavailable) as caught:
            await log.append(A, number([opening()]))
        assert caught.value.code == "store"
        await log.append(A, number([opening()]))
        assert len(await log.read(A)) == 1


async def test_a_full_queue_refuses_at_once(path: Path) -> None:
    with SqliteLog(path, waiting_max=3) as log:
        with locked(path):
            waiting = [asyncio.create_task(log.append(A, number([opening()])))]
            await asyncio.sleep(0.05)
            waiting += [asyncio.create_task(log.append(name(str(k)), number([opening()]))) for k in range(3)]
            await asyncio.sleep(0)
            with pytest.raises(Unavailable) as caught:
                await log.append(B, number([opening()]))
        assert caught.value.code == "store_busy"
        await asyncio.gather(*waiting)


async def test_closing_commits_what_waits_and_takes_no_more(path: Path) -> None:
    log = SqliteLog(path)
    with locked(path):
        waiting = [asyncio.create_task(log.append(name(str(k)), number([opening()]))) for k in range(20)]
        await asyncio.sleep(0)
        closing_log = asyncio.create_task(asyncio.to_thread(log.close))
        await asyncio.sleep(0.05)
        with pytest.raises(Unavailable) as caught:
            await log.append(A, number([opening()]))
    await asyncio.gather(closing_log, *waiting)
    assert caught.value.code == "store_closed"
    log.close()
    with SqliteLog(path) as again:
        assert [len(await again.read(name(str(k)))) for k in range(20)] == [1] * 20


async def test_a_caller_that_gives_up_does_not_disturb_the_others(log: SqliteLog, path: Path) -> None:
    with locked(path):
        gone = asyncio.create_task(log.append(A, number([opening()])))
        stays = asyncio.create_task(log.append(B, number([opening()])))
        await asyncio.sleep(0.01)
        gone.cancel()
        await asyncio.sleep(0)
    await stays
    assert gone.cancelled()
    assert len(await log.read(A)) == 1, "what was handed over is written"


def test_callers_on_several_event_loops_are_all_woken(log: SqliteLog) -> None:
    async def hold(own: e.ConversationId) -> int:
        await log.append(own, number([opening()]))
        for count in range(20):
            await log.append(own, turn(2 + 8 * count, count))
        return len(await log.read(own))

    async def hold_in_threads() -> list[int]:
        threads = (asyncio.to_thread(asyncio.run, hold(name(str(index)))) for index in range(3))
        return await asyncio.gather(*threads)

    assert asyncio.run(hold_in_threads()) == [161] * 3


async def test_two_processes_on_one_file_see_what_the_other_wrote(log: SqliteLog, path: Path) -> None:
    with SqliteLog(path) as other:
        await log.append(A, number([opening()]))
        await other.append(A, turn(2, 1, "m1"))
        with pytest.raises(Conflict) as stale:
            await log.append(A, number([said("m2")], 2))
        with pytest.raises(Conflict) as repeated:
            await log.append(A, number([said("m1")], 10))
        await log.append(A, turn(10, 2))
        await other.append(B, number([opening()]))
        assert (stale.value.code, repeated.value.code) == ("sequence_taken", "duplicate_message")
        assert await other.read(A) == await log.read(A)
    assert verify(path) == []


async def test_what_returned_is_on_disk_with_full_synchronisation_too(path: Path) -> None:
    with SqliteLog(path, synchronous="FULL") as log:
        await log.append(A, number([opening()]))
        with SqliteLog(path) as other:
            assert len(await other.read(A)) == 1
