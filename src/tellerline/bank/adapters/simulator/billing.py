"""What a credit card bill says. Pure: a bill is read off the card's book, never stored."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter

import msgspec

from tellerline.bank.adapters.simulator.core import Book
from tellerline.bank.adapters.simulator.days import day_end, last_on, months_between
from tellerline.bank.adapters.simulator.records import Card, InstalmentPlan, Posting
from tellerline.bank.adapters.simulator.terms import CardTerms, InstalmentTerms
from tellerline.domain.finance.amount import half_up
from tellerline.domain.finance.deposit import add_months

PURCHASES = frozenset({"purchase", "mandate", "refund"})
DUE_IN_FULL = frozenset({"fee", "interest_charged", "cash"})  # added to the minimum payment whole


class Bill(msgspec.Struct, frozen=True):
    """A statement and what became of it since. Amounts are what the customer owes, so positive.

    purchases_minor: of this cycle, refunds taken off. split_minor: turned into instalments since.
    """

    card_id: str
    statement_on: date
    due_on: date
    grace_until_on: date
    balance_minor: int
    minimum_minor: int
    purchases_minor: int
    paid_minor: int
    split_minor: int

    @property
    def remaining_minor(self) -> int:
        """What is left of the bill."""
        return max(0, self.balance_minor - self.paid_minor - self.split_minor)

    @property
    def remaining_minimum_minor(self) -> int:
        """What is left of the minimum payment."""
        return min(self.remaining_minor, max(0, self.minimum_minor - self.paid_minor - self.split_minor))

    def overdue(self, today: date) -> bool:
        """Tell whether the minimum was not paid when the grace ended."""
        return today > self.grace_until_on and self.remaining_minimum_minor > 0

    def eligible_minor(self, terms: InstalmentTerms, today: date) -> int:
        """Return how much may be turned into instalments: a share of the purchases, until the due date."""
        if today > self.due_on or self.overdue(today):
            return 0
        share = half_up(self.purchases_minor * terms.share_max / 100) - self.split_minor
        found = min(share, self.remaining_minor)
        return found if found >= terms.minimum_minor else 0


class _Cut(msgspec.Struct, frozen=True):
    """A cycle of a book: owed at its end, and of that what must be paid whole."""

    owed_minor: int
    in_full_minor: int
    purchases_minor: int
    paid_minor: int


def draw_bill(
    book: Book, card: Card, today: date, terms: CardTerms, plans: Sequence[InstalmentPlan] = ()
) -> Bill:
    """Return the newest bill of `card` as of `today`; a bill is drawn at the end of its statement day."""
    ends = [last_on(card.statement_day, before=today)]
    ends.append(last_on(card.statement_day, before=ends[0]))
    ends.append(last_on(card.statement_day, before=ends[1]))
    marks = [_position(book.postings, day_end(end)) for end in ends]
    since = book.postings[marks[0] :]
    owed = -(book.balance_minor - sum(p.amount_minor for p in since if not p.pending))
    cycle = _cut(
        book.postings[marks[1] : marks[0]], owed + billed(plans, ends[0]), due_instalments(plans, ends[0])
    )
    before = owed + sum(p.amount_minor for p in book.postings[marks[1] : marks[0]] if not p.pending)
    previous = _cut(
        book.postings[marks[2] : marks[1]], before + billed(plans, ends[1]), due_instalments(plans, ends[1])
    )
    shortfall = max(0, _minimum(previous, 0, terms) - cycle.paid_minor)
    due_on = ends[0] + timedelta(days=terms.due_days)
    return Bill(
        card.id,
        ends[0],
        due_on,
        due_on + timedelta(days=terms.grace_days),
        max(0, cycle.owed_minor),
        _minimum(cycle, shortfall, terms),
        max(0, cycle.purchases_minor),
        _sum(since, frozenset({"repayment"})),
        _sum(since, frozenset({"instalment"})),
    )


def _position(postings: Sequence[Posting], at: datetime) -> int:
    return bisect_left(postings, at, key=attrgetter("at"))


def _sum(postings: Sequence[Posting], kinds: frozenset[str]) -> int:
    return sum(p.amount_minor for p in postings if p.kind in kinds and not p.pending)


def _cut(postings: Sequence[Posting], owed_minor: int, instalments_minor: int) -> _Cut:
    return _Cut(
        owed_minor,
        instalments_minor - _sum(postings, DUE_IN_FULL),
        -_sum(postings, PURCHASES),
        _sum(postings, frozenset({"repayment"})),
    )


def _minimum(cut: _Cut, shortfall_minor: int, terms: CardTerms) -> int:
    """A share of the principal, and whole: fees, interest, cash, instalments, what an earlier minimum lacked."""
    whole = min(max(0, cut.owed_minor), cut.in_full_minor + shortfall_minor)
    principal = max(0, cut.owed_minor - whole)
    return whole + half_up(principal * terms.minimum_rate / 100)


def _payments_billed(plan: InstalmentPlan, statement_on: date) -> int:
    return max(0, min(plan.periods, months_between(plan.first_bill_on, statement_on) + 1))


def billed(plans: Sequence[InstalmentPlan], statement_on: date) -> int:
    """Return all that instalment plans have put on bills up to `statement_on`."""
    total = 0
    for plan in plans:
        count = _payments_billed(plan, statement_on)
        total += plan.first_minor + (count - 1) * plan.monthly_minor if count else 0
    return total


def due_instalments(plans: Sequence[InstalmentPlan], statement_on: date) -> int:
    """Return what instalment plans put on the bill of `statement_on` itself."""
    return billed(plans, statement_on) - billed(plans, add_months(statement_on, -1))


def revolving_interest(book: Book, card: Card, bill: Bill, rate: Decimal) -> tuple[int, int]:
    """Return the interest on a bill that was not paid in full, booked on the next statement day, and the days counted.

    Each purchase costs `rate` percent a day from its posting; what was carried into the bill, from the bill on; payments
    stop it for their amount. Late fees bear none.
    """
    end = next_statement(card, bill.statement_on)
    start = last_on(card.statement_day, before=bill.statement_on)
    cycle = book.postings[
        _position(book.postings, day_end(start)) : _position(book.postings, day_end(bill.statement_on))
    ]
    fresh = [p for p in cycle if p.kind in PURCHASES and not p.pending]
    carried = max(
        0, bill.balance_minor + sum(p.amount_minor for p in fresh) + _sum(cycle, frozenset({"fee"}))
    )
    amount_days = carried * (end - bill.statement_on).days
    amount_days += sum(-p.amount_minor * (end - p.on).days for p in fresh)
    later = book.postings[_position(book.postings, day_end(bill.statement_on)) :]
    amount_days -= sum(
        p.amount_minor * (end - p.on).days for p in later if p.kind == "repayment" and p.on <= end
    )
    days = (end - min((p.on for p in fresh), default=bill.statement_on)).days
    return max(0, half_up(amount_days * rate / 100)), days


def next_statement(card: Card, statement_on: date) -> date:
    """Return the statement day after `statement_on`."""
    return last_on(card.statement_day, before=add_months(statement_on.replace(day=1), 2))


def late_fee(shortfall_minor: int, terms: CardTerms) -> int:
    """Return the fee for an unpaid part of the minimum payment, within its bounds."""
    fee = half_up(shortfall_minor * terms.late_fee_rate / 100)
    return min(max(fee, terms.late_fee_min_minor), terms.late_fee_max_minor)
