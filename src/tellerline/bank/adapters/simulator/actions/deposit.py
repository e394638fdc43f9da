"""Term deposits: withdrawal, early or not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.core import Change
from tellerline.bank.adapters.simulator.records import Deposit
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.bank.adapters.simulator.rows import deposit_label, text_row
from tellerline.bank.adapters.simulator.terms import DepositTerms
from tellerline.domain.data import Record
from tellerline.domain.finance.deposit import daily_interest, term_interest
from tellerline.domain.language import Text

_PAID_OUT = Text("定期存款支取", "Term deposit withdrawal")


def contract_interest(deposit: Deposit, amount_minor: int) -> int:
    """Return the interest `amount_minor` earns if it stays to maturity: whole months of the contract's rate."""
    return term_interest(amount_minor, Decimal(deposit.rate), deposit.term_months).interest_minor


def demand_interest(amount_minor: int, days: int, terms: DepositTerms) -> int:
    """Return the interest at the demand rate in force now, for a number of days."""
    return daily_interest(amount_minor, terms.demand_rate, days, year_days=terms.year_days).interest_minor


def earned_interest(deposit: Deposit, amount_minor: int, today: date, terms: DepositTerms) -> int:
    """Return what is paid on a withdrawal: early, all days at the demand rate; later, the contract's and then demand."""
    if today < deposit.maturity_on:
        return demand_interest(amount_minor, (today - deposit.start_on).days, terms)
    over = demand_interest(amount_minor, (today - deposit.maturity_on).days, terms)
    return contract_interest(deposit, amount_minor) + over


def check_withdrawal(deposit: Deposit, amount_minor: int, today: date, terms: DepositTerms) -> None:
    """Raise: Refused when the deposit does not allow this withdrawal."""
    if deposit.closed:
        raise refuse("deposit_closed")
    if amount_minor > deposit.principal_minor:
        raise refuse("amount_too_large", maximum_minor=deposit.principal_minor, currency=deposit.currency)
    if amount_minor == deposit.principal_minor:
        return
    if today < deposit.maturity_on and deposit.partial_count >= terms.partial_times_max:
        raise refuse("partial_used", times=terms.partial_times_max)
    if deposit.principal_minor - amount_minor < terms.remaining_min_minor:
        raise refuse(
            "remaining_too_small", minimum_minor=terms.remaining_min_minor, currency=deposit.currency
        )


def plan_withdraw(request: Request) -> Plan:
    """Withdraw all or part. `forgone_minor` is what the same amount would have earned more by staying to maturity."""
    deposit, amount = request.own(request.core.deposits, "deposit"), request.amount()
    terms = request.terms.deposit
    check_withdrawal(deposit, amount, request.today, terms)
    early = request.today < deposit.maturity_on
    interest = earned_interest(deposit, amount, request.today, terms)
    forgone = max(0, contract_interest(deposit, amount) - interest) if early else 0
    account = request.core.accounts.get(deposit.pays_to)
    assert account is not None, "a deposit pays to an account of its owner"
    read_back: Record = {
        "label": text_row(deposit_label(deposit)), "principal_minor": deposit.principal_minor,
        "amount_minor": amount, "remaining_minor": deposit.principal_minor - amount, "currency": deposit.currency,
        "early": early, "demand_rate": str(terms.demand_rate), "contract_rate": deposit.rate,
        "interest_minor": interest, "forgone_minor": forgone, "payout_minor": amount + interest,
        "to_last_four": account.last_four, "maturity_on": deposit.maturity_on.isoformat(),
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        left = deposit.principal_minor - amount
        after = msgspec.structs.replace(
            deposit, principal_minor=left, closed=left == 0, partial_count=deposit.partial_count + early
        )
        changes: list[Change] = [after, mark.post(account.id, amount + interest, "deposit_out", _PAID_OUT)]
        result: Record = {
            "receipt": mark.receipt, "payout_minor": amount + interest, "to_last_four": account.last_four,
            "at": mark.when,
        }  # fmt: skip
        return Effect(result, changes)

    return Plan(read_back, carry_out)
