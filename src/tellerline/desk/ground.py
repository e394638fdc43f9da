"""The ground every act stands on: who may see the conversation, who may do this, and whether they saw what is true now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tellerline.desk.account import Account
from tellerline.desk.permission import check_permission, may
from tellerline.desk.room import DeskRoom
from tellerline.desk.thread import Thread
from tellerline.desk.view import event_view
from tellerline.desk.words import Words
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, NotFound, Refused

MISSED_MAX = 50  # events a stale caller is shown
Decide: TypeAlias = Callable[[Thread], Sequence[e.Body]]


class _Behind(Exception):
    """The caller has not seen what matters."""


class Ground:
    """Checks, then decides under the conversation's lock, against what is true at that very moment.

    Who acts is always an account that has signed in; nothing here trusts what a page says about itself.
    """

    def __init__(self, room: DeskRoom, words: Words) -> None:
        self.room = room
        self.words = words

    async def access(self, who: Account, conversation: e.ConversationId) -> Thread:
        """Return a conversation that `who` may see: their own, one they were drawn into, or any by `conversation.read`.

        Raises: NotFound, the same for what is not there and what is not theirs.
        """
        check_permission(who.role, "desk.enter")
        thread = await self.room.thread(conversation)
        if not (
            may(who.role, "conversation.read") or thread.takes_part(who.account) or _is_asked(thread, who)
        ):
            raise NotFound("conversation", "there is no such conversation among yours")
        return thread

    async def act(
        self,
        who: Account,
        conversation: e.ConversationId,
        permission: str,
        decide: Decide,
        *,
        seen: int | None = None,
    ) -> int:
        """Do what `decide` says; return the last sequence written, or the present one when nothing was to do.

        seen: what the caller has seen of the conversation, where that matters.
        Raises: Refused, code `not_permitted`; Conflict, code `stale`, with the events that were missed.
        """
        check_permission(who.role, permission)
        thread = await self.access(who, conversation)

        def checked(_: object) -> Sequence[e.Body]:
            bodies = decide(thread)
            if bodies and seen is not None and thread.guarded > seen:
                raise _Behind
            return bodies

        try:
            added = await self.room.conversations.record(conversation, checked)
        except _Behind:
            raise await self._stale(who, thread, seen or 0) from None
        return added[-1].sequence if added else thread.sequence

    async def _stale(self, who: Account, thread: Thread, seen: int) -> Conflict:
        name = e.ConversationId(thread.tracker.conversation)
        missed = await self.room.conversations.all_events(name, after=seen)
        shown = [view for event in missed if (view := event_view(event, who.role)) is not None]
        return Conflict(
            "stale",
            "something happened since; look at it and send again",
            sequence=thread.sequence,
            events=shown[-MISSED_MAX:],
        )

    def audit(self, who: Account, action: str, conversation: str, detail: Record) -> None:
        """Write down who did what, beside the record of the conversation."""
        self.room.book.note(self.room.clock.now(), who.account, action, conversation, detail)


def _is_asked(thread: Thread, who: Account) -> bool:
    """Tell whether somebody is drawn in by a promise of theirs or a transfer to them."""
    mine = any(promise.owner == who.account for promise in thread.promises)
    return mine or (thread.transfer is not None and thread.transfer.to == who.account)


def check_open(thread: Thread) -> None:
    """Raises: Conflict, code `conversation_closed`."""
    if thread.tracker.closed:
        raise Conflict("conversation_closed", "this conversation is closed")


def check_owner(thread: Thread, who: Account) -> None:
    """Raises: Refused, code `not_owner`; Conflict, code `conversation_closed`."""
    check_open(thread)
    if thread.owner != who.account:
        raise Refused("not_owner", "only who has the conversation may do this", owner=thread.owner)


def check_speaks(thread: Thread, who: Account) -> None:
    """Raises: Refused, code `not_owner`; Conflict, code `conversation_closed`."""
    check_open(thread)
    if not thread.may_speak(who.account):
        raise Refused("not_owner", "only who has the conversation, or has joined it, may do this")
