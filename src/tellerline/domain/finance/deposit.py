"""Interest on deposits: whole months by the yearly rate, odd days by a year of 360 days.

Source: People's Bank of China, 银货政〔2005〕129号, on computing interest on deposits and loans in renminbi; and article 24
of the Regulations on Savings (储蓄管理条例): what leaves a term deposit early earns the demand rate in force that day.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from tellerline.domain.errors import Invalid
from tellerline.domain.finance.amount import check_amount, check_periods, check_rate, half_up, write_amount

YEAR_DAYS = 360


class Interest(msgspec.Struct, frozen=True):
    """Interest in minor units, and how it was reckoned."""

    interest_minor: int
    working: tuple[str, ...]


class EarlyWithdrawal(msgspec.Struct, frozen=True):
    """What leaving early pays, what staying would have paid on the same amount, and the difference."""

    interest_minor: int
    contract_interest_minor: int
    forgone_minor: int
    working: tuple[str, ...]


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def term_interest(principal_minor: int, annual_rate: Decimal, months: int) -> Interest:
    """Return the interest of a term kept to its end: principal × yearly rate × months ÷ 12.

    Raises: Invalid, naming the field that is out of range.
    """
    check_amount(principal_minor, "principal_minor")
    check_rate(annual_rate, "annual_rate")
    check_periods(months, "months")
    interest = half_up(principal_minor * annual_rate / 100 * months / 12)
    line = f"{write_amount(principal_minor)} × {annual_rate}% × {months} ÷ 12 = {write_amount(interest)}"
    return Interest(interest, (line,))


def regular_interest(monthly_minor: int, annual_rate: Decimal, months: int) -> Interest:
    """Return the interest on equal monthly payments: the first earns all months, the last earns one.

    Source: 零存整取, cumulative months = months × (months + 1) ÷ 2 (积数法), reckoned in twelfths of a year.
    Raises: Invalid, naming the field that is out of range.
    """
    check_amount(monthly_minor, "monthly_minor")
    check_rate(annual_rate, "annual_rate")
    check_periods(months, "months")
    interest = half_up(monthly_minor * annual_rate / 100 * (months * (months + 1)) / 24)
    line = (
        f"{write_amount(monthly_minor)} × {annual_rate}% × {months} × {months + 1} ÷ 24"
        f" = {write_amount(interest)}"
    )
    return Interest(interest, (line,))


def daily_interest(
    principal_minor: int, annual_rate: Decimal, days: int, *, year_days: int = YEAR_DAYS
) -> Interest:
    """Return the interest of a number of days at a yearly rate.

    Raises: Invalid, naming the field that is out of range.
    """
    check_amount(principal_minor, "principal_minor")
    check_rate(annual_rate, "annual_rate")
    if days < 0:
        raise Invalid("days_out_of_range", "days must not be negative", field="days")
    interest = half_up(principal_minor * annual_rate / 100 * days / year_days)
    line = (
        f"{write_amount(principal_minor)} × {annual_rate}% × {days} ÷ {year_days} = {write_amount(interest)}"
    )
    return Interest(interest, (line,))


def overdue_interest(
    principal_minor: int, annual_rate: Decimal, demand_rate: Decimal, *, start_on: date, months: int, on: date
) -> Interest:
    """Return the interest of a term deposit taken out on or after its end: the term, then the days since at demand."""
    maturity_on = add_months(start_on, months)
    if on < maturity_on:
        raise Invalid("not_matured", f"on must not be before the maturity {maturity_on}", field="on")
    term = term_interest(principal_minor, annual_rate, months)
    after = daily_interest(principal_minor, demand_rate, (on - maturity_on).days)
    total = term.interest_minor + after.interest_minor
    if not after.interest_minor:
        return term
    line = (
        f"{write_amount(term.interest_minor)} + {write_amount(after.interest_minor)} = {write_amount(total)}"
    )
    return Interest(total, (*term.working, *after.working, line))


def early_withdrawal(
    amount_minor: int, annual_rate: Decimal, demand_rate: Decimal, *, start_on: date, months: int, on: date
) -> EarlyWithdrawal:
    """Return what an amount loses by leaving a term deposit before its end.

    Raises: Invalid, `not_early` when `on` is not within the term.
    """
    maturity_on = add_months(start_on, months)
    if not start_on <= on < maturity_on:
        last = maturity_on - timedelta(days=1)
        raise Invalid("not_early", f"on must lie between {start_on} and {last}", field="on")
    contract = term_interest(amount_minor, annual_rate, months)
    paid = daily_interest(amount_minor, demand_rate, (on - start_on).days)
    forgone = max(0, contract.interest_minor - paid.interest_minor)
    line = f"{write_amount(contract.interest_minor)} - {write_amount(paid.interest_minor)} = {write_amount(forgone)}"
    working = (*paid.working, *contract.working, line)
    return EarlyWithdrawal(paid.interest_minor, contract.interest_minor, forgone, working)
