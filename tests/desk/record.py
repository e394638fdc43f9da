"""The counter as the desk uses it, on any log: it appends under a lock and tells the desk, and takes no turns."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from tellerline.desk.account import Account
from tellerline.desk.floor import Presence
from tellerline.desk.ground import Ground
from tellerline.desk.lines import Line
from tellerline.desk.pack import DeskPack, load_desk_pack
from tellerline.desk.room import DeskRoom
from tellerline.desk.speaking import Speaking
from tellerline.desk.taking import Taking
from tellerline.desk.watch import Watch
from tellerline.desk.words import Words
from tellerline.dialogue.engine import Conversation, load_conversation
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.store.desk import SqliteDesk
from tellerline.testing.clock import VirtualClock
from tests.desk.book import account
from tests.dialogue.toy import Talk
from tests.harbour import PACK

RELEASE = Talk().release
LIN, ZHAO = account("lin.yue"), account("zhao.min", "supervisor", queues=["crisis"])


class Record:
    """Conversations on a log. `lose_next`: the next answer is lost after it was written, as in a crash."""

    def __init__(self, log: EventLog, clock: VirtualClock) -> None:
        self.log, self.clock = log, clock
        self.watcher: Callable[[e.ConversationId, Sequence[e.Event]], None] = lambda *_: None
        self.notices: list[tuple[e.ConversationId, tuple[c.Command, ...], str]] = []
        self._held: dict[e.ConversationId, Conversation] = {}
        self._locks: dict[e.ConversationId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, name: str, language: str = "zh") -> e.ConversationId:
        conversation = e.ConversationId(name)
        held = self._held[conversation] = Conversation(Tracker(conversation=name), [], 0)
        held.add(e.ConversationOpened("web", language, "r1", "x"), self.clock.now())  # type: ignore[arg-type]
        await self._save(held)
        return conversation

    async def add(self, conversation: e.ConversationId, *bodies: e.Body) -> list[e.Event]:
        return await self.record(conversation, lambda _: bodies)

    async def record(
        self, conversation: e.ConversationId, decide: Callable[[Tracker], Sequence[e.Body]]
    ) -> list[e.Event]:
        async with self._locks[conversation]:
            held = self._held.get(conversation) or await load_conversation(self.log, conversation)
            self._held[conversation] = held
            added = [held.add(body, self.clock.now()) for body in decide(held.tracker)]
            await self._save(held)
        return added

    async def _save(self, held: Conversation) -> None:
        if held.new:
            name = e.ConversationId(held.tracker.conversation)
            events, held.new = held.new, []
            await self.log.append(name, events)
            self.watcher(name, events)

    async def notice(self, conversation: e.ConversationId, *commands: c.Command, by: str = "") -> None:
        self.notices.append((conversation, commands, by))

    async def tracker(self, conversation: e.ConversationId) -> Tracker:
        return (await load_conversation(self.log, conversation)).tracker

    async def all_events(self, conversation: e.ConversationId, *, after: int = 0) -> Sequence[e.Event]:
        return await self.log.read(conversation, after=after)


class House:
    """A desk of two people on a record, with the toy bank's release."""

    def __init__(
        self, log: EventLog, book: SqliteDesk, clock: VirtualClock, pack: DeskPack | None = None
    ) -> None:
        self.clock, self.book = clock, book
        self.pack = pack or load_desk_pack(PACK)
        self.record = Record(log, clock)
        self.room = DeskRoom(book=book, pack=self.pack, releases={"r1": RELEASE}, clock=clock)
        self.room.attach(self.record)
        self.record.watcher = self.room.noticed
        words = Words(self.pack, lambda text: text)
        ground = Ground(self.room, words)
        self.taking, self.speaking = Taking(ground), Speaking(ground)
        self.watch = Watch(self.room, words, call_back_by=lambda now: now + timedelta(hours=2))
        for person in (LIN, ZHAO):
            self.room.enter(person)

    def line(self, who: Account = LIN, *, available: bool = True) -> Line:
        line = Line(who.account, who.role)
        self.room.open_line(line)
        if available:
            self.room.set_presence(who.account, "available")
        return line

    async def ask(self, conversation: e.ConversationId, **fields: object) -> None:
        asked = {
            "reason": "asked",
            "queue": "general",
            "priority": 5,
            "position": 1,
            "staffed": True,
        } | fields
        await self.record.add(conversation, e.HandoverRequested(**asked))  # type: ignore[arg-type]
        await self.room.thread(conversation)

    async def look(self) -> None:
        await self.watch.look()

    def offer(self, conversation: e.ConversationId) -> e.HandoverOffered | None:
        return self.room.threads[conversation].offer

    def presence(self, who: Account = LIN) -> Presence:
        return self.room.floor.presence[who.account]

    async def attend(self, name: str, who: Account = LIN) -> e.ConversationId:
        """Open a conversation and let `who` accept it."""
        conversation = await self.record.open(name)
        await self.ask(conversation)
        await self.look()
        ring = self.offer(conversation)
        assert ring is not None
        await self.taking.accept(who, conversation, ring.offer)
        return conversation

    async def customer_says(self, conversation: e.ConversationId, text: str, client_id: str) -> None:
        await self.record.add(conversation, e.MessageReceived(client_id, text))

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds=timedelta(seconds=seconds).total_seconds())


def drain(line: Line) -> list[dict[str, object]]:
    """Return what was sent over a line, as it goes over the wire."""
    messages = []
    while not line.waiting.empty():
        messages.append(msgspec.json.decode(msgspec.json.encode(line.waiting.get_nowait())))
    return messages


def open_house(folder: Path, log: EventLog) -> House:
    return House(log, new_book(folder), VirtualClock())


def new_book(folder: Path) -> SqliteDesk:
    """Return a book with the accounts of the house."""
    book = SqliteDesk(folder / "desk.sqlite3")
    for person in (LIN, ZHAO):
        book.add(person)
    return book
