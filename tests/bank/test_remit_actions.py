"""Money sent abroad: what it costs to the cent, the yearly quota, and everything that stands against it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from tellerline.domain.data import Value
from tellerline.domain.errors import Conflict, Refused
from tests.bank.world import DEBIT, World, with_fact

REMIT: dict[str, Value] = {
    "account": DEBIT, "beneficiary": "beneficiary-wangfang-5432", "amount_minor": 1_000_00, "purpose": "study",
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return World("wangfang", "smith", "zhangwei", "chenming")


async def code(
    world: World, customer: str = "wangfang", action: str = "fx.remit", level: int = 3, **arguments: Value
) -> str:
    """Return the code with which a remittance is refused."""
    with pytest.raises(Refused) as caught:
        await world.terms(action, customer, level, **{**REMIT, **arguments})
    return caught.value.code


async def test_rate_spread_fee_and_quota_are_exact(world: World) -> None:
    terms = await world.terms("fx.remit", **REMIT)
    # 1,000 GBP at 936.80 for 100; the bank buys at 930.00; 0.05 % is below the least fee of 20 yuan.
    assert (terms["rate"], terms["cny_minor"], terms["spread_minor"]) == ("936.80", 9_368_00, 68_00)
    assert (terms["fee_minor"], terms["cable_minor"], terms["total_minor"]) == (20_00, 80_00, 9_468_00)
    # In dollars at 707.50: 1,000 × 936.80 ÷ 707.50; 18,000 of 50,000 were used before.
    assert (terms["quota_minor"], terms["quota_left_minor"]) == (1_324_10, 32_000_00 - 1_324_10)


async def test_what_is_sent_leaves_the_account_and_the_quota_once(world: World) -> None:
    before = world.book().balance_minor
    done = await world.do("fx.remit", key="k", **REMIT)
    assert done.result["total_minor"] == before - world.book().balance_minor == 9_468_00
    assert (await world.row("fx.quota"))["used_minor"] == 18_000_00 + 1_324_10
    lines = await world.rows("transactions.list", limit=2)
    assert sorted(line["amount_minor"] for line in lines) == [100_00, 9_368_00]
    assert "Lin Wang" in {line["counterparty"] for line in lines}


async def test_the_quota_is_that_of_the_year(world: World) -> None:
    world.clock.advance(days=45)
    quota = await world.row("fx.quota")
    assert (quota["used_minor"], quota["left_minor"]) == (0, 50_000_00)


async def test_a_new_rate_voids_what_was_read_back(world: World) -> None:
    caller = world.caller()
    prepared = await world.bank.prepare("fx.remit", REMIT, caller=caller)
    world.bank.facts = with_fact("fx_rates.gbp_sell", "940.00")
    with pytest.raises(Conflict, match="terms_changed"):
        await world.bank.commit(prepared, key="k", caller=caller)


async def test_more_than_is_left_and_no_quota_at_all(world: World) -> None:
    own = {"account": "acc-chenming-7457", "beneficiary": "beneficiary-chenming-3000"}
    assert await code(world, "chenming", **own, amount_minor=6_000_00) == "over_quota"
    assert await world.terms("fx.remit", "chenming", **{**REMIT, **own, "amount_minor": 2_000_00})
    foreign = {"account": "acc-smith-7305", "beneficiary": "beneficiary-smith-6819"}
    assert await code(world, "smith", **foreign) == "no_quota"


async def test_details_that_are_wrong_and_a_payee_that_a_person_has_to_look_at(world: World) -> None:
    own = {"account": "acc-chenming-7457", "beneficiary": "beneficiary-chenming-3001"}
    assert await code(world, "chenming", **own) == "bad_beneficiary"
    held = {"account": "acc-zhangwei-4519", "beneficiary": "beneficiary-zhangwei-3456"}
    assert await code(world, "zhangwei", **held) == "screening"
    beneficiaries = world.bank.core.beneficiaries
    saved = beneficiaries.get("beneficiary-wangfang-5432")
    beneficiaries.put(replace(saved, bic="WESTGB2"))
    assert await code(world) == "bad_beneficiary"
    beneficiaries.put(replace(saved, currency="XTS"))
    assert await code(world) == "currency_not_sold"


async def test_purposes_hours_and_limits(world: World) -> None:
    assert await code(world, purpose="invest") == "unknown_kind"
    await world.do("limit.raise", daily_minor=100_000_00)
    large = {"beneficiary": "beneficiary-wangfang-4471", "amount_minor": 7_100_00}  # 50,232.50 yuan
    assert await code(world, level=2, **large) == "over_level_limit"
    assert await code(world, amount_minor=5_200_00) == "insufficient_funds"
    world.clock.advance(hours=9.5)  # from 14:00 to 23:30 at the bank
    assert world.clock.now() == datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    assert await code(world) == "fx_closed"
