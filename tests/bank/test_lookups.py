"""Lookups give the rows of the contract, only one's own, filtered as asked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tellerline.bank.catalogue import OPERATIONS
from tellerline.domain.data import Value
from tellerline.domain.errors import Refused
from tests.bank.world import CREDIT, DEBIT, SAVINGS, World

LOOKUPS = [operation for operation in OPERATIONS.values() if operation.kind == "lookup"]


async def test_the_profile_says_how_to_address_the_customer(world: World) -> None:
    wang, li = await world.row("customer.profile"), await world.row("customer.profile", "lijun")
    assert wang["surname"] == {"zh": "王", "en": "Wang"}
    assert wang["salutation"] == {"zh": "女士", "en": "Ms"}
    assert wang["phone_masked"] == "138****6021"
    assert (wang["elder"], li["elder"]) == (False, True)


async def test_accounts_show_what_is_available(world: World) -> None:
    current, savings = await world.rows("accounts.list")
    assert current["balance_minor"] == 48_652_30
    assert current["pending_minor"] == 36_50
    assert current["available_minor"] == 48_615_80
    assert savings["kind"] == "savings"
    assert await world.rows("accounts.list", kind="savings") == [savings]


async def test_the_newest_transactions_of_all_books_come_first(world: World) -> None:
    rows = await world.rows("transactions.list", limit=60)
    moments = [str(row["at"]) for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert len(rows) == 60
    assert {row["account_id"] for row in rows} >= {DEBIT, CREDIT}


@pytest.mark.parametrize(("account", "card"), [(DEBIT, None), (SAVINGS, None), (None, CREDIT)])
async def test_transactions_of_one_book(world: World, account: str | None, card: str | None) -> None:
    rows = await world.rows("transactions.list", account=account, card=card, limit=500)
    assert {row["account_id"] for row in rows} == {account or card}


async def test_transactions_of_a_debit_card_are_those_made_with_it(world: World) -> None:
    rows = await world.rows("transactions.list", card="card-wangfang-6688", limit=500)
    assert {row["card_id"] for row in rows} == {"card-wangfang-6688"}
    assert {row["direction"] for row in rows} == {"out"}


@pytest.mark.parametrize("name", ["星巴克", "starbucks", "STARBUCKS"])
async def test_a_merchant_is_found_in_either_language(world: World, name: str) -> None:
    rows = await world.rows("transactions.list", merchant=name, limit=500)
    assert rows
    assert {row["merchant"] for row in rows} == {"星巴克 Starbucks"}


async def test_transactions_by_day_amount_and_direction(world: World) -> None:
    today = world.clock.now().date()
    since, until = today - timedelta(days=9), today - timedelta(days=4)
    rows = await world.rows(
        "transactions.list", since_on=since.isoformat(), until_on=until.isoformat(), limit=500
    )
    days = {str(row["on"]) for row in rows}
    assert days
    assert since.isoformat() <= min(days) <= max(days) <= until.isoformat()
    amount = rows[0]["amount_minor"]
    same = await world.rows("transactions.list", amount_minor=amount, limit=500)
    assert {row["amount_minor"] for row in same} == {amount}
    income = await world.rows("transactions.list", direction="in", limit=500)
    assert {row["direction"] for row in income} == {"in"}


async def test_a_pending_payment_says_so(world: World) -> None:
    rows = await world.rows("transactions.list", card=CREDIT, merchant="京东")
    assert rows[0]["status"] == "pending"
    assert rows[0]["label"] == {"zh": "11月22日 京东 1,299.00元", "en": "22 Nov JD.com CNY 1,299.00"}


async def test_what_is_paid_out_is_no_longer_listed(world: World) -> None:
    before = await world.rows("deposits.list")
    await world.do("deposit.withdraw", deposit=before[0]["id"], amount_minor=before[0]["principal_minor"])
    assert await world.rows("deposits.list") == before[1:]


async def test_the_present_bill(world: World) -> None:
    bill = await world.row("card.statement", card=CREDIT)
    assert bill["balance_minor"] == 6842_50
    assert bill["due_on"] == "2026-11-30"
    assert bill["overdue"] is False
    with pytest.raises(Refused, match="not_credit_card"):
        await world.look("card.statement", card="card-wangfang-6688")


async def test_fees_are_told_apart_by_their_labels(world: World) -> None:
    fees = await world.rows("fees.list")
    labels = [json.dumps(fee["label"]) for fee in fees]
    assert len(set(labels)) == len(labels) > 2
    annual = next(fee for fee in fees if fee["kind"] == "annual_fee")
    assert annual["label"] == {"zh": "信用卡年费", "en": "Credit card annual fee"}
    assert annual["waivable"] is True
    assert "满5笔免收" in str(annual["basis"])


async def test_fees_of_one_account(world: World) -> None:
    fees = await world.rows("fees.list", account=DEBIT)
    assert {fee["kind"] for fee in fees} == {"sms_fee"}


async def test_limits_count_what_left_today(world: World) -> None:
    limits = await world.row("limits.get")
    assert limits["daily_minor"] == 50_000_00
    assert limits["used_today_minor"] == 1_200_00 + 8_000_00
    assert limits["daily_max_minor"] == 1_000_000_00


async def test_transfers_in_every_state_say_when_and_why(world: World) -> None:
    rows = {str(row["status"]): row for row in reversed(await world.rows("transfers.list"))}
    assert set(rows) == {"posted", "pending", "held", "returned"}
    assert [rows[s]["cancellable"] for s in ("posted", "pending", "held", "returned")] == [
        False,
        True,
        True,
        False,
    ]
    assert rows["pending"]["expected_on"] == "2026-11-24"
    assert rows["returned"]["reason"] is not None
    assert rows["posted"]["reason"] is None
    assert await world.rows("transfers.list", status="held") == [rows["held"]]


async def test_a_pending_transfer_arrives_when_its_time_has_come(world: World) -> None:
    reference = (await world.rows("transfers.list", status="pending"))[0]["reference"]
    world.clock.advance(hours=25)
    posted = await world.rows("transfers.list", status="posted")
    assert reference in {row["reference"] for row in posted}


async def test_auto_debits_tell_when_they_come_next(world: World) -> None:
    rows = await world.rows("autodebits.list")
    days = [str(row["next_on"]) for row in rows]
    assert days == sorted(days)
    assert min(days) > "2026-11-23"
    music = next(row for row in rows if row["card_id"])
    assert (music["card_id"], music["account_id"]) == (CREDIT, CREDIT)
    smith = await world.rows("autodebits.list", "smith")
    repayment = next(row for row in smith if "repayment" in str(row["label"]))
    bill = await world.row("card.statement", "smith", card="card-smith-5209")
    assert repayment["next_on"] == bill["due_on"]


@pytest.mark.parametrize("operation", LOOKUPS, ids=lambda operation: operation.name)
async def test_a_stranger_is_told_nothing(world: World, operation) -> None:
    arguments: dict[str, Value] = {"card": CREDIT} if "card" in operation.parameters else {}
    with pytest.raises(Refused, match="unknown_customer"):
        await world.bank.lookup(operation.name, arguments, caller=world.caller("nobody"))


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("transactions.list", {"account": DEBIT}),
        ("transactions.list", {"card": CREDIT}),
        ("card.statement", {"card": CREDIT}),
        ("fees.list", {"account": DEBIT}),
    ],
)
async def test_another_customers_things_are_as_if_they_were_not(
    world: World, operation: str, arguments: dict[str, Value]
) -> None:
    with pytest.raises(Refused, match="not_found") as another:
        await world.look(operation, "smith", **arguments)
    nothing = dict.fromkeys(arguments, "no-such-thing")
    with pytest.raises(Refused, match="not_found") as missing:
        await world.look(operation, "smith", **nothing)
    assert another.value.data == missing.value.data


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("card.statement", {}),
        ("accounts.list", {"colour": "red"}),
        ("transactions.list", {"limit": "many"}),
        ("transactions.list", {"limit": True}),
        ("transactions.list", {"since_on": "soon"}),
        ("transactions.list", {"merchant": 7}),
    ],
)
async def test_arguments_that_make_no_sense_are_refused(
    world: World, operation: str, arguments: dict[str, Value]
) -> None:
    with pytest.raises(Refused, match="argument"):
        await world.look(operation, **arguments)


async def test_a_thing_may_be_named_by_its_record(world: World) -> None:
    account = (await world.rows("accounts.list"))[0]
    assert await world.rows("transactions.list", account=account)
