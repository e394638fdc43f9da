"""One node of a test: sweeps shared timers until it is stopped, and writes down what it did, as the record would, once.

python -m tests.simulation.timer_node URL NODE NOW PAUSE_MS
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from sqlalchemy import Engine, create_engine, text

from tellerline.cases.keeper import Keeper
from tellerline.cases.timers import Timer
from tellerline.store.timers import SqlTimers

TABLES = (
    "CREATE TABLE IF NOT EXISTS effects (number TEXT PRIMARY KEY, node TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS attempts (number TEXT NOT NULL, node TEXT NOT NULL)",
)


class FixedClock:
    """Stands at a moment far from the real one: a node's clock may be moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def write(engine: Engine, number: str, node: str) -> None:
    """The effect is kept under a key, as an event is under its sequence: who comes second changes nothing."""
    with engine.begin() as connection:
        values = {"number": number, "node": node}
        connection.execute(text("INSERT INTO attempts VALUES (:number, :node)"), values)
        connection.execute(text("INSERT INTO effects VALUES (:number, :node) ON CONFLICT DO NOTHING"), values)


async def main(url: str, node: str, now: str, pause_ms: int) -> None:
    engine = create_engine(url)
    timers = SqlTimers.open(url)

    async def act(timer: Timer) -> None:
        await asyncio.to_thread(write, engine, timer.number, node)
        await asyncio.sleep(pause_ms / 1_000)

    keeper = Keeper(timers, act, FixedClock(datetime.fromisoformat(now)), holder=node)
    print("ready", flush=True)
    while True:
        await keeper.sweep()
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
