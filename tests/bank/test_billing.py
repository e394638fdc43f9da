"""Bills, minimum payments, interest and late fees, by the examples the bank's own articles give."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tellerline.bank.adapters.simulator.billing import (
    Bill,
    billed,
    draw_bill,
    due_instalments,
    late_fee,
    next_statement,
    revolving_interest,
)
from tellerline.bank.adapters.simulator.core import Book
from tellerline.bank.adapters.simulator.days import moment_on
from tellerline.bank.adapters.simulator.records import Card, InstalmentPlan, Posting, PostingKind
from tellerline.domain.language import Text
from tellerline.domain.party import CustomerId
from tests.bank.world import facts

TODAY = date(2026, 11, 23)
TERMS = facts().on(TODAY)
ANN = CustomerId("ann")
CARD = Card("card", ANN, "credit", "0000", Text("卡", "Card"), "active", "card", 5_000_000, statement_day=5)


def line(on: date, amount: int, kind: PostingKind = "purchase", *, pending: bool = False) -> Posting:
    return Posting(
        f"{on}-{kind}-{amount}", moment_on(on, "12:00"), amount, kind, Text("店", "Shop"), pending=pending
    )


def book(*lines: Posting) -> Book:
    return Book(0, lines)


def bill_of(*lines: Posting, today: date = TODAY) -> Bill:
    return draw_bill(book(*lines), CARD, today, TERMS.card)


def test_a_bill_has_the_lines_of_its_cycle_and_falls_due_by_the_facts() -> None:
    bill = bill_of(
        line(date(2026, 10, 5), -100_00),  # on the statement day itself: the bill before
        line(date(2026, 10, 6), -200_00),
        line(date(2026, 11, 5), -300_00),
        line(date(2026, 11, 6), -400_00),
        line(date(2026, 11, 1), -999_00, pending=True),
        line(date(2026, 10, 20), 100_00, "repayment"),
    )
    assert bill.statement_on == date(2026, 11, 5)
    assert bill.balance_minor == bill.purchases_minor == 500_00
    assert bill.due_on == date(2026, 11, 30)
    assert bill.grace_until_on == date(2026, 12, 3)


def test_the_minimum_is_a_tenth_of_the_principal_and_fees_whole() -> None:
    bill = bill_of(line(date(2026, 10, 20), -1000_00), line(date(2026, 10, 21), -50_00, "fee"))
    assert bill.minimum_minor == 100_00 + 50_00


def test_an_unpaid_minimum_is_added_to_the_next() -> None:
    bill = bill_of(line(date(2026, 9, 20), -1000_00))
    assert bill.balance_minor == 1000_00
    assert bill.minimum_minor == 100_00 + 90_00


def test_a_payment_after_the_statement_lowers_what_remains() -> None:
    spent = line(date(2026, 10, 20), -1000_00)
    bill = bill_of(spent, line(date(2026, 11, 10), 60_00, "repayment"))
    assert (bill.paid_minor, bill.remaining_minor, bill.remaining_minimum_minor) == (60_00, 940_00, 40_00)
    paid = bill_of(spent, line(date(2026, 11, 10), 1000_00, "repayment"))
    assert (paid.remaining_minor, paid.remaining_minimum_minor) == (0, 0)


def test_overdue_begins_after_the_grace() -> None:
    spent = line(date(2026, 10, 20), -1000_00)
    assert not bill_of(spent, today=date(2026, 12, 3)).overdue(date(2026, 12, 3))
    assert bill_of(spent, today=date(2026, 12, 4)).overdue(date(2026, 12, 4))
    paid = line(date(2026, 11, 20), 100_00, "repayment")
    assert not bill_of(spent, paid, today=date(2026, 12, 4)).overdue(date(2026, 12, 4))


def test_nothing_can_be_split_after_the_due_date_or_below_the_minimum() -> None:
    spent = line(date(2026, 10, 20), -1000_00)
    assert bill_of(spent).eligible_minor(TERMS.instalment, TODAY) == 950_00
    assert bill_of(spent).eligible_minor(TERMS.instalment, date(2026, 12, 1)) == 0
    assert bill_of(line(date(2026, 10, 20), -520_00)).eligible_minor(TERMS.instalment, TODAY) == 0


@pytest.mark.parametrize(
    ("shortfall", "fee"), [(600_00, 30_00), (100_00, 10_00), (1_00, 10_00), (20_000_00, 500_00)]
)
def test_a_late_fee_keeps_to_its_bounds(shortfall: int, fee: int) -> None:
    assert late_fee(shortfall, TERMS.card) == fee


def test_interest_is_what_the_article_works_out() -> None:
    """5,000 spent, 3,000 paid on day 20 and 2,000 ten days later: 50 and 10 yuan."""
    spent_on = date(2026, 11, 5)
    lines = book(
        line(spent_on, -5000_00),
        line(spent_on + timedelta(days=20), 3000_00, "repayment"),
        line(spent_on + timedelta(days=30), 2000_00, "repayment"),
    )
    bill = draw_bill(lines, CARD, date(2026, 11, 6), TERMS.card)
    assert revolving_interest(lines, CARD, bill, TERMS.card.daily_interest_rate) == (60_00, 30)


def test_interest_is_not_charged_on_late_fees() -> None:
    with_fee = book(line(date(2026, 10, 20), -1000_00), line(date(2026, 11, 3), -30_00, "fee"))
    without = book(line(date(2026, 10, 20), -1000_00))
    amounts = {
        revolving_interest(lines, CARD, draw_bill(lines, CARD, TODAY, TERMS.card), Decimal("0.05"))[0]
        for lines in (with_fee, without)
    }
    assert len(amounts) == 1


def test_instalments_come_with_the_bills_and_whole_in_the_minimum() -> None:
    plan = InstalmentPlan("p", ANN, "card", date(2026, 11, 5), 600_00, 3, 206_00, 203_00, date(2026, 12, 5))
    assert [due_instalments([plan], date(2026, month, 5)) for month in (11, 12)] == [0, 206_00]
    assert billed([plan], date(2027, 12, 5)) == 206_00 + 2 * 203_00
    lines = book(line(date(2026, 10, 20), -1000_00), line(date(2026, 11, 20), 600_00, "instalment"))
    now = draw_bill(lines, CARD, TODAY, TERMS.card, [plan])
    assert (now.split_minor, now.remaining_minor) == (600_00, 400_00)
    later = draw_bill(lines, CARD, date(2026, 12, 6), TERMS.card, [plan])
    assert later.balance_minor == 400_00 + 206_00
    assert (
        later.minimum_minor == 206_00 + 100_00 + 30_00
    )  # the plan, the earlier minimum, a tenth of the rest


@pytest.mark.parametrize(
    ("on", "following"),
    [(date(2026, 11, 5), date(2026, 12, 5)), (date(2026, 12, 5), date(2027, 1, 5))],
)
def test_statements_follow_each_other_by_a_month(on: date, following: date) -> None:
    assert next_statement(CARD, on) == following
