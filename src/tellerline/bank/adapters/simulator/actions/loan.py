"""Loans: repaying early on an agreed day, and from which account they are repaid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.core import Change, Core
from tellerline.bank.adapters.simulator.people import level_instalment
from tellerline.bank.adapters.simulator.records import EarlyRepayment, Loan
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import early_from, text_row
from tellerline.bank.adapters.simulator.terms import Terms
from tellerline.domain.data import Record
from tellerline.domain.finance.amount import half_up
from tellerline.domain.finance.deposit import add_months, daily_interest
from tellerline.domain.language import Text

_EARLY = Text("贷款提前还款", "Early loan repayment")
_YEAR_MONTHS = 12


def plan_repay_early(request: Request) -> Plan:
    """Agree to repay some or all of what is owed on a later day; it is debited then.

    The interest is that from the instalment before the day, and the charge is the contract's on that day. Whether there is
    enough on the account is seen on the day.
    """
    loan, account, amount, on = (
        request.own(request.core.loans, "loan"),
        request.paying_account(),
        request.amount(),
        request.day("on"),
    )
    if amount > loan.outstanding_minor:
        raise refuse("amount_too_large", maximum_minor=loan.outstanding_minor, currency="CNY")
    least = min(request.terms.service.early_repay_min_minor, loan.outstanding_minor)
    if amount < least:
        raise refuse("below_minimum", minimum_minor=least, currency="CNY")
    agreed = request.core.agreed_early(loan)
    if agreed is not None:
        raise refuse("already_agreed", on=agreed.on.isoformat())
    earliest_on = early_from(request.terms, request.today)
    if on is None or on < earliest_on:
        raise refuse("too_soon", earliest_on=earliest_on.isoformat())
    if on > loan.end_on:
        raise refuse("period", latest_on=loan.end_on.isoformat())
    price = early_price(request.terms, loan, amount, on)
    total, remaining = amount + price.interest_minor + price.charge_minor, loan.outstanding_minor - amount
    terms: Record = {
        "label": text_row(loan.label), "amount_minor": amount, "interest_minor": price.interest_minor,
        "charge_minor": price.charge_minor, "total_minor": total, "remaining_minor": remaining, "currency": "CNY",
        "from_last_four": account.last_four, "on": on.isoformat(),
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        made = EarlyRepayment(mark.identify("early"), loan.customer, loan.id, account.id, amount, on)
        result: Record = {
            "receipt": mark.receipt, "on": on.isoformat(), "total_minor": total, "remaining_minor": remaining,
        }  # fmt: skip
        return Effect(result, [made])

    return Plan(terms, carry_out)


class EarlyPrice(NamedTuple):
    """What repaying early costs beside what is repaid."""

    interest_minor: int
    charge_minor: int


def early_price(terms: Terms, loan: Loan, amount_minor: int, on: date) -> EarlyPrice:
    """Return the interest on an amount from the instalment before day `on`, and the contract's charge."""
    since = add_months(loan.next_due_on, -1)
    while add_months(since, 1) <= on:
        since = add_months(since, 1)
    interest = daily_interest(amount_minor, Decimal(loan.rate), (on - since).days).interest_minor
    return EarlyPrice(interest, half_up(amount_minor * _charge_rate(terms, loan, on) / 100))


def settle_early(core: Core, terms: Terms, agreed: EarlyRepayment, mark: Mark) -> Effect:
    """Return what becomes of an early repayment on its day: it is debited, or falls through for want of money."""
    loan = core.loans.get(agreed.loan)
    assert loan is not None, "what is agreed is about a loan"
    amount = min(agreed.amount_minor, loan.outstanding_minor)
    price = early_price(terms, loan, amount, agreed.on)
    total, remaining = amount + price.interest_minor + price.charge_minor, loan.outstanding_minor - amount
    result: Record = {
        "receipt": mark.receipt, "label": text_row(loan.label), "total_minor": total, "remaining_minor": remaining,
        "currency": "CNY",
    }  # fmt: skip
    if core.books[agreed.account_id].available_minor < total:
        return Effect(result, [msgspec.structs.replace(agreed, state="short")])
    changes: list[Change] = [
        mark.post(agreed.account_id, -total, "loan", _EARLY),
        _after(loan, remaining, agreed.on),
        msgspec.structs.replace(agreed, state="paid"),
    ]
    return Effect(result, changes)


def _charge_rate(terms: Terms, loan: Loan, on: date) -> Decimal:
    """Return percent of what is repaid: a home loan's in its first two years, else nothing."""
    if loan.kind != "mortgage":
        return Decimal(0)
    first, second = terms.service.charge_rates
    if on < add_months(loan.start_on, _YEAR_MONTHS):
        return first
    return second if on < add_months(loan.start_on, 2 * _YEAR_MONTHS) else Decimal(0)


def _after(loan: Loan, remaining_minor: int, on: date) -> Loan:
    """Return the loan with less owed: the term stays, the instalment shrinks."""
    left = (loan.end_on.year - on.year) * _YEAR_MONTHS + loan.end_on.month - on.month
    instalment = level_instalment(remaining_minor, Decimal(loan.rate), max(1, left)) if remaining_minor else 0
    return msgspec.structs.replace(loan, outstanding_minor=remaining_minor, instalment_minor=instalment)


def plan_change_account(request: Request) -> Plan:
    """Repay a loan from another account, from the next instalment on."""
    loan, account = request.own(request.core.loans, "loan"), request.paying_account()
    present = request.core.accounts.get(loan.account_id)
    assert present is not None, "a loan is repaid from an account"
    if present.id == account.id:
        raise refuse("same_account", last_four=account.last_four)
    terms: Record = {
        "label": text_row(loan.label), "from_last_four": present.last_four, "to_last_four": account.last_four,
        "from_on": loan.next_due_on.isoformat(),
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        moved = msgspec.structs.replace(loan, account_id=account.id)
        result: Record = {
            "receipt": mark.receipt, "to_last_four": account.last_four, "from_on": loan.next_due_on.isoformat(),
        }  # fmt: skip
        return Effect(result, [moved])

    return Plan(terms, carry_out)
