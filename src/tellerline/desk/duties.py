"""What is put off and what is promised, each with its clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from tellerline.cases.number import case_number
from tellerline.desk.account import Account
from tellerline.desk.ground import Ground, check_owner, check_speaks
from tellerline.desk.thread import Thread
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.domain import event as e
from tellerline.domain.errors import Invalid, NotFound

SNOOZE_MAX = timedelta(days=14)
PROMISE_MAX = timedelta(days=60)


class Duties:
    """See the module's head; what is common to all acts is in `ground`."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def snooze(self, who: Account, conversation: e.ConversationId, until: datetime, reason: str) -> int:
        """Take it up again later. Raises: Invalid, code `until`."""
        now = self._ground.room.clock.now()
        if not now < until <= now + SNOOZE_MAX:
            raise Invalid("until", f"a moment from now on, within {SNOOZE_MAX.days} days", field="until")

        def decide(thread: Thread) -> list[e.Body]:
            check_owner(thread, who)
            return [e.ConversationSnoozed(who.account, until, self._ground.words.clean(reason))]

        return await self._ground.act(who, conversation, "conversation.snooze", decide)

    async def wake(self, who: Account, conversation: e.ConversationId) -> int:
        """Take a snoozed one up now."""

        def decide(thread: Thread) -> list[e.Body]:
            check_owner(thread, who)
            return [e.SnoozeEnded("representative")] if thread.snoozed_until is not None else []

        return await self._ground.act(who, conversation, "conversation.snooze", decide)

    async def promise(
        self,
        who: Account,
        conversation: e.ConversationId,
        *,
        client_id: str,
        kind: str,
        summary: str,
        due_at: datetime,
    ) -> int:
        """Promise something with a clock, owned by `who`; the customer is told its number.

        Raises: Invalid, code `due_at`.
        """
        now = self._ground.room.clock.now()
        if not now < due_at <= now + PROMISE_MAX:
            raise Invalid("due_at", f"a moment from now on, within {PROMISE_MAX.days} days", field="due_at")
        day = now.astimezone(BANK_ZONE).date()
        number = case_number(f"{conversation}/{who.account}/{client_id}", day)

        def decide(thread: Thread) -> list[e.Body]:
            if any(promise.number == number for promise in thread.promises):
                return []
            check_speaks(thread, who)
            release = self._ground.room.release_of(thread)
            alarms = release.clock.alarms(release.cases.of(kind), now, due_at)
            said = self._ground.words.clean(summary)
            opened = e.CaseOpened(None, number, kind, who.account, due_at, said, alarms=alarms)
            due = self._ground.words.moment(due_at, thread.tracker.language)
            return [opened, self._ground.words.told(thread, "promised", number=number, due=due, case=number)]

        return await self._ground.act(who, conversation, "conversation.promise", decide)

    async def keep(self, who: Account, conversation: e.ConversationId, number: str, resolution: str) -> int:
        """Note that a promise is kept. Raises: NotFound, code `promise`."""

        def decide(thread: Thread) -> list[e.Body]:
            found = next((promise for promise in thread.promises if promise.number == number), None)
            if found is None:
                raise NotFound("promise", "there is no such promise in this conversation")
            if found.state == "closed":
                return []
            return [e.CaseClosed(number, self._ground.words.clean(resolution))]

        return await self._ground.act(who, conversation, "conversation.promise", decide)
