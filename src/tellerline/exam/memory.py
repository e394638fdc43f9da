"""A record in memory, for conversations that nobody needs to find again."""

from __future__ import annotations

from collections.abc import Sequence

from tellerline.dialogue.ports import Loaded
from tellerline.domain.errors import Conflict, NotFound
from tellerline.domain.event import ConversationId, Event, MessageReceived, TurnEnded, TurnStarted


class MemoryLog:
    """The dialogue's `EventLog` in lists: appends at once, or not at all."""

    def __init__(self) -> None:
        self._events: dict[ConversationId, list[Event]] = {}
        self._snapshots: dict[ConversationId, tuple[int, bytes]] = {}

    async def append(
        self, conversation: ConversationId, events: Sequence[Event], *, snapshot: bytes | None = None
    ) -> None:
        """Append `events`; see `EventLog`."""
        kept = self._events.setdefault(conversation, [])
        if events[0].sequence != len(kept) + 1:
            raise Conflict("sequence_taken", f"the next event is {len(kept) + 1}", sequence=len(kept) + 1)
        for event in events:
            if isinstance(event.body, MessageReceived):
                earlier = await self.find_message(conversation, event.body.client_id)
                if earlier is not None:
                    raise Conflict("duplicate_message", "this message was taken before", sequence=earlier)
        kept += events
        if snapshot is not None:
            self._snapshots[conversation] = (kept[-1].sequence, snapshot)

    async def load(self, conversation: ConversationId) -> Loaded:
        """Return what is kept; see `EventLog`."""
        sequence, snapshot = self._snapshots.get(conversation, (0, None))
        return Loaded(snapshot, await self.read(conversation, after=sequence))

    async def read(self, conversation: ConversationId, *, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return events after `after`; see `EventLog`."""
        kept = self._events.get(conversation)
        if kept is None:
            raise NotFound("conversation", "there is no such conversation")
        return kept[after : after + limit]

    async def find_message(self, conversation: ConversationId, client_id: str) -> int | None:
        """Return where a message stands; see `EventLog`."""
        for event in self._events.get(conversation, []):
            if isinstance(event.body, MessageReceived) and event.body.client_id == client_id:
                return event.sequence
        return None

    async def unanswered(self) -> list[ConversationId]:
        """Return conversations with an open turn; see `EventLog`."""
        return [name for name, kept in self._events.items() if _is_open(kept)]


def _is_open(events: Sequence[Event]) -> bool:
    received = max((x.sequence for x in events if isinstance(x.body, MessageReceived)), default=0)
    through = max((x.body.through for x in events if isinstance(x.body, TurnStarted)), default=0)
    started = max((x.sequence for x in events if isinstance(x.body, TurnStarted)), default=0)
    ended = max((x.sequence for x in events if isinstance(x.body, TurnEnded)), default=0)
    return received > through or started > ended
