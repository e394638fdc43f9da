"""A customer's past year while it is being made up: what moved, in which book, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import NamedTuple

from tellerline.bank.adapters.simulator.days import bank_day, midnight
from tellerline.bank.adapters.simulator.people import customer_record
from tellerline.bank.adapters.simulator.records import (
    Account,
    Beneficiary,
    Card,
    Customer,
    Fee,
    FeeKind,
    Payee,
    Posting,
    PostingKind,
    Remittance,
    Transfer,
)
from tellerline.bank.adapters.simulator.seed import CustomerSeed, Seed
from tellerline.bank.adapters.simulator.terms import Terms, TermsBook
from tellerline.domain.language import Text

DAYS = 365
FEE_LABELS: dict[str, Text] = {
    "annual_fee": Text("信用卡年费", "Credit card annual fee"),
    "late_fee": Text("违约金", "Late payment fee"),
    "interest": Text("透支利息", "Interest on the unpaid bill"),
    "cash_advance_fee": Text("预借现金手续费", "Cash advance fee"),
    "sms_fee": Text("短信通知服务费", "SMS notification fee"),
    "cross_border_fee": Text("外币交易货币转换费", "Foreign currency conversion fee"),
}
FEE_REASONS: dict[str, Text] = {
    "annual_fee": Text("按卡年度收取的年费", "The annual fee of the card year"),
    "late_fee": Text("到期未还足最低还款额", "The minimum payment was not made in time"),
    "interest": Text("上期账单未全额还清", "The previous bill was not paid in full"),
    "cash_advance_fee": Text("使用了预借现金", "Cash was drawn on the credit card"),
    "sms_fee": Text("已开通短信通知服务", "SMS notifications are switched on"),
    "cross_border_fee": Text(
        "通过非银联网络支付了外币", "A foreign currency was paid outside the UnionPay network"
    ),
}


class Means(NamedTuple):
    """How a line came about."""

    channel: str
    card_id: str = ""
    pending: bool = False
    original: str = ""


class Year:
    """What is known of one customer, and the lines drawn so far.

    random: the customer's own source, so that one customer's life does not alter another's.
    """

    def __init__(
        self, person: CustomerSeed, seed: Seed, facts: TermsBook, now: datetime, number: int
    ) -> None:
        self.person = person
        self.seed = seed
        self.facts = facts
        self.now = now
        self.today = bank_day(now)
        self.terms: Terms = facts.on(self.today)
        self.start = midnight(self.today - timedelta(days=DAYS))
        self.random = Random(f"{number}/{person.id}")  # noqa: S311  made-up lives, not secrets
        self.customer: Customer = customer_record(person, self.today)
        self.accounts: dict[str, Account] = {}
        self.cards: dict[str, Card] = {}
        self.payees: dict[str, Payee] = {}
        self.lines: dict[str, list[Posting]] = {}
        self.transfers: list[Transfer] = []
        self.beneficiaries: dict[str, Beneficiary] = {}
        self.remittances: list[Remittance] = []
        self.fees: list[Fee] = []

    @cached_property
    def main(self) -> Account:
        """The account that everything ordinary goes through."""
        return next(account for account in self.accounts.values() if account.kind == "current")

    @cached_property
    def main_card(self) -> Card:
        """The debit card of the main account."""
        return self.cards[self.main.last_four]

    def moment(self, day: int, seconds: int) -> datetime:
        """Return a moment of the year: day 0 is the first, day 364 yesterday."""
        return self.start + timedelta(days=day, seconds=seconds)

    def book_of(self, last_four: str) -> str:
        """Return the book behind the last four digits of a card or an account."""
        card = self.cards.get(last_four)
        return card.account_id if card else self.accounts[last_four].id

    def post(
        self, book: str, at: datetime, amount_minor: int, kind: PostingKind, party: Text, by: Means
    ) -> Posting | None:
        """Draw a line, unless it lies outside the year."""
        if not self.start <= at <= self.now:
            return None
        lines = self.lines.setdefault(book, [])
        number = f"{book}-{len(lines) + 1:04d}"
        posting = Posting(
            number, at, amount_minor, kind, party, by.channel, by.card_id, by.pending, by.original
        )
        lines.append(posting)
        return posting

    def charge(
        self, kind: FeeKind, to: Card | Account, at: datetime, amount_minor: int, basis: Text, *,
        notice: bool = True, waivable: bool = False,
    ) -> None:  # fmt: skip
        """Draw a fee and keep what it rests on. Without a notice on file it can always be waived."""
        label = FEE_LABELS[kind]
        line_kind: PostingKind = "interest_charged" if kind == "interest" else "fee"
        book, card_id = (to.account_id, to.id) if isinstance(to, Card) else (to.id, "")
        posting = (
            self.post(book, at, -amount_minor, line_kind, label, Means("bank", card_id))
            if amount_minor
            else None
        )
        if posting is None:
            return
        self.fees.append(
            Fee(
                f"fee-{posting.id}", self.customer.id, kind, label, amount_minor, posting.on, book, to.last_four,
                posting.id, basis, notice, waivable or not notice, FEE_REASONS[kind],
            )
        )  # fmt: skip
