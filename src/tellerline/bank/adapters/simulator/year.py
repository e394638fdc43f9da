"""A customer's past year while it is being made up: what moved, in which book, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from tellerline.bank.adapters.simulator.days import bank_day, midnight
from tellerline.bank.adapters.simulator.people import customer_record
from tellerline.bank.adapters.simulator.records import (
    Account,
    Card,
    Customer,
    Fee,
    FeeKind,
    Payee,
    Posting,
    PostingKind,
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


class Year:
    """What is known of one customer, and the lines drawn so far.

    random: the customer's own source, so that one customer's life does not alter another's.
    """

    def __init__(self, person: CustomerSeed, seed: Seed, facts: TermsBook, now: datetime, number: int) -> None:
        self.person = person
        self.seed = seed
        self.facts = facts
        self.now = now
        self.today = bank_day(now)
        self.terms: Terms = facts.on(self.today)
        self.start = midnight(self.today - timedelta(days=DAYS))
        self.random = Random(f"{number}/{person.id}")  # noqa: S311  made-up lives, not secrets
        self.customer: Customer = customer_record(person)
        self.accounts: dict[str, Account] = {}
        self.cards: dict[str, Card] = {}
        self.payees: dict[str, Payee] = {}
        self.lines: dict[str, list[Posting]] = {}
        self.transfers: list[Transfer] = []
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
        return card.book if card else self.accounts[last_four].id

    def post(
        self, book: str, at: datetime, amount_minor: int, kind: PostingKind, party: Text, *,
        channel: str = "", card_id: str = "", pending: bool = False, original: str = "",
    ) -> Posting | None:  # fmt: skip
        """Draw a line, unless it lies outside the year."""
        if not self.start <= at <= self.now:
            return None
        lines = self.lines.setdefault(book, [])
        posting = Posting(
            f"{book}-{len(lines) + 1:04d}", at, amount_minor, kind, party, channel, card_id, pending, original
        )
        lines.append(posting)
        return posting

    def charge(
        self, kind: FeeKind, book: str, last_four: str, at: datetime, amount_minor: int, basis: Text, *,
        notice: bool = True, reason: Text | None = None, card_id: str = "",
    ) -> None:  # fmt: skip
        """Draw a fee and keep what it rests on. It can be waived when `reason` says why, or no notice is on file."""
        label = FEE_LABELS[kind]
        line_kind: PostingKind = "interest_charged" if kind == "interest" else "fee"
        posting = self.post(book, at, -amount_minor, line_kind, label, channel="bank", card_id=card_id)
        if posting is None:
            return
        if not notice:
            reason = Text("未查到收费前的告知记录", "No notice before the charge is on file")
        fallback = Text("已按规则收取，且已提前告知", "Charged by the rules, with notice beforehand")
        self.fees.append(
            Fee(
                f"fee-{posting.id}", self.customer.id, kind, label, amount_minor, posting.on, book, last_four,
                posting.id, basis, notice, reason is not None, reason or fallback,
            )
        )  # fmt: skip
