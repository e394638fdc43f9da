"""The conversations that are being talked in, kept in memory with a lock each; the rest lie in the record."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from tellerline.dialogue.engine import Conversation, load_conversation
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.tracker import Tracker
from tellerline.domain.errors import NotFound
from tellerline.domain.event import ConversationId


@dataclass
class Seat:
    """What is kept in memory for one conversation. `conversation` is None when it has to be read (again)."""

    lock: asyncio.Lock
    conversation: Conversation | None = None
    timer: asyncio.Task[None] | None = None
    burst_began: float = 0.0
    typing_until: float = 0.0
    failed_count: int = 0  # turns in a row that could not be written

    @property
    def is_busy(self) -> bool:
        """Whether a turn is under way or about to be."""
        return self.lock.locked() or (self.timer is not None and not self.timer.done())


class Seats:
    """Seats by conversation; the one not used for longest is given up first."""

    def __init__(self, log: EventLog, seats_max: int) -> None:
        self._log = log
        self._seats_max = seats_max
        self._seats: OrderedDict[ConversationId, Seat] = OrderedDict()

    def __iter__(self) -> Iterator[tuple[ConversationId, Seat]]:
        return iter(list(self._seats.items()))

    def get(self, name: ConversationId) -> Seat | None:
        """Return the seat of a conversation that is in memory."""
        return self._seats.get(name)

    def take(self, name: ConversationId) -> Seat:
        """Return the seat of a conversation, making room for it."""
        seat = self._seats.get(name)
        if seat is None:
            seat = self._seats[name] = Seat(asyncio.Lock())
            self._make_room()
        self._seats.move_to_end(name)
        return seat

    async def conversation(self, seat: Seat, name: ConversationId) -> Conversation:
        """Return the conversation, read from the record if need be. The seat's lock is held. Raises: NotFound."""
        if seat.conversation is None:
            seat.conversation = await load_conversation(self._log, name)
        return seat.conversation

    async def tracker(self, name: ConversationId) -> Tracker:
        """Return where a conversation stands. Raises: NotFound."""
        seat = self.take(name)
        if seat.conversation is not None:
            return seat.conversation.tracker
        try:
            async with seat.lock:
                return (await self.conversation(seat, name)).tracker
        except NotFound:
            self._seats.pop(name, None)
            raise

    def _make_room(self) -> None:
        while len(self._seats) > self._seats_max:
            name, seat = next(iter(self._seats.items()))
            if seat.is_busy:
                return
            del self._seats[name]
