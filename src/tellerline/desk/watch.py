"""What happens at the desk by itself: the next ring, rings that run out, people who fall silent, and what was put off."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from tellerline.cases.number import case_number
from tellerline.desk.floor import GENERAL, Ask, Offer, decide_offers, on_duty
from tellerline.desk.room import DeskRoom
from tellerline.desk.thread import Thread
from tellerline.desk.words import Words
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.domain import event as e
from tellerline.domain.errors import ServiceError

CALL_BACK = timedelta(minutes=3)  # of waiting while nobody is at work, before a call is promised
CALL_KIND = "callback"
LOOK_S = 1.0  # how often the time itself is looked at
TELL_S = 0.05  # changes of somebody's work within this time are told together
OFFLINE = timedelta(seconds=30)  # without a page open
SILENT = timedelta(seconds=60)  # a customer unanswered by somebody who is not there, or while others are free
log_line = structlog.get_logger("tellerline.desk")


class Watch:
    """Runs beside the desk while it is open."""

    def __init__(
        self,
        room: DeskRoom,
        words: Words,
        *,
        after: Callable[[], Awaitable[None]] | None = None,
        call_back_by: Callable[[datetime], datetime | None] = lambda _: None,
    ) -> None:
        """Keep watch.

        after:        done after each look, once everybody was told of their work.
        call_back_by: until when a customer is called back for whom nobody is there now; None where none is promised.
        """
        self._room = room
        self._words = words
        self._after = after
        self._call_back_by = call_back_by

    async def run(self) -> None:
        """Look whenever something has changed, and every second; tell people about their work."""
        room = self._room
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(room.changed.wait(), LOOK_S)
            room.changed.clear()
            try:
                await self.look()
                self.tell()
                if self._after is not None:
                    await self._after()
            except Exception:  # boundary: whatever goes wrong in one look, the desk goes on looking
                log_line.exception("a look at the desk failed")
            await asyncio.sleep(TELL_S)

    async def look(self) -> None:
        """Do what is due now."""
        now = self._room.clock.now()
        self._notice_absence(now)
        for offer in [offer for offer in self._room.floor.offers.values() if offer.expires_at <= now]:
            await self._do(offer.conversation, lambda t, offer=offer: self._unanswered(t, offer))  # type: ignore[misc]
        for conversation, thread in list(self._room.threads.items()):
            if thread.snoozed_until is not None and thread.owner:
                await self._wake(conversation, thread, now)
            elif thread.owner and self._is_left_alone(thread, now):
                await self._do(conversation, self._return_silent)
        await self._ring(now)
        for ask in list(self._room.floor.asks.values()):
            if self._is_due_a_call(ask, now):
                await self._do(ask.conversation, lambda t, now=now: self._promise_call(t, now))  # type: ignore[misc]

    def _is_due_a_call(self, ask: Ask, now: datetime) -> bool:
        """Tell whether nobody at all is at work for somebody who has waited for a while."""
        if now - ask.asked_at < CALL_BACK or ask.conversation in self._room.floor.offers:
            return False
        general = msgspec.structs.replace(ask, queue=GENERAL)
        return not on_duty(self._room.floor, ask) and not on_duty(self._room.floor, general)

    def _promise_call(self, thread: Thread, now: datetime) -> list[e.Body]:
        """Promise a call with a clock, once for each wait; the customer keeps their place as well."""
        asked, due_at = thread.asked, self._call_back_by(now)
        promised = any(promise.kind == CALL_KIND and promise.state == "open" for promise in thread.promises)
        if asked is None or due_at is None or promised or thread.owner or thread.tracker.waiting is None:
            return []
        conversation = thread.tracker.conversation
        number = case_number(f"{conversation}/call/{asked.at.isoformat()}", now.astimezone(BANK_ZONE).date())
        release = self._room.release_of(thread)
        alarms = release.clock.alarms(release.cases.of(CALL_KIND), now, due_at)
        summary = {"zh": "无人在线，请回电", "en": "Nobody was there; call back"}[thread.tracker.language]
        opened = e.CaseOpened(None, number, CALL_KIND, asked.queue, due_at, summary, alarms=alarms)
        due = self._words.moment(due_at, thread.tracker.language)
        return [opened, self._words.told(thread, "callback", number=number, due=due, case=number)]

    def tell(self) -> None:
        """Tell everybody whose work has changed."""
        room = self._room
        told = {name for name in room.unseen if room.lines.is_connected(name)}
        room.unseen.clear()
        for account in told:
            room.lines.tell([account], {"kind": "work", "work": room.work(account)})

    async def _do(self, conversation: e.ConversationId, decide: Callable[[Thread], Sequence[e.Body]]) -> bool:
        """Write what `decide` says, if the conversation still stands as it was thought to."""
        try:
            thread = await self._room.thread(conversation)
            added = await self._room.conversations.record(conversation, lambda _: decide(thread))
        except ServiceError as error:  # the next look tries again
            log_line.warning("not done yet", conversation=conversation, code=error.code)
            return False
        return bool(added)

    # --- rings

    async def _ring(self, now: datetime) -> None:
        offers = decide_offers(self._room.floor, now, lambda _: secrets.token_urlsafe(8))
        for offer in offers:
            self._room.floor.rung_at[offer.account] = now
        await asyncio.gather(
            *(self._do(offer.conversation, lambda t, offer=offer: self._offer(t, offer)) for offer in offers)  # type: ignore[misc]
        )

    def _offer(self, thread: Thread, offer: Offer) -> list[e.Body]:
        ask = self._room.ask_of(thread)
        if ask is None or thread.offer is not None:
            return []
        return [e.HandoverOffered(offer.account, offer.id, offer.expires_at, ask.by)]

    def _unanswered(self, thread: Thread, offer: Offer) -> list[e.Body]:
        """Nobody answered the ring: whoever was rung at is away, which is the truth."""
        if thread.offer is None or thread.offer.offer != offer.id:
            return []
        self._room.set_presence(offer.account, "away", "ring_unanswered")
        return [e.HandoverOfferEnded(offer.account, offer.id, "unanswered")]

    # --- people

    def _notice_absence(self, now: datetime) -> None:
        for account, presence in list(self._room.floor.presence.items()):
            gone = not presence.connected and presence.state != "offline" and now - presence.since >= OFFLINE
            if gone:
                self._room.set_presence(account, "offline")

    def _is_left_alone(self, thread: Thread, now: datetime) -> bool:
        """Tell whether a customer waits for somebody who will not answer, or need not wait for them."""
        waits_since = thread.unanswered_since
        if waits_since is None or now - max(waits_since, thread.accepted_at or waits_since) < SILENT:
            return False
        presence = next((p for name, p in self._room.floor.presence.items() if name == thread.owner), None)
        if presence is None or presence.state in ("offline", "away"):
            return True
        return presence.state != "available" and self._somebody_is_free(thread)

    def _somebody_is_free(self, thread: Thread) -> bool:
        floor = self._room.floor
        queue = thread.asked.queue if thread.asked is not None else ""
        return any(
            account != thread.owner
            and queue in member.queues
            and thread.tracker.language in member.languages
            and floor.presence[account].state == "available"
            and floor.presence[account].connected
            and floor.load(account) < member.capacity
            for account, member in floor.members.items()
        )

    def _return_silent(self, thread: Thread) -> list[e.Body]:
        if not thread.owner or thread.unanswered_since is None:
            return []
        told = self._words.told(thread, "waiting_again")
        return [e.HandoverReturned(thread.owner, "queue", "silent"), told]

    async def _wake(self, conversation: e.ConversationId, thread: Thread, now: datetime) -> None:
        due = thread.snoozed_until is not None and thread.snoozed_until <= now
        if due or thread.unanswered_since is not None:
            reason = "due" if due else "customer"
            await self._do(conversation, lambda t: [e.SnoozeEnded(reason)] if t.snoozed_until else [])  # type: ignore[arg-type]


async def load_waiting(room: DeskRoom, conversations: Iterable[e.ConversationId]) -> int:
    """Read the conversations that wait, are attended to or hold a promise; return how many. After a restart."""
    count = 0
    for conversation in conversations:
        await room.thread(conversation)
        count += 1
    return count
