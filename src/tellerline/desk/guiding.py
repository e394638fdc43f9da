"""Procedures filled in by a representative, proof asked of the customer, masked fields shown, and the wrap-up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from tellerline.desk.account import Account
from tellerline.desk.ground import Ground, check_open, check_owner, check_speaks
from tellerline.desk.guided import answer_of
from tellerline.desk.permission import check_permission, may_see
from tellerline.desk.thread import Thread
from tellerline.dialogue.progress import METHOD_OF_LEVEL
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused

SHOWN_FOR = timedelta(seconds=30)
Outcome = Literal["solved", "promised", "unsolved", "wrong_place", "abandoned"]
Reveal = Callable[[Thread, str], Awaitable[str]]
"""Returns the value of a masked field of the customer. Raises: NotFound, Unavailable."""


class Revealed(msgspec.Struct, frozen=True):
    """A field as it is, to be hidden again at `until`."""

    field: str
    value: str
    until: datetime


class Guiding:
    """See the module's head; what is common to all acts is in `ground`."""

    def __init__(self, ground: Ground, reveal: Reveal) -> None:
        self._ground = ground
        self._reveal = reveal

    # --- procedures

    async def start(
        self, who: Account, conversation: e.ConversationId, flow: str, values: dict[str, str]
    ) -> int:
        """Begin a procedure as a form. Raises: NotFound, code `flow`; Refused, code `not_owner`."""
        thread = await self._ground.access(who, conversation)
        release = self._ground.room.release_of(thread)
        found = release.flows.get(flow)
        if found is None:
            raise NotFound("flow", f"there is no procedure {flow!r}")
        known = {name: value for name, value in _earlier(thread, flow).items() if name in found.slots}
        intent = found.intents[0] if found.intents else flow
        slots: Record = {**known, **{n: v for n, v in values.items() if n in found.slots}}
        return await self._run(who, conversation, c.StartFlow(flow, intent, slots))

    async def fill(
        self, who: Account, conversation: e.ConversationId, frame: str, slot: str, value: str
    ) -> int:
        """Answer what the procedure asks. Raises: Conflict, code `question_gone`; Invalid, code `value`."""
        thread = await self._ground.access(who, conversation)
        release = self._ground.room.release_of(thread)
        told = answer_of(
            thread.tracker, release, self._ground.room.clock.now(), frame=frame, slot=slot, value=value
        )
        return await self._run(who, conversation, *told)

    async def reopen(self, who: Account, conversation: e.ConversationId, frame: str, slot: str) -> int:
        """Correct a value given before. Raises: Conflict, code `frame_gone`."""
        thread = await self._ground.access(who, conversation)
        _check_frame(thread, frame)
        return await self._run(who, conversation, c.ReopenSlot(slot))

    async def cancel(self, who: Account, conversation: e.ConversationId, frame: str) -> int:
        """Leave the procedure. Raises: Conflict, code `frame_gone`."""
        thread = await self._ground.access(who, conversation)
        _check_frame(thread, frame)
        return await self._run(who, conversation, c.CancelFlow())

    async def _run(self, who: Account, conversation: e.ConversationId, *commands: c.Command) -> int:
        check_permission(who.role, "conversation.guide")
        thread = await self._ground.access(who, conversation)
        check_speaks(thread, who)
        if not thread.owner:
            raise Refused("not_owner", "while the assistant speaks, it runs the procedure itself")
        await self._ground.room.conversations.notice(conversation, *commands, by=who.account)
        return thread.sequence

    # --- proof and masked fields

    async def verify(self, who: Account, conversation: e.ConversationId, level: int) -> int:
        """Open the secure widget at the customer's side for the next level. Raises: Conflict, code `level`."""

        def decide(thread: Thread) -> list[e.Body]:
            check_speaks(thread, who)
            if level <= thread.tracker.level:
                raise Conflict("level", "this level is reached already", level=thread.tracker.level)
            method = METHOD_OF_LEVEL[thread.tracker.level + 1]
            told = self._ground.words.told(thread, "verify")
            asked = msgspec.structs.replace(told, widget=method)
            return [e.VerificationRequested(None, level, method), asked]

        return await self._ground.act(who, conversation, "conversation.verify", decide)

    async def reveal(self, who: Account, conversation: e.ConversationId, field: str, reason: str) -> Revealed:
        """Show a masked field for a moment; it is written down before it is shown.

        Raises: Refused, code `not_permitted`; NotFound, code `field`; Unavailable.
        """
        kind = "phone" if field.startswith("[") else field
        if not may_see(who.role, kind):
            raise Refused("not_permitted", "this field is not for your role", permission=f"field.{kind}")
        thread = await self._ground.access(who, conversation)
        value = await self._reveal(thread, field)
        until = self._ground.room.clock.now() + SHOWN_FOR
        why = self._ground.words.clean(reason)
        await self._ground.act(
            who,
            conversation,
            "conversation.reveal",
            lambda _: [e.FieldRevealed(who.account, field, why, until)],
        )
        self._ground.audit(who, "field.revealed", conversation, {"field": field, "reason": why})
        return Revealed(field, value, until)

    # --- the copilot's cards and the wrap-up

    async def handle_card(
        self,
        who: Account,
        conversation: e.ConversationId,
        *,
        card: str,
        card_kind: str,
        outcome: Literal["inserted", "edited", "dismissed"],
        reason: str,
        edited: float,
    ) -> int:
        """Note what became of a card."""
        handled = e.CardHandled(
            who.account, card, card_kind, outcome, self._ground.words.clean(reason), edited
        )
        return await self._ground.act(who, conversation, "conversation.note", lambda _: [handled])

    async def wrap(
        self,
        who: Account,
        conversation: e.ConversationId,
        *,
        outcome: Outcome,
        area: str,
        reason: str,
        summary: str,
        drafted: str,
        took_s: float,
    ) -> int:
        """Write what it was about. Raises: Invalid, code `reason`; Refused, code `not_owner`."""
        if not self._ground.room.pack.has_reason(area, reason):
            raise Invalid(
                "reason", f"there is no reason {area}/{reason}; ask for the reasons", field="reason"
            )

        def decide(thread: Thread) -> list[e.Body]:
            check_open(thread)
            check_owner(thread, who)
            clean = self._ground.words.clean
            return [
                e.WrappedUp(
                    who.account, outcome, area, reason, clean(summary), clean(drafted), round(took_s, 1)
                )
            ]

        return await self._ground.act(who, conversation, "conversation.close", decide)


def _check_frame(thread: Thread, frame: str) -> None:
    top = thread.tracker.top
    if top is None or top.id != frame:
        raise Conflict("frame_gone", "this procedure is no longer the open one", frame=frame)


def _earlier(thread: Thread, flow: str) -> Record:
    """Return what the customer told an earlier run of the same procedure, so that nobody is asked again."""
    return {fact.name: fact.value for fact in thread.facts if fact.flow == flow}
