"""A small counter in memory: it answers by script, so that the doors can be tested without the rooms behind them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tellerline.bank.contract import Challenge
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, NotFound, Refused
from tellerline.domain.language import Language

Script = Callable[[str, Language], Sequence[e.Body]]
CODE = "246810"


@dataclass(frozen=True)
class Opened:
    id: e.ConversationId
    token: str


@dataclass(frozen=True)
class Received:
    sequence: int
    duplicate: bool = False


@dataclass(frozen=True)
class Checked:
    passed: bool
    level: int
    reason: str = ""
    tries_left: int = 0


@dataclass
class Thread:
    """One conversation of the fake."""

    token: str
    language: Language
    events: list[e.Event] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    turn_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: int = 0
    level: int = 0
    typed: int = 0
    tries: int = 5
    closed: bool = False


class ScriptedCounter:
    """Answers every message with what `script` says; `delay_s` is how long it thinks."""

    def __init__(
        self, clock: Clock, script: Script, *, greet: Script | None = None, delay_s: float = 0
    ) -> None:
        self.clock = clock
        self.script = script
        self.greet = greet
        self.delay_s = delay_s
        self.threads: dict[str, Thread] = {}
        self.face: str = "pending"
        self.answering: set[asyncio.Task[None]] = set()

    async def open(self, *, channel: str, language: Language | None, customer_token: str | None) -> Opened:
        if customer_token is not None and not customer_token.startswith("demo-"):
            raise Refused("sign_in_refused", "The app session is unknown or has expired.")
        name = e.ConversationId(f"c{len(self.threads) + 1}")
        token = hashlib.sha256(f"key of {name}".encode()).hexdigest()[:32]
        thread = self.threads[name] = Thread(token, language or "zh", level=1 if customer_token else 0)
        digest = hashlib.sha256(token.encode()).hexdigest()
        opened = e.ConversationOpened(channel, thread.language, "r1", digest, customer_token, thread.level)
        await self._append(thread, opened, e.SystemNoticed(c.OpenConversation()))
        greeting = self.greet("", thread.language) if self.greet else []
        await self._turn(thread, greeting)
        return Opened(name, token)

    async def check_token(self, conversation: e.ConversationId, token: str) -> None:
        thread = self.threads.get(conversation)
        if thread is None or thread.token != token:
            raise NotFound("conversation", "There is no such conversation for this token.")

    async def receive(self, conversation: e.ConversationId, *, client_id: str, text: str) -> Received:
        thread, sequence, new = await self._take(conversation, client_id, text)
        if new:
            task = asyncio.create_task(self._answer(thread, text))
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)
        return Received(sequence, duplicate=not new)

    async def answer(self, conversation: e.ConversationId, *, client_id: str, text: str) -> list[e.Event]:
        thread, sequence, new = await self._take(conversation, client_id, text)
        if new:
            await self._answer(thread, text)
        found = []
        for event in thread.events[sequence:]:
            if e.kind_of(event.body) in e.PUBLIC_KINDS:
                found.append(event)
            if isinstance(event.body, e.TurnEnded):
                break
        return found

    async def typing(self, conversation: e.ConversationId) -> None:
        self.threads[conversation].typed += 1

    async def start_verification(self, conversation: e.ConversationId, method: str) -> Challenge:
        thread = self.threads[conversation]
        thread.tries = 5
        hint = {"otp": "138****5678", "identify": "", "face": "138****5678"}[method]
        return Challenge(f"{method}-1", method, thread.level + 1, hint)  # type: ignore[arg-type]

    async def check_verification(
        self, conversation: e.ConversationId, challenge: str, answer: Record
    ) -> Checked:
        thread = self.threads[conversation]
        method = challenge.partition("-")[0]
        if method not in ("identify", "otp", "face"):
            return Checked(False, thread.level, "expired")
        if method == "face" and self.face == "pending":
            return Checked(False, thread.level, "pending")
        wrong = method == "otp" and answer.get("code") != CODE
        if wrong or (method == "face" and self.face != "approved"):
            thread.tries -= 1
            return Checked(False, thread.level, "wrong" if wrong else "declined", thread.tries)
        thread.level = {"identify": 1, "otp": 2, "face": 3}[method]
        notice = e.SystemNoticed(c.Verified(thread.level, "u1", method))
        await self._append(thread, notice, e.LevelChanged(thread.level, method, "u1"))
        await self._turn(thread, self.script(f"verified {method}", thread.language))
        return Checked(True, thread.level)

    async def events(self, conversation: e.ConversationId, *, after: int) -> list[e.Event]:
        return [
            event
            for event in self.threads[conversation].events[after:]
            if e.kind_of(event.body) in e.PUBLIC_KINDS
        ]

    async def feed(self, conversation: e.ConversationId, *, after: int) -> AsyncGenerator[e.Event, None]:
        thread = self.threads[conversation]
        while True:
            for event in thread.events[after:]:
                after = event.sequence
                if e.kind_of(event.body) in e.PUBLIC_KINDS:
                    yield event
            async with thread.changed:
                while len(thread.events) <= after:
                    await thread.changed.wait()

    async def all_events(self, conversation: e.ConversationId, *, after: int = 0) -> list[e.Event]:
        return self.threads[conversation].events[after:]

    async def say(self, conversation: str, *bodies: e.Body) -> None:
        """Let something happen on the bank's side."""
        await self._append(self.threads[conversation], *bodies)

    async def _take(self, conversation: str, client_id: str, text: str) -> tuple[Thread, int, bool]:
        thread = self.threads[conversation]
        for event in thread.events:
            if isinstance(event.body, e.MessageReceived) and event.body.client_id == client_id:
                return thread, event.sequence, False
        if thread.closed:
            raise Conflict("conversation_closed", "This conversation is closed; open a new one.")
        kept = text.replace("4111 1111 1111 1111", "[card ···1111]")
        await self._append(thread, e.MessageReceived(client_id, kept, ["card"] if kept != text else []))
        return thread, thread.events[-1].sequence, True

    async def _answer(self, thread: Thread, text: str) -> None:
        async with thread.turn_lock:
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            await self._turn(thread, self.script(text, thread.language))

    async def _turn(self, thread: Thread, bodies: Sequence[e.Body]) -> None:
        thread.turns += 1
        started = e.TurnStarted(len(thread.events))
        await self._append(thread, started, *bodies, e.TurnEnded(thread.turns))

    async def _append(self, thread: Thread, *bodies: e.Body) -> None:
        async with thread.changed:
            for body in bodies:
                at = self.clock.now() + timedelta(milliseconds=len(thread.events))
                thread.events.append(e.Event(len(thread.events) + 1, at, body))
                thread.closed = thread.closed or isinstance(body, e.ConversationClosed)
                if isinstance(body, e.LanguageSwitched):
                    thread.language = body.language
            thread.changed.notify_all()
