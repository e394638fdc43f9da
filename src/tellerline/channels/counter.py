"""The counter: where a customer's messages come in, once each, and turns are taken, one at a time per conversation.

A burst of messages is one turn: after each message there is a short quiet window, prolonged while the customer types.
An emergency is answered at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec
import structlog

from tellerline.bank.contract import Challenge, Identity
from tellerline.channels.doubt import Doubts
from tellerline.channels.feed import Hub
from tellerline.channels.intake import Intake
from tellerline.channels.seats import Seat, Seats
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.effects import caller_of
from tellerline.dialogue.engine import Conversation, Engine
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused, ServiceError
from tellerline.domain.language import Language
from tellerline.domain.reading import Context, Reading

AGAIN_S, AGAIN_MAX_S = 0.1, 60.0
"""After what time a turn that could not be written is taken up again: first, and at most."""
log_line = structlog.get_logger("tellerline.counter")


Decide: TypeAlias = Callable[[Tracker], Sequence[e.Body]]
"""Decides what happens to a conversation, from where it stands; it may refuse by raising."""


class Pace(msgspec.Struct, frozen=True):
    """When to speak. quiet_ms: silence after a message before it is answered; typing_ms: how long a sign of typing
    holds the answer back; burst_ms: the longest a customer is waited for; silence_s: 0 never asks "are you there".
    """

    quiet_ms: int = 600
    typing_ms: int = 2_500
    burst_ms: int = 8_000
    silence_s: int = 180
    reconcile_s: int = 15


class Opened(msgspec.Struct, frozen=True):
    """A new conversation. `token` is the customer's key to it and is told only here."""

    id: e.ConversationId
    token: str
    sequence: int


class Received(msgspec.Struct, frozen=True):
    """A message was taken. `duplicate`: it had been taken before under the same client id."""

    sequence: int
    duplicate: bool


class VerificationResult(msgspec.Struct, frozen=True):
    """What the secure widget shows next."""

    passed: bool
    level: int
    reason: str = ""
    tries_left: int = 0


class Counter:
    """See the module's head. All public methods are safe to call concurrently."""

    def __init__(  # noqa: PLR0913  the parts it is made of, each by name
        self,
        *,
        log: EventLog,
        engine: Engine,
        hub: Hub,
        identity: Identity,
        intake: Intake,
        clock: Clock,
        current: Callable[[str], Release],
        pace: Pace,
        seats_max: int = 5_000,
        draw: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        self._log = log
        self._engine = engine
        self._hub = hub
        self._identity = identity
        self._intake = intake
        self._clock = clock
        self._current = current
        self._pace = pace
        self._draw = draw  # so many random bytes as text: names of conversations, and the customers' keys
        self._seats = Seats(log, seats_max)
        self._tasks: set[asyncio.Task[None]] = set()
        self._doubts = Doubts(
            wait_s=float(pace.reconcile_s),
            tracker=self.tracker,
            ask=lambda conversation: self.notice(conversation, c.Continue()),
            spawn=self._spawn,
        )

    # --- opening and access

    async def open(self, *, channel: str, language: Language | None, customer_token: str | None) -> Opened:
        """Open a conversation and greet, in the language the customer once asked for when none is named now.

        Raises: Refused when the customer token is not valid.
        """
        proof = await self._identity.sign_in(customer_token) if customer_token else None
        name = e.ConversationId(self._draw(12))
        token = self._draw(24)
        conversation = Conversation(Tracker(conversation=name), [], 0)
        now = self._clock.now()
        conversation.add(
            e.ConversationOpened(
                channel,
                language or (proof.language if proof else None) or "zh",
                self._current(name).version,
                _digest(token),
                proof.customer if proof else None,
                int(proof.level) if proof else 0,
            ),
            now,
        )
        conversation.add(e.SystemNoticed(c.OpenConversation()), now)
        seat = self._seats.take(name)
        async with seat.lock:
            seat.conversation = conversation
            await self._engine.take_turn(conversation)
        return Opened(name, token, conversation.tracker.sequence)

    async def check_token(self, conversation: e.ConversationId, token: str) -> None:
        """Let only the customer who opened the conversation in.

        Raises: NotFound, the same for an unknown conversation and for a wrong token.
        """
        digest = (await self._seats.tracker(conversation)).token_digest
        if not hmac.compare_digest(digest, _digest(token)):
            raise NotFound("conversation", "there is no such conversation for this token")

    # --- messages

    async def receive(self, conversation: e.ConversationId, *, client_id: str, text: str) -> Received:
        """Take a message; it will be answered after the quiet window, at once when it is an emergency.

        Raises: NotFound; Conflict, code `conversation_closed`; Invalid, code `client_id`.
        """
        seat = self._seats.take(conversation)
        async with seat.lock:
            received = await self._take(seat, conversation, client_id, text)
            urgent = seat.conversation is not None and await self._is_urgent(seat.conversation)
        if not received.duplicate:
            self._schedule(seat, conversation, at_once=urgent)
        return received

    async def answer(self, conversation: e.ConversationId, *, client_id: str, text: str) -> list[e.Event]:
        """Take a message as a whole turn, answer it at once, and return the turn's public events.

        The same client id again returns the same events. Raises: as `receive`.
        """
        seat = self._seats.take(conversation)
        async with seat.lock:
            received = await self._take(seat, conversation, client_id, text, save=False)
            await self._turn(seat, conversation)
        return turn_of(await self._log.read(conversation, after=received.sequence), received.sequence)

    async def typing(self, conversation: e.ConversationId) -> None:
        """Note that the customer is typing: an unfinished burst is not answered."""
        seat = self._seats.get(conversation)
        if seat is not None:
            seat.typing_until = asyncio.get_running_loop().time() + self._pace.typing_ms / 1_000

    async def _take(
        self, seat: Seat, conversation: e.ConversationId, client_id: str, text: str, *, save: bool = True
    ) -> Received:
        """Take a message once. Without `save` it is written together with its turn."""
        if not client_id or len(client_id) > 100:
            raise Invalid("client_id", "client_id must have 1 to 100 characters", field="client_id")
        held = await self._seats.conversation(seat, conversation)
        earlier = await self._log.find_message(conversation, client_id)
        if earlier is not None:
            return Received(earlier, duplicate=True)
        if held.tracker.closed:
            raise Conflict("conversation_closed", "this conversation is closed; open a new one")
        event = held.add(self._intake.take(held.tracker, client_id, text), self._clock.now())
        if save:
            await self._save(seat, held)
        return Received(event.sequence, duplicate=False)

    async def _save(self, seat: Seat, held: Conversation) -> None:
        try:
            await self._engine.save(held)
        except Exception:  # boundary: what is in memory is no longer what is stored; read it again next time
            seat.conversation = None
            raise

    async def _turn(self, seat: Seat, conversation: e.ConversationId) -> None:
        held = await self._seats.conversation(seat, conversation)
        try:
            await self._engine.take_turn(held)
        except Exception as error:  # boundary: a failed turn is taken up from the record, not from memory
            seat.conversation = None
            if isinstance(error, ServiceError) and error.retryable:
                self._spawn(self._turn_again(seat, conversation))
            raise
        seat.failed_count = 0
        if held.tracker.unknown:
            self._doubts.watch(conversation)

    async def _turn_again(self, seat: Seat, conversation: e.ConversationId) -> None:
        """Take up a turn that could not be written, after a while that grows: the customer waits for it."""
        seat.failed_count += 1
        await asyncio.sleep(min(AGAIN_S * 2**seat.failed_count, AGAIN_MAX_S))
        await self._locked_turn(seat, conversation)

    # --- pacing

    async def _is_urgent(self, held: Conversation) -> bool:
        message = held.messages[-1].body if held.messages else None
        if not isinstance(message, e.MessageReceived):
            return False
        release = await self._engine.have_release(held)
        today = self._clock.now().astimezone(BANK_ZONE).date()
        return is_urgent(release.reader.read(message.text, Context(held.tracker.language, today)), release)

    def _schedule(self, seat: Seat, conversation: e.ConversationId, *, at_once: bool) -> None:
        now = asyncio.get_running_loop().time()
        running = seat.timer is not None and not seat.timer.done()
        if not running:
            seat.burst_began = now
        elif seat.timer is not None:
            seat.timer.cancel()
        seat.timer = self._spawn(self._answer_after_burst(seat, conversation, at_once=at_once))

    async def _answer_after_burst(self, seat: Seat, conversation: e.ConversationId, *, at_once: bool) -> None:
        loop = asyncio.get_running_loop()
        pace = self._pace
        if not at_once:
            latest = seat.burst_began + pace.burst_ms / 1_000
            quiet_until = loop.time() + pace.quiet_ms / 1_000
            while (wait := min(max(quiet_until, seat.typing_until), latest) - loop.time()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(wait)
        await asyncio.shield(self._spawn(self._locked_turn(seat, conversation)))

    async def _locked_turn(self, seat: Seat, conversation: e.ConversationId) -> None:
        async with seat.lock:
            await self._turn(seat, conversation)

    async def notice(self, conversation: e.ConversationId, *commands: c.Command, by: str = "") -> None:
        """Take a turn for something other than a message. by: the representative who asks for it."""
        seat = self._seats.take(conversation)
        async with seat.lock:
            held = await self._seats.conversation(seat, conversation)
            for command in commands:
                held.add(e.SystemNoticed(command, by), self._clock.now())
            await self._save(seat, held)
            await self._turn(seat, conversation)

    async def record(self, conversation: e.ConversationId, decide: Decide) -> list[e.Event]:
        """Append what `decide` makes of the conversation as it stands; nothing happens in between.

        Raises: NotFound; whatever `decide` raises, and then nothing is written.
        """
        seat = self._seats.take(conversation)
        async with seat.lock:
            held = await self._seats.conversation(seat, conversation)
            now = self._clock.now()
            added = [held.add(body, now) for body in decide(held.tracker)]
            await self._save(seat, held)
        return added

    async def tracker(self, conversation: e.ConversationId) -> Tracker:
        """Return where a conversation stands. Raises: NotFound."""
        return await self._seats.tracker(conversation)

    async def notice_silence(self) -> int:
        """Ask customers who have stopped answering whether they are still there; return how many."""
        if not self._pace.silence_s:
            return 0
        limit = self._clock.now() - timedelta(seconds=self._pace.silence_s)
        quiet = [
            name
            for name, seat in self._seats
            if seat.conversation is not None and _is_silent(seat.conversation.tracker, limit)
        ]
        for name in quiet:
            tracker = await self._seats.tracker(name)
            await self.notice(name, c.Silence(tracker.silences + 1))
        return len(quiet)

    async def recover(self) -> int:
        """Finish the turns that a crash left open; return how many."""
        names = await self._log.unanswered()
        for name in names:
            seat = self._seats.take(name)
            async with seat.lock:
                await self._turn(seat, name)
        for name in await self._log.doubtful():
            self._doubts.watch(name)
        return len(names)

    # --- verification

    async def start_verification(self, conversation: e.ConversationId, method: str) -> Challenge:
        """Begin a verification for the secure widget. Raises: Refused, Unavailable."""
        tracker = await self._seats.tracker(conversation)
        return await self._identity.start(method, conversation=conversation, caller=caller_of(tracker))

    async def check_verification(
        self, conversation: e.ConversationId, challenge: str, answer: Record
    ) -> VerificationResult:
        """Check what was typed into the secure widget, and let the flow go on."""
        tracker = await self._seats.tracker(conversation)
        try:
            proof = await self._identity.check(challenge, answer, conversation=conversation)
        except Refused as refusal:
            if refusal.code == "pending":
                return VerificationResult(passed=False, level=tracker.level, reason="pending")
            tries = refusal.data.get("tries_left", 0)
            left = tries if isinstance(tries, int) else 0
            await self.notice(conversation, c.VerificationFailed(refusal.code, final=left == 0))
            return VerificationResult(passed=False, level=tracker.level, reason=refusal.code, tries_left=left)
        await self.notice(conversation, c.Verified(int(proof.level), proof.customer, proof.method))
        return VerificationResult(passed=True, level=int(proof.level))

    # --- reading

    async def events(self, conversation: e.ConversationId, *, after: int) -> list[e.Event]:
        """Return what the customer may see of the conversation after `after`, in order."""
        events = await self._log.read(conversation, after=after)
        return [event for event in events if e.kind_of(event.body) in e.PUBLIC_KINDS]

    async def feed(self, conversation: e.ConversationId, *, after: int) -> AsyncIterator[e.Event]:
        """Yield what the customer may see, from `after` on, as it happens."""
        async for event in self._hub.follow(self._log, conversation, after=after):
            if e.kind_of(event.body) in e.PUBLIC_KINDS:
                yield event

    async def all_events(self, conversation: e.ConversationId, *, after: int = 0) -> Sequence[e.Event]:
        """Return the whole record of a conversation, for staff."""
        return await self._log.read(conversation, after=after)

    # --- housekeeping

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log_line.error("turn failed", exc_info=task.exception())

    async def close(self) -> None:
        """Finish open turns and stop the timers."""
        for task in list(self._tasks):
            task.cancel()
        for task in list(self._tasks):
            with suppress(asyncio.CancelledError):
                await task


def turn_of(events: Sequence[e.Event], sequence: int) -> list[e.Event]:
    """Return the public events of the turn that answered the message at `sequence`; `events` are those after it."""
    found: list[e.Event] = []
    through = 0
    for event in events:
        if isinstance(event.body, e.TurnStarted):
            through = event.body.through
            found = []
        if e.kind_of(event.body) in e.PUBLIC_KINDS:
            found.append(event)
        if isinstance(event.body, e.TurnEnded) and through >= sequence:
            return found
    return found


def is_urgent(reading: Reading, release: Release) -> bool:
    """Tell whether a message must be answered at once: an emergency flow, a scam, a crisis."""
    limits = release.thresholds
    if any(reading.flags.get(flag, 0) >= limits[flag] for flag in ("self_harm", "scam")):
        return True
    for segment in reading.segments:
        flow = release.flows.get(release.flow_of(segment.top.intent) or "")
        if flow is not None and flow.emergency:
            return segment.top.probability >= limits["start"]
    return False


def _is_silent(tracker: Tracker, limit: datetime) -> bool:
    waits = tracker.question is not None and tracker.question.what != "more"
    return (
        waits
        and not tracker.closed
        and not tracker.owner
        and tracker.silences < 3
        and tracker.at is not None
        and tracker.at < limit
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
