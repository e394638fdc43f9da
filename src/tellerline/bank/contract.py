"""The bank as the flows see it: the port every adapter implements. What can be asked of it is in `catalogue`.

A write is `prepare` (what would happen, nothing done) → read back → customer's yes → `commit` with an idempotency key.
The same key always means the same effect: it happens once, and `status` tells whether it did.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from tellerline.bank.catalogue import COUNTER_OPERATIONS, OPERATIONS, Kind, Operation
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Refused
from tellerline.domain.language import Language
from tellerline.domain.party import Caller, CustomerId, Level


class Prepared(msgspec.Struct, frozen=True):
    """What an action would do. The customer confirms exactly this; `digest` covers all of it."""

    action: str
    arguments: Record
    terms: Record
    expires_at: datetime

    @property
    def digest(self) -> str:
        """SHA-256 over action, arguments and terms in canonical JSON, hex."""
        body = msgspec.json.encode([self.action, self.arguments, self.terms], order="deterministic")
        return hashlib.sha256(body).hexdigest()


class Outcome(msgspec.Struct, frozen=True):
    """An effect that happened."""

    key: str
    action: str
    result: Record
    at: datetime


class Bank(Protocol):
    """The port. Every method may raise `Refused`, `Unavailable`; `commit` also `Conflict`, `OutcomeUnknown`."""

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """Return data. A list of records when the operation is `many`, else one record.

        Raises: Refused below the operation's level or for another customer's data; Unavailable.
        """
        ...

    async def prepare(self, action: str, arguments: Record, *, caller: Caller) -> Prepared:
        """Say what `action` would do, changing nothing.

        Raises: Refused with a code such as `insufficient_funds`; Unavailable.
        """
        ...

    async def commit(self, prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
        """Do it once. The same key again returns the same outcome without a second effect.

        Raises: Conflict when the terms no longer hold (prepare again); Refused; Unavailable (nothing happened);
        OutcomeUnknown (ask `status`).
        """
        ...

    async def status(self, key: str) -> Outcome | None:
        """Return the outcome committed under `key`, or None when nothing was.

        Raises: Unavailable when it cannot be told now.
        """
        ...


class Challenge(msgspec.Struct, frozen=True):
    """A verification under way; `hint` says where the code went, masked (138****1234)."""

    id: str
    method: Literal["identify", "otp", "face"]
    level: Level
    hint: str = ""
    tries_left: int = 5


class Proof(msgspec.Struct, frozen=True):
    """A verification that succeeded. `language`: the one the customer once asked to be served in, if that is known."""

    customer: CustomerId
    level: Level
    method: str
    language: Language | None = None


class Identity(Protocol):
    """Proves who the customer is. Secrets come through the secure widget only and are never kept."""

    async def sign_in(self, customer_token: str) -> Proof:
        """Accept an app session's token (L1). Raises: Refused when it is unknown or expired."""
        ...

    async def start(self, method: str, *, conversation: str, caller: Caller) -> Challenge:
        """Begin a verification; sends a code or a face check to the customer's device where the method needs one.

        Raises: Refused (`locked`, `wrong_order`); Unavailable.
        """
        ...

    async def check(self, challenge: str, answer: Record, *, conversation: str) -> Proof:
        """Check the widget's answer.

        answer: identify {phone, id_last_four}; otp {code}; face {} (the device has said yes or no).
        Raises: Refused with code `wrong` and data tries_left, `expired`, `pending` (face not yet done) or `locked`.
        """
        ...


def check_access(operation: Operation, caller: Caller) -> None:
    """Refuse below the operation's level. The one place where level meets data.

    Raises: Refused, code `level_too_low`.
    """
    if caller.level < operation.level or (operation.level > Level.L0 and caller.customer is None):
        raise Refused(
            "level_too_low",
            f"{operation.name} needs identity level {operation.level.value}",
            operation=operation.name,
            needed=operation.level.value,
            level=caller.level.value,
        )


class GuardedBank:
    """Any adapter behind the level check: the flows never hold a bank without it.

    counter: answers the operations that the counter keeps itself; without one they are unknown.
    """

    def __init__(self, bank: Bank, counter: Bank | None = None) -> None:
        self._bank = bank
        self._counter = counter

    def _answering(self, operation: str) -> Bank:
        if operation not in COUNTER_OPERATIONS:
            return self._bank
        if self._counter is None:
            raise Refused("unknown_operation", f"nothing answers {operation!r} here", operation=operation)
        return self._counter

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """As `Bank.lookup`, after the level check."""
        check_access(access_operation(operation, "lookup"), caller)
        return await self._answering(operation).lookup(operation, arguments, caller=caller)

    async def prepare(self, action: str, arguments: Record, *, caller: Caller) -> Prepared:
        """As `Bank.prepare`, after the level check."""
        check_access(access_operation(action, "action"), caller)
        return await self._answering(action).prepare(action, arguments, caller=caller)

    async def commit(self, prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
        """As `Bank.commit`, after the level check."""
        check_access(access_operation(prepared.action, "action"), caller)
        return await self._answering(prepared.action).commit(prepared, key=key, caller=caller)

    async def status(self, key: str) -> Outcome | None:
        """As `Bank.status`; keys are unguessable and tell nothing but the outcome."""
        return await self._bank.status(key)


def access_operation(name: str, kind: Kind) -> Operation:
    """Return an operation of the catalogue.

    Raises: Refused, code `unknown_operation`.
    """
    operation = OPERATIONS.get(name) or COUNTER_OPERATIONS.get(name)
    if operation is None or operation.kind != kind:
        raise Refused("unknown_operation", f"the bank has no {kind} {name!r}", operation=name)
    return operation
