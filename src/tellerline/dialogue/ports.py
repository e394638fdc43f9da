"""What the dialogue needs of the outside: a record to append to, a desk to queue at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from tellerline.domain.event import ConversationId, Event


class Loaded(msgspec.Struct, frozen=True):
    """A conversation as stored: the newest snapshot of its tracker (msgpack), if any, and the events after it."""

    snapshot: bytes | None
    events: list[Event]


class EventLog(Protocol):
    """The append-only record. One call of `append` is one transaction."""

    async def append(
        self,
        conversation: ConversationId,
        events: Sequence[Event],
        *,
        snapshot: bytes | None = None,
    ) -> None:
        """Append `events`, whose sequences follow the last stored one; maintains intake ids, cases and the queue.

        Raises: Conflict, code `sequence_taken`, when another writer was first (nothing is written);
        Conflict, code `duplicate_message` with data `sequence`, when a MessageReceived's client_id is already there.
        """
        ...

    async def load(self, conversation: ConversationId) -> Loaded:
        """Return what is stored. Raises: NotFound, code `conversation`."""
        ...

    async def read(self, conversation: ConversationId, *, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return events with sequence > `after`, in order. Raises: NotFound."""
        ...

    async def find_message(self, conversation: ConversationId, client_id: str) -> int | None:
        """Return the sequence of the message taken under `client_id`."""
        ...

    async def unanswered(self) -> list[ConversationId]:
        """Return conversations whose last received message has no ended turn: the work a crash left behind."""
        ...

    async def doubtful(self) -> list[ConversationId]:
        """Return conversations with an open case of kind `reconcile`: an action whose outcome is not known."""
        ...


class QueuePlace(msgspec.Struct, frozen=True):
    """Where a conversation stands in a queue, told truthfully.

    position: 1-based. staffed: somebody is signed in for this queue now. wait_minutes: None when it cannot be known.
    opens_at: when representatives are next on duty, ISO with offset; "" when they are on duty now.
    """

    position: int
    staffed: bool
    wait_minutes: int | None = None
    opens_at: str = ""


class Desk(Protocol):
    """The queue to the representatives."""

    async def place(self, conversation: ConversationId, *, queue: str, priority: int) -> QueuePlace:
        """Tell where `conversation` would stand if queued now (or stands already)."""
        ...
