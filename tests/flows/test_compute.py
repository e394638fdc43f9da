"""The calculations that flows may use."""

from __future__ import annotations

from tellerline.domain.finance.amount import PERIODS_MAX
from tellerline.flows.compute import FUNCTIONS, PROVIDED, RETURNS, compute


def test_the_first_month_of_paying_the_minimum() -> None:
    """5,978.25 left after the minimum costs 0.05% a day for 30 days: 1.5%, rounded half up to 89.67."""
    cost = compute(
        "minimum_payment_cost",
        {"remaining_minor": 597_825, "daily_rate": "0.05", "minimum_share": "10"},
        {},
    )
    assert cost["first_interest_minor"] == 8_967
    assert set(cost) == set(RETURNS["minimum_payment_cost"])


def test_paying_the_minimum_ends() -> None:
    cost = compute(
        "minimum_payment_cost", {"remaining_minor": 20_000, "daily_rate": "0.05", "minimum_share": "10"}, {}
    )
    # 200.00 shrinks by 8.65% a month: below 100.00 after 8 months
    assert cost["months"] == 8
    never = compute(
        "minimum_payment_cost", {"remaining_minor": 20_000, "daily_rate": "0.4", "minimum_share": "10"}, {}
    )
    assert never["months"] == PERIODS_MAX


def test_a_small_debt_costs_one_month_at_most() -> None:
    cost = compute(
        "minimum_payment_cost", {"remaining_minor": 9_999, "daily_rate": "0.05", "minimum_share": "10"}, {}
    )
    assert (cost["months"], cost["interest_minor"]) == (0, 0)


def test_what_a_loan_costs_between_its_lowest_and_its_highest_rate() -> None:
    """100,000 over 36 months: 2,908.12 a month at 3%, the figure of any annuity table; the yearly cost is the rate again."""
    arguments = {"amount_minor": 100_000_00, "months": 36, "low": "3.00", "high": "10.80"}
    cost = compute("loan_cost", arguments, {})
    assert set(cost) == set(RETURNS["loan_cost"])
    assert (cost["monthly_low_minor"], cost["interest_low_minor"]) == (2_908_12, 4_692_33)
    assert (cost["annual_low"], cost["annual_high"]) == ("3.00", "10.80")
    assert cost["monthly_high_minor"] > cost["monthly_low_minor"]
    assert "2908.12" in cost["working_low"].replace("\n", " ")


def test_a_yearly_fee_on_an_amount() -> None:
    assert compute("yearly_fee", {"amount_minor": 50_000_00, "rate": "0.42"}, {}) == 210_00
    assert compute("yearly_fee", {"amount_minor": 1_19, "rate": "0.42"}, {}) == 0
    assert compute("yearly_fee", {"amount_minor": 1_20, "rate": "0.42"}, {}) == 1


def test_amounts_are_added_up() -> None:
    rows = [{"amount_minor": 5, "fee": 1}, {"amount_minor": 7, "fee": 2}]
    assert compute("sum_minor", {"rows": rows}, {}) == 12
    assert compute("sum_minor", {"rows": rows, "field": "fee"}, {}) == 3


def test_only_payments_made_with_a_card_can_be_disputed() -> None:
    rows = [
        {"id": "1", "merchant": "Starbucks", "channel": "pos", "status": "posted"},
        {"id": "2", "merchant": "", "channel": "atm", "status": "posted"},
        {"id": "3", "merchant": "", "channel": "online", "status": "posted"},
        {"id": "4", "merchant": "JD.com", "channel": "online", "status": "disputed"},
    ]
    assert [row["id"] for row in compute("card_payments", {"rows": rows}, {})] == ["1", "2"]


def test_what_returns_fields_can_be_called() -> None:
    assert RETURNS.keys() <= FUNCTIONS.keys() | PROVIDED.keys()
