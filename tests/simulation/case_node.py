"""A counter in a process of its own, on a clock that the test sets: registers complaints, keeps their time.

python -m tests.simulation.case_node DATA NOW register COUNT    registers complaints and prints their numbers
python -m tests.simulation.case_node DATA NOW keep              keeps the clocks until it is stopped
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

from tellerline.app import App, build
from tellerline.domain.event import CaseOpened
from tellerline.settings import Settings

# One complaint each: whoever complains again is asked whether it is about the open one.
CUSTOMERS = ("demo-wangfang", "demo-smith", "demo-lijun", "demo-chen", "demo-luoting", "demo-sunli")
STORY = "我要投诉，柜台把我的名字录错了两次，害我白跑三趟，到现在都没人管"


class FixedClock:
    """Stands at a moment far from the real one."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


async def register(app: App, count: int) -> None:
    for number, customer in enumerate(CUSTOMERS[:count]):
        opened = await app.counter.open(channel="test", language="zh", customer_token=customer)
        events = await app.counter.answer(opened.id, client_id=f"m{number}", text=STORY)
        case = next(event.body for event in events if isinstance(event.body, CaseOpened))
        print(json.dumps([opened.id, case.number]), flush=True)


async def keep(app: App) -> None:
    print("ready", flush=True)
    while True:
        await app.keeper.sweep()
        await asyncio.sleep(0.02)


async def main(data: Path, now: str, task: str, count: int) -> None:
    app = build(Settings(data=data, silence_s=0), clock=FixedClock(datetime.fromisoformat(now)))
    try:
        await (register(app, count) if task == "register" else keep(app))
    finally:
        await app.counter.close()
        app.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int((*sys.argv, "0")[4])))
