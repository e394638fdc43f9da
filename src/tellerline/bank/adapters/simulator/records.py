"""The nouns of the simulated core. Records are frozen: a change replaces one.

Amounts are whole minor units. A posting is signed from the customer's side: money in is positive, money out negative;
so what is owed on a credit card is the negative of its balance.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from tellerline.domain.language import Language, Text
from tellerline.domain.party import CustomerId
from tellerline.reply.format import BANK_ZONE

CardKind = Literal["debit", "credit"]
CardStatus = Literal["active", "frozen", "inactive", "replaced"]
PostingKind = Literal[
    "purchase", "mandate", "salary", "pension", "income", "transfer_out", "transfer_in", "transfer_back", "cash",
    "repayment", "interest_paid", "interest_charged", "fee", "refund", "deposit_out", "loan", "instalment", "redemption",
    "points", "remittance",
]  # fmt: skip
ReviewKind = Literal[
    "dispute", "fee", "trace", "recall", "atm", "repayment", "appeal", "limit", "cash", "application"
]  # fmt: skip
ApplicationStatus = Literal["in_review", "documents_missing", "approved", "declined"]
FeeKind = Literal["annual_fee", "late_fee", "interest", "cash_advance_fee", "sms_fee", "cross_border_fee"]


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag=True):
    """Base: unknown fields in a journal are errors, so that it is never half understood."""


class Customer(_Record, frozen=True):
    """A person. `salutation` goes with `surname`: 王女士, Ms Wang.

    risk_level:  how much risk they bear as an investor, C1 to C5, as assessed on `risk_assessed_on`.
    resident:    has a yearly quota for buying foreign currency; whoever holds a foreign passport has none.
    held_until:  until then no money leaves by online service.
    """

    id: CustomerId
    name: str
    surname: Text
    salutation: Text
    language: Language
    born_on: date
    phone: str
    id_last_four: str
    since_on: date
    risk_level: str
    risk_assessed_on: date
    resident: bool
    held_until: datetime | None = None

    @property
    def phone_masked(self) -> str:
        """The number as it may be shown: 138****1234."""
        return f"{self.phone[:3]}****{self.phone[-4:]}"

    def age(self, on: date) -> int:
        """Return the age in whole years on day `on`."""
        return on.year - self.born_on.year - ((on.month, on.day) < (self.born_on.month, self.born_on.day))


class Account(_Record, frozen=True):
    """A current account (the debit card's) or a savings account; the limited classes II and III are savings accounts."""

    id: str
    customer: CustomerId
    kind: Literal["current", "savings"]
    last_four: str
    currency: str
    label: Text
    closed: bool = False


class Card(_Record, frozen=True):
    """A debit card, linked to an account, or a credit card, with an account of its own.

    account_id: also the name of its book. A replacement has that of the card it replaces: bill, limit, instalments stay.
    """

    id: str
    customer: CustomerId
    kind: CardKind
    last_four: str
    label: Text
    status: CardStatus
    account_id: str
    credit_limit_minor: int = 0
    statement_day: int = 0
    autopay: bool = False
    tier: str = ""
    network: str = "unionpay"
    frozen_at: datetime | None = None


class Posting(_Record, frozen=True, gc=False):
    """One line of a book.

    party:    the merchant, payer or payee. original: the amount in the merchant's own currency ("USD 486.00").
    pending:  authorised, not yet part of the balance.
    """

    id: str
    at: datetime
    amount_minor: int
    kind: PostingKind
    party: Text
    channel: str = ""
    card_id: str = ""
    pending: bool = False
    original: str = ""

    @property
    def on(self) -> date:
        """The day in the bank's time zone."""
        return self.at.astimezone(BANK_ZONE).date()


class Deposit(_Record, frozen=True):
    """A term deposit. `rate` is the contract's, percent a year; `partial_count` the early part withdrawals so far."""

    id: str
    customer: CustomerId
    last_four: str
    principal_minor: int
    currency: str
    rate: str
    term_months: int
    start_on: date
    maturity_on: date
    pays_to: str
    partial_count: int = 0
    closed: bool = False


class Loan(_Record, frozen=True):
    """A loan with level monthly instalments."""

    id: str
    customer: CustomerId
    kind: Literal["mortgage", "consumer", "car", "business"]
    last_four: str
    label: Text
    principal_minor: int
    outstanding_minor: int
    rate: str
    start_on: date
    end_on: date
    instalment_minor: int
    next_due_on: date
    account_id: str


class EarlyRepayment(_Record, frozen=True):
    """An early repayment agreed for a day; `state` tells what became of it then. `loan` has one at a time."""

    id: str
    customer: CustomerId
    loan: str
    account_id: str
    amount_minor: int
    on: date
    state: Literal["agreed", "paid", "short"] = "agreed"


class Holding(_Record, frozen=True):
    """A wealth product a customer holds; `value_minor` is its value at `valued_on`."""

    id: str
    customer: CustomerId
    product: str
    label: Text
    risk: str
    issuer: Text
    cost_minor: int
    value_minor: int
    valued_on: date
    bought_on: date
    redemption: Text
    redeemed: bool = False


class Fee(_Record, frozen=True):
    """A charge, booked as posting `posting_id` of `book`."""

    id: str
    customer: CustomerId
    kind: FeeKind
    label: Text
    amount_minor: int
    on: date
    book: str
    last_four: str
    posting_id: str
    basis: Text
    notice_on_file: bool
    waivable: bool
    reason: Text


class Payee(_Record, frozen=True):
    """Somebody the customer has paid before."""

    id: str
    customer: CustomerId
    name: str
    bank: Text
    last_four: str
    own_bank: bool = False


class Mandate(_Record, frozen=True):
    """An auto-debit from an account or a card; `amount_minor` is the last amount, `day` the day of the month.

    repays: it pays the bill of a credit card, whose statement day is `day`. cancelled: it debits no more.
    """

    id: str
    customer: CustomerId
    label: Text
    book: str
    amount_minor: int
    day: int
    repays: bool = False
    cancelled: bool = False


class Device(_Record, frozen=True):
    """A telephone or computer on which the customer has signed in; `current` is the one the codes arrive on."""

    id: str
    customer: CustomerId
    label: Text
    seen_on: date
    current: bool
    revoked: bool = False


class Restriction(_Record, frozen=True):
    """Why money may not leave an account, what would lift it, and since when."""

    id: str
    customer: CustomerId
    account_id: str
    label: Text
    reason: Text
    documents: Text
    since_on: date


class Transfer(_Record, frozen=True):
    """An outgoing transfer. The amount leaves the account at `at`; what became of it depends on the hour.

    arrives_at:   when the payee's bank has it. hold_until: looked into as unusual until then.
    returned_at:  came back, because of `reason`. cancelled_at: withdrawn by the customer.
    """

    id: str
    reference: str
    customer: CustomerId
    account_id: str
    payee_name: str
    payee_bank: Text
    payee_last_four: str
    amount_minor: int
    currency: str
    at: datetime
    arrives_at: datetime
    hold_until: datetime | None = None
    returned_at: datetime | None = None
    cancelled_at: datetime | None = None
    reason: Text | None = None

    def status(self, now: datetime) -> str:
        """Return pending, posted, returned, held or cancelled, as of `now`."""
        if self.cancelled_at is not None:
            return "cancelled"
        if self.returned_at is not None and self.returned_at <= now:
            return "returned"
        if self.hold_until is not None and now < self.hold_until:
            return "held"
        return "pending" if now < self.arrives_at else "posted"

    def cancellable(self, now: datetime) -> bool:
        """Tell whether it can still be withdrawn."""
        return self.status(now) in ("pending", "held")


class InstalmentPlan(_Record, frozen=True):
    """An amount of a bill to be paid over months; the first payment is `first_minor`, all others `monthly_minor`.

    first_bill_on: the statement that carries the first payment; book: the card's book.
    """

    id: str
    customer: CustomerId
    book: str
    statement_on: date
    amount_minor: int
    periods: int
    first_minor: int
    monthly_minor: int
    first_bill_on: date


class Application(_Record, frozen=True):
    """A customer's application for a credit card or a loan. `id` is the number the customer is told.

    product: a card tier or a kind of loan. missing: what still has to be handed in; reason: why it was declined.
    """

    id: str
    customer: CustomerId
    kind: Literal["card", "loan"]
    product: str
    label: Text
    amount_minor: int
    months: int
    status: ApplicationStatus
    on: date
    reply_by_on: date
    missing: Text | None = None
    reason: Text | None = None
    decided_on: date | None = None


class Beneficiary(_Record, frozen=True):
    """Somebody abroad whom the customer has saved. `account` is an IBAN where the country has them.

    screened: whether the bank's checks on names and countries have nothing against paying them without a person.
    """

    id: str
    customer: CustomerId
    name: str
    bank: Text
    country: Text
    bic: str
    account: str
    currency: str
    screened: bool = True

    @property
    def last_four(self) -> str:
        """The last four characters of the account."""
        return self.account[-4:]


class Remittance(_Record, frozen=True):
    """Money sent abroad, bought with yuan. `quota_minor`: what it takes of the yearly quota, in US dollars."""

    id: str
    reference: str
    customer: CustomerId
    account_id: str
    beneficiary: str
    amount_minor: int
    currency: str
    quota_minor: int
    total_minor: int
    purpose: str
    at: datetime


class Review(_Record, frozen=True):
    """Something the bank looks into or prepares: a dispute, a fee, a transfer, cash. `id` is what the customer is told.

    subjects: ids of the postings, the fee or the transfer it is about.
    """

    id: str
    customer: CustomerId
    kind: ReviewKind
    subjects: tuple[str, ...]
    at: datetime
    reply_by_on: date
