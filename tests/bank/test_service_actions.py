"""The counter's other business at the simulated bank: what each action changes, and when it is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from tellerline.bank.adapters.simulator.core import Book
from tellerline.domain.data import Value
from tellerline.domain.errors import Refused
from tellerline.domain.party import CustomerId
from tests.bank.world import CREDIT, DEBIT, DEPOSIT, PAYEE, SAVINGS, World

LOAN, ZHANG = "loan-zhangwei-8801", "acc-zhangwei-4519"
ZHANG_WEI = CustomerId("zhangwei")
HUANG = "acc-huangbo-3928"


@pytest.fixture
def world() -> World:
    return World("wangfang", "zhangwei", "huangbo")


async def code(world: World, action: str, customer: str = "wangfang", **arguments: Value) -> str:
    """Return the code with which an action is refused."""
    with pytest.raises(Refused) as caught:
        await world.terms(action, customer, **arguments)
    return caught.value.code


EARLY = {"loan": LOAN, "account": ZHANG, "amount_minor": 50_000_00, "on": "2026-12-23"}


async def test_repaying_early_is_agreed_now_and_debited_on_the_day(world: World) -> None:
    terms = await world.terms("loan.repay_early", "zhangwei", **EARLY)
    # The instalment before the day is that of the 20th, three days earlier: 50,000 × 3.05 % × 3 ÷ 360.
    assert (terms["interest_minor"], terms["charge_minor"], terms["total_minor"]) == (12_71, 0, 50_012_71)
    before = world.book(ZHANG).balance_minor
    await world.do("loan.repay_early", "zhangwei", **EARLY)
    (row,) = await world.rows("loans.list", "zhangwei")
    assert (row["early_on"], row["early_minor"], row["outstanding_minor"]) == (
        "2026-12-23",
        50_000_00,
        1_318_422_00,
    )
    assert world.book(ZHANG).balance_minor == before
    assert await code(world, "loan.repay_early", "zhangwei", **EARLY) == "already_agreed"

    world.clock.advance(days=31)
    (row,) = await world.rows("loans.list", "zhangwei")
    assert (row["early_on"], row["outstanding_minor"]) == (None, (1_318_422 - 50_000) * 100)
    assert before - world.book(ZHANG).balance_minor == 50_012_71
    assert "50,012.71" in world.bank.phone.messages(ZHANG_WEI)[0].text
    await world.rows("loans.list", "zhangwei")
    assert before - world.book(ZHANG).balance_minor == 50_012_71  # once


async def test_an_early_repayment_is_made_once_whenever_the_bank_is_restarted(tmp_path: Path) -> None:
    world = World("zhangwei", path=tmp_path / "core.sqlite")
    before = world.book(ZHANG).balance_minor
    await world.do("loan.repay_early", "zhangwei", **EARLY)
    world.restart()
    world.clock.advance(days=31)
    await world.rows("loans.list", "zhangwei")
    world.restart()
    await world.rows("loans.list", "zhangwei")
    assert before - world.book(ZHANG).balance_minor == 50_012_71
    world.bank.close()


async def test_with_too_little_on_the_day_nothing_is_debited_and_the_loan_goes_on(world: World) -> None:
    before = world.book(ZHANG).balance_minor
    await world.do("loan.repay_early", "zhangwei", **{**EARLY, "amount_minor": 1_000_000_00})
    world.clock.advance(days=31)
    (row,) = await world.rows("loans.list", "zhangwei")
    assert (row["early_on"], row["outstanding_minor"]) == (None, 1_318_422_00)
    assert world.book(ZHANG).balance_minor == before
    assert "没有办成" in world.bank.phone.messages(ZHANG_WEI)[0].text


async def test_an_early_repayment_needs_its_notice_and_a_living_loan(world: World) -> None:
    assert await code(world, "loan.repay_early", "zhangwei", **{**EARLY, "on": "2026-12-02"}) == "too_soon"
    assert await code(world, "loan.repay_early", "zhangwei", **{**EARLY, "on": "2070-01-01"}) == "period"
    assert (await world.terms("loan.repay_early", "zhangwei", **{**EARLY, "on": "2026-12-03"}))[
        "on"
    ] == "2026-12-03"


async def test_a_home_loan_in_its_first_two_years_carries_the_charge_of_the_day(world: World) -> None:
    loans = world.bank.core.loans
    loans.put(replace(loans.get(LOAN), start_on=date(2026, 5, 20)))
    assert (await world.terms("loan.repay_early", "zhangwei", **EARLY))["charge_minor"] == 500_00  # 1 %
    loans.put(replace(loans.get(LOAN), start_on=date(2025, 5, 20)))
    assert (await world.terms("loan.repay_early", "zhangwei", **EARLY))["charge_minor"] == 250_00  # 0.5 %


async def test_a_loan_moves_to_another_account_once(world: World) -> None:
    assert await code(world, "loan.change_account", "zhangwei", loan=LOAN, account=ZHANG) == "same_account"
    await world.do("loan.change_account", "zhangwei", loan=LOAN, account="acc-zhangwei-7720")
    (row,) = await world.rows("loans.list", "zhangwei")
    assert row["account_last_four"] == "7720"


async def test_no_money_leaves_a_restricted_account(world: World) -> None:
    (row,) = await world.rows("restrictions.list", "huangbo")
    assert row["account_last_four"] == "3928"
    payee = world.bank.core.payees.of(world.caller("huangbo").customer)[0].id
    refused = await code(world, "transfer.send", "huangbo", account=HUANG, payee=payee, amount_minor=100)
    assert refused == "account_restricted"
    await world.do("restriction.appeal", "huangbo", restriction=row["id"])
    assert await code(world, "restriction.appeal", "huangbo", restriction=row["id"]) == "already_appealed"


async def test_after_a_new_number_money_stays_for_twelve_hours(world: World) -> None:
    done = await world.do("phone.change", phone="139 0000 1234")
    assert str(done.result["hold_until_at"]).startswith("2026-11-24T02:00")
    assert (await world.row("customer.profile"))["phone_masked"] == "139****1234"
    sending: dict[str, Value] = {"account": DEBIT, "payee": PAYEE, "amount_minor": 100_00}
    assert await code(world, "transfer.send", **sending) == "held"
    world.clock.advance(hours=12)
    assert await world.terms("transfer.send", **sending)


@pytest.mark.parametrize(
    ("phone", "refusal"),
    [("12345", "bad_number"), ("13800006021", "same_number"), ("13800004519", "same_number")],
)
async def test_a_number_that_cannot_be_registered(world: World, phone: str, refusal: str) -> None:
    assert await code(world, "phone.change", phone=phone) == refusal


async def test_points_become_money_in_whole_units(world: World) -> None:
    before = (await world.row("points.get"))["points"]
    done = await world.do("points.redeem", card=CREDIT, points=2_750)
    assert (done.result["points"], done.result["value_minor"]) == (2_500, 5_00)
    assert (await world.row("points.get"))["points"] == before - 2_500
    assert await code(world, "points.redeem", card=CREDIT, points=1_999) == "points_too_few"
    assert await code(world, "points.redeem", card=CREDIT, points=10_000_000) == "points_too_few"


async def test_a_card_with_a_debt_is_not_cancelled(world: World) -> None:
    assert await code(world, "card.cancel", card=CREDIT) == "owed"
    world.bank.core.books[CREDIT] = Book(0)
    done = await world.do("card.cancel", card=CREDIT)
    assert done.result["closes_on"] == "2027-01-07"  # 45 days
    assert await code(world, "card.cancel", card=CREDIT) == "card_replaced"


async def test_unfreezing_and_activating_follow_the_state_of_the_card(world: World) -> None:
    assert await code(world, "card.activate", card=CREDIT) == "not_inactive"
    assert await code(world, "card.unfreeze", card=CREDIT) == "not_frozen"
    await world.do("card.freeze", card=CREDIT)
    await world.do("card.unfreeze", card=CREDIT)
    (row,) = await world.rows("cards.list", kind="credit")
    assert row["status"] == "active"


async def test_all_cards_are_frozen_at_once(world: World) -> None:
    done = await world.do("payments.stop", level=1, reason="scam")
    assert done.result["cards"] == 2
    assert {row["status"] for row in await world.rows("cards.list")} == {"frozen"}
    assert await code(world, "transfer.send", account=DEBIT, payee=PAYEE, amount_minor=100) == "card_frozen"


async def test_limited_accounts_are_opened_up_to_their_number(world: World) -> None:
    for number in range(5):
        await world.do("account.open", kind="iii", key=f"k{number}")
    assert await code(world, "account.open", kind="iii") == "class_full"
    assert await code(world, "account.open", kind="i") == "unknown_kind"


async def test_only_an_empty_account_without_auto_debits_is_closed(world: World) -> None:
    assert await code(world, "account.close", account=SAVINGS) == "balance_left"
    assert await code(world, "account.close", account=DEBIT) == "main_account"
    world.bank.core.books[SAVINGS] = Book(0)
    mandates = world.bank.core.mandates
    mandates.put(replace(mandates.get("mandate-wangfang-1"), book=SAVINGS))
    assert await code(world, "account.close", account=SAVINGS) == "mandates_left"
    await world.do("mandate.cancel", mandate="mandate-wangfang-1")
    await world.do("account.close", account=SAVINGS)
    assert [row["id"] for row in await world.rows("accounts.list")] == [DEBIT]
    assert len(await world.rows("autodebits.list")) == 3
    assert await code(world, "document.issue", kind="balance", account=SAVINGS) == "account_closed"


@pytest.mark.parametrize(
    ("since_on", "until_on"),
    [("2026-11-10", "2026-11-01"), ("2026-11-01", "2026-12-01"), ("2016-01-01", "2016-02-01")],
)
async def test_a_statement_covers_a_period_that_can_be(world: World, since_on: str, until_on: str) -> None:
    found = await code(
        world, "document.issue", kind="transactions", account=DEBIT, since_on=since_on, until_on=until_on
    )
    assert found == "period"


async def test_cash_is_booked_a_business_day_ahead(world: World) -> None:
    booking: dict[str, Value] = {"amount_minor": 80_000_00, "branch": "南山支行"}
    assert await code(world, "cash.book", **booking, on="2026-11-23") == "too_soon"
    assert await code(world, "cash.book", branch="x", on="2026-11-30", amount_minor=100) == "amount_too_small"
    assert (await world.do("cash.book", **booking, on="2026-11-24")).result["on"] == "2026-11-24"


async def test_closed_products_cannot_be_redeemed(world: World) -> None:
    held = {row["product"]: row for row in await world.rows("holdings.list")}
    assert await code(world, "holding.redeem", holding=held["fixed180"]["id"]) == "not_open"
    assert await code(world, "holding.redeem", holding=held["hybrid"]["id"]) == "not_open"  # within its year
    assert held["hybrid"]["result_minor"] == -613_60
    before = world.book(ZHANG).balance_minor
    fund, *others = await world.rows("holdings.list", "zhangwei")
    await world.do("holding.redeem", "zhangwei", holding=fund["id"])
    assert world.book(ZHANG).balance_minor - before == fund["value_minor"]
    assert await world.rows("holdings.list", "zhangwei") == others


async def test_the_device_in_use_stays(world: World) -> None:
    current, before = await world.rows("devices.list")
    assert await code(world, "device.revoke", device=current["id"]) == "current_device"
    await world.do("device.revoke", device=before["id"])
    assert len(await world.rows("devices.list")) == 1


async def test_a_transfer_is_recalled_only_once_it_has_arrived(world: World) -> None:
    rows = {row["status"]: row for row in await world.rows("transfers.list")}
    assert await code(world, "transfer.recall", transfer=rows["pending"]["id"]) == "not_arrived"
    assert await code(world, "transfer.recall", transfer=rows["returned"]["id"]) == "already_returned"
    done = await world.do("transfer.recall", transfer=rows["posted"]["id"])
    assert done.result["reply_by_on"] == "2026-11-26"  # 3 business days
    assert await code(world, "transfer.recall", transfer=rows["posted"]["id"]) == "already_recalled"


async def test_an_oral_report_has_to_be_written_within_five_days(world: World) -> None:
    assert (await world.do("passbook.report_loss", deposit=DEPOSIT)).result["written_by_on"] == "2026-11-28"


async def test_what_happened_survives_a_restart(tmp_path) -> None:
    world = World("wangfang", path=tmp_path / "journal.db")
    await world.do("phone.change", phone="13900001234", key="a")
    await world.do("account.open", kind="ii", key="b")
    await world.do("points.redeem", card=CREDIT, points=2_000, key="c")
    await world.do("device.revoke", device="device-wangfang-2", key="d")
    before = [
        await world.look(name) for name in ("customer.profile", "accounts.list", "points.get", "devices.list")
    ]
    world.restart()
    after = [
        await world.look(name) for name in ("customer.profile", "accounts.list", "points.get", "devices.list")
    ]
    assert after == before
