"""Timers on several nodes, one of them killed with -9 in the middle of its work: each leads to its effect, once."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from tellerline.cases.timers import LEASE, Timer
from tellerline.store.timers import SqlTimers
from tests.contract.test_timers import schema_url
from tests.harbour import ROOT
from tests.services import POSTGRESQL
from tests.simulation.timer_node import TABLES

pytestmark = pytest.mark.services("postgresql")
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
COUNT = 120


@pytest.fixture
def url() -> Iterator[str]:
    name = f"nodes_{uuid.uuid4().hex[:12]}"
    made = schema_url(name)
    engine = create_engine(made)
    with engine.begin() as connection:
        for statement in TABLES:
            connection.execute(text(statement))
    engine.dispose()
    yield made
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


@pytest.fixture
def timers(url: str) -> Iterator[SqlTimers]:
    opened = SqlTimers.open(url)
    yield opened
    opened.close()


def start(url: str, node: str, now: datetime, pause_ms: int = 15) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.simulation.timer_node", url, node, now.isoformat(), str(pause_ms)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def rows(url: str, table: str) -> list[tuple[str, str]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [
            (number, node) for number, node in connection.execute(text(f"SELECT number, node FROM {table}"))
        ]
    engine.dispose()
    return found


def wait_for(url: str, count: int, timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while len(rows(url, "effects")) < count:
        assert time.monotonic() < deadline, f"{len(rows(url, 'effects'))} of {count}"
        time.sleep(0.1)


async def come_to_rest(url: str) -> None:
    """Wait until nothing more is done for a second."""
    before, now = -1, 0
    while now != before:
        await asyncio.sleep(1)
        before, now = now, len(rows(url, "effects"))


async def test_two_nodes_one_killed_and_each_timer_fires_once(url: str, timers: SqlTimers) -> None:
    days = timedelta(days=7)
    nodes = {name: start(url, name, START + days) for name in ("a", "b")}
    try:
        await timers.set(
            [Timer("talk", f"K{n:03}", 50, START + days, START + 2 * days) for n in range(COUNT)]
        )
        wait_for(url, COUNT // 5)
        kill(nodes.pop("a"))  # in the middle of what it had claimed
        done = {node for _, node in rows(url, "attempts")}
        assert done == {"a", "b"}, "both nodes take part"
        await come_to_rest(url)  # the living node has done what is not the dead one's
        assert len(rows(url, "effects")) < COUNT
        # What the dead node held is free when its lease is over; the clock of the third node is past that.
        nodes["c"] = start(url, "c", START + days + 2 * LEASE)
        wait_for(url, COUNT)
        await asyncio.sleep(0.5)
    finally:
        for process in nodes.values():
            kill(process)
    effects, attempts = rows(url, "effects"), Counter(number for number, _ in rows(url, "attempts"))
    assert len(effects) == COUNT == len({number for number, _ in effects})
    again = [number for number, count in attempts.items() if count > 1]
    assert len(again) <= 1, (
        "only the one that was being acted on when its node died is acted on a second time"
    )
    assert await timers.next_due_at() is None


async def test_a_node_whose_clock_runs_behind_fires_nothing_early_and_nothing_twice(
    url: str, timers: SqlTimers
) -> None:
    await timers.set([Timer("talk", "K1", 50, START, START + timedelta(days=1))])
    nodes = [start(url, "ahead", START), start(url, "behind", START - timedelta(days=400))]
    try:
        wait_for(url, 1)
        await asyncio.sleep(0.5)
    finally:
        for process in nodes:
            kill(process)
    assert rows(url, "attempts") == [("K1", "ahead")]
