"""A credit card's past year: bills, and whether they were paid in full, at the minimum, late or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tellerline.bank.adapters.simulator.billing import (
    PURCHASES,
    Bill,
    draw_bill,
    late_fee,
    next_statement,
    revolving_interest,
)
from tellerline.bank.adapters.simulator.core import Book
from tellerline.bank.adapters.simulator.days import day_end, moment_on, monthly
from tellerline.bank.adapters.simulator.history import buy
from tellerline.bank.adapters.simulator.people import ending
from tellerline.bank.adapters.simulator.records import Card, FeeKind, Posting
from tellerline.bank.adapters.simulator.seed import CreditSeed, FeeSeed, PayingHabit
from tellerline.bank.adapters.simulator.year import Means, Year
from tellerline.domain.finance.amount import half_up
from tellerline.domain.finance.deposit import add_months
from tellerline.domain.language import Text

LATE_BY_DAYS = 9
WAIVER_MIN_MINOR = 1_000
_REPAYMENT = Text("信用卡还款", "Credit card repayment")
_TOP_UP_MERCHANT = "huawei"


class _CardYear:
    """One card's bills, drawn in order; what is charged or paid goes into the card's book as it happens."""

    def __init__(self, year: Year, card: Card, seed: CreditSeed) -> None:
        self.year, self.card, self.seed = year, card, seed
        self.terms = year.terms.card
        self.book = Book(0, year.lines.setdefault(card.account_id, []))
        days = monthly(card.statement_day, year.start.date(), year.today - timedelta(days=1))
        self.statements = list(days)

    def bill(self, statement_on: date) -> Bill:
        """Return the bill of `statement_on` as it was drawn, with what has been paid on it up to now."""
        return draw_bill(self.book, self.card, statement_on + timedelta(days=1), self.terms)

    def live(self) -> Book:
        """Draw everything; return the card's book."""
        exception = self._exception()
        for statement_on in self.statements:
            if statement_on == self.statements[-1]:
                self._top_up(statement_on)
            bill = self.bill(statement_on)
            if bill.balance_minor:
                self._pay(bill, self.seed.pays if statement_on == exception else self._usual())
            self._charge_interest(statement_on)
        return self.book

    def _usual(self) -> PayingHabit:
        return "full" if self.seed.pays in ("late", "overdue") else self.seed.pays

    def _exception(self) -> date | None:
        """Return the one bill that a late payer paid late: the newest that is over by now."""
        if self.seed.pays not in ("late", "overdue"):
            return None
        room = LATE_BY_DAYS if self.seed.pays == "late" else self.terms.grace_days
        over = [day for day in self.statements if self._due(day) + timedelta(days=room) < self.year.today]
        return over[-1] if over else None

    def _due(self, statement_on: date) -> date:
        return statement_on + timedelta(days=self.terms.due_days)

    def _pay(self, bill: Bill, habit: PayingHabit) -> None:
        early = 2 + self.year.random.randrange(6)
        if habit == "autopay":
            self._repay(bill.remaining_minor, moment_on(bill.due_on, "06:00"))
        elif habit == "full":
            self._repay(bill.remaining_minor, moment_on(bill.due_on - timedelta(days=early), "19:42"))
        elif habit == "minimum":
            self._repay(bill.remaining_minimum_minor, moment_on(bill.due_on - timedelta(days=1), "20:15"))
        else:
            self._charge_late_fee(bill)
            if habit == "late":
                self._repay(
                    bill.remaining_minor, moment_on(bill.due_on + timedelta(days=LATE_BY_DAYS), "12:30")
                )

    def _repay(self, owed_minor: int, at: datetime) -> None:
        """Pay a bill, unless that day is still to come."""
        if at >= day_end(self.year.today - timedelta(days=1)):
            return
        year, card = self.year, self.card
        year.post(
            year.main.id, at, -owed_minor, "repayment", ending(_REPAYMENT, card.last_four), Means("app")
        )
        paid = year.post(card.account_id, at, owed_minor, "repayment", _REPAYMENT, Means("app", card.id))
        assert paid is not None, "bills and their payments lie within the year"
        self.book.add(paid)

    def _charge_late_fee(self, bill: Bill) -> None:
        shortfall, rate = bill.minimum_minor, self.terms.late_fee_rate
        low, high = self.terms.late_fee_min_minor / 100, self.terms.late_fee_max_minor / 100
        basis = Text(
            f"最低还款额未还部分{shortfall / 100:.2f}元的{rate}%，最低{low:.2f}元，最高{high:.2f}元",
            f"{rate}% of the unpaid minimum payment of CNY {shortfall / 100:.2f}, "
            f"at least CNY {low:.2f} and at most CNY {high:.2f}",
        )
        at = moment_on(bill.grace_until_on + timedelta(days=1), "00:30")
        self._charge(  # the first in twelve months may be waived
            "late_fee", at, late_fee(shortfall, self.terms), basis, notice=self.seed.notice, waivable=True
        )

    def _charge_interest(self, statement_on: date) -> None:
        """Book the interest on this bill on the next statement day, if it was not paid in full in time."""
        bill = self.bill(statement_on)
        following = next_statement(self.card, statement_on)
        if following >= self.year.today or not bill.balance_minor:
            return
        paid = sum(p.amount_minor for p in self._repaid(statement_on, bill.grace_until_on))
        if bill.balance_minor - paid <= self.terms.tolerance_minor:
            return
        rate = self.terms.daily_interest_rate
        amount, days = revolving_interest(self.book, self.card, bill, rate)
        basis = Text(
            f"{statement_on:%Y-%m-%d}账单未全额还清，各笔自入账日起按日利率{rate}%计息，最长{days}天",
            f"The bill of {statement_on:%Y-%m-%d} was not paid in full: {rate}% a day from each posting date, "
            f"{days} days at most",
        )
        self._charge("interest", moment_on(following, "22:30"), amount, basis)

    def _repaid(self, after: date, until: date) -> Iterator[Posting]:
        return (p for p in self.book.postings if p.kind == "repayment" and after < p.on <= until)

    def _charge(
        self,
        kind: FeeKind,
        at: datetime,
        amount: int,
        basis: Text,
        *,
        notice: bool = True,
        waivable: bool = False,
    ) -> None:
        year, card = self.year, self.card
        before = len(year.lines[card.account_id])
        year.charge(kind, card, at, amount, basis, notice=notice, waivable=waivable)
        for posting in year.lines[card.account_id][before:]:
            self.book.add(posting)

    def _top_up(self, statement_on: date) -> None:
        """Bring the present bill to the balance that the seed asks for, by one more purchase."""
        if self.seed.statement is None:
            return
        missing = half_up(self.seed.statement * 100) - self.bill(statement_on).balance_minor
        if missing > 0:
            lines = self.year.lines[self.card.account_id]
            at = moment_on(statement_on - timedelta(days=6), "15:48")
            buy(self.year, self.year.seed.merchants[_TOP_UP_MERCHANT], self.card, at, missing)
            self.book.add(lines[-1])


def live_cards(year: Year) -> dict[str, Book]:
    """Draw the year of every credit card; return their books."""
    for told in year.person.fees:
        _charge_annual_fee(year, told)
    return {
        year.cards[seed.last_four].account_id: _CardYear(year, year.cards[seed.last_four], seed).live()
        for seed in year.person.credit
    }


def _charge_annual_fee(year: Year, told: FeeSeed) -> None:
    """Draw an annual fee; where the year's purchases would have waived it, the fee says so."""
    card, terms = year.cards[told.book], year.terms.card
    day = year.today - timedelta(days=told.days_ago)
    fee = terms.annual_fee_minor[card.tier]
    first = add_months(day, -12)
    counted = sum(
        p.kind in PURCHASES and -p.amount_minor >= WAIVER_MIN_MINOR and first < p.on <= day
        for p in year.lines.get(card.account_id, [])
    )
    needed = terms.waiver_purchases.get(card.tier)
    basis = Text(f"卡年度年费{fee / 100:.2f}元", f"Annual fee of CNY {fee / 100:.2f} for the card year")
    if needed is not None:
        basis = Text(
            f"{basis.zh}；卡年度内达标消费{counted}笔，满{needed}笔免收",
            f"{basis.en}; {counted} purchases of the card year count, and {needed} waive it",
        )
    waivable = needed is not None and counted >= needed
    year.charge(
        "annual_fee", card, moment_on(day, "03:00"), fee, basis, notice=told.notice, waivable=waivable
    )
