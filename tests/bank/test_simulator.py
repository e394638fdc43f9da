"""The whole simulated bank, opened from the pack as the product opens it."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import msgspec
import pytest

from tellerline.bank.adapters.simulator import Simulator
from tellerline.domain.data import Record
from tellerline.domain.party import Caller, CustomerId, Level
from tellerline.testing.clock import VirtualClock
from tests.bank.world import CREDIT, NUMBER, PACK


def opened(path: Path | None = None, number: int = NUMBER) -> Simulator:
    return Simulator.open(PACK, clock=VirtualClock(), journal=path, number=number, random=Random(1))


def customers_of(snapshot: Record) -> list[Record]:
    customers = snapshot["customers"]
    assert isinstance(customers, list)
    return [customer for customer in customers if isinstance(customer, dict)]


async def test_every_customer_of_the_pack_can_sign_in() -> None:
    bank = opened()
    customers = customers_of(bank.snapshot())
    assert len(customers) >= 30
    for customer in customers:
        proof = await bank.sign_in(str(customer["token"]))
        assert (proof.customer, proof.level) == (customer["id"], Level.L1)
    assert {"demo-wangfang", "demo-lijun", "demo-smith", "demo-chen"} <= {c["token"] for c in customers}


async def test_a_second_start_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    path = tmp_path / "data" / "core.sqlite"
    first = opened(path)
    caller = Caller(CustomerId("wangfang"), Level.L1)
    prepared = await first.prepare("card.freeze", {"card": CREDIT}, caller=caller)
    outcome = await first.commit(prepared, key="k", caller=caller)
    before = first.snapshot()
    first.close()
    second = opened(path, number=NUMBER + 1)  # the journal knows its own origin
    assert await second.status("k") == outcome
    assert second.snapshot() == before
    second.close()


async def test_a_copy_is_a_bank_of_its_own() -> None:
    original = opened()
    seen = original.snapshot()
    clock = VirtualClock()
    copy = original.copy(clock=clock)
    assert copy.snapshot() == seen
    caller = Caller(CustomerId("wangfang"), Level.L3)
    for action, arguments in (
        ("card.freeze", {"card": CREDIT}),
        (
            "transfer.send",
            {"account": "acc-wangfang-6688", "payee": "payee-wangfang-4417", "amount_minor": 100},
        ),
        ("limit.lower", {"daily_minor": 1_00}),
    ):
        prepared = await copy.prepare(action, {**arguments}, caller=caller)
        await copy.commit(prepared, key=action, caller=caller)
    assert copy.snapshot() != seen
    assert original.snapshot() == seen
    assert len(original.core.transfers.of(caller.customer)) < len(copy.core.transfers.of(caller.customer))  # type: ignore[arg-type]


async def test_the_snapshot_is_plain_json_and_shows_what_happened() -> None:
    bank = opened()
    bank.faults.set("*", "slow", delay_ms=0)
    caller = Caller(CustomerId("wangfang"), Level.L1)
    prepared = await bank.prepare("card.freeze", {"card": CREDIT}, caller=caller)
    await bank.commit(prepared, key="k", caller=caller)
    snapshot = bank.snapshot()
    assert msgspec.json.decode(msgspec.json.encode(snapshot)) == snapshot
    wang = next(customer for customer in customers_of(snapshot) if customer["id"] == "wangfang")
    assert wang["cards"] == {"6688": "active", "8866": "frozen"}
    assert [effect["key"] for effect in snapshot["effects"]] == ["k"]  # type: ignore[union-attr,index,call-overload]
    assert snapshot["faults"] == [{"operation": "*", "kind": "slow", "times": None, "delay_ms": 0}]


def test_starting_is_quick() -> None:
    started = time.process_time()
    opened().close()
    assert time.process_time() - started < 1.5  # about 0.3 s on an idle machine


@pytest.mark.parametrize(
    "operation", ["accounts.list", "cards.list", "payees.list", "limits.get", "customer.profile"]
)
async def test_a_lookup_takes_no_time_worth_speaking_of(operation: str) -> None:
    bank = opened()
    caller = Caller(CustomerId("wangfang"), Level.L1)
    best = 1.0
    for _ in range(50):
        started = time.perf_counter()
        await bank.lookup(operation, {}, caller=caller)
        best = min(best, time.perf_counter() - started)
    assert best < 0.001  # tens of microseconds on an idle machine
