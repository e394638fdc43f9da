"""Exact calculations that flows may name in a `compute` step. Decimal arithmetic; money in minor units, rounded half up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tellerline.domain.data import Record
from tellerline.domain.errors import Invalid
from tellerline.domain.finance.card import minimum_payment


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


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "card_payments": card_payments,
    "minimum_payment_cost": minimum_payment_cost,
    "sum_minor": sum_minor,
}


PROVIDED: dict[str, tuple[str, ...]] = {"branches": ("place",), "wishes": ("text", "profile")}
"""Functions handed in by the dialogue, because they need more than their arguments: `branches` reads the branch list,
`wishes` says what of that which can be remembered the customer asks for, in the pack's words."""

RETURNS: dict[str, tuple[str, ...]] = {
    "minimum_payment_cost": ("months", "interest_minor", "first_interest_minor"),
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
