"""Lines are cut, the desk is killed, answers are lost: nothing said is lost or said twice, and every page hears all once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from tellerline.desk.lines import Line
from tellerline.desk.pack import load_desk_pack
from tellerline.desk.view import view_of
from tellerline.domain import event as e
from tellerline.domain.errors import Conflict
from tellerline.testing.clock import VirtualClock
from tellerline.testing.log import MemoryLog
from tests.desk.record import LIN, House, drain, new_book
from tests.harbour import PACK

TRIALS = 1_000
STEPS = 20


@dataclass
class Page:
    """A page of the desk: what it was told, and up to where. It survives the server's death, its line does not."""

    heard: list[int] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    line: Line | None = None

    @property
    def last(self) -> int:
        return self.heard[-1] if self.heard else 0

    def listen(self) -> None:
        for message in drain(self.line) if self.line is not None else []:
            if message["kind"] == "event":
                self.heard.append(message["event"]["sequence"])  # type: ignore[index]
            self.state.update(message.get("changes", {}))  # type: ignore[call-overload]


class Trial:
    """One conversation, one representative, and bad luck."""

    def __init__(self, house: House, conversation: e.ConversationId, luck: Random) -> None:
        self.house, self.conversation, self.luck = house, conversation, luck
        self.page = Page()
        self.said: list[str] = []
        self.asked: list[str] = []

    async def run(self) -> None:
        for step in range(STEPS):
            act = self.luck.choice([self.customer, self.reply, self.reply, self.cut, self.kill, self.listen])
            await act(step)
        await self.connect()
        self.page.listen()

    async def connect(self) -> None:
        if self.page.line is None:
            self.page.line = self.house.line()
            await self.house.room.follow(self.page.line, self.conversation, self.page.last)

    async def listen(self, _: int) -> None:
        await self.connect()
        self.page.listen()

    async def customer(self, step: int) -> None:
        self.asked.append(f"m{step}")
        await self.house.customer_says(self.conversation, f"question {step}", f"m{step}")

    async def reply(self, step: int) -> None:
        """Send, and send again while the answer does not arrive or something happened in between."""
        self.said.append(f"reply {step}")
        for attempt in range(20):
            try:
                await self.house.speaking.send(
                    LIN, self.conversation, client_id=f"r{step}", text=f"reply {step}", seen=self.page.last
                )
            except Conflict as conflict:
                if conflict.code != "stale":
                    raise
                await self.listen(step)
                continue
            lost = self.luck.random() < 0.3
            if not lost:
                return
            if self.luck.random() < 0.5:
                await self.kill(attempt)
        raise AssertionError("it never got through")

    async def cut(self, _: int) -> None:
        if self.page.line is not None:
            self.house.room.close_line(self.page.line)
            self.page.line = None

    async def kill(self, _: int) -> None:
        """The process dies: what is not in the record is gone, and what was under way to the page as well."""
        old = self.house
        self.house = House(old.record.log, old.book, old.clock, old.pack)
        self.page.line = None


async def test_a_thousand_trials_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    log, book, clock, pack = MemoryLog(), new_book(tmp_path), VirtualClock(), load_desk_pack(PACK)
    for number in range(TRIALS):
        house = House(log, book, clock, pack)
        house.line()
        conversation = await house.attend(f"c{number}")
        trial = Trial(house, conversation, Random(number))
        await trial.run()
        events = await log.read(conversation)
        assert trial.page.heard == [event.sequence for event in events], f"seed {number}"
        sent = [x.body.text for x in events if isinstance(x.body, e.MessageSent) and x.body.representative]
        assert sent == trial.said, f"seed {number}"
        received = [x.body.client_id for x in events if isinstance(x.body, e.MessageReceived)]
        assert received == trial.asked, f"seed {number}"
        assert trial.page.state == as_told(trial.house, conversation), f"seed {number}"


def as_told(house: House, conversation: e.ConversationId) -> dict[str, Any]:
    thread = house.room.threads[conversation]
    view = view_of(thread, house.room.release_of(thread), house.pack)
    return dict(msgspec.json.decode(msgspec.json.encode(view)))
