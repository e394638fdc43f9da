"""Bad days: late, unreachable, unanswered, answered twice."""

from __future__ import annotations

import asyncio
import time

import pytest

from tellerline.bank.adapters.simulator import FAULTS, Faults
from tellerline.domain.errors import Invalid, OutcomeUnknown, Unavailable
from tests.bank.world import DEBIT, PAYEE, World

SEND = {"account": DEBIT, "payee": PAYEE, "amount_minor": 100_00}
START = 48_652_30


async def test_unavailable_means_nothing_happened(world: World) -> None:
    prepared = await world.bank.prepare("transfer.send", {**SEND}, caller=world.caller())
    world.bank.faults.set("transfer.send", "unavailable", 2)
    with pytest.raises(Unavailable):
        await world.bank.commit(prepared, key="k", caller=world.caller())
    with pytest.raises(Unavailable):
        await world.terms("transfer.send", **SEND)
    assert await world.bank.status("k") is None
    assert world.book().balance_minor == START
    assert await world.bank.commit(prepared, key="k", caller=world.caller())
    assert world.book().balance_minor == START - 100_00


async def test_a_lookup_can_be_unavailable_alone(world: World) -> None:
    world.bank.faults.set("accounts.list", "unavailable")
    with pytest.raises(Unavailable):
        await world.look("accounts.list")
    assert await world.look("cards.list")
    world.bank.faults.clear("accounts.list")
    assert await world.look("accounts.list")


@pytest.mark.parametrize(("fault", "done"), [("unknown_done", True), ("unknown_not_done", False)])
async def test_a_lost_answer_is_found_out_and_not_repeated_blindly(
    world: World, fault: str, done: bool
) -> None:
    world.bank.faults.set("transfer.send", fault, 1)
    with pytest.raises(OutcomeUnknown):
        await world.do("transfer.send", key="k", **SEND)
    outcome = await world.bank.status("k")
    assert (outcome is not None) == done
    assert world.book().balance_minor == START - (100_00 if done else 0)
    again = await world.do("transfer.send", key="k", **SEND)
    assert outcome in (None, again)
    assert world.book().balance_minor == START - 100_00


async def test_a_commit_delivered_twice_acts_once(world: World) -> None:
    world.bank.faults.set("transfer.send", "duplicate_ack")
    outcome = await world.do("transfer.send", key="k", **SEND)
    assert await world.bank.status("k") == outcome
    assert world.book().balance_minor == START - 100_00


@pytest.mark.parametrize("fault", ["unknown_done", "unknown_not_done"])
async def test_the_status_of_a_lost_answer_can_be_unavailable_too(world: World, fault: str) -> None:
    world.bank.faults.set("transfer.send", fault, 1)
    world.bank.faults.set("transfer.send", "status_unavailable", 1)
    with pytest.raises(OutcomeUnknown):
        await world.do("transfer.send", key="k", **SEND)
    with pytest.raises(Unavailable):
        await world.bank.status("k")
    assert (await world.bank.status("k") is not None) == (fault == "unknown_done")


async def test_a_slow_bank_takes_its_time(world: World) -> None:
    world.bank.faults.set("*", "slow", 1, delay_ms=30)
    started = time.monotonic()
    await world.look("accounts.list")
    assert time.monotonic() - started >= 0.03


async def test_a_cancelled_caller_leaves_nothing_half_done(durable: World) -> None:
    caller = durable.caller()
    prepared = await durable.bank.prepare("transfer.send", {**SEND}, caller=caller)
    commit = asyncio.create_task(durable.bank.commit(prepared, key="k", caller=caller))
    await asyncio.sleep(0)
    commit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await commit
    outcome = await durable.bank.commit(prepared, key="k", caller=caller)
    assert durable.book().balance_minor == START - 100_00
    durable.restart()
    assert await durable.bank.status("k") == outcome


async def test_many_at_once_spend_no_more_than_there_is(world: World) -> None:
    await world.do("limit.raise", daily_minor=1_000_000_00)
    caller = world.caller()
    prepared = await world.bank.prepare("transfer.send", {**SEND, "amount_minor": 5_000_00}, caller=caller)
    commits = [world.bank.commit(prepared, key=f"k{n}", caller=caller) for n in range(20)]
    answers = await asyncio.gather(*commits, return_exceptions=True)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 9
    assert world.book().available_minor >= 0


async def test_the_same_key_at_once_acts_once(world: World) -> None:
    caller = world.caller()
    prepared = await world.bank.prepare("transfer.send", {**SEND}, caller=caller)
    commits = [world.bank.commit(prepared, key="same", caller=caller) for _ in range(20)]
    outcomes = await asyncio.gather(*commits)
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert world.book().balance_minor == START - 100_00


@pytest.mark.parametrize(
    ("operation", "fault", "times", "delay_ms"),
    [
        ("transfer.fly", "slow", None, 1),
        ("*", "meteor", None, 0),
        ("*", "slow", 0, 1),
        ("*", "slow", None, -1),
        ("*", "slow", None, 10**9),
    ],
)
def test_a_switch_that_does_not_exist(operation: str, fault: str, times: int | None, delay_ms: int) -> None:
    with pytest.raises(Invalid):
        Faults().set(operation, fault, times, delay_ms=delay_ms)


def test_the_switches_that_are_on_can_be_seen_and_cleared() -> None:
    faults = Faults()
    for fault in FAULTS:
        faults.set("*", fault)
    assert [switch["kind"] for switch in faults.active()] == [*FAULTS]
    faults.clear()
    assert faults.active() == []


def test_an_operations_own_switch_goes_before_the_general_one() -> None:
    faults = Faults()
    faults.set("*", "slow", delay_ms=1)
    faults.set("accounts.list", "slow", 1, delay_ms=2)
    found = [faults.strikes("accounts.list", "slow") for _ in range(2)]
    assert [fault.delay_ms for fault in found if fault] == [2, 1]
