"""The queue to the representatives, as a customer is told of it: never better than it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tellerline.desk.floor import Ask, ahead_of, estimate_minutes, on_duty
from tellerline.desk.room import DeskRoom
from tellerline.dialogue.ports import QueuePlace
from tellerline.domain.event import ConversationId


class LiveDesk:
    """The dialogue's `Desk`: the place is the one the floor will serve in, and somebody is there only who really is.

    next_open: when representatives are next on duty, aware; None while they are on duty, or when it is not known.
    """

    def __init__(self, room: DeskRoom, next_open: Callable[[datetime], datetime | None]) -> None:
        self._room = room
        self._next_open = next_open

    async def place(self, conversation: ConversationId, *, queue: str, priority: int) -> QueuePlace:
        """Tell where `conversation` would stand if queued now (or stands already)."""
        room, now = self._room, self._room.clock.now()
        tracker = await room.conversations.tracker(conversation)
        known = room.floor.asks.get(conversation)
        asked_at = known.asked_at if known is not None and known.queue == queue else now
        licence = room.pack.queue(queue).licence
        ask = Ask(conversation, queue, priority, asked_at, tracker.language, licence)
        ahead = ahead_of(room.floor, ask, now)
        there = on_duty(room.floor, ask)
        free = sum(
            max(0, member.capacity - room.floor.load(member.account))
            for member in there
            if room.floor.presence[member.account].state == "available"
        )
        places = sum(member.capacity for member in there)
        wait = estimate_minutes(ahead, places, free, list(room.handled[queue]))
        opens_at = None if there else self._next_open(now)
        return QueuePlace(
            ahead + 1,
            staffed=bool(there),
            wait_minutes=wait if there else None,
            opens_at="" if opens_at is None else opens_at.isoformat(),
        )
