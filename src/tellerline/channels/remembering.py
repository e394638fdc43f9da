"""The customer's own hand on what is remembered of them, and the staff's look at it: every change and look is recorded."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tellerline.bank.contract import GuardedBank
from tellerline.channels.counter import Counter
from tellerline.dialogue.decide import decay_level
from tellerline.dialogue.effects import caller_of
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused
from tellerline.domain.event import ConversationId
from tellerline.domain.remembered import AddressForm, Kind, Preference, Remembered
from tellerline.memory.kind import LEVEL, PURPOSES, may_be_told
from tellerline.memory.port import Memory
from tellerline.memory.shown import Describe, Shown, show
from tellerline.memory.wish import address


class Remembering:
    """See the module's head. All methods raise NotFound for a conversation that is not there."""

    def __init__(
        self, counter: Counter, memory: Memory, bank: GuardedBank, clock: Clock, describe: Describe
    ) -> None:
        self._counter = counter
        self._memory = memory
        self._bank = bank
        self._clock = clock
        self._describe = describe

    async def own(self, conversation: ConversationId) -> list[Shown]:
        """Return what is remembered of the customer, the newest first. Raises: Refused, code `level_too_low`."""
        items = await self._recall(await self._known(conversation))
        return [show(item, self._describe) for item in items]

    async def prefer(self, conversation: ConversationId, kind: Kind, chosen: str) -> None:
        """Have a preference remembered, and say so in the conversation.

        Raises: Refused; Conflict when it is closed; Unavailable when the bank cannot say what the customer is called.
        """
        tracker = await self._known(conversation)
        _check_open(tracker)
        await self._counter.notice(conversation, c.NoteMemory(await self._preference(tracker, kind, chosen)))

    async def _preference(self, tracker: Tracker, kind: Kind, chosen: str) -> Preference:
        if kind == "address":
            profile = await self._bank.lookup("customer.profile", {}, caller=caller_of(tracker))
            assert isinstance(profile, dict)
            return address(msgspec.convert(chosen, AddressForm), profile)
        named = {"language": "language", "channel": "by", "elder_mode": "on"}[kind]
        given = chosen == "on" if kind == "elder_mode" else chosen
        wanted: Preference = msgspec.convert({"kind": kind, named: given}, Preference)
        return wanted

    async def forget(self, conversation: ConversationId, item: str | None) -> None:
        """Have one thing forgotten, or everything, and say so in the conversation.

        Raises: NotFound, code `remembered`, for what is not remembered; Refused; Conflict when it is closed.
        """
        tracker = await self._known(conversation)
        _check_open(tracker)
        if item is not None and item not in {held.id for held in await self._recall(tracker)}:
            raise NotFound("remembered", "nothing is remembered under this id")
        await self._counter.notice(conversation, c.ForgetMemory(item))

    async def viewed(self, conversation: ConversationId, *, person: str, purpose: str) -> list[Shown]:
        """Return what is remembered of a conversation's customer, names masked, for staff; the record says so first.

        Raises: Invalid, code `purpose`; Refused, code `customer_unknown`, while nobody has been identified.
        """
        if purpose not in PURPOSES:
            known = ", ".join(sorted(PURPOSES))
            raise Invalid("purpose", f"say what it is for: {known}", field="purpose")

        def decide(tracker: Tracker) -> Sequence[e.Body]:
            if tracker.customer is None:
                raise Refused("customer_unknown", "nobody has been identified in this conversation")
            return [e.MemoryViewed(person, purpose)]

        await self._counter.record(conversation, decide)
        items = await self._recall(await self._counter.tracker(conversation))
        return [show(item, self._describe, masked=True) for item in items]

    async def _recall(self, tracker: Tracker) -> list[Remembered]:
        assert tracker.customer is not None, "nothing is remembered of a stranger"
        return await self._memory.recall(tracker.customer, at=self._clock.now())

    async def _known(self, conversation: ConversationId) -> Tracker:
        """Return where a conversation stands whose customer is known well enough, also after a pause."""
        tracker = await self._counter.tracker(conversation)
        decayed = decay_level(tracker, self._clock.now())
        level = tracker.level if decayed is None else decayed.level
        if tracker.customer is None or not may_be_told(level):
            detail = "prove first who you are: sign in, or use the secure window of the conversation"
            raise Refused("level_too_low", detail, needed=LEVEL, level=level)
        return tracker


def _check_open(tracker: Tracker) -> None:
    if tracker.closed:
        raise Conflict("conversation_closed", "this conversation is closed; open a new one")
