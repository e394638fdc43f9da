"""Rounding, and how figures are written in a working."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tellerline.domain.errors import Invalid

AMOUNT_MINOR_MAX = 10**15
RATE_MAX = Decimal(1000)
PERIODS_MAX = 600


def half_up(amount: Decimal) -> int:
    """Round to whole minor units, halves upwards."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def write_amount(minor: int) -> str:
    """Write an amount of a currency with two decimals: 123450 → 1234.50."""
    return str(Decimal(minor).scaleb(-2).quantize(Decimal("0.01")))


def check_amount(minor: int, field: str) -> None:
    """Raise: Invalid, code `amount_out_of_range`, naming the field."""
    if not 0 < minor <= AMOUNT_MINOR_MAX:
        raise Invalid(
            "amount_out_of_range",
            f"{field} must lie between 1 and {AMOUNT_MINOR_MAX} minor units",
            field=field,
        )


def check_rate(rate: Decimal, field: str) -> None:
    """Raise: Invalid, code `rate_out_of_range`, naming the field."""
    if not (rate.is_finite() and 0 <= rate <= RATE_MAX):
        raise Invalid("rate_out_of_range", f"{field} must lie between 0 and {RATE_MAX} percent", field=field)


def check_periods(periods: int, field: str) -> None:
    """Raise: Invalid, code `periods_out_of_range`, naming the field."""
    if not 0 < periods <= PERIODS_MAX:
        raise Invalid("periods_out_of_range", f"{field} must lie between 1 and {PERIODS_MAX}", field=field)
