"""The bank's arithmetic for anyone: interest, early withdrawal, loans, instalments, yearly cost, exchange, the minimum.

No customer's data goes in or out. Amounts are minor units (fen, cents); rates are percent, as text, so that none is rounded on
the way ("1.45" is 1.45 %). Every answer shows its `working` in figures that read the same in every language.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field

from tellerline.domain.finance import annual, card, deposit, exchange, loan
from tellerline.domain.finance.amount import AMOUNT_MINOR_MAX, PERIODS_MAX, RATE_MAX
from tellerline.web import wire
from tellerline.web.conversation import problems

calculator_routes = APIRouter(
    prefix="/api/v1/calculators", tags=["calculators"], responses=problems(400, 413, 415, 422, 429)
)

Minor = Annotated[int, Field(gt=0, le=AMOUNT_MINOR_MAX, description="In minor units: 100 is one yuan.")]
Percent = Annotated[
    Decimal, Field(ge=0, le=RATE_MAX, allow_inf_nan=False, max_digits=12, description='Percent, as text: "1.45".')
]
Rate = Annotated[Decimal, Field(gt=0, max_digits=14, allow_inf_nan=False, description="Yuan for 100 units.")]
Periods = Annotated[int, Field(gt=0, le=PERIODS_MAX)]
Working = Annotated[list[str], Field(description="How it was reckoned, line by line.")]


class TermQuestion(wire.Request):
    """A term deposit kept to its end."""

    principal_minor: Minor
    annual_rate: Percent
    months: Periods


class InterestAnswer(BaseModel):
    """Interest."""

    interest_minor: int
    working: Working


class WithdrawalQuestion(wire.Request):
    """An amount that leaves a term deposit early, on a day within its term."""

    amount_minor: Minor
    annual_rate: Percent
    demand_rate: Percent
    start_on: date
    months: Periods
    on: date


class WithdrawalAnswer(BaseModel):
    """What is paid, what staying would have paid, and the difference."""

    interest_minor: int
    contract_interest_minor: int
    forgone_minor: int
    working: Working


class LoanQuestion(wire.Request):
    """A loan repaid monthly."""

    principal_minor: Minor
    annual_rate: Percent
    months: Periods
    method: loan.Method = "level_payment"


class CostAnswer(BaseModel):
    """Yearly cost in percent. `nominal`: of one period times the periods of a year; `effective`: compounded."""

    nominal: Decimal
    effective: Decimal
    period_rate: Decimal


class PaymentAnswer(BaseModel):
    """One payment."""

    paid_minor: int
    interest_minor: int
    owed_minor: int


class ScheduleAnswer(BaseModel):
    """All payments and what they cost."""

    payments: list[PaymentAnswer]
    interest_minor: int
    total_minor: int
    cost: CostAnswer
    working: Working


class EarlyRepaymentQuestion(LoanQuestion):
    """A loan paid off after so many payments; `charge_rate` is percent of what is still owed."""

    paid_count: Annotated[int, Field(ge=0, lt=PERIODS_MAX)]
    charge_rate: Percent = Decimal(0)


class EarlyRepaymentAnswer(BaseModel):
    """What paying off costs and saves."""

    payoff_minor: int
    charge_minor: int
    interest_saved_minor: int
    saved_minor: int
    working: Working


class InstalmentQuestion(wire.Request):
    """A card bill split into instalments; the monthly rate is of the whole amount, as card issuers quote it."""

    principal_minor: Minor
    monthly_rate: Percent
    periods: Periods


class CostQuestion(wire.Request):
    """Payments at the end of each period for something received now."""

    received_minor: Minor
    payments_minor: Annotated[list[Minor], Field(min_length=1, max_length=PERIODS_MAX)]
    per_year: Annotated[int, Field(ge=1, le=366)] = 12


class MinimumQuestion(wire.Request):
    """Paying only the minimum of a card bill; `daily_rate` percent a day, `minimum_share` percent of the debt."""

    owed_minor: Minor
    daily_rate: Percent
    minimum_share: Percent


class MinimumAnswer(BaseModel):
    """How long it takes and what it costs."""

    months: int
    interest_minor: int
    first_interest_minor: int
    working: Working


class ExchangeQuestion(wire.Request):
    """Changing money with two decimals at rates in yuan for 100 units."""

    foreign_minor: Minor
    bank_buys: Rate
    bank_sells: Rate
    side: exchange.Side


class ExchangeAnswer(BaseModel):
    """Yuan, and what the way there and back at once would cost."""

    cny_minor: int
    spread_minor: int
    working: Working


@calculator_routes.post("/term-deposit", response_model=InterestAnswer)
async def reckon_term(ask: TermQuestion) -> object:
    """Interest of a term deposit kept to its end."""
    return _plain(deposit.term_interest(ask.principal_minor, ask.annual_rate, ask.months))


@calculator_routes.post("/early-withdrawal", response_model=WithdrawalAnswer)
async def reckon_withdrawal(ask: WithdrawalQuestion) -> object:
    """What an amount loses by leaving a term deposit early."""
    return _plain(
        deposit.early_withdrawal(
            ask.amount_minor, ask.annual_rate, ask.demand_rate, start_on=ask.start_on, months=ask.months, on=ask.on
        )
    )


@calculator_routes.post("/loan", response_model=ScheduleAnswer)
async def reckon_loan(ask: LoanQuestion) -> object:
    """The schedule of a loan repaid monthly."""
    return _plain(loan.loan_schedule(ask.principal_minor, ask.annual_rate, ask.months, ask.method))


@calculator_routes.post("/early-repayment", response_model=EarlyRepaymentAnswer)
async def reckon_early_repayment(ask: EarlyRepaymentQuestion) -> object:
    """What paying a loan off early costs and saves."""
    schedule = loan.loan_schedule(ask.principal_minor, ask.annual_rate, ask.months, ask.method)
    return _plain(loan.early_repayment(schedule, ask.paid_count, ask.charge_rate))


@calculator_routes.post("/instalment", response_model=ScheduleAnswer)
async def reckon_instalment(ask: InstalmentQuestion) -> object:
    """The instalments of a card bill and their yearly cost."""
    return _plain(loan.instalment_schedule(ask.principal_minor, ask.monthly_rate, ask.periods))


@calculator_routes.post("/annual-cost", response_model=CostAnswer)
async def reckon_cost(ask: CostQuestion) -> object:
    """The yearly cost of any series of payments."""
    return _plain(annual.annual_cost(ask.received_minor, ask.payments_minor, per_year=ask.per_year))


@calculator_routes.post("/minimum-payment", response_model=MinimumAnswer)
async def reckon_minimum(ask: MinimumQuestion) -> object:
    """What paying only the minimum of a card bill costs."""
    return _plain(card.minimum_payment(ask.owed_minor, ask.daily_rate, ask.minimum_share))


@calculator_routes.post("/exchange", response_model=ExchangeAnswer)
async def reckon_exchange(ask: ExchangeQuestion) -> object:
    """Yuan for an amount of foreign currency, and the spread."""
    return _plain(
        exchange.exchange(ask.foreign_minor, bank_buys=ask.bank_buys, bank_sells=ask.bank_sells, side=ask.side)
    )


def _plain(answer: msgspec.Struct) -> object:
    """Return a record as the plain values that the answer's form is made of."""
    return msgspec.to_builtins(answer, builtin_types=(Decimal,))
