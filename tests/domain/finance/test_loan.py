"""Loans, instalments and their yearly cost, against published examples and against themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tellerline.domain.errors import Invalid
from tellerline.domain.finance.annual import annual_cost
from tellerline.domain.finance.loan import early_repayment, instalment_schedule, loan_schedule


def test_the_yearly_cost_is_that_of_the_published_example():
    # 12 CFR Part 1026 (Regulation Z), Appendix J (c)(1)(i): 5,000 advanced, 24 monthly payments of 230: 9.69 %.
    assert annual_cost(500_000, [23_000] * 24).nominal == Decimal("9.69")


def test_a_rate_is_found_again_whatever_the_periods():
    assert annual_cost(100_000, [112_000], per_year=1).nominal == Decimal("12.00")
    assert annual_cost(100_000, [101_000], per_year=12).effective == Decimal("12.68")  # 1.01 ** 12


def test_payments_that_do_not_pay_it_back_are_refused():
    with pytest.raises(Invalid) as caught:
        annual_cost(100_000, [50_000])
    assert caught.value.data["field"] == "payments_minor"


def test_a_cost_beyond_all_measure_is_refused():
    with pytest.raises(Invalid, match="1000% a year"):
        annual_cost(409, [617], per_year=202)


def test_nothing_paid_on_top_costs_nothing():
    cost = annual_cost(120_000, [10_000] * 12)
    assert (cost.nominal, cost.effective) == (Decimal("0.00"), Decimal("0.00"))


@pytest.mark.parametrize(
    ("principal", "rate", "months", "payment"),
    [
        (
            20_000_000,
            "4",
            360,
            95_483,
        ),  # 200,000 at 4 % over 30 years: 954.83, in every table of loan payments
        (10_000_000, "6", 360, 59_955),  # 100,000 at 6 % over 30 years: 599.55
        (120_000, "0", 12, 10_000),
    ],
)
def test_level_payments(principal: int, rate: str, months: int, payment: int):
    schedule = loan_schedule(principal, Decimal(rate), months, "level_payment")
    assert schedule.payments[0].paid_minor == payment
    assert schedule.payments[-1].owed_minor == 0


def test_level_principal_pays_less_interest_than_level_payments():
    level = loan_schedule(100_000_000, Decimal("3.05"), 360, "level_payment")
    principal = loan_schedule(100_000_000, Decimal("3.05"), 360, "level_principal")
    assert principal.interest_minor < level.interest_minor
    # Each month's principal is the same, so the interest is that of an arithmetic series: P × r × (n + 1) ÷ 2.
    assert abs(principal.interest_minor - 100_000_000 * 0.0305 / 12 * 361 / 2) < 360


@pytest.mark.parametrize(
    ("rate", "periods", "cost"), [("0.70", 3, "12.56"), ("0.60", 12, "13.03"), ("0.58", 24, "12.84")]
)
def test_the_monthly_rate_of_instalments_hides_about_twice_its_yearly_cost(
    rate: str, periods: int, cost: str
):
    schedule = instalment_schedule(1_200_000, Decimal(rate), periods)
    assert schedule.cost.nominal == Decimal(cost)
    assert schedule.interest_minor == int(1_200_000 * Decimal(rate) / 100 * periods)
    assert sum(payment.interest_minor for payment in schedule.payments) == schedule.interest_minor


def test_repaying_early_saves_the_interest_of_the_months_left():
    schedule = loan_schedule(120_000, Decimal(12), 12, "level_principal")
    found = early_repayment(schedule, 6, Decimal(1))
    assert found.payoff_minor == 60_000 + 600
    assert found.interest_saved_minor == sum(payment.interest_minor for payment in schedule.payments[6:])
    assert found.saved_minor == found.interest_saved_minor - 600
    assert early_repayment(schedule, 0, Decimal(0)).payoff_minor == 120_000


def test_a_loan_that_is_paid_off_cannot_be_repaid_early():
    schedule = loan_schedule(120_000, Decimal(12), 12, "level_payment")
    with pytest.raises(Invalid) as caught:
        early_repayment(schedule, 12, Decimal(0))
    assert caught.value.data["field"] == "paid_count"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(10_000, 10**9),
    st.decimals("0.10", "24", places=2),
    st.integers(1, 120),
    st.sampled_from(["level_payment", "level_principal"]),
)
def test_every_schedule_pays_back_exactly_what_was_lent(principal: int, rate: Decimal, months: int, method):
    schedule = loan_schedule(principal, rate, months, method)
    assert sum(payment.paid_minor - payment.interest_minor for payment in schedule.payments) == principal
    assert schedule.total_minor == principal + schedule.interest_minor
    assert schedule.payments[-1].owed_minor == 0
    assert all(payment.paid_minor >= 0 and payment.owed_minor >= 0 for payment in schedule.payments)
    if principal >= 1_000_000:  # rounding to whole minor units hardly shows
        assert abs(schedule.cost.nominal - rate) <= Decimal("0.02")
