"""What the bank did is still done after the process is gone, and is told truthfully."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tellerline.bank.adapters.simulator import Journal
from tellerline.bank.adapters.simulator.journal import Entry, Origin
from tellerline.domain.errors import OutcomeUnknown, Unavailable
from tests.bank.world import CREDIT, DEBIT, DEPOSIT, PAYEE, World

ROOT = Path(__file__).parents[2]
CRASHING = Path(__file__).with_name("crashing.py")
NOTHING = {"account": DEBIT, "payee": PAYEE, "amount_minor": 100_00}


async def everything(world: World) -> list[object]:
    """Return all that a customer can see."""
    operations = (
        "accounts.list", "transactions.list", "cards.list", "deposits.list", "transfers.list", "limits.get",
    )  # fmt: skip
    return [await world.look(operation) for operation in operations]


async def test_effects_survive_a_restart(durable: World) -> None:
    outcomes = [
        await durable.do("transfer.send", **NOTHING),
        await durable.do("card.freeze", card=CREDIT),
        await durable.do("card.replace", card=CREDIT),
        await durable.do("deposit.withdraw", deposit=DEPOSIT, amount_minor=40_000_00),
        await durable.do("limit.lower", daily_minor=20_000_00),
        await durable.do("transfer.cancel", reference=(await durable.rows("transfers.list"))[0]["reference"]),
    ]
    seen = await everything(durable)
    durable.restart()
    assert await everything(durable) == seen
    for outcome in outcomes:
        assert await durable.bank.status(outcome.key) == outcome


async def test_a_key_acts_once_even_after_a_restart(durable: World) -> None:
    caller = durable.caller()
    prepared = await durable.bank.prepare("transfer.send", {**NOTHING}, caller=caller)
    first = await durable.bank.commit(prepared, key="k", caller=caller)
    balance = durable.book().balance_minor
    durable.restart()
    assert await durable.bank.commit(prepared, key="k", caller=caller) == first
    assert durable.book().balance_minor == balance


async def test_the_books_begin_where_they_began_although_days_have_passed(durable: World) -> None:
    await durable.do("card.freeze", card=CREDIT)
    seen = await durable.rows("transactions.list", limit=500)
    durable.clock.advance(days=3)
    durable.restart()
    assert await durable.rows("transactions.list", limit=500) == seen


def test_an_origin_is_kept_once(tmp_path: Path) -> None:
    world = World("smith")
    first = Origin(world.clock.now(), 1)
    with_path = Journal(tmp_path / "journal.sqlite")
    assert with_path.origin(first) == first
    assert with_path.origin(Origin(world.clock.now() + timedelta(days=1), 2)) == first
    with_path.close()


def test_a_key_is_unique_in_the_file_itself(tmp_path: Path) -> None:
    now = World("smith").clock.now()
    entry = Entry("k", "card.freeze", "smith", "d", now, {}, [])
    one, two = Journal(tmp_path / "journal.sqlite"), Journal(tmp_path / "journal.sqlite")
    assert one.append(entry) == 1
    with pytest.raises(sqlite3.IntegrityError):
        two.append(entry)
    assert [sequence for sequence, _ in two.read()] == [1]
    one.close()
    two.close()


class BrokenJournal(Journal):
    """Fails to answer: after writing, or before."""

    def __init__(self, *, after: bool) -> None:
        super().__init__()
        self.after = after
        self.unreadable = False

    def append(self, entry: Entry) -> int:
        """Write or not, and fail either way."""
        if self.after:
            super().append(entry)
        raise sqlite3.OperationalError("disk I/O error")

    def read(self, after: int = 0) -> list[tuple[int, Entry]]:
        """Fail while unreadable."""
        if self.unreadable:
            raise sqlite3.OperationalError("disk I/O error")
        return super().read(after)


@pytest.mark.parametrize("after", [True, False], ids=["written", "not-written"])
async def test_a_failing_disk_leaves_the_outcome_unknown_until_the_journal_tells(after: bool) -> None:
    world = World("wangfang")
    journal = BrokenJournal(after=after)
    world.bank = world.start(journal)
    before = world.book().balance_minor
    with pytest.raises(OutcomeUnknown):
        await world.do("transfer.send", key="k", **NOTHING)
    journal.unreadable = True
    with pytest.raises(Unavailable):
        await world.bank.status("k")
    journal.unreadable = False
    outcome = await world.bank.status("k")
    assert (outcome is not None) == after
    assert world.book().balance_minor == before - (100_00 if after else 0)


def crash(path: Path, *mode: str) -> list[str]:
    """Run a bank in a process of its own until it kills itself; return what it said."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    done = subprocess.run(
        [sys.executable, str(CRASHING), str(path), *mode],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.split()


async def test_killed_between_the_journal_and_the_answer_the_effect_is_there(tmp_path: Path) -> None:
    path = tmp_path / "core.sqlite"
    assert crash(path, "after") == ["committing"]
    world = World("wangfang", path=path)
    outcome = await world.bank.status("key-1")
    assert outcome is not None
    assert [p.amount_minor for p in world.book().postings if p.channel == "online_service"] == [-100_00]
    caller = world.caller()
    prepared = await world.bank.prepare("transfer.send", {**NOTHING}, caller=caller)
    assert await world.bank.commit(prepared, key="key-1", caller=caller) == outcome
    assert world.book().balance_minor == 48_652_30 - 100_00


async def test_killed_before_the_journal_nothing_happened_and_it_can_be_done_again(tmp_path: Path) -> None:
    path = tmp_path / "core.sqlite"
    assert crash(path, "before") == ["committing"]
    world = World("wangfang", path=path)
    assert await world.bank.status("key-1") is None
    assert world.book().balance_minor == 48_652_30
    assert await world.do("transfer.send", key="key-1", **NOTHING)
    assert world.book().balance_minor == 48_652_30 - 100_00


async def test_killed_in_the_middle_of_many_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "core.sqlite"
    acknowledged = crash(path, "many")
    assert len(acknowledged) >= 20
    world = World("wangfang", path=path)
    for key in acknowledged:
        assert await world.bank.status(key) is not None
    moved = [p for p in world.book().postings if p.channel == "online_service"]
    assert len(acknowledged) <= len(moved) <= len(acknowledged) + 1
    assert world.book().balance_minor == 48_652_30 - len(moved) * 1_00
