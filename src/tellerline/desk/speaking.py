"""Words at the desk: to the customer, and among colleagues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tellerline.desk.account import Account
from tellerline.desk.ground import Ground, check_open
from tellerline.desk.permission import may
from tellerline.desk.thread import Thread
from tellerline.dialogue.promising import cases_of
from tellerline.domain import event as e
from tellerline.domain.attendance import NoteForm
from tellerline.domain.errors import Refused

MENTION = re.compile(r"[@＠]([a-z][a-z0-9._-]{1,31})")


class Speaking:
    """See the module's head; what is common to all acts is in `ground`."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def send(
        self, who: Account, conversation: e.ConversationId, *, client_id: str, text: str, seen: int
    ) -> int:
        """Say something to the customer, once per `client_id`.

        Raises: Refused, code `not_owner`; Conflict, code `stale`; Invalid, code `held_back`, with the rules it breaks.
        """
        key = f"{who.account}/{client_id}"

        def decide(thread: Thread) -> list[e.Body]:
            if key in thread.sent:
                return []
            check_open(thread)
            if not thread.may_speak(who.account):
                raise Refused("not_owner", "only who has the conversation, or has joined it, may speak in it")
            said = self._ground.words.said(
                thread, self._ground.room.release_of(thread), who.account, key, text
            )
            woken = [e.SnoozeEnded("representative")] if thread.snoozed_until is not None else []
            now = self._ground.room.clock.now()
            release = self._ground.room.release_of(thread)
            promised = cases_of(thread.tracker, release, said, now, owner=who.account)
            return [*woken, said, *promised]

        sequence = await self._ground.act(who, conversation, "conversation.send", decide, seen=seen)
        self._ground.room.book.keep_draft(conversation, who.account, None)
        thread = await self._ground.room.thread(conversation)
        return thread.sent.get(key, sequence)

    async def note(
        self,
        who: Account,
        conversation: e.ConversationId,
        *,
        client_id: str,
        text: str,
        form: NoteForm,
        to: Sequence[str],
    ) -> int:
        """Write what no customer sees, and tell those it is meant for."""
        permission = "conversation.whisper" if form == "whisper" else "conversation.note"
        key = f"{who.account}/{client_id}"
        mentioned = [*to, *MENTION.findall(text)]
        known = [
            name for name in dict.fromkeys(mentioned) if self._ground.room.book.account(name) is not None
        ]

        def decide(thread: Thread) -> list[e.Body]:
            if key in thread.sent:
                return []
            told = list(known)
            if form == "whisper" and thread.owner:
                told = [*dict.fromkeys([thread.owner, *told])]
            if form == "question" and not told:
                told = self._leaders(who)
            told = [name for name in told if name != who.account]
            return [e.NoteWritten(who.account, self._ground.words.clean(text), form, told, key)]

        sequence = await self._ground.act(who, conversation, permission, decide)
        thread = await self._ground.room.thread(conversation)
        return thread.sent.get(key, sequence)

    def _leaders(self, who: Account) -> list[str]:
        """Return the supervisors who are at work, or all when none is."""
        leaders = [
            a.account for a in self._ground.room.book.accounts() if may(a.role, "conversation.whisper")
        ]
        there = [name for name in leaders if self._ground.room.lines.is_connected(name)]
        return [name for name in there or leaders if name != who.account]

    async def watch(self, who: Account, conversation: e.ConversationId, *, on: bool) -> int:
        """Read along, or no longer."""

        def decide(thread: Thread) -> list[e.Body]:
            if on == (who.account in thread.watching):
                return []
            return [e.WatchStarted(who.account) if on else e.WatchEnded(who.account)]

        return await self._ground.act(who, conversation, "conversation.watch", decide)

    async def join(self, who: Account, conversation: e.ConversationId, *, on: bool) -> int:
        """Speak along, or no longer; the customer is told."""

        def decide(thread: Thread) -> list[e.Body]:
            if on == (who.account in thread.joined) or thread.owner == who.account:
                return []
            check_open(thread)
            told = self._ground.words.told(thread, "joined" if on else "left", shown=who.shown)
            if on:
                return [e.RepresentativeJoined(who.account, who.shown), told]
            return [e.RepresentativeLeft(who.account, who.shown), told]

        return await self._ground.act(who, conversation, "conversation.join", decide)
