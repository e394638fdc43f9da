"""What the minimum payment costs, and changing money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tellerline.domain.errors import Invalid
from tellerline.domain.finance.card import minimum_payment
from tellerline.domain.finance.exchange import exchange, quota_share, remittance_fee


def test_the_minimum_keeps_the_debt_for_years():
    found = minimum_payment(1_000_000, Decimal("0.05"), Decimal(10))
    assert found.first_interest_minor == 15_000
    assert found.working == ("10000.00 × 0.05% × 30 = 150.00",)
    assert found.months == 51  # each month 0.9 × 1.015 of the debt is left: ln(0.01) ÷ ln(0.9135) = 50.9
    assert 140_000 < found.interest_minor < 160_000


def test_a_debt_that_never_shrinks_ends_at_the_bound():
    assert minimum_payment(1_000_000, Decimal("0.05"), Decimal(0)).months == 600


@pytest.mark.parametrize(("side", "cny"), [("customer_buys", 707_500), ("customer_sells", 704_500)])
def test_a_customer_buys_at_the_banks_selling_rate(side, cny: int):
    found = exchange(100_000, bank_buys=Decimal("704.50"), bank_sells=Decimal("707.50"), side=side)
    assert found.cny_minor == cny
    assert found.spread_minor == 3_000


def test_crossed_rates_are_refused():
    with pytest.raises(Invalid, match="not above bank_sells"):
        exchange(100, bank_buys=Decimal(708), bank_sells=Decimal(707), side="customer_buys")


def test_what_an_amount_takes_of_a_quota_in_another_currency() -> None:
    """1,000 GBP at 936.80 are 1,324.10 USD at 707.50; a dollar is a dollar."""
    pound, dollar = Decimal("936.80"), Decimal("707.50")
    assert quota_share(1_000_00, sells=pound, sells_quota=dollar) == 1_324_10
    assert quota_share(1_000_00, sells=dollar, sells_quota=dollar) == 1_000_00
    with pytest.raises(Invalid, match="rate_out_of_range"):
        quota_share(1_000_00, sells=Decimal(0), sells_quota=dollar)


@pytest.mark.parametrize(("cny", "fee"), [(9_368_00, 20_00), (100_000_00, 50_00), (900_000_00, 130_00)])
def test_a_remittance_costs_its_share_within_least_and_most(cny: int, fee: int) -> None:
    assert remittance_fee(cny, rate=Decimal("0.05"), least_minor=20_00, most_minor=130_00) == fee
