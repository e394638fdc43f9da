"""Live feeds: every event of a conversation, once, in order, from any starting point."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from tellerline.dialogue.ports import EventLog
from tellerline.domain.event import ConversationId, Event

BEHIND_MAX = 1_000  # events a slow reader may lag before it is sent back to the record


class Hub:
    """Passes stored events on to whoever follows a conversation."""

    def __init__(self) -> None:
        self._readers: dict[ConversationId, set[asyncio.Queue[Event]]] = defaultdict(set)

    def __call__(self, conversation: ConversationId, events: Sequence[Event]) -> None:
        """Pass events on. Never waits: a reader that lags too far reads the record instead."""
        for queue in self._readers.get(conversation, ()):
            for event in events:
                if queue.qsize() < BEHIND_MAX:
                    queue.put_nowait(event)

    async def follow(
        self, log: EventLog, conversation: ConversationId, *, after: int
    ) -> AsyncIterator[Event]:
        """Yield events with sequence > `after`: first what is stored, then what comes, without gap or repeat."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._readers[conversation].add(queue)
        try:
            last = after
            for event in await log.read(conversation, after=last):
                last = event.sequence
                yield event
            while True:
                event = await queue.get()
                if event.sequence <= last:
                    continue
                if event.sequence == last + 1:
                    last = event.sequence
                    yield event
                    continue
                for missed in await log.read(conversation, after=last):
                    last = missed.sequence
                    yield missed
        finally:
            self._readers[conversation].discard(queue)
            if not self._readers[conversation]:
                del self._readers[conversation]
