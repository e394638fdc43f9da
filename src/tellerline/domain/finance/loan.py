"""Loans repaid monthly, instalments of a card bill, and what repaying early saves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import Literal

import msgspec

from tellerline.domain.errors import Invalid
from tellerline.domain.finance.amount import check_amount, check_periods, check_rate, half_up, write_amount
from tellerline.domain.finance.annual import AnnualCost, annual_cost

Method = Literal["level_payment", "level_principal"]
_DIGITS = 40


class Payment(msgspec.Struct, frozen=True):
    """One month: what is paid, how much of it is interest, and what is owed afterwards."""

    paid_minor: int
    interest_minor: int
    owed_minor: int


class Schedule(msgspec.Struct, frozen=True):
    """All payments of a loan, and their yearly cost."""

    payments: tuple[Payment, ...]
    interest_minor: int
    total_minor: int
    cost: AnnualCost
    working: tuple[str, ...]


class EarlyRepayment(msgspec.Struct, frozen=True):
    """Paying a loan off after some payments. `saved_minor` is the interest not charged less the charge."""

    payoff_minor: int
    charge_minor: int
    interest_saved_minor: int
    saved_minor: int
    working: tuple[str, ...]


def loan_schedule(principal_minor: int, annual_rate: Decimal, months: int, method: Method) -> Schedule:
    """Return the schedule of a loan; the odd minor units of rounding are in the last payment.

    level_payment (等额本息): the same payment each month. level_principal (等额本金): the same principal each month.
    Raises: Invalid, naming the field that is out of range.
    """
    check_amount(principal_minor, "principal_minor")
    check_rate(annual_rate, "annual_rate")
    check_periods(months, "months")
    monthly = annual_rate / 100 / 12
    level = method == "level_payment"
    first = (
        _level_payment(principal_minor, monthly, months)
        if level
        else half_up(Decimal(principal_minor) / months)
    )
    payments = tuple(_run(principal_minor, monthly, months, first, level=level))
    amounts = [payment.paid_minor for payment in payments]
    total = sum(amounts)
    p, r, n = write_amount(principal_minor), f"{annual_rate}% ÷ 12", months
    working = (
        f"r = {r}",
        f"{p} × r × (1 + r)^{n} ÷ ((1 + r)^{n} - 1) = {write_amount(first)}"
        if level and monthly
        else f"{p} ÷ {n} = {write_amount(first)}",
        f"{write_amount(total)} - {p} = {write_amount(total - principal_minor)}",
    )
    return Schedule(payments, total - principal_minor, total, annual_cost(principal_minor, amounts), working)


def instalment_schedule(principal_minor: int, monthly_rate: Decimal, periods: int) -> Schedule:
    """Return the instalments of a card bill: each month its share, and the monthly rate on the *whole* amount.

    The odd minor units are in the first payment. `cost` is what the published monthly rate hides: the yearly rate on what is
    still owed (rules D1, D3).
    """
    check_amount(principal_minor, "principal_minor")
    check_rate(monthly_rate, "monthly_rate")
    check_periods(periods, "periods")
    interest = half_up(principal_minor * monthly_rate / 100 * periods)
    total = principal_minor + interest
    level = total // periods
    amounts = [total - level * (periods - 1), *[level] * (periods - 1)]
    share = half_up(Decimal(interest) / periods)
    payments, owed = [], principal_minor
    for place, paid in enumerate(amounts):
        charged = share if place < periods - 1 else interest - share * (periods - 1)
        owed = owed - (paid - charged) if place < periods - 1 else 0
        payments.append(Payment(paid, charged, owed))
    working = (
        f"{write_amount(principal_minor)} × {monthly_rate}% × {periods} = {write_amount(interest)}",
        f"({write_amount(principal_minor)} + {write_amount(interest)}) ÷ {periods} = {write_amount(level)}",
    )
    return Schedule(tuple(payments), interest, total, annual_cost(principal_minor, amounts), working)


def early_repayment(schedule: Schedule, paid_count: int, charge_rate: Decimal) -> EarlyRepayment:
    """Return what paying off right after the payment `paid_count` (0: before the first) costs and saves.

    charge_rate: percent of what is still owed, as the contract sets it.
    Raises: Invalid, code `paid_count_out_of_range`.
    """
    check_rate(charge_rate, "charge_rate")
    if not 0 <= paid_count < len(schedule.payments):
        raise Invalid(
            "paid_count_out_of_range",
            f"paid_count must lie between 0 and {len(schedule.payments) - 1}",
            field="paid_count",
        )
    left = schedule.payments[paid_count:]
    owed = left[0].paid_minor - left[0].interest_minor + left[0].owed_minor
    interest = sum(payment.interest_minor for payment in left)
    charge = half_up(owed * charge_rate / 100)
    working = (
        f"{write_amount(owed)} × {charge_rate}% = {write_amount(charge)}",
        f"{write_amount(owed)} + {write_amount(charge)} = {write_amount(owed + charge)}",
        f"{write_amount(interest)} - {write_amount(charge)} = {write_amount(interest - charge)}",
    )
    return EarlyRepayment(owed + charge, charge, interest, interest - charge, working)


def _level_payment(principal_minor: int, monthly: Decimal, months: int) -> int:
    if not monthly:
        return half_up(Decimal(principal_minor) / months)
    with localcontext() as context:
        context.prec = _DIGITS
        growth = (1 + monthly) ** months
        return half_up(principal_minor * monthly * growth / (growth - 1))


def _run(owed_minor: int, monthly: Decimal, months: int, first: int, *, level: bool) -> Iterator[Payment]:
    for month in range(1, months + 1):
        interest = half_up(owed_minor * monthly)
        principal = min(first - interest if level else first, owed_minor) if month < months else owed_minor
        owed_minor -= principal
        yield Payment(principal + interest, interest, owed_minor)
