"""Changing money at the bank's rates, quoted in yuan for 100 units of the foreign currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from tellerline.domain.errors import Invalid
from tellerline.domain.finance.amount import check_amount, check_rate, half_up, write_amount

Side = Literal["customer_buys", "customer_sells"]


class Exchange(msgspec.Struct, frozen=True):
    """`spread_minor`: what the way there and back at once would cost, in yuan; what the bank earns in between."""

    cny_minor: int
    spread_minor: int
    working: tuple[str, ...]


def exchange(foreign_minor: int, *, bank_buys: Decimal, bank_sells: Decimal, side: Side) -> Exchange:
    """Return the yuan for an amount of foreign currency with two decimals.

    A customer who buys pays the bank's selling rate; one who sells gets its buying rate.
    Raises: Invalid, `rates_crossed` when the bank would buy dearer than it sells.
    """
    check_amount(foreign_minor, "foreign_minor")
    if not 0 < bank_buys <= bank_sells:
        raise Invalid(
            "rates_crossed", "bank_buys must be positive and not above bank_sells", field="bank_buys"
        )
    rate = bank_sells if side == "customer_buys" else bank_buys
    cny = half_up(foreign_minor * rate / 100)
    spread = half_up(foreign_minor * (bank_sells - bank_buys) / 100)
    return Exchange(cny, spread, (f"{write_amount(foreign_minor)} × {rate} ÷ 100 = {write_amount(cny)}",))


def quota_share(foreign_minor: int, *, sells: Decimal, sells_quota: Decimal) -> int:
    """Return what an amount takes of a quota in another currency, both at the rates the bank sells them at."""
    check_amount(foreign_minor, "foreign_minor")
    if sells <= 0 or sells_quota <= 0:
        raise Invalid("rate_out_of_range", "sells and sells_quota must be above 0", field="sells")
    return half_up(foreign_minor * sells / sells_quota)


def remittance_fee(cny_minor: int, *, rate: Decimal, least_minor: int, most_minor: int) -> int:
    """Return `rate` percent of an amount in yuan, within the least and the most that one remittance costs."""
    check_amount(cny_minor, "cny_minor")
    check_rate(rate, "rate")
    return max(least_minor, min(most_minor, half_up(cny_minor * rate / 100)))
