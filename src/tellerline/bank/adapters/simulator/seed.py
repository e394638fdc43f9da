"""The form of a pack's `core/` folder: who the demonstration customers are and where they spend."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import yaml

from tellerline.bank.adapters.simulator.records import ApplicationStatus, CardStatus, FeeKind
from tellerline.domain.language import Language, Text

FormT = TypeVar("FormT")
PayingHabit = Literal["full", "autopay", "minimum", "late", "overdue"]


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base: unknown keys in a pack file are errors."""


class Merchant(_Form, frozen=True):
    """A place to spend; a purchase is between `low` and `high` in its currency, small ones being likelier."""

    id: str
    name: Text
    category: str
    low: Decimal
    high: Decimal
    channel: Literal["pos", "online", "mandate"]
    currency: str = "CNY"


class Life(_Form, frozen=True):
    """A way of living: how many purchases a month, and of which categories."""

    purchases_per_month: int
    weights: dict[str, int]


class Income(_Form, frozen=True):
    """What comes in every month."""

    party: Text
    amount: Decimal
    day: int
    kind: Literal["salary", "pension", "income"] = "salary"


class Rent(_Form, frozen=True):
    """A monthly transfer to the payee with these last four digits."""

    payee: str
    amount: Decimal
    day: int


class AccountSeed(_Form, frozen=True):
    """`closing` is the balance at the end of the generated year."""

    kind: Literal["current", "savings"]
    last_four: str
    closing: Decimal
    currency: str = "CNY"
    card_status: CardStatus = "active"


class CreditSeed(_Form, frozen=True):
    """A credit card.

    share:        part of the customer's purchases made with it. pays: what becomes of its bills.
    due_in_days:  picks the statement day so that the present bill falls due in about so many days.
    statement:    the balance of the present bill, reached by one more purchase.
    notice:       whether a notice of its late fee is on file. new: issued, and waiting to be activated.
    """

    last_four: str
    tier: Literal["classic", "gold", "platinum", "diamond"]
    limit: int
    share: float
    pays: PayingHabit
    statement_day: int = 0
    due_in_days: int = 0
    statement: Decimal | None = None
    network: Literal["unionpay", "visa", "mastercard"] = "unionpay"
    notice: bool = True
    new: bool = False


class DepositSeed(_Form, frozen=True):
    """A term deposit; `rate` holds when it was opened before the facts begin."""

    last_four: str
    term_months: int
    principal: int
    days_ago: int
    rate: str
    partial_count: int = 0


class LoanSeed(_Form, frozen=True):
    """A loan repaid monthly on `day`."""

    kind: Literal["mortgage", "consumer", "car", "business"]
    last_four: str
    principal: int
    outstanding: int
    rate: str
    months_ago: int
    term_months: int
    day: int


class HoldingSeed(_Form, frozen=True):
    """A wealth product, by its key in the facts."""

    product: str
    cost: int
    value: Decimal
    days_ago: int


class PayeeSeed(_Form, frozen=True):
    """Somebody the customer has paid before; `bank` is a key of `banks`."""

    name: str
    bank: str
    last_four: str


class MandateSeed(_Form, frozen=True):
    """An auto-debit by a merchant from the account or card `book`."""

    merchant: str
    book: str
    day: int


class PurchaseSeed(_Form, frozen=True):
    """A purchase that must be there."""

    merchant: str
    book: str
    amount: Decimal
    days_ago: int
    time: str
    pending: bool = False


class TransferSeed(_Form, frozen=True):
    """An outgoing transfer that must be there; `reason` is a key of `reasons`."""

    payee: str
    amount: Decimal
    days_ago: int = 0
    hours_ago: int = 0
    status: Literal["posted", "pending", "held", "returned"] = "posted"
    reason: str = ""


class RestrictionSeed(_Form, frozen=True):
    """A current account that money may not leave; `reason` is a key of `restrictions`."""

    book: str
    reason: str
    days_ago: int


class RestrictionReason(_Form, frozen=True):
    """Why an account is restricted, and what would lift it."""

    label: Text
    reason: Text
    documents: Text


class ApplicationSeed(_Form, frozen=True):
    """An application for a credit card (`product` is a tier) or a loan (its kind), as it stands.

    answer_days: after how many days the answer came, or is due. outcome: a key of `outcomes`, which says what is missing
    or why it was declined.
    """

    kind: Literal["card", "loan"]
    product: str
    days_ago: int
    status: ApplicationStatus
    amount: int = 0
    months: int = 0
    answer_days: int = 5
    outcome: str = ""


class BeneficiarySeed(_Form, frozen=True):
    """Somebody abroad who may be sent money; `account` is an IBAN where the country has them."""

    name: str
    bank: Text
    country: Text
    bic: str
    account: str
    currency: str
    screened: bool = True


class RemittanceSeed(_Form, frozen=True):
    """Money sent abroad earlier, to the beneficiary whose account ends in `to`."""

    to: str
    amount: int
    days_ago: int
    purpose: str


class FeeSeed(_Form, frozen=True):
    """A fee that must be there; its amount follows from the terms."""

    kind: FeeKind
    book: str
    days_ago: int
    notice: bool = True


class CustomerSeed(_Form, frozen=True):
    """A customer and what belongs to them. `scale` multiplies what they spend."""

    id: str
    name: str
    surname: Text
    gender: Literal["female", "male"]
    born_on: date
    phone: str
    id_last_four: str
    since_on: date
    risk_level: Literal["C1", "C2", "C3", "C4", "C5"]
    life: str
    income: Income
    accounts: list[AccountSeed]
    language: Language = "zh"
    scale: Decimal = Decimal(1)
    sms: bool = False
    daily_limit: int = 0
    rent: Rent | None = None
    credit: list[CreditSeed] = []
    deposits: list[DepositSeed] = []
    loans: list[LoanSeed] = []
    holdings: list[HoldingSeed] = []
    payees: list[PayeeSeed] = []
    mandates: list[MandateSeed] = []
    purchases: list[PurchaseSeed] = []
    transfers: list[TransferSeed] = []
    fees: list[FeeSeed] = []
    restricted: list[RestrictionSeed] = []
    risk_assessed_days_ago: int = 150
    resident: bool = True
    applications: list[ApplicationSeed] = []
    beneficiaries: list[BeneficiarySeed] = []
    remittances: list[RemittanceSeed] = []


class _Customers(_Form, frozen=True):
    reasons: dict[str, Text]
    restrictions: dict[str, RestrictionReason]
    outcomes: dict[str, Text]
    customers: list[CustomerSeed]


class _Merchants(_Form, frozen=True):
    banks: dict[str, Text]
    merchants: list[Merchant]
    lives: dict[str, Life]


class Seed(msgspec.Struct, frozen=True):
    """A pack's core: customers, banks, merchants, ways of living, and the bank's SMS texts."""

    customers: list[CustomerSeed]
    reasons: dict[str, Text]
    banks: dict[str, Text]
    merchants: dict[str, Merchant]
    lives: dict[str, Life]
    sms: dict[str, Text]
    restrictions: dict[str, RestrictionReason]
    outcomes: dict[str, Text]


def load_seed(folder: Path) -> Seed:
    """Read a pack's `core/` folder.

    Raises: msgspec.ValidationError naming the field.
    """
    people = _load(folder / "customers.yaml", _Customers)
    places = _load(folder / "merchants.yaml", _Merchants)
    return Seed(
        people.customers,
        people.reasons,
        places.banks,
        {merchant.id: merchant for merchant in places.merchants},
        places.lives,
        _load(folder / "sms.yaml", dict[str, Text]),
        people.restrictions,
        people.outcomes,
    )


def _load(path: Path, form: type[FormT]) -> FormT:
    return msgspec.convert(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader), form)
