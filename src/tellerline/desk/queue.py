"""The queue to the representatives, as a customer is told of it: never better than it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from tellerline.dialogue.ports import QueuePlace
from tellerline.domain.clock import Clock
from tellerline.domain.event import ConversationId


class WaitingLine(Protocol):
    """Who waits for whom, as the record has it."""

    async def ahead(self, conversation: ConversationId, *, queue: str, priority: int) -> int:
        """Count who waits in `queue` before `conversation`, were it queued now with `priority`.

        The smaller priority goes first, among equals whoever asked earlier; who waits there keeps the time of asking.
        """
        ...


class StoreDesk:
    """The dialogue's `Desk` while no representative can sign in: the place is true, and nobody is said to be there.

    next_open: when representatives are next on duty, aware; None while they are on duty, or when it is not known.
    """

    def __init__(
        self, line: WaitingLine, next_open: Callable[[datetime], datetime | None], clock: Clock
    ) -> None:
        self._line = line
        self._next_open = next_open
        self._clock = clock

    async def place(self, conversation: ConversationId, *, queue: str, priority: int) -> QueuePlace:
        """Tell where `conversation` would stand if queued now (or stands already)."""
        ahead = await self._line.ahead(conversation, queue=queue, priority=priority)
        opens_at = self._next_open(self._clock.now())
        return QueuePlace(
            position=ahead + 1,
            staffed=False,
            wait_minutes=None,
            opens_at="" if opens_at is None else opens_at.isoformat(),
        )
