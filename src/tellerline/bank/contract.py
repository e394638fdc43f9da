"""The bank as the flows see it: an operation catalogue with identity levels, and the port every adapter implements.

A write is `prepare` (what would happen, nothing done) → read back → customer's yes → `commit` with an idempotency key.
The same key always means the same effect: it happens once, and `status` tells whether it did.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Refused
from tellerline.domain.party import Caller, CustomerId, Level

Kind = Literal["lookup", "action"]


class Operation(msgspec.Struct, frozen=True):
    """One thing the bank can be asked.

    level:      lowest identity level at which data or effect may be reached.
    parameters: names of required arguments; `optional` of the others.
    returns:    field names a lookup row or an action's result carries (templates are linted against them).
    terms:      field names of what `prepare` reads back.
    protective: an action that only protects the customer (a freeze); may be committed without reading back.
    money:      moves the customer's money; stopped while a scam is suspected.
    undo:       the action that reverses this one, if there is one.
    """

    name: str
    kind: Kind
    level: Level
    parameters: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    many: bool = False
    protective: bool = False
    money: bool = False
    undo: str | None = None


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
    """A verification that succeeded."""

    customer: CustomerId
    level: Level
    method: str


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
    """Any adapter behind the level check: the flows never hold a bank without it."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """As `Bank.lookup`, after the level check."""
        check_access(access_operation(operation, "lookup"), caller)
        return await self._bank.lookup(operation, arguments, caller=caller)

    async def prepare(self, action: str, arguments: Record, *, caller: Caller) -> Prepared:
        """As `Bank.prepare`, after the level check."""
        check_access(access_operation(action, "action"), caller)
        return await self._bank.prepare(action, arguments, caller=caller)

    async def commit(self, prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
        """As `Bank.commit`, after the level check."""
        check_access(access_operation(prepared.action, "action"), caller)
        return await self._bank.commit(prepared, key=key, caller=caller)

    async def status(self, key: str) -> Outcome | None:
        """As `Bank.status`; keys are unguessable and tell nothing but the outcome."""
        return await self._bank.status(key)


def access_operation(name: str, kind: Kind) -> Operation:
    """Return an operation of the catalogue.

    Raises: Refused, code `unknown_operation`.
    """
    operation = OPERATIONS.get(name)
    if operation is None or operation.kind != kind:
        raise Refused("unknown_operation", f"the bank has no {kind} {name!r}", operation=name)
    return operation


def _lookup(
    name: str, level: int, returns: str, *, needs: str = "", may: str = "", many: bool = True
) -> Operation:
    return Operation(
        name,
        "lookup",
        Level(level),
        tuple(needs.split()),
        tuple(may.split()),
        tuple(returns.split()),
        many=many,
    )


def _action(
    name: str,
    level: int,
    needs: str,
    terms: str,
    returns: str,
    *,
    may: str = "",
    marks: str = "",
    undo: str | None = None,
) -> Operation:
    return Operation(
        name, "action", Level(level), tuple(needs.split()), tuple(may.split()), tuple(returns.split()),
        tuple(terms.split()), protective="protective" in marks, money="money" in marks, undo=undo,
    )  # fmt: skip


# Texts {zh, en} are: label, surname, salutation, summary, bank, payee_bank, basis, reason, arrives. All other texts are
# plain, and the same in every language. All lists are newest or most relevant first.
_CATALOGUE = (
    _lookup("customer.profile", 1, "id name surname salutation elder phone_masked since_on risk_level", many=False),
    _lookup(
        "accounts.list", 1, "id kind last_four label balance_minor available_minor pending_minor currency",
        may="kind",  # current | savings
    ),
    _lookup(
        "transactions.list", 1,
        "id account_id card_id last_four on at amount_minor currency direction counterparty summary status merchant"
        " channel label",
        may="account card since_on until_on limit merchant amount_minor direction",
    ),
    _lookup(
        "deposits.list", 1,
        "id last_four label principal_minor currency rate term_months start_on maturity_on status",
    ),
    _lookup("cards.list", 1, "id kind last_four label status account_id credit_limit_minor", may="kind status"),
    _lookup(
        "card.statement", 1,
        "card_id last_four label statement_on due_on balance_minor minimum_minor paid_minor remaining_minor"
        " remaining_minimum_minor autopay currency instalment_eligible_minor grace_until_on overdue",
        needs="card", many=False,
    ),
    _lookup(
        "fees.list", 1,
        "id kind label amount_minor currency on account_last_four basis notice_on_file waivable reason",
        may="account",  # kind: annual_fee late_fee interest cash_advance_fee sms_fee cross_border_fee
    ),
    _lookup("payees.list", 1, "id name bank last_four label"),
    _lookup(
        "limits.get", 1, "single_minor daily_minor yearly_minor used_today_minor currency daily_max_minor", many=False
    ),
    _lookup(
        "transfers.list", 1,
        "id reference payee_name payee_bank payee_last_four amount_minor currency at on status expected_on reason"
        " cancellable label",
        may="status",  # pending posted returned held cancelled
    ),
    _lookup("autodebits.list", 1, "id label card_id account_id amount_minor next_on"),
    _action("card.freeze", 1, "card", "last_four label", "receipt frozen_at last_four", marks="protective"),
    _action("card.freeze_reported", 0, "phone last_four", "last_four", "receipt frozen_at last_four", marks="protective"),
    _action("card.replace", 3, "card", "last_four label fee_minor currency arrives_on", "receipt arrives_on"),
    _action(
        "deposit.withdraw", 2, "deposit amount_minor",
        "label principal_minor amount_minor remaining_minor currency early demand_rate contract_rate"
        " interest_minor forgone_minor payout_minor to_last_four maturity_on",
        "receipt payout_minor to_last_four at", marks="money",
    ),
    _action(
        "transfer.send", 2, "account payee amount_minor",  # mode: real_time ordinary next_day
        "payee_name payee_bank payee_last_four amount_minor fee_minor currency from_last_four arrives",
        "receipt reference at status cancellable_until amount_minor payee_name",
        may="note mode", marks="money", undo="transfer.cancel",
    ),
    _action("transfer.cancel", 1, "reference", "reference amount_minor payee_name currency", "receipt at"),
    _action(
        "card.repay", 2, "card account amount_minor",
        "last_four amount_minor currency from_last_four remaining_minor", "receipt at remaining_minor amount_minor",
        marks="money",
    ),
    _action("limit.lower", 1, "daily_minor", "from_minor daily_minor currency", "receipt daily_minor from_at"),
    _action("limit.raise", 3, "daily_minor", "from_minor daily_minor currency", "receipt daily_minor from_at"),
    _action(
        "instalment.open", 2, "card amount_minor periods",
        "last_four amount_minor periods monthly_minor first_minor total_interest_minor total_minor annual_rate"
        " currency first_on",
        "receipt amount_minor periods monthly_minor first_on",
    ),
    _action("dispute.open", 1, "card transactions", "count amount_minor currency last_four", "receipt number reply_by_on"),
    _action("fee.review", 1, "fee", "label amount_minor currency", "receipt number reply_by_on"),
    _action("transfer.trace", 1, "transfer", "reference amount_minor payee_name currency", "receipt number reply_by_on"),
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in _CATALOGUE}
