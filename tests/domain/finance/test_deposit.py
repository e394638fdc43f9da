"""Interest on deposits, against worked examples and against itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellerline.domain.errors import Invalid
from tellerline.domain.finance.deposit import (
    add_months,
    daily_interest,
    early_withdrawal,
    overdue_interest,
    regular_interest,
    term_interest,
)

# The example that banks publish with 银货政〔2005〕129号: 10,000.00 for six months at 2.43 % from 1 March 2003.
SIX_MONTHS = {"start_on": date(2003, 3, 1), "months": 6}
RATE, DEMAND = Decimal("2.43"), Decimal("0.72")


def test_a_term_kept_to_its_end_is_reckoned_by_whole_months():
    found = term_interest(1_000_000, RATE, 6)
    assert found.interest_minor == 12_150
    assert found.working == ("10000.00 × 2.43% × 6 ÷ 12 = 121.50",)


def test_monthly_payments_earn_the_longer_the_earlier_they_came():
    # Payment by payment: 2,000.00 × 1 % over 36, 35, … 1 months.
    single = sum(Decimal(2000) * n / 1200 for n in range(1, 37))
    found = regular_interest(200_000, Decimal(1), 36)
    assert found.interest_minor == round(single * 100) == 111_000
    assert found.working == ("2000.00 × 1% × 36 × 37 ÷ 24 = 1110.00",)


def test_days_after_the_term_earn_the_demand_rate():
    found = overdue_interest(1_000_000, RATE, DEMAND, **SIX_MONTHS, on=date(2003, 11, 1))
    assert found.interest_minor == 13_370
    assert found.working[-1] == "121.50 + 12.20 = 133.70"


def test_on_the_day_of_maturity_nothing_is_added():
    assert (
        overdue_interest(1_000_000, RATE, DEMAND, **SIX_MONTHS, on=date(2003, 9, 1)).interest_minor == 12_150
    )


def test_leaving_early_earns_the_demand_rate_for_all_days():
    found = early_withdrawal(1_000_000, RATE, DEMAND, **SIX_MONTHS, on=date(2003, 5, 1))
    assert found.interest_minor == 1_220  # 61 days
    assert found.contract_interest_minor == 12_150
    assert found.forgone_minor == 10_930
    assert found.working[-1] == "121.50 - 12.20 = 109.30"


@pytest.mark.parametrize("on", [date(2003, 2, 28), date(2003, 9, 1)])
def test_a_day_outside_the_term_is_not_early(on: date):
    with pytest.raises(Invalid, match="between 2003-03-01 and 2003-08-31"):
        early_withdrawal(1_000_000, RATE, DEMAND, **SIX_MONTHS, on=on)


def test_before_maturity_nothing_is_overdue():
    with pytest.raises(Invalid, match="2003-09-01"):
        overdue_interest(1_000_000, RATE, DEMAND, **SIX_MONTHS, on=date(2003, 8, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 36, date(2029, 12, 15)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, expected: date):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("principal", "rate", "days", "field"),
    [
        (0, "1", 1, "principal_minor"),
        (10**16, "1", 1, "principal_minor"),
        (1, "-1", 1, "annual_rate"),
        (1, "NaN", 1, "annual_rate"),
        (1, "1", -1, "days"),
    ],
)
def test_input_out_of_range_is_named(principal: int, rate: str, days: int, field: str):
    with pytest.raises(Invalid) as caught:
        daily_interest(principal, Decimal(rate), days)
    assert caught.value.data["field"] == field


@given(
    st.integers(1, 10**10),
    st.decimals("0", "10", places=2),
    st.integers(0, 59),
    st.sampled_from([3, 6, 12, 36]),
)
def test_nobody_gains_by_leaving_early_at_a_lower_rate(amount: int, rate: Decimal, day: int, months: int):
    start_on = date(2026, 1, 15)
    found = early_withdrawal(
        amount, rate, rate / 2, start_on=start_on, months=months, on=start_on + timedelta(days=day)
    )
    assert 0 <= found.interest_minor <= found.contract_interest_minor + 1
    assert found.forgone_minor == max(0, found.contract_interest_minor - found.interest_minor)
