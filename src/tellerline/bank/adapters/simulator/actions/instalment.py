"""Bill instalments: level payments whose yearly cost is the one the bank publishes."""

from __future__ import annotations

from datetime import timedelta

from tellerline.bank.adapters.simulator.actions.plan import Effect, Mark, Plan
from tellerline.bank.adapters.simulator.billing import draw_bill, next_statement
from tellerline.bank.adapters.simulator.core import Change
from tellerline.bank.adapters.simulator.records import InstalmentPlan
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import Request
from tellerline.domain.data import Record
from tellerline.domain.finance.loan import instalment_schedule
from tellerline.domain.language import Text

_SPLIT = Text("账单分期", "Bill instalments")


def plan_open(request: Request) -> Plan:
    """Turn part of the present bill into instalments; the first is on the next statement."""
    card, amount, periods = request.credit_card(), request.amount(), request.whole("periods")
    terms, core = request.terms, request.core
    if periods not in terms.instalment.monthly_rates:
        offered = ", ".join(str(found) for found in terms.instalment.monthly_rates)
        raise refuse("periods_not_offered", offered=offered)
    plans = [plan for plan in core.plans.of(card.customer) if plan.book == card.account_id]
    bill = draw_bill(core.books[card.account_id], card, request.today, terms.card, plans)
    eligible = bill.eligible_minor(terms.instalment, request.today)
    if not eligible:
        raise refuse("not_eligible")
    if amount < terms.instalment.minimum_minor:
        raise refuse("amount_too_small", minimum_minor=terms.instalment.minimum_minor, currency="CNY")
    if amount > eligible:
        raise refuse("amount_too_large", maximum_minor=eligible, currency="CNY")
    schedule = instalment_schedule(amount, terms.instalment.monthly_rates[periods], periods)
    first_minor, monthly_minor = schedule.payments[0].paid_minor, schedule.payments[-1].paid_minor
    first_bill_on = next_statement(card, bill.statement_on)
    first_on = (first_bill_on + timedelta(days=terms.card.due_days)).isoformat()
    read_back: Record = {
        "last_four": card.last_four, "amount_minor": amount, "periods": periods,
        "monthly_minor": monthly_minor, "first_minor": first_minor,
        "total_interest_minor": schedule.interest_minor, "total_minor": schedule.total_minor,
        "annual_rate": str(terms.instalment.annual_rates[periods]), "currency": "CNY", "first_on": first_on,
    }  # fmt: skip

    def carry_out(mark: Mark) -> Effect:
        plan = InstalmentPlan(
            mark.identify("plan"), card.customer, card.account_id, bill.statement_on, amount, periods,
            first_minor, monthly_minor, first_bill_on,
        )  # fmt: skip
        changes: list[Change] = [plan, mark.post(card.account_id, amount, "instalment", _SPLIT, card.id)]
        result: Record = {
            "receipt": mark.receipt, "amount_minor": amount, "periods": periods,
            "monthly_minor": monthly_minor, "first_on": first_on,
        }  # fmt: skip
        return Effect(result, changes)

    return Plan(read_back, carry_out)
