"""Past conversations on a candidate release: every turn taken again from where it really stood, and its answer compared.

What customers said and what the bank answered are taken from the record. Each turn begins where the recorded one began, so
one changed answer does not make all later ones look changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

import msgspec

from tellerline.dialogue.draft import (
    CommitEffect,
    Effect,
    HandoverEffect,
    LookupEffect,
    PrepareEffect,
    RecallEffect,
    ReconcileEffect,
)
from tellerline.dialogue.engine import Conversation, Engine
from tellerline.dialogue.ports import Loaded
from tellerline.dialogue.release import Release
from tellerline.dialogue.replay import Only
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import event as e
from tellerline.domain.errors import Invalid, NotFound, ServiceError

ASKED_MAX = 400


class Changed(msgspec.Struct, frozen=True):
    """A turn that is answered otherwise. `why`: what keeps the candidate from answering it at all."""

    conversation: str
    turn: int
    at: datetime
    asked: str
    before: str
    after: str
    why: str = ""


async def changed_answers(name: str, events: Sequence[e.Event], release: Release) -> AsyncIterator[Changed]:
    """Yield the turns of a recorded conversation that `release` answers otherwise, in order."""
    held = Conversation(Tracker(conversation=name), [], 0)
    begins = 0
    for index, event in enumerate(events):
        if isinstance(event.body, e.TurnStarted):
            ends = next(
                (i for i in range(index, len(events)) if isinstance(events[i].body, e.TurnEnded)), None
            )
            if ends is not None:
                found = await _take_again(held, events[begins:index], events[index : ends + 1], release)
                if found is not None:
                    yield found
        if isinstance(event.body, e.TurnEnded):
            begins = index + 1
        held.add(event.body, event.at)
        held.new = []


async def _take_again(
    held: Conversation, heard: Sequence[e.Event], recorded: Sequence[e.Event], release: Release
) -> Changed | None:
    turn = held.tracker.turn + 1
    before = _said([event.body for event in recorded])
    after, why = "", ""
    try:
        after = _said(await _answer(held, recorded, release))
    except (ServiceError, LookupError, AssertionError, RuntimeError) as error:
        why = str(error) or type(error).__name__  # the candidate has no such flow, step or text any more
    if after == before:
        return None
    asked = " / ".join(each.body.text for each in heard if isinstance(each.body, e.MessageReceived))[
        :ASKED_MAX
    ]
    return Changed(held.tracker.conversation, turn, recorded[0].at, asked, before, after, why)


async def _answer(held: Conversation, recorded: Sequence[e.Event], release: Release) -> list[e.Body]:
    past = _Past(recorded)
    again = Conversation(held.tracker.copy(), list(held.messages), held.stored)
    await Engine(past, Only(release), past, past, lambda *_: None).take_turn(again)
    return past.produced


def _said(bodies: Sequence[e.Body]) -> str:
    """Return what the assistant said, with its buttons, as one text."""
    parts: list[str] = []
    for body in bodies:
        if isinstance(body, e.MessageSent) and body.author == "assistant":
            buttons = "".join(f" [{choice.label}]" for choice in body.choices)
            parts.append(f"{body.text}{buttons}{f' <{body.widget}>' if body.widget else ''}")
    return "\n\n".join(parts)


class _Past:
    """One recorded turn as clock, log and bank."""

    def __init__(self, recorded: Sequence[e.Event]) -> None:
        self._at = recorded[0].at
        self._outcomes = [event.body for event in recorded]
        self.produced: list[e.Body] = []

    def now(self) -> datetime:
        return self._at

    async def perform(self, effect: Effect, tracker: Tracker) -> e.Body:
        """Return what the record holds as the outcome of `effect`. Raises: Invalid, code `not_recorded`."""
        match effect:
            case LookupEffect():
                name = effect.operation
                body = self._take(lambda b: isinstance(b, e.LookupDone) and b.operation == name, name)
                return _moved(body, frame=effect.frame, step=effect.step, into=effect.into)
            case PrepareEffect():
                body = self._take(lambda b: _prepares(b, effect), effect.action)
                return _moved(body, frame=effect.frame, step=effect.step)
            case CommitEffect():
                body = self._take(lambda b: _acts(b, effect.action), effect.action)
                return _moved(body, frame=effect.frame, step=effect.step, key=effect.key)
            case ReconcileEffect():
                return self._take(lambda b: _acts(b, effect.action), effect.action)
            case HandoverEffect():
                body = self._take(lambda b: isinstance(b, e.HandoverRequested), "a representative")
                return _moved(body, reason=effect.reason, queue=effect.queue, priority=effect.priority)
            case RecallEffect():
                return self._take(lambda b: isinstance(b, e.MemoryRecalled), "the memory")

    def _take(self, fits: Callable[[e.Body], bool], what: str) -> e.Body:
        found = next((body for body in self._outcomes if fits(body)), None)
        if found is None:
            raise Invalid("not_recorded", f"it asks for {what}, whose answer the record does not hold")
        self._outcomes.remove(found)
        return found

    async def append(
        self, conversation: str, events: Sequence[e.Event], *, snapshot: bytes | None = None
    ) -> None:
        self.produced += [event.body for event in events]

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


def _prepares(body: e.Body, effect: PrepareEffect) -> bool:
    return (
        isinstance(body, e.ActionPrepared)
        and body.action == effect.action
        and body.arguments == effect.arguments
    )


def _acts(body: e.Body, action: str) -> bool:
    return isinstance(body, e.ActionCommitted | e.ActionFailed) and body.action == action


def _moved(body: e.Body, **place: object) -> e.Body:
    """Return an outcome at the place where the candidate asks for it."""
    known = {name: value for name, value in place.items() if name in body.__struct_fields__}
    moved: e.Body = msgspec.structs.replace(body, **known)
    return moved
