"""The one place where level meets data: every operation at every level."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path

import pytest

from tellerline.bank.adapters.simulator import REFUSALS, Simulator
from tellerline.bank.adapters.simulator.actions import PLANS
from tellerline.bank.adapters.simulator.lookups import LOOKUPS
from tellerline.bank.catalogue import OPERATIONS, Operation
from tellerline.bank.contract import Bank, GuardedBank, Identity, Prepared, access_operation, check_access
from tellerline.domain.errors import Conflict, Refused
from tellerline.domain.party import Level
from tests.bank.world import World

EVERY = [*OPERATIONS.values()]
LEVELS = [*Level]


@pytest.fixture(scope="module")
def world() -> World:
    """Give one bank to all: nothing here changes it."""
    return World("wangfang")


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
@pytest.mark.parametrize("operation", EVERY, ids=lambda operation: operation.name)
async def test_below_its_level_nothing_is_reached(world: World, operation: Operation, level: Level) -> None:
    guarded = GuardedBank(world.bank)
    caller = world.caller("wangfang", level)
    prepared = Prepared(operation.name, {}, {}, world.clock.now() + timedelta(minutes=1))
    calls = [
        lambda: guarded.prepare(operation.name, {}, caller=caller),
        lambda: guarded.commit(prepared, key="k", caller=caller),
    ]
    if operation.kind == "lookup":
        calls = [lambda: guarded.lookup(operation.name, {}, caller=caller)]
    for ask in calls:
        assert (await code_of(ask()) == "level_too_low") == (level < operation.level)
    assert await guarded.status("k") is None


async def code_of(call: Awaitable[object]) -> str:
    """Return the code with which a call was refused or found stale, "" when it was not."""
    try:
        await call
    except (Refused, Conflict) as failure:
        return failure.code
    return ""


@pytest.mark.parametrize("operation", EVERY, ids=lambda operation: operation.name)
def test_a_level_without_a_customer_is_no_level(world: World, operation: Operation) -> None:
    nobody = world.caller(None, 3)
    if operation.level == Level.L0:
        check_access(operation, nobody)
        return
    with pytest.raises(Refused, match="level_too_low"):
        check_access(operation, nobody)


@pytest.mark.parametrize(
    ("name", "kind"), [("no.such", "lookup"), ("no.such", "action"), ("card.freeze", "lookup"), ("accounts.list", "action")]
)  # fmt: skip
def test_an_operation_is_of_one_kind(name: str, kind: str) -> None:
    with pytest.raises(Refused, match="unknown_operation"):
        access_operation(name, kind)  # type: ignore[arg-type]


def test_only_what_protects_is_open_to_anybody() -> None:
    for operation in EVERY:
        assert operation.level > Level.L0 or operation.protective
        assert not (operation.money and operation.level < Level.L2), operation.name
        assert operation.undo is None or OPERATIONS[operation.undo].kind == "action"


def test_a_digest_covers_action_arguments_and_terms(world: World) -> None:
    now = world.clock.now()
    one = Prepared("a", {"x": 1, "y": 2}, {"fee": 0}, now)
    assert one.digest == Prepared("a", {"y": 2, "x": 1}, {"fee": 0}, now).digest
    others = [
        Prepared("b", {"x": 1, "y": 2}, {"fee": 0}, now),
        Prepared("a", {"x": 1, "y": 3}, {"fee": 0}, now),
        Prepared("a", {"x": 1, "y": 2}, {"fee": 1}, now),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 4


def test_the_simulator_knows_every_operation() -> None:
    assert set(LOOKUPS) == {operation.name for operation in EVERY if operation.kind == "lookup"}
    assert set(PLANS) == {operation.name for operation in EVERY if operation.kind == "action"}


def test_the_simulator_is_a_bank_and_proves_identity(world: World) -> None:
    bank: Bank = world.bank
    identity: Identity = world.bank
    assert isinstance(bank, Simulator)
    assert isinstance(identity, Simulator)


def test_every_refusal_is_listed_and_used() -> None:
    folder = Path(__file__).parents[2] / "src" / "tellerline" / "bank" / "adapters" / "simulator"
    sources = "".join(path.read_text("utf-8") for path in folder.rglob("*.py") if path.stem != "refusals")
    used = set(re.findall(r'refuse\(\s*"(\w+)"', sources))
    used |= set(re.findall(r'refuse\("declined" if .* else "(\w+)"\)', sources)) | {"declined"}
    assert used == set(REFUSALS)
