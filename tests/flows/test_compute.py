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
