"""Transfers: what is sent, what can be taken back, and the limits."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tellerline.domain.data import Value
from tellerline.domain.errors import Conflict, Refused
from tellerline.domain.party import CustomerId
from tests.bank.world import CREDIT, DEBIT, PAYEE, SAVINGS, World, with_fact

WANG = CustomerId("wangfang")
OWN_BANK_PAYEE = "payee-wangfang-2210"


async def send(world: World, amount: int = 500_00, key: str = "", **more: Value):
    return await world.do(
        "transfer.send", key=key, **{"account": DEBIT, "payee": PAYEE, "amount_minor": amount, **more}
    )


async def refusal_of(world: World, level: int = 3, **changes: Value) -> Refused:
    arguments: dict[str, Value] = {"account": DEBIT, "payee": PAYEE, "amount_minor": 500_00, **changes}
    with pytest.raises(Refused) as refusal:
        await world.terms("transfer.send", level=level, **arguments)
    return refusal.value


async def test_the_read_back_names_the_payee_and_the_fee_of_the_facts(world: World) -> None:
    terms = await world.terms("transfer.send", account=DEBIT, payee=PAYEE, amount_minor=500_00)
    assert (terms["payee_name"], terms["payee_last_four"]) == ("王伟", "4417")
    assert terms["payee_bank"] == {"zh": "中国工商银行", "en": "ICBC"}
    assert terms["fee_minor"] == 0
    assert "24" in str(terms["arrives"])


async def test_to_another_bank_it_leaves_the_account_and_can_be_taken_back_for_a_day(world: World) -> None:
    before = world.book().balance_minor
    done = await send(world)
    assert world.book().balance_minor == before - 500_00
    assert done.result["status"] == "pending"
    assert done.result["cancellable_until"] == "2026-11-24T14:00:00+08:00"
    back = await world.do("transfer.cancel", reference=done.result["reference"])
    assert back.result["receipt"] != done.result["receipt"]
    assert world.book().balance_minor == before
    row = next(r for r in await world.rows("transfers.list") if r["reference"] == done.result["reference"])
    assert (row["status"], row["cancellable"]) == ("cancelled", False)
    with pytest.raises(Refused, match="already_cancelled"):
        await world.terms("transfer.cancel", reference=done.result["reference"])


async def test_within_the_bank_it_is_there_at_once_for_good(world: World) -> None:
    done = await send(world, payee=OWN_BANK_PAYEE)
    assert (done.result["status"], done.result["cancellable_until"]) == ("posted", None)
    with pytest.raises(Refused, match="not_cancellable"):
        await world.terms("transfer.cancel", reference=done.result["reference"])


@pytest.mark.parametrize(
    ("mode", "until"),
    [
        ("real_time", None),
        ("ordinary", "2026-11-23T16:00:00+08:00"),
        ("next_day", "2026-11-24T14:00:00+08:00"),
    ],
)
async def test_the_mode_decides_when_it_arrives(world: World, mode: str, until: str | None) -> None:
    done = await send(world, mode=mode)
    assert done.result["cancellable_until"] == until


async def test_after_its_hours_it_cannot_be_taken_back(world: World) -> None:
    done = await send(world)
    world.clock.advance(hours=24)
    with pytest.raises(Refused, match="not_cancellable"):
        await world.terms("transfer.cancel", reference=done.result["reference"])


async def test_a_held_transfer_can_be_taken_back(world: World) -> None:
    held = (await world.rows("transfers.list", status="held"))[0]
    before = world.book().balance_minor
    await world.do("transfer.cancel", reference=held["reference"])
    assert world.book().balance_minor == before + 8_000_00


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_minor": 0}, "amount_too_small"),
        ({"amount_minor": 48_700_00}, "insufficient_funds"),
        ({"amount_minor": 50_000_01}, "over_single_limit"),
        ({"amount_minor": 41_000_00}, "over_daily_limit"),
        ({"payee": "payee-smith-3480"}, "not_found"),
        ({"account": "acc-smith-7305"}, "not_found"),
        ({"mode": "pigeon"}, "unknown_mode"),
        ({"amount_minor": "500"}, "argument"),
    ],
)
async def test_a_transfer_that_cannot_be(world: World, changes: dict[str, Value], code: str) -> None:
    if code == "insufficient_funds":
        await world.do("limit.raise", daily_minor=100_000_00)
    assert (await refusal_of(world, **changes)).code == code


async def test_a_refusal_says_what_would_have_been_possible(world: World) -> None:
    await world.do("limit.raise", daily_minor=100_000_00)
    short = await refusal_of(world, amount_minor=48_700_00)
    assert short.data == {"available_minor": 48_615_80, "currency": "CNY"}
    await world.do("limit.lower", daily_minor=10_000_00)
    over = await refusal_of(world, amount_minor=900_00)
    assert over.data["left_minor"] == 800_00


async def test_what_a_code_may_not_move_a_face_check_may(world: World) -> None:
    await world.do("limit.raise", daily_minor=500_000_00)
    await world.do("deposit.withdraw", deposit="dep-wangfang-0317", amount_minor=100_000_00)
    refused = await refusal_of(world, level=2, amount_minor=60_000_00)
    assert (refused.code, refused.data["needed"]) == ("over_level_limit", 3)
    assert await world.terms("transfer.send", account=DEBIT, payee=PAYEE, amount_minor=60_000_00)


async def test_a_frozen_card_sends_nothing(world: World) -> None:
    await world.do("card.freeze", card="card-wangfang-6688")
    assert (await refusal_of(world)).code == "card_frozen"
    assert await world.terms("transfer.send", account=SAVINGS, payee=PAYEE, amount_minor=1_00)


async def test_dollars_are_not_sent_to_a_yuan_payee(world: World) -> None:
    with pytest.raises(Refused, match="currency_mismatch"):
        await world.terms(
            "transfer.send", "smith", account="acc-smith-4410", payee="payee-smith-3480", amount_minor=1_00
        )


async def test_money_gone_between_read_back_and_commit_is_a_refusal(world: World) -> None:
    caller = world.caller()
    await world.do("limit.raise", daily_minor=100_000_00)
    arguments: dict[str, Value] = {"account": DEBIT, "payee": PAYEE, "amount_minor": 30_000_00}
    prepared = await world.bank.prepare("transfer.send", arguments, caller=caller)
    await send(world, 25_000_00)
    with pytest.raises(Refused, match="insufficient_funds"):
        await world.bank.commit(prepared, key="late", caller=caller)
    assert await world.bank.status("late") is None


async def test_what_was_read_back_long_ago_has_to_be_read_back_again(world: World) -> None:
    caller = world.caller()
    arguments: dict[str, Value] = {"account": DEBIT, "payee": PAYEE, "amount_minor": 1_00}
    prepared = await world.bank.prepare("transfer.send", arguments, caller=caller)
    world.clock.advance(minutes=15)
    with pytest.raises(Conflict, match="prepared_expired"):
        await world.bank.commit(prepared, key="k", caller=caller)


async def test_a_year_has_its_limit_too(world: World) -> None:
    core = world.bank.core
    earlier = core.transfers.of(WANG)[0]
    long_ago = world.clock.now() - timedelta(days=200)
    core.apply([msgspec.structs.replace(earlier, id="big", amount_minor=1_999_000_00, at=long_ago)])
    assert (await refusal_of(world, amount_minor=40_000_00)).code == "over_yearly_limit"


async def test_a_fee_is_read_back_and_leaves_the_account_with_the_transfer(world: World) -> None:
    world.bank.facts = with_fact("transfer_fees.app", "2.00")
    before = world.book().balance_minor
    assert (await world.terms("transfer.send", account=DEBIT, payee=PAYEE, amount_minor=500_00))[
        "fee_minor"
    ] == 2_00
    await send(world)
    assert world.book().balance_minor == before - 502_00


async def test_a_limit_goes_down_and_up(world: World) -> None:
    lowered = await world.do("limit.lower", daily_minor=20_000_00)
    assert lowered.result["from_at"] == "2026-11-23T14:00:00+08:00"
    limits = await world.row("limits.get")
    assert (limits["daily_minor"], limits["single_minor"]) == (20_000_00, 20_000_00)
    await world.do("limit.raise", daily_minor=1_000_000_00)
    limits = await world.row("limits.get")
    assert (limits["daily_minor"], limits["single_minor"]) == (1_000_000_00, 200_000_00)


@pytest.mark.parametrize(
    ("action", "daily", "code"),
    [
        ("limit.lower", 50_000_00, "not_lower"),
        ("limit.lower", 60_000_00, "not_lower"),
        ("limit.lower", -1, "amount_too_small"),
        ("limit.raise", 50_000_00, "not_higher"),
        ("limit.raise", 1_000_000_01, "over_maximum"),
    ],
)
async def test_a_limit_that_cannot_be(world: World, action: str, daily: int, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        await world.terms(action, daily_minor=daily)
    assert refusal.value.code == code


async def test_a_limit_of_nothing_stops_all_transfers(world: World) -> None:
    await world.do("limit.lower", daily_minor=0)
    assert (await refusal_of(world, amount_minor=1)).code == "over_single_limit"


@pytest.mark.parametrize("reference", ["TR000000000000", "", None])
async def test_an_unknown_reference_is_not_found(world: World, reference: str | None) -> None:
    with pytest.raises(Refused) as refusal:
        await world.terms("transfer.cancel", reference=reference)
    assert refusal.value.code in ("not_found", "argument")


async def test_another_customers_transfer_cannot_be_taken_back(world: World) -> None:
    reference = (await world.rows("transfers.list", "smith", status="pending"))[0]["reference"]
    with pytest.raises(Refused, match="not_found"):
        await world.terms("transfer.cancel", reference=reference)


async def test_a_credit_card_is_no_account_to_send_from(world: World) -> None:
    assert (await refusal_of(world, account=CREDIT)).code == "not_found"
