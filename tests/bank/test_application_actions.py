"""Applying for cards and loans: what is taken down, what stands against it, and a second look by a person."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tellerline.domain.data import Value
from tellerline.domain.errors import Refused
from tellerline.domain.party import CustomerId
from tests.bank.world import World

CARD: dict[str, Value] = {"tier": "gold", "income_minor": 12_000_00}
LOAN: dict[str, Value] = {"kind": "consumer", "amount_minor": 60_000_00, "months": 24, "purpose": "home"}


@pytest.fixture
def world() -> World:
    return World("wangfang", "lijun", "huangbo", "sunli", "duanlei")


async def code(world: World, action: str, customer: str = "wangfang", **arguments: Value) -> str:
    """Return the code with which an action is refused."""
    with pytest.raises(Refused) as caught:
        await world.terms(action, customer, **arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("action", "arguments", "kind"), [("card.apply", CARD, "card"), ("loan.apply", LOAN, "loan")]
)
async def test_an_application_is_taken_down_once_and_promises_nothing(
    world: World, action: str, arguments: dict[str, Value], kind: str
) -> None:
    done = await world.do(action, **arguments)
    (row,) = await world.rows("applications.list", kind=kind)
    assert (row["id"], row["status"], row["reply_by_on"]) == (
        done.result["number"],
        "in_review",
        done.result["reply_by_on"],
    )
    assert await code(world, action, **arguments) == "already_applied"


async def test_the_answer_is_due_after_the_business_days_of_the_facts(world: World) -> None:
    card, loan = await world.do("card.apply", **CARD), await world.do("loan.apply", **LOAN)
    assert (card.result["reply_by_on"], loan.result["reply_by_on"]) == ("2026-12-02", "2026-11-26")


async def test_the_annual_fee_of_the_tier_is_read_back(world: World) -> None:
    assert (await world.terms("card.apply", **CARD))["fee_minor"] == 200_00
    assert (await world.terms("card.apply", **{**CARD, "tier": "diamond"}))["fee_minor"] == 2_600_00


async def test_what_cannot_be_applied_for(world: World) -> None:
    assert await code(world, "card.apply", "lijun", **CARD) == "age_out_of_range"
    assert await code(world, "loan.apply", "lijun", **LOAN) == "age_out_of_range"
    assert await code(world, "card.apply", **{**CARD, "tier": "titanium"}) == "unknown_kind"
    assert await code(world, "loan.apply", **{**LOAN, "kind": "mortgage"}) == "unknown_kind"
    assert await code(world, "loan.apply", **{**LOAN, "purpose": "shares"}) == "unknown_kind"
    assert await code(world, "loan.apply", **{**LOAN, "amount_minor": 300_000_01}) == "amount_too_large"
    assert await code(world, "loan.apply", **{**LOAN, "months": 61}) == "periods_not_offered"


async def test_after_a_declined_card_one_waits_after_a_declined_loan_not(world: World) -> None:
    (declined,) = await world.rows("applications.list", "huangbo")
    assert (declined["status"], declined["again_from_on"]) == ("declined", "2027-02-03")
    assert await code(world, "card.apply", "huangbo", **CARD) == "applied_too_soon"
    world.clock.advance(days=72)
    assert await world.terms("card.apply", "huangbo", **CARD)
    assert await world.terms("loan.apply", "duanlei", **LOAN)


async def test_a_declined_application_is_reviewed_once(world: World) -> None:
    (declined,) = await world.rows("applications.list", "duanlei", kind="loan")
    done = await world.do("application.review", "duanlei", application=declined["id"])
    assert done.result["reply_by_on"] == "2026-12-02"
    assert (
        await code(world, "application.review", "duanlei", application=declined["id"]) == "already_reviewed"
    )
    (open_one,) = await world.rows("applications.list", "sunli")
    assert await code(world, "application.review", "sunli", application=open_one["id"]) == "not_declined"


async def test_what_suits_a_customer_follows_from_an_assessment_that_still_holds(world: World) -> None:
    shelf = await world.rows("products.list", "lijun")  # C1
    assert {row["risk"] for row in shelf if row["suitable"]} == {"R1"}
    customers = world.bank.core.customers
    lijun = customers[CustomerId("lijun")]
    assessed_on = lijun.risk_assessed_on.replace(year=2024)
    customers[lijun.id] = replace(lijun, risk_level="C5", risk_assessed_on=assessed_on)
    assert not (await world.row("customer.profile", "lijun"))["risk_valid"]
    assert not any(row["suitable"] for row in await world.rows("products.list", "lijun"))


async def test_the_yearly_fees_of_a_product_are_added_up(world: World) -> None:
    shelf = {row["id"]: row for row in await world.rows("products.list")}
    assert (shelf["open"]["yearly_fee"], shelf["gold"]["yearly_fee"]) == ("0.42", None)
    assert (shelf["bondfund"]["agency"], shelf["open"]["agency"]) == (True, False)
    assert [row["id"] for row in shelf.values() if row["qualified"]] == ["private"]
