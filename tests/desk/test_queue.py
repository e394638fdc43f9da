"""A customer is told the truth about the queue, also while nobody is there to serve it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tellerline.desk.queue import StoreDesk
from tellerline.dialogue.ports import QueuePlace
from tellerline.testing.log import MemoryLog
from tests.store.sample import SHANGHAI, name, number, opening, queued

NIGHT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI)


class StoppedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Return the same moment each time."""
        return NIGHT


async def test_the_place_is_that_behind_those_who_wait() -> None:
    log = MemoryLog()
    for index in range(3):
        await log.append(
            name(f"n{index}"), number([opening(), queued()], 1, NIGHT + timedelta(minutes=index))
        )
    desk = StoreDesk(log, lambda _: None, StoppedClock())
    assert await desk.place(name("new"), queue="general", priority=5) == QueuePlace(4, staffed=False)
    assert (await desk.place(name("new"), queue="general", priority=0)).position == 1
    assert (await desk.place(name("n1"), queue="general", priority=5)).position == 2


async def test_out_of_hours_it_says_when_representatives_are_next_on_duty() -> None:
    asked: list[datetime] = []

    def next_open(now: datetime) -> datetime:
        asked.append(now)
        return MORNING

    place = await StoreDesk(MemoryLog(), next_open, StoppedClock()).place(
        name("a"), queue="general", priority=5
    )
    assert place == QueuePlace(1, staffed=False, opens_at="2026-11-24T08:00:00+08:00")
    assert asked == [NIGHT]
