"""Who has a conversation: accepting, declining, taking over, transferring, giving back and closing it."""

from __future__ import annotations

from tellerline.desk.account import Account
from tellerline.desk.ground import Decide, Ground, check_open, check_owner
from tellerline.desk.permission import may
from tellerline.desk.thread import Thread
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.attendance import AcceptedBy
from tellerline.domain.errors import Conflict, Invalid, NotFound


class Taking:
    """See the module's head; what is common to all acts is in `ground`."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def accept(self, who: Account, conversation: e.ConversationId, offer: str) -> int:
        """Answer a ring. Raises: Conflict, code `offer_over`."""

        def decide(thread: Thread) -> list[e.Body]:
            ring = thread.offer
            if thread.owner == who.account and ring is None:
                return []  # answered already: the same act again
            if ring is None or ring.offer != offer or ring.representative != who.account:
                raise Conflict("offer_over", "it rings at somebody else by now", offer=offer)
            taken = thread.owner
            how: AcceptedBy = "transfer" if taken or thread.transfer is not None else "offer"
            key = "accepted_transfer" if how == "transfer" else "accepted"
            said = self._ground.words.told(thread, key, shown=who.shown)
            called = [e.CaseClosed(number, "attended") for number in _calls_of(thread)]
            return [e.HandoverAccepted(who.account, who.shown, how, taken or thread.before), *called, said]

        return await self._answer(who, conversation, offer, decide)

    async def _answer(self, who: Account, conversation: e.ConversationId, offer: str, decide: Decide) -> int:
        """Answer a ring; one that is at somebody else by now is over, and no more is told of it."""
        try:
            return await self._ground.act(who, conversation, "desk.serve", decide)
        except NotFound:
            raise Conflict("offer_over", "it rings at somebody else by now", offer=offer) from None

    async def decline(self, who: Account, conversation: e.ConversationId, offer: str, reason: str) -> int:
        """Let it ring at the next one; who waits keeps their place. Raises: Conflict, code `offer_over`."""

        def decide(thread: Thread) -> list[e.Body]:
            ring = thread.offer
            if ring is None or ring.offer != offer or ring.representative != who.account:
                raise Conflict("offer_over", "it rings at somebody else by now", offer=offer)
            declined = self._ground.room.floor.refused.setdefault(conversation, {})
            declined[who.account] = self._ground.room.clock.now()
            return [e.HandoverOfferEnded(who.account, offer, "declined")]

        sequence = await self._answer(who, conversation, offer, decide)
        self._ground.audit(who, "offer.declined", conversation, {"reason": reason})
        return sequence

    async def take_over(self, who: Account, conversation: e.ConversationId, seen: int, reason: str) -> int:
        """Become the owner; the customer, and who had it, are told. Raises: Conflict, code `stale`."""

        def decide(thread: Thread) -> list[e.Body]:
            check_open(thread)
            if thread.owner == who.account:
                return []
            bodies: list[e.Body] = []
            if thread.offer is not None:
                bodies.append(
                    e.HandoverOfferEnded(thread.offer.representative, thread.offer.offer, "withdrawn")
                )
            told = self._ground.words.told(thread, "taken_over", shown=who.shown)
            return [*bodies, e.HandoverAccepted(who.account, who.shown, "takeover", thread.owner), told]

        sequence = await self._ground.act(who, conversation, "conversation.takeover", decide, seen=seen)
        self._ground.audit(who, "conversation.takeover", conversation, {"reason": reason})
        return sequence

    async def transfer(
        self,
        who: Account,
        conversation: e.ConversationId,
        *,
        to: str,
        queue: str,
        warm: bool,
        note: str,
        seen: int,
    ) -> int:
        """Let another queue or person have it. Cold goes at once and keeps the customer's place in time.

        Raises: Invalid, code `transfer`, for a person or queue that is not there; Conflict, code `stale`.
        """
        self._check_target(who, to, queue)

        def decide(thread: Thread) -> list[e.Body]:
            check_owner(thread, who)
            wanted = e.TransferRequested(who.account, warm, queue, to, self._ground.words.clean(note))
            if warm:
                return [wanted]
            told = self._ground.words.told(thread, "transferring")
            returned = e.HandoverReturned(who.account, "queue", "transferred", queue, wanted.note)
            return [wanted, returned, told]

        return await self._ground.act(who, conversation, "conversation.transfer", decide, seen=seen)

    def _check_target(self, who: Account, to: str, queue: str) -> None:
        if bool(to) == bool(queue):
            raise Invalid("transfer", "name one: a person in `to`, or a `queue`", field="to")
        if to and (to == who.account or not self._serves(to)):
            raise Invalid("transfer", "this person serves no customers, or is you", field="to")
        if queue and queue not in self._ground.room.pack.queues:
            known = ", ".join(sorted(self._ground.room.pack.queues))
            raise Invalid("transfer", f"there is no queue {queue!r}; there are {known}", field="queue")

    def _serves(self, account: str) -> bool:
        found = self._ground.room.book.account(account)
        return found is not None and not found.disabled and may(found.role, "desk.serve")

    async def give_back(self, who: Account, conversation: e.ConversationId, seen: int, note: str) -> int:
        """Let the assistant go on at the same step; the customer is told. Raises: Conflict, code `stale`."""

        def decide(thread: Thread) -> list[e.Body]:
            check_owner(thread, who)
            returned = e.HandoverReturned(
                who.account, "assistant", "given_back", note=self._ground.words.clean(note)
            )
            return [returned, self._ground.words.told(thread, "given_back")]

        sequence = await self._ground.act(who, conversation, "conversation.transfer", decide, seen=seen)
        tracker = await self._ground.room.conversations.tracker(conversation)
        if tracker.stack:
            await self._ground.room.conversations.notice(conversation, c.ResumeFlow())
        return sequence

    async def close(self, who: Account, conversation: e.ConversationId, seen: int) -> int:
        """End a conversation that is wrapped up. Raises: Conflict, code `not_wrapped` or `stale`."""

        def decide(thread: Thread) -> list[e.Body]:
            if thread.tracker.closed:
                return []
            check_owner(thread, who)
            if thread.wrapped is None:
                raise Conflict("not_wrapped", "write the wrap-up first")
            told = self._ground.words.told(thread, "closed")
            returned = e.HandoverReturned(who.account, "assistant", "wrapped")
            return [told, returned, e.ConversationClosed("staff")]

        return await self._ground.act(who, conversation, "conversation.close", decide, seen=seen)


def _calls_of(thread: Thread) -> list[str]:
    """Return the calls that were promised while nobody was there; whoever takes the conversation keeps them."""
    queue = thread.asked.queue if thread.asked is not None else ""
    return [
        promise.number
        for promise in thread.promises
        if promise.kind == "callback" and promise.owner == queue and promise.state == "open"
    ]
