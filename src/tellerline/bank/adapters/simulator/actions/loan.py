"""Loans: repaying early, and from which account they are repaid."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.core import Change
from tellerline.bank.adapters.simulator.people import level_instalment
from tellerline.bank.adapters.simulator.records import Loan
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import text_row
from tellerline.domain.data import Record
from tellerline.domain.finance.amount import half_up
from tellerline.domain.finance.deposit import add_months, daily_interest
from tellerline.domain.language import Text

_EARLY = Text("贷款提前还款", "Early loan repayment")
_YEAR_MONTHS = 12


def plan_repay_early(request: Request) -> Plan:
    """Repay some or all of what is owed, with the interest since the last instalment and the contract's charge."""
    loan, account, amount = (
        request.own(request.core.loans, "loan"),
        request.paying_account(),
        request.amount(),
    )
    if amount > loan.outstanding_minor:
        raise refuse("amount_too_large", maximum_minor=loan.outstanding_minor, currency="CNY")
    least = min(request.terms.service.early_repay_min_minor, loan.outstanding_minor)
    if amount < least:
        raise refuse("below_minimum", minimum_minor=least, currency="CNY")
    days = (request.today - add_months(loan.next_due_on, -1)).days
    interest = daily_interest(amount, Decimal(loan.rate), max(0, days)).interest_minor
    charge = half_up(amount * _charge_rate(request, loan) / 100)
    total, remaining = amount + interest + charge, loan.outstanding_minor - amount
    book = request.core.books[account.id]
    request.check_funds(book, total)
    terms: Record = {
        "label": text_row(loan.label), "amount_minor": amount, "interest_minor": interest, "charge_minor": charge,
        "total_minor": total, "remaining_minor": remaining, "currency": "CNY", "from_last_four": account.last_four,
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        result: Record = {
            "receipt": mark.receipt, "at": mark.when, "total_minor": total, "remaining_minor": remaining,
        }  # fmt: skip
        changes: list[Change] = [
            mark.post(account.id, -total, "loan", _EARLY), _after(request, loan, remaining)
        ]  # fmt: skip
        return Effect(result, changes)

    return Plan(terms, carry_out)


def _charge_rate(request: Request, loan: Loan) -> Decimal:
    """Return percent of what is repaid: a home loan's in its first two years, else nothing."""
    if loan.kind != "mortgage":
        return Decimal(0)
    first, second = request.terms.service.charge_rates
    if request.today < add_months(loan.start_on, _YEAR_MONTHS):
        return first
    return second if request.today < add_months(loan.start_on, 2 * _YEAR_MONTHS) else Decimal(0)


def _after(request: Request, loan: Loan, remaining_minor: int) -> Loan:
    """Return the loan with less owed: the term stays, the instalment shrinks."""
    left = (loan.end_on.year - request.today.year) * _YEAR_MONTHS + loan.end_on.month - request.today.month
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
