"""The clocks of cases over days, in real processes: killed with -9, started again, under a moved clock. Each rings once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tellerline.domain import event as e
from tellerline.store.audit import verify
from tellerline.store.log import SqliteLog
from tests.harbour import ROOT, link_releases

OPENED = datetime(2026, 11, 23, 2, tzinfo=UTC)
COUNT = 6


def node(data: Path, now: datetime, *task: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.simulation.case_node", str(data), now.isoformat(), *task]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


async def alarms(data: Path, talks: list[str]) -> Counter[tuple[str, int]]:
    """Count the alarms in the record, by case and share."""
    found: Counter[tuple[str, int]] = Counter()
    with SqliteLog(data / "record.sqlite3") as log:
        for talk in talks:
            for event in await log.read(e.ConversationId(talk)):
                if isinstance(event.body, e.CaseAlarmed):
                    found[event.body.number, event.body.share] += 1
    return found


async def rung(data: Path, talks: list[str], count: int, timeout_s: float = 60) -> Counter[tuple[str, int]]:
    """Wait until `count` alarms are in the record, and a moment longer."""
    deadline = time.monotonic() + timeout_s
    while sum((found := await alarms(data, talks)).values()) < count:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)  # noqa: ASYNC251  nothing else runs here
    return found


@pytest.mark.timeout(600)
async def test_alarms_of_days_survive_kills_and_moved_clocks(tmp_path: Path) -> None:
    link_releases(tmp_path)
    first = node(tmp_path, OPENED, "register", str(COUNT))
    output, _ = first.communicate(timeout=300)
    cases = [json.loads(line) for line in output.splitlines()]
    talks, numbers = [talk for talk, _ in cases], [number for _, number in cases]
    assert len(set(numbers)) == COUNT

    # Half of the time is over; the node is killed while it rings.
    for _ in range(2):
        process = node(tmp_path, OPENED + timedelta(days=8, hours=4), "keep")
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if await alarms(tmp_path, talks):
            time.sleep(1)  # noqa: ASYNC251  let it ring again, if it would
        else:
            await rung(tmp_path, talks, 1)
        kill(process)

    # Its lease is over for whoever comes later; a clock moved back rings nothing again.
    for now in (timedelta(days=8, hours=5), timedelta(days=1), timedelta(days=8, hours=6)):
        process = node(tmp_path, OPENED + now, "keep")
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if now != timedelta(days=1):
            await rung(tmp_path, talks, COUNT)
        time.sleep(0.5)  # noqa: ASYNC251  the same
        kill(process)
    assert await alarms(tmp_path, talks) == Counter({(number, 50): 1 for number in numbers})

    # The node was away when the day came: what went by is told once, by the last alarm, and the customer hears of it.
    process = node(tmp_path, OPENED + timedelta(days=20), "keep")
    await rung(tmp_path, talks, 2 * COUNT)
    time.sleep(0.5)  # noqa: ASYNC251  the same
    kill(process)
    found = await alarms(tmp_path, talks)
    assert found == Counter({(number, share): 1 for number in numbers for share in (50, 100)})
    with SqliteLog(tmp_path / "record.sqlite3") as log:
        events = await log.read(e.ConversationId(talks[0]))
    told = [x.body for x in events if isinstance(x.body, e.MessageSent) and x.body.author == "system"]
    assert len(told) == 1
    assert numbers[0] in told[0].text
    assert "很抱歉" in told[0].text
    assert verify(tmp_path / "record.sqlite3") == []
