"""Exact calculations that flows may name in a `compute` step. Decimal arithmetic; money in minor units, rounded half up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tellerline.domain.data import Record
from tellerline.domain.errors import Invalid
from tellerline.domain.finance.amount import half_up
from tellerline.domain.finance.card import minimum_payment
from tellerline.domain.finance.loan import loan_schedule


def minimum_payment_cost(*, remaining_minor: int, daily_rate: str, minimum_share: str) -> Record:
    """Tell what paying only the minimum each month would cost.

    remaining_minor: debt now. daily_rate: percent a day ("0.05"). minimum_share: percent of the debt due each month.
    Returns months until the debt is under 100 currency units, interest_minor in all, first_interest_minor of 30 days.
    """
    found = minimum_payment(remaining_minor, Decimal(daily_rate), Decimal(minimum_share))
    return {
        "months": found.months,
        "interest_minor": found.interest_minor,
        "first_interest_minor": found.first_interest_minor,
    }


def sum_minor(*, rows: list[Record], field: str = "amount_minor") -> int:
    """Add up an amount over records."""
    return sum(int(str(row[field])) for row in rows)


def card_payments(*, rows: list[Record]) -> list[Record]:
    """Keep what was paid or withdrawn with a card and is not being looked into; fees and interest cannot be disputed."""
    return [
        row for row in rows if (row["merchant"] or row["channel"] == "atm") and row["status"] != "disputed"
    ]


def loan_cost(*, amount_minor: int, months: int, low: str, high: str) -> Record:
    """Tell what a loan repaid in level payments costs at the lowest and at the highest yearly rate it is granted at.

    low, high: percent a year ("3.00").
    Returns for each what is paid monthly, the interest in all, the annualised cost (percent), and how it was reckoned.
    """
    least, most = (
        loan_schedule(amount_minor, Decimal(rate), months, "level_payment") for rate in (low, high)
    )
    return {
        "monthly_low_minor": least.payments[0].paid_minor, "monthly_high_minor": most.payments[0].paid_minor,
        "interest_low_minor": least.interest_minor, "interest_high_minor": most.interest_minor,
        "annual_low": str(least.cost.nominal), "annual_high": str(most.cost.nominal),
        "working_low": "\n".join(least.working), "working_high": "\n".join(most.working),
    }  # fmt: skip


def yearly_fee(*, amount_minor: int, rate: str) -> int:
    """Return what a fee of `rate` percent a year comes to on an amount held for a year, in minor units."""
    return half_up(amount_minor * Decimal(rate) / 100)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "card_payments": card_payments,
    "loan_cost": loan_cost,
    "minimum_payment_cost": minimum_payment_cost,
    "sum_minor": sum_minor,
    "yearly_fee": yearly_fee,
}


PROVIDED: dict[str, tuple[str, ...]] = {"branches": ("place",), "wishes": ("text", "profile")}
"""Functions handed in by the dialogue, because they need more than their arguments: `branches` reads the branch list,
`wishes` says what of that which can be remembered the customer asks for, in the pack's words."""

RETURNS: dict[str, tuple[str, ...]] = {
    "minimum_payment_cost": ("months", "interest_minor", "first_interest_minor"),
    "loan_cost": (
        "monthly_low_minor",
        "monthly_high_minor",
        "interest_low_minor",
        "interest_high_minor",
        "annual_low",
        "annual_high",
        "working_low",
        "working_high",
    ),
    "branches": ("text",),
    "wishes": ("id", "label", "value"),
}
"""Fields of the results that are records."""

SELECTS = frozenset({"card_payments"})
"""Functions that return some of their `rows`."""


def compute(name: str, arguments: Record, provided: Mapping[str, Callable[..., Any]]) -> Any:  # noqa: ANN401  each has its own result
    """Run a named calculation, or one of the functions `provided`.

    Raises: Invalid, code `unknown_function`.
    """
    function = FUNCTIONS.get(name) or provided.get(name)
    if function is None:
        raise Invalid("unknown_function", f"there is no calculation {name!r}; known: {', '.join(FUNCTIONS)}")
    return function(**arguments)
