"""A process killed in the middle of its work has lost nothing it acknowledged, and done nothing twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tellerline.domain.errors import Conflict
from tellerline.domain.event import MessageReceived
from tellerline.store.audit import verify
from tellerline.store.log import SqliteLog
from tests.store.sample import name, number, opening, turn

ROOT = Path(__file__).parents[2]
CALLERS = 12

WORK = """
import asyncio, os, sys
from pathlib import Path
from tellerline.store.log import SqliteLog
from tests.store.sample import name, number, opening, turn

async def hold(log, caller):
    own = name(f"{sys.argv[2]}-{caller}")
    await log.append(own, number([opening()]))
    for count in range(1_000_000):
        snapshot = b"tracker" * 500 if count % 7 == 6 else None
        await log.append(own, turn(2 + 8 * count, count), snapshot=snapshot)
        os.write(1, f"{own} {count}\\n".encode())

async def main():
    with SqliteLog(Path(sys.argv[1])) as log:
        await asyncio.gather(*(hold(log, caller) for caller in range(int(sys.argv[3]))))

asyncio.run(main())
"""


def work_until_killed(path: Path, run: str, acknowledged_min: int) -> dict[str, int]:
    """Append from many callers, kill the process at once, and return the last turn acknowledged to each."""
    command = [sys.executable, "-c", WORK, str(path), run, str(CALLERS)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    last: dict[str, int] = {}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for count, line in enumerate(process.stdout):
            if count == acknowledged_min:
                process.send_signal(signal.SIGKILL)
            if line.endswith("\n"):  # what was being written as it was killed is no acknowledgement
                own, turn_count = line.split()
                last[own] = int(turn_count)
    assert process.returncode == -signal.SIGKILL
    return last


@pytest.mark.parametrize("acknowledged_min", [1, 150, 700])
async def test_every_acknowledged_append_is_there_once(path: Path, acknowledged_min: int) -> None:
    acknowledged: dict[str, int] = {}
    for run in ("first", "second"):
        acknowledged |= work_until_killed(path, run, acknowledged_min)
    assert verify(path) == []
    with SqliteLog(path) as log:
        for own, last in acknowledged.items():
            events = await log.read(name(own), limit=1_000_000)
            turns, torn = divmod(len(events) - 1, 8)
            assert torn == 0, "an append is there as a whole or not at all"
            assert turns in (last + 1, last + 2), "at most the one append that was under way is there besides"
            taken = Counter(
                event.body.client_id for event in events if isinstance(event.body, MessageReceived)
            )
            assert taken == {f"m{count}": 1 for count in range(turns)}


async def test_work_goes_on_where_it_was_cut_off(path: Path) -> None:
    acknowledged = work_until_killed(path, "run", 100)
    with SqliteLog(path) as log:

        async def repeat(own: str, last: int) -> int:
            """Do as a caller does that does not know whether its last message was taken."""
            conversation, again = name(own), last + 1
            try:
                await log.append(conversation, turn(2 + 8 * again, again))
            except Conflict as conflict:
                if conflict.code != "duplicate_message":
                    raise
            return len(await log.read(conversation))

        lengths = await asyncio.gather(*(repeat(own, last) for own, last in acknowledged.items()))
        assert lengths == [1 + 8 * (last + 2) for last in acknowledged.values()]
        await log.append(name("new"), number([opening()]))
    assert verify(path) == []
