"""Bill instalments: level payments, exact totals, the yearly cost that is published."""

from __future__ import annotations

from datetime import date

import pytest

from tellerline.bank.adapters.simulator.terms import PERIODS
from tellerline.domain.data import Value
from tellerline.domain.errors import Conflict, Refused
from tellerline.domain.finance.loan import instalment_schedule
from tests.bank.world import CREDIT, World, facts

TERMS = facts().on(date(2026, 11, 23)).instalment


def yearly_rate(amount: int, payments: list[int]) -> float:
    """Return the internal rate of return, twelve times the monthly one, in percent."""
    low, high = 0.0, 0.1
    for _ in range(80):
        middle = (low + high) / 2
        worth = sum(payment / (1 + middle) ** month for month, payment in enumerate(payments, start=1))
        low, high = (middle, high) if worth > amount else (low, middle)
    return low * 1200


def test_the_articles_example() -> None:
    """12,000 over 12 months: 1,072 a month and 864 of interest in all."""
    schedule = instalment_schedule(12_000_00, TERMS.monthly_rates[12], 12)
    assert [payment.paid_minor for payment in schedule.payments] == [1_072_00] * 12
    assert (schedule.interest_minor, schedule.total_minor) == (864_00, 12_864_00)


@pytest.mark.parametrize("periods", PERIODS)
@pytest.mark.parametrize("amount", [500_00, 6_310_38, 47_499_99])
def test_payments_add_up_and_cost_what_is_published(amount: int, periods: int) -> None:
    schedule = instalment_schedule(amount, TERMS.monthly_rates[periods], periods)
    payments = [payment.paid_minor for payment in schedule.payments]
    assert sum(payments) == schedule.total_minor == amount + schedule.interest_minor
    assert 0 <= payments[0] - payments[-1] < periods
    tolerance = (
        0.006 if amount > 1_000_00 else 0.05
    )  # the published rate has two decimals; fen weigh on small sums
    assert yearly_rate(amount, payments) == pytest.approx(float(TERMS.annual_rates[periods]), abs=tolerance)


async def test_a_plan_takes_its_amount_off_the_bill(world: World) -> None:
    terms = await world.terms("instalment.open", card=CREDIT, amount_minor=5_000_00, periods=12)
    assert (terms["monthly_minor"], terms["first_minor"]) == (446_66, 446_74)
    assert (terms["total_interest_minor"], terms["annual_rate"]) == (360_00, "13.03")
    done = await world.do("instalment.open", card=CREDIT, amount_minor=5_000_00, periods=12)
    assert done.result["first_on"] == "2026-12-30"
    bill = await world.row("card.statement", card=CREDIT)
    assert bill["remaining_minor"] == 1_842_50
    assert bill["instalment_eligible_minor"] == 6_310_38 - 5_000_00


async def test_the_first_payment_is_on_the_next_bill(world: World) -> None:
    without = World()
    await world.do("instalment.open", card=CREDIT, amount_minor=5_000_00, periods=12)
    bills = []
    for each in (without, world):
        each.clock.advance(days=14)
        bills.append(await each.row("card.statement", card=CREDIT))
    assert {bill["statement_on"] for bill in bills} == {"2026-12-05"}
    before, after = (int(str(bill["balance_minor"])) for bill in bills)
    assert after == before - 5_000_00 + 446_74


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_minor": 499_99}, "amount_too_small"),
        ({"amount_minor": 6_310_39}, "amount_too_large"),
        ({"periods": 5}, "periods_not_offered"),
        ({"periods": "12"}, "argument"),
        ({"card": "card-wangfang-6688"}, "not_credit_card"),
    ],
)
async def test_a_plan_that_cannot_be(world: World, changes: dict[str, Value], code: str) -> None:
    arguments: dict[str, Value] = {"card": CREDIT, "amount_minor": 1_000_00, "periods": 6, **changes}
    with pytest.raises(Refused) as refusal:
        await world.terms("instalment.open", **arguments)
    assert refusal.value.code == code


async def test_after_the_due_date_nothing_can_be_split(world: World) -> None:
    world.clock.advance(days=8)
    with pytest.raises(Refused, match="not_eligible"):
        await world.terms("instalment.open", card=CREDIT, amount_minor=1_000_00, periods=6)


async def test_a_bill_paid_meanwhile_cannot_be_split(world: World) -> None:
    caller = world.caller()
    arguments: dict[str, Value] = {"card": CREDIT, "amount_minor": 5_000_00, "periods": 6}
    prepared = await world.bank.prepare("instalment.open", arguments, caller=caller)
    await world.do("card.repay", card=CREDIT, account="acc-wangfang-6688", amount_minor=6_842_50)
    with pytest.raises((Refused, Conflict)):
        await world.bank.commit(prepared, key="k", caller=caller)
    assert await world.bank.status("k") is None
