"""What every bank adapter must do. An adapter is done when its stage is in `STAGES` and this passes.

A stage puts the adapter in front of a world: the bank under test answers, the world behind it moves time, switches faults
on and shows the books. For an adapter that reaches a bank over a network, the world's simulator is what answers there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, datetime

import msgspec
import pytest
from msgspec.structs import replace

from tellerline.bank.adapters.simulator.core import Book
from tellerline.bank.catalogue import OPERATIONS, Operation
from tellerline.bank.contract import Bank, GuardedBank, Prepared
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Conflict, OutcomeUnknown, Refused, Unavailable
from tests.bank.world import CREDIT, DEBIT, DEPOSIT, PAYEE, SAVINGS, World

TEXTS = frozenset(
    {
        "label", "surname", "salutation", "summary", "bank", "payee_bank", "basis", "reason", "arrives", "issuer",
        "redemption", "documents", "missing", "country", "term", "purpose",
    }
)  # fmt: skip
NOT_YET = frozenset({"decided_on", "again_from_on", "early_on"})  # dates that there may be none of
OWNED = frozenset(
    {
        "card", "deposit", "account", "reference", "fee", "transfer", "loan", "holding", "mandate", "device",
        "restriction", "application", "beneficiary",
    }
)  # fmt: skip
# Wang Fang has no loan and has applied for nothing, and nothing of hers is restricted.
OWNERS = {
    "loans.list": "zhangwei", "loan.repay_early": "zhangwei", "loan.change_account": "zhangwei",
    "restrictions.list": "huangbo", "restriction.appeal": "huangbo", "card.unfreeze": "huangbo",
    "applications.list": "huangbo", "application.review": "huangbo",
}  # fmt: skip
CUSTOMERS = ("wangfang", "smith", "zhangwei", "huangbo")
EXAMPLES: dict[str, Record] = {
    "card.statement": {"card": CREDIT},
    "card.freeze": {"card": CREDIT},
    "card.freeze_reported": {"phone": "13800006021", "last_four": "8866"},
    "card.replace": {"card": CREDIT},
    "deposit.withdraw": {"deposit": DEPOSIT, "amount_minor": 10_000_00},
    "transfer.send": {"account": DEBIT, "payee": PAYEE, "amount_minor": 500_00},
    "card.repay": {"card": CREDIT, "account": DEBIT, "amount_minor": 1_000_00},
    "limit.lower": {"daily_minor": 10_000_00},
    "limit.raise": {"daily_minor": 100_000_00},
    "instalment.open": {"card": CREDIT, "amount_minor": 3_000_00, "periods": 6},
    "card.request_limit": {"card": CREDIT, "amount_minor": 80_000_00},
    "card.activate": {"card": CREDIT},
    "card.unfreeze": {"card": "card-huangbo-3928"},
    "card.cancel": {"card": CREDIT},
    "points.redeem": {"card": CREDIT, "points": 2_750},
    "loan.repay_early": {
        "loan": "loan-zhangwei-8801",
        "account": "acc-zhangwei-4519",
        "amount_minor": 10_000_00,
        "on": "2026-12-20",
    },
    "payments.stop": {"reason": "scam"},
    "loan.change_account": {"loan": "loan-zhangwei-8801", "account": "acc-zhangwei-7720"},
    "holding.redeem": {"holding": "hold-wangfang-fixed180"},
    "mandate.cancel": {"mandate": "mandate-wangfang-1"},
    "document.issue": {"kind": "transactions", "account": DEBIT},
    "cash.book": {"amount_minor": 80_000_00, "branch": "南山支行", "on": "2026-12-01"},
    "phone.change": {"phone": "13900001234"},
    "password.reset": {"kind": "login"},
    "device.revoke": {"device": "device-wangfang-2"},
    "account.open": {"kind": "ii"},
    "account.close": {"account": SAVINGS},
    "passbook.report_loss": {"deposit": DEPOSIT},
    "atm.dispute": {"amount_minor": 500_00, "on": "2026-11-20", "place": "深圳北站"},
    "repayment.trace": {"card": CREDIT, "amount_minor": 1_000_00, "on": "2026-11-20"},
    "fx.remit": {
        "account": DEBIT,
        "beneficiary": "beneficiary-wangfang-5432",
        "amount_minor": 1_000_00,
        "purpose": "family",
    },
    "card.apply": {"tier": "platinum", "income_minor": 18_600_00},
    "loan.apply": {"kind": "consumer", "amount_minor": 60_000_00, "months": 24, "purpose": "home"},
    "restriction.appeal": {"restriction": "restriction-huangbo-3928"},
}


class Stage:
    """An adapter under test and the world behind it."""

    def __init__(self, bank: Bank, world: World) -> None:
        self.bank = bank
        self.world = world
        self.caller = world.caller()

    async def example(self, operation: Operation) -> Record:
        """Return arguments with which the operation succeeds for Wang Fang."""
        self.caller = self.world.caller(OWNERS.get(operation.name, "wangfang"))
        self.make_possible(operation.name)
        if operation.name in EXAMPLES:
            return {**EXAMPLES[operation.name]}
        rows = self.world.rows
        match operation.name:
            case "transfer.recall":
                return {"transfer": (await rows("transfers.list", status="posted"))[0]["id"]}
            case "transfer.cancel":
                return {"reference": (await rows("transfers.list", status="pending"))[0]["reference"]}
            case "transfer.trace":
                return {"transfer": (await rows("transfers.list", status="pending"))[0]["id"]}
            case "application.review":
                return {"application": (await rows("applications.list", "huangbo"))[0]["id"]}
            case "fee.review":
                return {"fee": (await rows("fees.list"))[0]["id"]}
            case "dispute.open":
                line = (await rows("transactions.list", card=CREDIT, merchant="Starbucks"))[0]
                return {"card": CREDIT, "transactions": [line["id"]]}
        return {}

    def make_possible(self, name: str) -> None:
        """Bring about what an example needs: a new card, one that is paid off, an empty account, an open product."""
        core = self.world.bank.core
        if name == "card.activate":
            core.cards.put(replace(core.cards.get(CREDIT), status="inactive"))
        elif name in ("card.cancel", "account.close"):
            core.books[CREDIT if name == "card.cancel" else SAVINGS] = Book(0)
        elif name == "holding.redeem":
            held = core.holdings.get("hold-wangfang-fixed180")
            core.holdings.put(replace(held, product="cash"))

    async def prepare(self, operation: Operation) -> Prepared:
        """Prepare the example of an action."""
        return await self.bank.prepare(operation.name, await self.example(operation), caller=self.caller)

    def books(self) -> list[int]:
        """Return all balances, by which an effect shows."""
        core = self.world.bank.core
        return [core.books[name].balance_minor for name in sorted(core.books)]


def stage_simulator() -> Stage:
    """Set the simulated bank on stage."""
    world = World(*CUSTOMERS)
    return Stage(world.bank, world)


def stage_guarded() -> Stage:
    """Set the simulated bank on stage as the flows hold it."""
    world = World(*CUSTOMERS)
    return Stage(GuardedBank(world.bank), world)


STAGES: dict[str, Callable[[], Stage]] = {"simulator": stage_simulator, "guarded": stage_guarded}
LOOKUPS = [operation for operation in OPERATIONS.values() if operation.kind == "lookup"]
ACTIONS = [operation for operation in OPERATIONS.values() if operation.kind == "action"]
MONEY = OPERATIONS["transfer.send"]


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Give a fresh stage of every adapter."""
    found = STAGES[request.param]()
    yield found
    found.world.bank.close()


def check_record(record: Value, fields: tuple[str, ...]) -> None:
    """Check that a record has exactly the fields of the contract, in the forms the contract gives them."""
    assert isinstance(record, dict)
    assert set(record) == set(fields)
    for name, value in record.items():
        if name in TEXTS:
            assert value is None or (isinstance(value, dict) and set(value) == {"zh", "en"}), name
            assert not isinstance(value, dict) or all(value.values()), name
        elif name.endswith("_minor"):
            assert isinstance(value, int), name
        elif name.endswith("_on") or name == "on":
            assert value is None or date.fromisoformat(str(value)).isoformat() == value, name
            assert value is not None or name in NOT_YET, name
        elif name.endswith("_at") or name == "at":
            assert datetime.fromisoformat(str(value)).utcoffset() is not None, name
        elif name.endswith("last_four"):
            assert len(str(value)) == 4, name
    assert msgspec.json.decode(msgspec.json.encode(record)) == record


# --- reading


@pytest.mark.parametrize("operation", LOOKUPS, ids=lambda operation: operation.name)
async def test_a_lookup_returns_the_fields_of_the_contract(stage: Stage, operation: Operation) -> None:
    found = await stage.bank.lookup(operation.name, await stage.example(operation), caller=stage.caller)
    rows = found if operation.many else [found]
    assert isinstance(rows, list)
    assert rows
    for row in rows:
        check_record(row, operation.returns)


async def test_an_operation_of_another_kind_or_of_none_is_refused(stage: Stage) -> None:
    for name in ("no.such", "card.freeze"):
        with pytest.raises(Refused, match="unknown_operation"):
            await stage.bank.lookup(name, {}, caller=stage.caller)
    for name in ("no.such", "accounts.list"):
        with pytest.raises(Refused, match="unknown_operation"):
            await stage.bank.prepare(name, {}, caller=stage.caller)


@pytest.mark.parametrize("operation", ACTIONS, ids=lambda operation: operation.name)
async def test_nobody_reaches_what_is_anothers(stage: Stage, operation: Operation) -> None:
    arguments = await stage.example(operation)
    if not OWNED & set(arguments):
        return  # nothing in the arguments belongs to anybody
    another = stage.world.caller("smith")
    with pytest.raises(Refused):
        await stage.bank.prepare(operation.name, arguments, caller=another)
    prepared = await stage.bank.prepare(operation.name, arguments, caller=stage.caller)
    with pytest.raises(Refused):
        await stage.bank.commit(prepared, key="stolen", caller=another)
    assert await stage.bank.status("stolen") is None


# --- prepare, commit, status


@pytest.mark.parametrize("operation", ACTIONS, ids=lambda operation: operation.name)
async def test_prepare_reads_back_and_changes_nothing(stage: Stage, operation: Operation) -> None:
    await stage.example(operation)
    before = stage.books()
    prepared = await stage.prepare(operation)
    check_record(prepared.terms, operation.terms)
    assert prepared.action == operation.name
    assert prepared.expires_at > stage.world.clock.now()
    assert stage.books() == before
    assert (await stage.prepare(operation)).digest == prepared.digest


@pytest.mark.parametrize("operation", ACTIONS, ids=lambda operation: operation.name)
async def test_a_commit_acts_once_under_its_key(stage: Stage, operation: Operation) -> None:
    prepared = await stage.prepare(operation)
    assert await stage.bank.status("k") is None
    first = await stage.bank.commit(prepared, key="k", caller=stage.caller)
    check_record(first.result, operation.returns)
    assert (first.key, first.action) == ("k", operation.name)
    after = stage.books()
    assert await stage.bank.commit(prepared, key="k", caller=stage.caller) == first
    assert await stage.bank.status("k") == first
    assert stage.books() == after


@pytest.mark.parametrize("operation", ACTIONS, ids=lambda operation: operation.name)
async def test_a_prepared_action_survives_the_record(stage: Stage, operation: Operation) -> None:
    """The dialogue writes what was prepared into the record and commits what it reads there."""
    prepared = await stage.prepare(operation)
    stored = msgspec.json.decode(msgspec.json.encode(prepared), type=Prepared)
    assert stored.digest == prepared.digest
    assert await stage.bank.commit(stored, key="k", caller=stage.caller)


async def test_a_key_is_not_lent_to_another_effect(stage: Stage) -> None:
    prepared = await stage.prepare(MONEY)
    await stage.bank.commit(prepared, key="k", caller=stage.caller)
    after = stage.books()
    arguments: Record = {**EXAMPLES[MONEY.name], "amount_minor": 600_00}
    other = await stage.bank.prepare(MONEY.name, arguments, caller=stage.caller)
    with pytest.raises(Conflict):
        await stage.bank.commit(other, key="k", caller=stage.caller)
    assert stage.books() == after


async def test_terms_nobody_prepared_are_not_committed(stage: Stage) -> None:
    prepared = await stage.prepare(OPERATIONS["deposit.withdraw"])
    better: Record = {**prepared.terms, "payout_minor": 1_000_000_00}
    forged = msgspec.structs.replace(prepared, terms=better)
    with pytest.raises(Conflict):
        await stage.bank.commit(forged, key="k", caller=stage.caller)
    assert await stage.bank.status("k") is None


async def test_what_was_prepared_does_not_hold_for_ever(stage: Stage) -> None:
    prepared = await stage.prepare(MONEY)
    stage.world.clock.advance(days=1)
    with pytest.raises(Conflict):
        await stage.bank.commit(prepared, key="k", caller=stage.caller)
    assert await stage.bank.status("k") is None


# --- bad days


@pytest.mark.parametrize("operation", ACTIONS, ids=lambda operation: operation.name)
async def test_unavailable_means_nothing_happened(stage: Stage, operation: Operation) -> None:
    prepared = await stage.prepare(operation)
    before = stage.books()
    stage.world.bank.faults.set(operation.name, "unavailable", 1)
    with pytest.raises(Unavailable):
        await stage.bank.commit(prepared, key="k", caller=stage.caller)
    assert await stage.bank.status("k") is None
    assert stage.books() == before
    assert await stage.bank.commit(prepared, key="k", caller=stage.caller)


@pytest.mark.parametrize("operation", ACTIONS, ids=lambda operation: operation.name)
@pytest.mark.parametrize("fault", ["unknown_done", "unknown_not_done"])
async def test_after_a_lost_answer_the_status_is_true(stage: Stage, operation: Operation, fault: str) -> None:
    prepared = await stage.prepare(operation)
    stage.world.bank.faults.set(operation.name, fault, 1)
    with pytest.raises(OutcomeUnknown):
        await stage.bank.commit(prepared, key="k", caller=stage.caller)
    outcome = await stage.bank.status("k")
    assert (outcome is not None) == (fault == "unknown_done")
    again = await stage.bank.commit(prepared, key="k", caller=stage.caller)
    assert outcome in (None, again)


async def test_a_duplicate_delivery_acts_once(stage: Stage) -> None:
    before = stage.books()
    stage.world.bank.faults.set("*", "duplicate_ack")
    prepared = await stage.prepare(MONEY)
    await stage.bank.commit(prepared, key="k", caller=stage.caller)
    assert sum(before) - sum(stage.books()) == 500_00


async def test_a_status_that_cannot_be_told_is_unavailable(stage: Stage) -> None:
    prepared = await stage.prepare(MONEY)
    outcome = await stage.bank.commit(prepared, key="k", caller=stage.caller)
    stage.world.bank.faults.set("*", "status_unavailable", 1)
    with pytest.raises(Unavailable):
        await stage.bank.status("k")
    assert await stage.bank.status("k") == outcome


async def test_the_same_key_many_times_at_once_acts_once(stage: Stage) -> None:
    before = stage.books()
    prepared = await stage.prepare(MONEY)
    commits = [stage.bank.commit(prepared, key="k", caller=stage.caller) for _ in range(10)]
    outcomes = await asyncio.gather(*commits)
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert sum(before) - sum(stage.books()) == 500_00
