"""Running a recorded conversation again: the same inputs and outcomes must give the same events, byte for byte.

Inputs (messages, notices) and what the bank answered are taken from the record; everything else is decided anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tellerline.dialogue.draft import Effect, HandoverEffect, RecallEffect
from tellerline.dialogue.engine import Conversation, Engine
from tellerline.dialogue.ports import Loaded
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import event as e
from tellerline.domain.errors import Invalid, NotFound, ServiceError

INPUTS = (
    e.ConversationOpened,
    e.MessageReceived,
    e.SystemNoticed,
    e.HandoverOffered,
    e.HandoverOfferEnded,
    e.HandoverAccepted,
    e.HandoverReturned,
    e.TransferRequested,
    e.RepresentativeJoined,
    e.RepresentativeLeft,
    e.WatchStarted,
    e.WatchEnded,
    e.NoteWritten,
    e.CardHandled,
    e.FieldRevealed,
    e.ConversationSnoozed,
    e.SnoozeEnded,
    e.AttachmentAdded,
    e.WrappedUp,
    e.MemoryViewed,
)
BETWEEN = (e.MessageSent, e.CaseOpened, e.CaseClosed, e.VerificationRequested, e.ConversationClosed)
"""What a representative adds, as against the same in the midst of a turn, where the turn produces it."""
OUTCOMES = (
    e.LookupDone,
    e.ActionPrepared,
    e.ActionCommitted,
    e.ActionFailed,
    e.HandoverRequested,
    e.MemoryRecalled,
)


class Difference(msgspec.Struct, frozen=True):
    """The first event that came out otherwise; `found` is None when the replay ended early, `expected` when it went on."""

    sequence: int
    expected: e.Event | None
    found: e.Event | None
    why: str = ""


class _Recorded:
    """The record as clock, log and bank of a replay."""

    def __init__(self, events: Sequence[e.Event]) -> None:
        self.events = events
        self.conversation: Conversation | None = None
        self.produced: list[e.Event] = []

    def _next(self) -> e.Event | None:
        assert self.conversation is not None
        index = self.conversation.tracker.sequence
        return self.events[index] if index < len(self.events) else None

    def now(self) -> datetime:
        event = self._next()
        return event.at if event is not None else self.events[-1].at

    async def perform(self, effect: Effect, tracker: Tracker) -> e.Body:
        event = self._next()
        if event is None or not isinstance(event.body, OUTCOMES):
            raise Invalid("replay", f"the record has no outcome of {effect}")
        if (
            not isinstance(effect, HandoverEffect | RecallEffect)
            and getattr(event.body, "step", None) != effect.step
        ):
            raise Invalid("replay", f"the record has another outcome than that of {effect.step}")
        return event.body

    async def append(
        self, conversation: str, events: Sequence[e.Event], *, snapshot: bytes | None = None
    ) -> None:
        self.produced += events

    async def load(self, conversation: e.ConversationId) -> Loaded:
        raise NotFound("conversation", "a replay does not load")

    async def read(self, conversation: e.ConversationId, *, after: int = 0, limit: int = 0) -> list[e.Event]:
        raise NotFound("conversation", "a replay does not read")

    async def find_message(self, conversation: e.ConversationId, client_id: str) -> int | None:
        return None

    async def unanswered(self) -> list[e.ConversationId]:
        return []

    async def doubtful(self) -> list[e.ConversationId]:
        return []


async def replay(name: str, events: Sequence[e.Event], release: Release) -> Difference | None:
    """Run the recorded conversation `name` again on `release`; return the first difference, None when there is none."""
    recorded = _Recorded(events)
    engine = Engine(recorded, Only(release), recorded, recorded, lambda *_: None)
    held = Conversation(Tracker(conversation=name), [], 0)
    recorded.conversation = held
    for event in events:
        if _is_input(event, held):
            if event.sequence != held.tracker.sequence + 1:
                return Difference(held.tracker.sequence + 1, event, None, "an input came at another place")
            held.add(event.body, event.at)
            continue
        if event.sequence <= held.tracker.sequence:
            continue
        try:
            await engine.take_turn(held)
        except ServiceError as error:
            return Difference(held.tracker.sequence + 1, recorded._next(), None, str(error))
        difference = _compare(events, recorded.produced)
        if difference is not None:
            return difference
        if held.tracker.sequence < event.sequence:
            return Difference(event.sequence, event, None, "the turn ended early")
    return _compare(events, recorded.produced)


def _is_input(event: e.Event, held: Conversation) -> bool:
    between = event.sequence > held.tracker.sequence and not held.tracker.turn_open
    return isinstance(event.body, INPUTS) or (between and isinstance(event.body, BETWEEN))


def _compare(expected: Sequence[e.Event], produced: Sequence[e.Event]) -> Difference | None:
    encode = msgspec.json.Encoder(order="deterministic").encode
    for event in produced:
        index = event.sequence - 1
        wanted = expected[index] if index < len(expected) else None
        if wanted is None or encode(wanted) != encode(event):
            return Difference(event.sequence, wanted, event)
    return None


class Only(dict[str, Release]):
    """One release under every name: a replay may run on another release than the conversation did."""

    def __init__(self, release: Release) -> None:
        super().__init__()
        self._release = release

    def __missing__(self, key: str) -> Release:
        return self._release
