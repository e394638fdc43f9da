"""Cards: freeze, freeze on a report, replace, repay."""

from __future__ import annotations

import pytest

from tellerline.bank.adapters.simulator.simulator import REPORTS_MAX
from tellerline.domain.errors import Conflict, Refused
from tests.bank.world import CREDIT, DEBIT, World

PHONE = "13800006021"
DEBIT_CARD = "card-wangfang-6688"


def report(phone: str = PHONE, last_four: str = "8866") -> dict[str, str]:
    return {"phone": phone, "last_four": last_four}


async def status_of(world: World, card: str = CREDIT) -> str:
    return str(next(row["status"] for row in await world.rows("cards.list") if row["id"] == card))


async def test_a_frozen_card_stays_frozen_and_says_so_once(world: World) -> None:
    done = await world.do("card.freeze", card=CREDIT)
    assert done.result["last_four"] == "8866"
    assert done.result["frozen_at"] == "2026-11-23T14:00:00+08:00"
    assert await status_of(world) == "frozen"
    with pytest.raises(Refused, match="already_frozen"):
        await world.terms("card.freeze", card=CREDIT)


async def test_a_freeze_can_be_repeated_under_its_key_only(world: World) -> None:
    caller = world.caller()
    prepared = await world.bank.prepare("card.freeze", {"card": CREDIT}, caller=caller)
    first = await world.bank.commit(prepared, key="one", caller=caller)
    assert await world.bank.commit(prepared, key="one", caller=caller) == first
    with pytest.raises(Refused, match="already_frozen"):
        await world.bank.commit(prepared, key="two", caller=caller)


@pytest.mark.parametrize("phone", [PHONE, "+86 138 0000 6021", "138-0000-6021"])
async def test_anybody_may_report_a_card_lost(world: World, phone: str) -> None:
    caller = world.caller(None, 0)
    prepared = await world.bank.prepare("card.freeze_reported", report(phone), caller=caller)
    assert prepared.terms == {"last_four": "8866"}
    done = await world.bank.commit(prepared, key="k", caller=caller)
    assert set(done.result) == {"receipt", "frozen_at", "last_four"}
    assert await status_of(world) == "frozen"


async def test_a_report_tells_nothing_of_the_cards_state(world: World) -> None:
    caller = world.caller(None, 0)
    outcomes = []
    for key in ("first", "second"):
        prepared = await world.bank.prepare("card.freeze_reported", report(), caller=caller)
        outcomes.append(await world.bank.commit(prepared, key=key, caller=caller))
    assert outcomes[0].result["frozen_at"] == outcomes[1].result["frozen_at"]


@pytest.mark.parametrize(
    "wrong",
    [
        report(last_four="0000"),
        report(phone="13800009999"),
        report(phone=""),
        report(phone="6021"),
        report(last_four="7305"),
    ],
)
async def test_a_report_that_matches_nothing_is_refused_alike(world: World, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        await world.bank.prepare("card.freeze_reported", {**wrong}, caller=world.caller(None, 0))
    assert (refusal.value.code, refusal.value.data) == ("no_match", {})


async def test_wrong_reports_are_counted_by_conversation(world: World) -> None:
    guessing, other = world.caller(None, 0, "guessing"), world.caller(None, 0, "other")
    for _ in range(REPORTS_MAX):
        with pytest.raises(Refused, match="no_match"):
            await world.bank.prepare("card.freeze_reported", {**report(last_four="0000")}, caller=guessing)
    with pytest.raises(Refused, match="too_many_tries"):
        await world.bank.prepare("card.freeze_reported", {**report()}, caller=guessing)
    assert await world.bank.prepare("card.freeze_reported", {**report()}, caller=other)


async def test_a_lost_card_costs_more_to_replace_than_a_damaged_one(world: World) -> None:
    damaged = await world.terms("card.replace", card=CREDIT)
    await world.do("card.freeze", card=CREDIT)
    lost = await world.terms("card.replace", card=CREDIT)
    assert (damaged["fee_minor"], lost["fee_minor"]) == (0, 15_00)
    assert lost["arrives_on"] == "2026-11-30"  # five business days


async def test_a_replacement_keeps_the_bill_and_ends_the_old_card(world: World) -> None:
    before = await world.row("card.statement", card=CREDIT)
    await world.do("card.freeze", card=CREDIT)
    await world.do("card.replace", card=CREDIT)
    old, new = (row for row in await world.rows("cards.list") if row["account_id"] == CREDIT)
    assert (old["status"], new["status"]) == ("replaced", "inactive")
    assert new["last_four"] != old["last_four"]
    after = await world.row("card.statement", card=new["id"])
    assert after["balance_minor"] == before["balance_minor"]
    for action, arguments in (("card.freeze", {}), ("card.replace", {})):
        with pytest.raises(Refused, match="card_replaced"):
            await world.terms(action, card=CREDIT, **arguments)
    assert await world.terms("card.freeze", card=new["id"])


async def test_the_fee_of_a_lost_debit_card_leaves_its_account(world: World) -> None:
    await world.do("card.freeze", card=DEBIT_CARD)
    before = world.book().balance_minor
    await world.do("card.replace", card=DEBIT_CARD)
    assert world.book().balance_minor == before - 5_00
    assert (
        world.bank.core.debit_card(world.bank.core.accounts.of(world.caller().customer)[0]).status
        == "inactive"
    )  # type: ignore[arg-type,union-attr]


async def test_a_repayment_moves_money_from_the_account_to_the_card(world: World) -> None:
    account, card = world.book().balance_minor, world.book(CREDIT).balance_minor
    done = await world.do("card.repay", card=CREDIT, account=DEBIT, amount_minor=2000_00)
    assert done.result["remaining_minor"] == 4842_50
    assert world.book().balance_minor == account - 2000_00
    assert world.book(CREDIT).balance_minor == card + 2000_00
    assert (await world.row("card.statement", card=CREDIT))["paid_minor"] == 2000_00


async def test_what_was_prepared_before_another_repayment_no_longer_holds(world: World) -> None:
    caller = world.caller()
    arguments = {"card": CREDIT, "account": DEBIT, "amount_minor": 1000_00}
    stale = await world.bank.prepare("card.repay", {**arguments}, caller=caller)
    await world.do("card.repay", card=CREDIT, account=DEBIT, amount_minor=500_00)
    with pytest.raises(Conflict, match="terms_changed") as conflict:
        await world.bank.commit(stale, key="stale", caller=caller)
    assert conflict.value.data == {"changed": ["remaining_minor"]}
    assert await world.bank.status("stale") is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_minor": 0}, "amount_too_small"),
        ({"amount_minor": -5}, "amount_too_small"),
        ({"amount_minor": 9_999_999_00}, "amount_too_large"),
        ({"card": DEBIT_CARD}, "not_credit_card"),
        ({"account": "acc-smith-7305"}, "not_found"),
        ({"card": "card-smith-5209"}, "not_found"),
    ],
)
async def test_a_repayment_that_cannot_be(world: World, changes: dict[str, object], code: str) -> None:
    arguments = {"card": CREDIT, "account": DEBIT, "amount_minor": 100_00, **changes}
    with pytest.raises(Refused) as refusal:
        await world.terms("card.repay", **arguments)  # type: ignore[arg-type]
    assert refusal.value.code == code


async def test_nothing_can_be_repaid_where_nothing_is_owed(world: World) -> None:
    owed = -world.book(CREDIT).balance_minor
    await world.do("card.repay", card=CREDIT, account=DEBIT, amount_minor=owed)
    with pytest.raises(Refused, match="nothing_owed"):
        await world.terms("card.repay", card=CREDIT, account=DEBIT, amount_minor=1)


async def test_a_frozen_debit_card_pays_nothing_and_a_frozen_credit_card_can_be_repaid(world: World) -> None:
    await world.do("card.freeze", card=CREDIT)
    assert await world.terms("card.repay", card=CREDIT, account=DEBIT, amount_minor=1_00)
    await world.do("card.freeze", card=DEBIT_CARD)
    with pytest.raises(Refused, match="card_frozen"):
        await world.terms("card.repay", card=CREDIT, account=DEBIT, amount_minor=1_00)
