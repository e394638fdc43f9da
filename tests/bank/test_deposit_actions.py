"""Term deposits: what an early withdrawal pays and costs, to the fen."""

from __future__ import annotations

from datetime import date

import pytest

from tellerline.domain.errors import Conflict, Refused
from tests.bank.world import DEBIT, DEPOSIT, World, with_fact

ALL = 100_000_00


async def test_an_early_withdrawal_earns_the_demand_rate_for_every_day(world: World) -> None:
    terms = await world.terms("deposit.withdraw", deposit=DEPOSIT, amount_minor=ALL)
    assert terms["early"] is True
    assert (terms["demand_rate"], terms["contract_rate"]) == ("0.05", "1.75")
    assert terms["interest_minor"] == 55_00  # 100,000 × 0.05% × 396 / 360
    assert terms["forgone_minor"] == 5250_00 - 55_00  # 100,000 × 1.75% × 3 years, less what is paid
    assert terms["payout_minor"] == ALL + 55_00
    assert terms["remaining_minor"] == 0


async def test_the_payout_reaches_the_account_and_the_deposit_is_closed(world: World) -> None:
    before = world.book().balance_minor
    done = await world.do("deposit.withdraw", deposit=DEPOSIT, amount_minor=ALL)
    assert world.book().balance_minor == before + ALL + 55_00
    assert done.result["to_last_four"] == "6688"
    with pytest.raises(Refused, match="deposit_closed"):
        await world.terms("deposit.withdraw", deposit=DEPOSIT, amount_minor=1_00)


async def test_a_part_may_be_taken_early_once_and_the_rest_stays_as_it_was(world: World) -> None:
    await world.do("deposit.withdraw", deposit=DEPOSIT, amount_minor=40_000_00)
    row = next(row for row in await world.rows("deposits.list") if row["id"] == DEPOSIT)
    assert (row["principal_minor"], row["rate"], row["maturity_on"]) == (60_000_00, "1.75", "2028-10-23")
    with pytest.raises(Refused, match="partial_used"):
        await world.terms("deposit.withdraw", deposit=DEPOSIT, amount_minor=1_000_00)
    assert await world.terms("deposit.withdraw", deposit=DEPOSIT, amount_minor=60_000_00)


async def test_a_part_taken_before_counts(world: World) -> None:
    with pytest.raises(Refused, match="partial_used"):
        await world.terms("deposit.withdraw", "lijun", deposit="dep-lijun-6103", amount_minor=1_000_00)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (0, "amount_too_small"),
        (ALL + 1, "amount_too_large"),
        (ALL - 49_99, "remaining_too_small"),
    ],
)
async def test_an_amount_that_cannot_be(world: World, amount: int, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        await world.terms("deposit.withdraw", deposit=DEPOSIT, amount_minor=amount)
    assert refusal.value.code == code


async def test_fifty_yuan_may_stay(world: World) -> None:
    terms = await world.terms("deposit.withdraw", deposit=DEPOSIT, amount_minor=ALL - 50_00)
    assert terms["remaining_minor"] == 50_00


async def test_at_maturity_the_contract_is_paid_and_afterwards_the_demand_rate(world: World) -> None:
    world.clock.advance(days=740)
    terms = await world.terms("deposit.withdraw", deposit=DEPOSIT, amount_minor=ALL)
    days = (world.clock.now().date() - date(2028, 10, 23)).days
    assert terms["early"] is False
    assert terms["forgone_minor"] == 0
    assert days > 0
    assert terms["interest_minor"] == 5250_00 + round(ALL * 0.0005 * days / 360)
    row = next(row for row in await world.rows("deposits.list") if row["id"] == DEPOSIT)
    assert row["status"] == "matured"


async def test_a_day_later_the_terms_are_others(world: World) -> None:
    caller = world.caller()
    arguments = {"deposit": DEPOSIT, "amount_minor": ALL}
    world.clock.advance(hours=9, minutes=55)  # 23:55 at the bank
    prepared = await world.bank.prepare("deposit.withdraw", {**arguments}, caller=caller)
    world.clock.advance(minutes=10)
    with pytest.raises(Conflict, match="terms_changed"):
        await world.bank.commit(prepared, key="k", caller=caller)


async def test_a_new_rate_between_read_back_and_commit_is_a_conflict(world: World) -> None:
    caller = world.caller()
    prepared = await world.bank.prepare(
        "deposit.withdraw", {"deposit": DEPOSIT, "amount_minor": ALL}, caller=caller
    )
    before = world.book().balance_minor
    world.bank.facts = with_fact("deposit_rates.demand", "0.07")
    with pytest.raises(Conflict, match="terms_changed") as conflict:
        await world.bank.commit(prepared, key="k", caller=caller)
    assert conflict.value.data["changed"] == [
        "demand_rate",
        "forgone_minor",
        "interest_minor",
        "payout_minor",
    ]
    assert world.book(DEBIT).balance_minor == before
