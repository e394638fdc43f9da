"""What the bank looks into: disputes, fees, missing transfers; each once, with a number and a date."""

from __future__ import annotations

import pytest

from tellerline.bank.adapters.simulator.actions.review import statement_of
from tellerline.bank.adapters.simulator.request import Request
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Refused
from tests.bank.world import CREDIT, DEBIT, World

ABROAD = "ELECTROMART"


@pytest.fixture
def chen() -> World:
    return World("chen")


async def suspicious(world: World) -> list[Record]:
    return await world.rows("transactions.list", "chen", merchant=ABROAD)


async def test_two_charges_are_disputed_together(chen: World) -> None:
    lines = await suspicious(chen)
    ids: list[Value] = [row["id"] for row in lines]
    terms = await chen.terms("dispute.open", "chen", card="card-chen-6177", transactions=ids)
    assert (terms["count"], terms["last_four"]) == (2, "6177")
    assert terms["amount_minor"] == sum(int(str(row["amount_minor"])) for row in lines)
    done = await chen.do("dispute.open", "chen", card="card-chen-6177", transactions=ids)
    assert done.result["reply_by_on"] == "2026-12-08"  # 15 days
    assert {row["status"] for row in await suspicious(chen)} == {"disputed"}


async def test_the_rows_themselves_name_the_transactions(chen: World) -> None:
    lines: list[Value] = [*await suspicious(chen)]
    assert await chen.terms("dispute.open", "chen", card="card-chen-6177", transactions=lines)


async def test_the_same_charge_is_not_disputed_twice(chen: World) -> None:
    one: list[Value] = [(await suspicious(chen))[0]["id"]]
    await chen.do("dispute.open", "chen", card="card-chen-6177", transactions=one)
    with pytest.raises(Refused, match="already_disputed"):
        await chen.terms("dispute.open", "chen", card="card-chen-6177", transactions=one)


async def test_a_charge_named_twice_counts_once(chen: World) -> None:
    one = (await suspicious(chen))[0]["id"]
    terms = await chen.terms("dispute.open", "chen", card="card-chen-6177", transactions=[one, one])
    assert terms["count"] == 1


@pytest.mark.parametrize(
    ("transactions", "code"),
    [([], "nothing_selected"), ("all", "nothing_selected"), (["no-such-line"], "not_found")],
)
async def test_a_dispute_of_nothing(chen: World, transactions: Value, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        await chen.terms("dispute.open", "chen", card="card-chen-6177", transactions=transactions)
    assert refusal.value.code == code


async def test_only_payments_with_that_card_can_be_disputed(world: World) -> None:
    repayment = next(
        row
        for row in await world.rows("transactions.list", card=CREDIT, limit=500)
        if row["direction"] == "in"
    )
    with pytest.raises(Refused, match="not_disputable"):
        await world.terms("dispute.open", card=CREDIT, transactions=[repayment["id"]])
    transfer = next(row for row in await world.rows("transactions.list", account=DEBIT) if not row["card_id"])
    with pytest.raises(Refused, match="not_disputable"):
        await world.terms("dispute.open", card="card-wangfang-6688", transactions=[transfer["id"]])


async def test_what_is_long_past_cannot_be_disputed(world: World) -> None:
    oldest = (await world.rows("transactions.list", card=CREDIT, limit=500))[-1]
    with pytest.raises(Refused, match="too_late"):
        await world.terms("dispute.open", card=CREDIT, transactions=[oldest["id"]])


async def test_a_fee_is_reviewed_once(world: World) -> None:
    fee = next(fee for fee in await world.rows("fees.list") if fee["kind"] == "annual_fee")
    done = await world.do("fee.review", fee=fee["id"])
    assert done.result["reply_by_on"] == "2026-11-30"  # five business days
    with pytest.raises(Refused, match="already_reviewed"):
        await world.terms("fee.review", fee=fee["id"])


async def test_an_old_fee_cannot_be_reviewed(world: World) -> None:
    oldest = (await world.rows("fees.list"))[-1]
    with pytest.raises(Refused, match="too_late"):
        await world.terms("fee.review", fee=oldest["id"])


async def test_the_time_to_query_a_card_fee_runs_from_its_bill(world: World) -> None:
    core = world.bank.core
    fee = next(fee for fee in core.fees if fee.kind == "annual_fee")
    on = fee.on
    request = Request(core, world.bank.facts.on(on), None, world.clock.now(), world.caller(), {})  # type: ignore[arg-type]
    assert on.isoformat() == "2026-10-20"
    assert statement_of(request, fee).isoformat() == "2026-11-05"


async def test_interest_is_on_the_bill_of_its_own_day() -> None:
    world = World("zhengqiang")
    core = world.bank.core
    fee = next(fee for fee in core.fees if fee.kind == "interest")
    request = Request(core, world.bank.facts.on(fee.on), None, world.clock.now(), world.caller(), {})  # type: ignore[arg-type]
    assert statement_of(request, fee) == fee.on


async def test_a_transfer_on_its_way_is_traced_once(world: World) -> None:
    transfer = (await world.rows("transfers.list", status="pending"))[0]
    done = await world.do("transfer.trace", transfer=transfer["id"])
    assert done.result["reply_by_on"] == "2026-11-26"  # three business days
    with pytest.raises(Refused, match="already_traced"):
        await world.terms("transfer.trace", transfer=transfer["id"])


@pytest.mark.parametrize(("status", "code"), [("returned", "already_returned"), ("held", "not_traceable")])
async def test_a_transfer_that_is_not_under_way_is_not_traced(world: World, status: str, code: str) -> None:
    transfer = (await world.rows("transfers.list", status=status))[0]
    with pytest.raises(Refused) as refusal:
        await world.terms("transfer.trace", transfer=transfer["id"])
    assert refusal.value.code == code


async def test_a_cancelled_transfer_is_not_traced(world: World) -> None:
    transfer = (await world.rows("transfers.list", status="pending"))[0]
    await world.do("transfer.cancel", reference=transfer["reference"])
    with pytest.raises(Refused, match="already_cancelled"):
        await world.terms("transfer.trace", transfer=transfer["id"])
