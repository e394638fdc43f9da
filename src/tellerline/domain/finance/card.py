"""What paying only the minimum of a credit card bill costs."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from tellerline.domain.finance.amount import PERIODS_MAX, check_amount, check_rate, half_up, write_amount

_MONTH_DAYS = 30
_PAID_OFF_MINOR = 10_000


class MinimumPayment(msgspec.Struct, frozen=True):
    """Paying the minimum until less than 100 units are owed. `months` is at most PERIODS_MAX."""

    months: int
    interest_minor: int
    first_interest_minor: int
    working: tuple[str, ...]


def minimum_payment(owed_minor: int, daily_rate: Decimal, minimum_share: Decimal) -> MinimumPayment:
    """Return months and interest of paying `minimum_share` percent of the debt each month, at `daily_rate` percent a day.

    Raises: Invalid, naming the field that is out of range.
    """
    check_amount(owed_minor, "owed_minor")
    check_rate(daily_rate, "daily_rate")
    check_rate(minimum_share, "minimum_share")
    monthly = daily_rate / 100 * _MONTH_DAYS
    first = half_up(owed_minor * monthly)
    owed, interest, months = Decimal(owed_minor), 0, 0
    while owed > _PAID_OFF_MINOR and months < PERIODS_MAX:
        owed -= owed * minimum_share / 100
        charged = half_up(owed * monthly)
        interest += charged
        owed += charged
        months += 1
    line = f"{write_amount(owed_minor)} × {daily_rate}% × {_MONTH_DAYS} = {write_amount(first)}"
    return MinimumPayment(months, interest, first, (line,))
