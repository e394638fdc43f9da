"""Performing what a decision asks of the outside, and putting the outcome into words of the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeAlias

import msgspec

from tellerline.bank.catalogue import OWN_LOOKUPS
from tellerline.bank.contract import GuardedBank, Outcome, Prepared
from tellerline.dialogue.draft import (
    CommitEffect,
    Effect,
    HandoverEffect,
    LookupEffect,
    PrepareEffect,
    RecallEffect,
    ReconcileEffect,
)
from tellerline.dialogue.own_lookups import OwnLookups
from tellerline.dialogue.ports import Desk
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import event as e
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Conflict, OutcomeUnknown, Refused, Unavailable
from tellerline.domain.party import Caller, CustomerId, Level
from tellerline.memory.port import Memory, NoMemory
from tellerline.memory.recall import helpful

Reveal: TypeAlias = Callable[[str, Record], Record]
"""Replaces the tokens of a conversation by the numbers they stand for, on the way to the bank."""


class Effects(Protocol):
    """Performs an effect and returns its outcome as an event body. Never raises what the bank raised."""

    async def perform(self, effect: Effect, tracker: Tracker) -> e.Body:
        """Perform `effect` on behalf of the conversation's customer at its level."""
        ...


class LiveEffects:
    """Effects on the real bank and desk."""

    def __init__(
        self,
        bank: GuardedBank,
        desk: Desk,
        reveal: Reveal,
        own: OwnLookups | None = None,
        memory: Memory | None = None,
    ) -> None:
        """Ask the bank, `own` for what the counter knows itself, and `memory` for what is remembered."""
        self._bank = bank
        self._own = own
        self._desk = desk
        self._reveal = reveal
        self._memory = memory or NoMemory()

    async def perform(self, effect: Effect, tracker: Tracker) -> e.Body:
        """Perform `effect`; see `Effects`."""
        caller = caller_of(tracker)
        match effect:
            case LookupEffect():
                return await self._look_up(effect, caller)
            case PrepareEffect():
                return await self._prepare(effect, caller)
            case CommitEffect():
                return await self._commit(effect, caller)
            case ReconcileEffect():
                return await self._reconcile(effect)
            case HandoverEffect():
                return await self._hand_over(effect, tracker)
            case RecallEffect():
                return await self._recall(effect, caller)

    async def _recall(self, effect: RecallEffect, caller: Caller) -> e.Body:
        assert caller.customer is not None, "nothing is recalled of a stranger"
        items = await self._memory.recall(caller.customer, at=effect.at)
        return e.MemoryRecalled(helpful(items, effect.at))

    async def _look_up(self, effect: LookupEffect, caller: Caller) -> e.Body:
        at = e.FrameId(effect.frame), effect.step, effect.operation, effect.into
        try:
            result: Value = None
            if self._own is not None and effect.operation in OWN_LOOKUPS:
                result = [*await self._own.lookup(effect.operation, effect.arguments, caller=caller)]
            else:
                result = await self._bank.lookup(effect.operation, effect.arguments, caller=caller)
        except Unavailable:
            return e.LookupDone(*at, error="unavailable")
        except Refused as refusal:
            return e.LookupDone(*at, error=f"refused:{refusal.code}")
        return e.LookupDone(*at, result=result)

    async def _prepare(self, effect: PrepareEffect, caller: Caller) -> e.Body:
        at = e.FrameId(effect.frame), effect.step, effect.action, effect.arguments
        try:
            arguments = self._reveal(caller.conversation, effect.arguments)
            prepared = await self._bank.prepare(effect.action, arguments, caller=caller)
        except Unavailable:
            return e.ActionPrepared(*at, error="unavailable")
        except Refused as refusal:
            return e.ActionPrepared(*at, terms=_details(refusal), error=f"refused:{refusal.code}")
        return e.ActionPrepared(*at, prepared.terms, prepared.digest, expires_at=prepared.expires_at)

    async def _commit(self, effect: CommitEffect, caller: Caller) -> e.Body:
        try:
            arguments = self._reveal(caller.conversation, effect.arguments)
            expires_at = datetime.fromisoformat(effect.expires_at)
            prepared = Prepared(effect.action, arguments, effect.terms, expires_at)
            outcome = await self._bank.status(effect.key) if effect.recover else None
            if outcome is None:
                outcome = await self._bank.commit(prepared, key=effect.key, caller=caller)
        except Refused as refusal:
            return _failed(effect, "refused", refusal.code)
        except Conflict as conflict:
            return _failed(effect, "conflict", conflict.code)
        except OutcomeUnknown as unknown:
            return _failed(effect, "outcome_unknown", unknown.code)
        except Unavailable as unavailable:  # after a crash nobody can say that nothing happened
            return _failed(effect, "outcome_unknown" if effect.recover else "unavailable", unavailable.code)
        return _committed(effect, outcome, effect.into)

    async def _reconcile(self, effect: ReconcileEffect) -> e.Body:
        try:
            outcome = await self._bank.status(effect.key)
        except Unavailable as unavailable:
            return _failed(effect, "outcome_unknown", unavailable.code)
        if outcome is None:
            return _failed(effect, "refused", "not_done")
        return _committed(effect, outcome, "")

    async def _hand_over(self, effect: HandoverEffect, tracker: Tracker) -> e.Body:
        place = await self._desk.place(
            e.ConversationId(tracker.conversation), queue=effect.queue, priority=effect.priority
        )
        return e.HandoverRequested(
            effect.reason,  # type: ignore[arg-type]  # flows and commands only hold declared reasons
            effect.queue,
            effect.priority,
            place.position,
            place.staffed,
            place.wait_minutes,
            place.opens_at,
        )


def caller_of(tracker: Tracker) -> Caller:
    """Return on whose behalf, and how surely known, the conversation asks."""
    customer = CustomerId(tracker.customer) if tracker.customer else None
    return Caller(customer, Level(tracker.level), tracker.conversation)


def _failed(effect: CommitEffect | ReconcileEffect, error: str, code: str) -> e.ActionFailed:
    return msgspec.convert(
        {
            "kind": "action.failed",
            "frame": effect.frame,
            "step": effect.step,
            "action": effect.action,
            "key": effect.key,
            "error": error,
            "code": code,
        },
        e.ActionFailed,
    )


def _committed(effect: CommitEffect | ReconcileEffect, outcome: Outcome, into: str) -> e.ActionCommitted:
    return e.ActionCommitted(
        e.FrameId(effect.frame), effect.step, effect.action, effect.key, into, outcome.result
    )


def _details(refusal: Refused) -> Record:
    return {name: value for name, value in refusal.data.items() if isinstance(value, str | int | bool)}
