"""A record in memory, for tests and exams: the same contract as the one on disk, gone with the process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from tellerline.dialogue.ports import Loaded
from tellerline.domain import event as e
from tellerline.domain.errors import NotFound
from tellerline.memory.book import Book
from tellerline.store.intake import check_events, duplicate_message, sequence_taken
from tellerline.testing.cases import MemoryCases

_NEVER = datetime.min.replace(tzinfo=UTC)


class _Thread(msgspec.Struct):
    """One conversation: its events as written, so that what is read was really written."""

    written: list[bytes] = []
    messages: dict[str, int] = {}
    snapshot: bytes | None = None
    snapshot_sequence: int = 0
    received: int = 0
    taking: int = 0
    answered: int = 0
    last_at: datetime = _NEVER


class MemoryLog:
    """The dialogue's `EventLog`, in memory."""

    def __init__(self) -> None:
        self._threads: dict[e.ConversationId, _Thread] = {}
        self.cases = MemoryCases()
        """The cases of all conversations, and their timers."""
        self.memory = Book()
        """What is remembered from the conversations in it."""

    async def append(
        self, conversation: e.ConversationId, events: Sequence[e.Event], *, snapshot: bytes | None = None
    ) -> None:
        """Append `events`; see `EventLog`."""
        check_events(events)
        thread = self._threads.get(conversation, _Thread())
        messages = _check_messages(conversation, thread, events)
        if events[0].sequence != len(thread.written) + 1:
            raise sequence_taken(conversation, len(thread.written), events[0].sequence)
        written = [_write(event) for event in events]
        self._threads[conversation] = thread
        thread.written += written
        thread.messages |= messages
        for event in events:
            _fold(thread, event)
            self.cases.add(conversation, event)
            self.memory.add(conversation, event)
        if snapshot is not None:
            thread.snapshot, thread.snapshot_sequence = snapshot, len(thread.written)

    async def load(self, conversation: e.ConversationId) -> Loaded:
        """Return what is stored. Raises: NotFound, code `conversation`."""
        thread = self._access(conversation)
        return Loaded(thread.snapshot, _read(thread.written[thread.snapshot_sequence :]))

    async def read(
        self, conversation: e.ConversationId, *, after: int = 0, limit: int = 10_000
    ) -> list[e.Event]:
        """Return events with sequence > `after`, in order. Raises: NotFound."""
        return _read(self._access(conversation).written[after : after + limit])

    async def find_message(self, conversation: e.ConversationId, client_id: str) -> int | None:
        """Return the sequence of the message taken under `client_id`."""
        thread = self._threads.get(conversation)
        return None if thread is None else thread.messages.get(client_id)

    async def unanswered(self) -> list[e.ConversationId]:
        """Return conversations whose last received message has no ended turn, the longest untouched first."""
        found = [
            (thread.last_at, name)
            for name, thread in self._threads.items()
            if thread.received > thread.answered
        ]
        return [name for _, name in sorted(found)]

    async def doubtful(self) -> list[e.ConversationId]:
        """Return conversations with an open case of kind `reconcile`."""
        return [name for name, thread in self._threads.items() if _is_doubtful(_read(thread.written))]

    def _access(self, conversation: e.ConversationId) -> _Thread:
        if conversation not in self._threads:
            raise NotFound("conversation", "there is no such conversation")
        return self._threads[conversation]


def _check_messages(
    conversation: e.ConversationId, thread: _Thread, events: Sequence[e.Event]
) -> dict[str, int]:
    """Return the messages among `events` by client id. Raises: Conflict, code `duplicate_message`."""
    fresh: dict[str, int] = {}
    for event in events:
        if isinstance(event.body, e.MessageReceived):
            earlier = thread.messages.get(event.body.client_id, fresh.get(event.body.client_id))
            if earlier is not None:
                raise duplicate_message(conversation, earlier)
            fresh[event.body.client_id] = event.sequence
    return fresh


def _fold(thread: _Thread, event: e.Event) -> None:
    thread.last_at = event.at
    match event.body:
        case e.MessageReceived() | e.SystemNoticed():
            thread.received = event.sequence
        case e.TurnStarted(through=through):
            thread.taking = through
        case e.TurnEnded():
            thread.answered = thread.taking
        case _:
            pass


def _write(event: e.Event) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(event, at=event.at.astimezone(UTC)))


def _read(written: Sequence[bytes]) -> list[e.Event]:
    return [msgspec.json.decode(event, type=e.Event) for event in written]


def _is_doubtful(events: Sequence[e.Event]) -> bool:
    """Tell whether a case of kind `reconcile` was opened and not closed."""
    bodies = [event.body for event in events]
    opened = {
        body.number for body in bodies if isinstance(body, e.CaseOpened) and body.case_kind == "reconcile"
    }
    return bool(opened - {body.number for body in bodies if isinstance(body, e.CaseClosed)})
