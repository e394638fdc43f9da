"""The yearly cost of a series of payments: the rate at which they are worth what was received.

Source: actuarial method, 12 CFR Part 1026 (Regulation Z), Appendix J, equation (b)(8) for whole unit-periods; the same
internal rate of return that Chinese rules call 年化利率 (单利): the rate of one period times the periods in a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

import msgspec

from tellerline.domain.errors import Invalid
from tellerline.domain.finance.amount import PERIODS_MAX, RATE_MAX, check_amount

_DIGITS = 40
_HALVINGS = 120


class AnnualCost(msgspec.Struct, frozen=True):
    """Percent. `nominal`: period rate × periods a year, to two decimals. `effective`: compounded. `period_rate`: six."""

    nominal: Decimal
    effective: Decimal
    period_rate: Decimal


def annual_cost(received_minor: int, payments_minor: Sequence[int], *, per_year: int = 12) -> AnnualCost:
    """Return the yearly cost of paying `payments_minor`, one at the end of each period, for `received_minor` now.

    Raises: Invalid, `payments_too_small` when they do not add up to what was received; `cost_out_of_range` when
    the yearly cost is above `RATE_MAX` percent.
    """
    check_amount(received_minor, "received_minor")
    if not 0 < len(payments_minor) <= PERIODS_MAX:
        raise Invalid("periods_out_of_range", f"give 1 to {PERIODS_MAX} payments", field="payments_minor")
    if min(payments_minor) < 0 or sum(payments_minor) < received_minor:
        raise Invalid(
            "payments_too_small", "the payments must add up to what was received", field="payments_minor"
        )
    with localcontext() as context:
        context.prec = _DIGITS
        payments, highest = [Decimal(paid) for paid in payments_minor], RATE_MAX / 100 / per_year
        if _present_value(payments, highest) > received_minor:
            raise Invalid(
                "cost_out_of_range",
                f"these payments cost more than {RATE_MAX}% a year",
                field="payments_minor",
            )
        rate = _period_rate(Decimal(received_minor), payments, highest)
        effective = (1 + rate) ** per_year - 1
        return AnnualCost(
            nominal=_percent(rate * per_year, "0.01"),
            effective=_percent(effective, "0.01"),
            period_rate=_percent(rate, "0.000001"),
        )


def _period_rate(received: Decimal, payments: Sequence[Decimal], high: Decimal) -> Decimal:
    """Halve the interval that holds the rate; the present value falls as the rate rises, so there is just one."""
    low = Decimal(0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _present_value(payments, middle) > received:
            low = middle
        else:
            high = middle
    return high


def _present_value(payments: Sequence[Decimal], rate: Decimal) -> Decimal:
    """Return what the payments are worth now; by Horner's rule, from the last back."""
    factor = 1 + rate
    value = Decimal(0)
    for paid in reversed(payments):
        value = (value + paid) / factor
    return value


def _percent(share: Decimal, places: str) -> Decimal:
    return (share * 100).quantize(Decimal(places), rounding=ROUND_HALF_UP)
