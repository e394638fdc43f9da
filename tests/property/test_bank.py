"""Whatever is asked of the simulated bank, in whatever order and however it fails: the books stay true."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tellerline.bank.adapters.simulator.billing import draw_bill
from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.days import bank_day
from tellerline.bank.adapters.simulator.generate import build_core
from tellerline.bank.adapters.simulator.terms import PERIODS
from tellerline.bank.contract import Prepared
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, OutcomeUnknown, Refused, Unavailable
from tellerline.domain.finance.loan import instalment_schedule
from tests.bank.world import CREDIT, DEBIT, DEPOSIT, PAYEE, SAVINGS, World, facts, few, seed

AMOUNTS = st.integers(-1, 60_000_00) | st.sampled_from([0, 1, 500_00, 48_615_80, 48_615_81, 100_000_00])
ACCOUNTS = st.sampled_from([DEBIT, SAVINGS])
STEPS = st.one_of(
    st.tuples(
        st.just("transfer.send"),
        st.fixed_dictionaries(
            {
                "account": ACCOUNTS,
                "payee": st.sampled_from([PAYEE, "payee-wangfang-2210"]),
                "amount_minor": AMOUNTS,
            }
        ),
    ),
    st.tuples(
        st.just("card.repay"),
        st.fixed_dictionaries({"card": st.just(CREDIT), "account": ACCOUNTS, "amount_minor": AMOUNTS}),
    ),
    st.tuples(
        st.just("deposit.withdraw"),
        st.fixed_dictionaries({"deposit": st.just(DEPOSIT), "amount_minor": AMOUNTS}),
    ),
    st.tuples(
        st.just("instalment.open"),
        st.fixed_dictionaries(
            {"card": st.just(CREDIT), "amount_minor": AMOUNTS, "periods": st.sampled_from(PERIODS)}
        ),
    ),
    st.tuples(st.just("limit.raise"), st.fixed_dictionaries({"daily_minor": AMOUNTS})),
    st.tuples(
        st.just("card.freeze"),
        st.fixed_dictionaries({"card": st.sampled_from([CREDIT, "card-wangfang-6688"])}),
    ),
)
FAULTS = st.sampled_from(["", "", "unavailable", "unknown_done", "unknown_not_done", "duplicate_ack"])
PLOTS = st.lists(
    st.tuples(STEPS, FAULTS, st.integers(1, 3), st.sampled_from([0, 0, 3, 30])), min_size=1, max_size=12
)


def check_books(core: Core) -> None:
    """Check what must always hold."""
    for name, book in core.books.items():
        posted = [line.amount_minor for line in book.postings if not line.pending]
        pending = [line.amount_minor for line in book.postings if line.pending]
        assert book.balance_minor == book.opening_minor + sum(posted), name
        assert book.pending_minor == -sum(pending)
        assert len({line.id for line in book.postings}) == len(book.postings)
        assert core.cards.get(name) or book.available_minor >= 0, name


def state_of(core: Core) -> list[object]:
    """Return all that can have changed."""
    books = [(name, book.balance_minor, book.postings) for name, book in sorted(core.books.items())]
    shelves = (core.cards, core.deposits, core.transfers, core.plans, core.reviews)
    return [books, core.daily_limits, [[*shelf] for shelf in shelves]]


async def play(world: World, plot: list[tuple[tuple[str, Record], str, int, int]]) -> set[str]:
    """Carry out a plot: each step prepared once, committed several times under one key; return the keys that acted."""
    caller, acted = world.caller(), set()
    for number, ((action, arguments), fault, tries, minutes) in enumerate(plot):
        key = f"key-{number}"
        try:
            prepared = await world.bank.prepare(action, arguments, caller=caller)
        except Refused:
            continue
        world.clock.advance(minutes=minutes)
        if fault:
            world.bank.faults.set(action, fault, 1)
        for _ in range(tries):
            if await commit(world, prepared, key):
                acted.add(key)
        world.bank.faults.clear()
        outcome = await world.bank.status(key)
        assert (outcome is not None) >= (key in acted)
        if outcome is not None:
            acted.add(key)
    return acted


async def commit(world: World, prepared: Prepared, key: str) -> bool:
    """Commit, and say whether it was acknowledged."""
    try:
        return bool(await world.bank.commit(prepared, key=key, caller=world.caller()))
    except (Refused, Conflict, Unavailable, OutcomeUnknown):
        return False


@settings(max_examples=40)
@given(PLOTS)
def test_books_stay_true_and_a_restart_changes_nothing(plot) -> None:
    with TemporaryDirectory() as folder:
        world = World("wangfang", path=Path(folder) / "core.sqlite")
        before = sum(len(book.postings) for book in world.bank.core.books.values())
        acted = asyncio.run(play(world, plot))
        check_books(world.bank.core)
        effects = world.bank.snapshot()["effects"]
        assert isinstance(effects, list)
        assert {effect["key"] for effect in effects if isinstance(effect, dict)} == acted
        lines = [line for book in world.bank.core.books.values() for line in book.postings]
        assert len(lines) - before <= 2 * len(acted)  # an effect draws at most one line in each of two books
        state = state_of(world.bank.core)
        world.restart()
        assert state_of(world.bank.core) == state
        world.bank.close()


@settings(max_examples=25)
@given(
    number=st.integers(0, 2**32),
    day=st.integers(-900, 900),
    minute=st.integers(0, 1439),
    who=st.sampled_from([person.id for person in seed().customers]),
)
def test_any_seed_on_any_day_makes_a_coherent_life(number: int, day: int, minute: int, who: str) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=day, minutes=minute)
    core = build_core(few(who), facts(), now=now, number=number)
    check_books(core)
    today = bank_day(now)
    for account in core.accounts:
        book = core.books[account.id]
        posted = (line.amount_minor for line in book.postings if not line.pending)
        assert min(accumulate(posted, initial=book.opening_minor)) >= 0
        assert all(line.at <= now for line in book.postings)
    for card in core.cards:
        if card.kind == "credit":
            bill = draw_bill(core.books[card.account_id], card, today, facts().on(today).card)
            assert 0 <= bill.minimum_minor <= bill.balance_minor
            assert bill.statement_on < today
            assert 0 <= bill.remaining_minimum_minor <= bill.remaining_minor


@given(amount=st.integers(500_00, 500_000_00), periods=st.sampled_from(PERIODS))
def test_instalments_always_add_up(amount: int, periods: int) -> None:
    terms = facts().on(datetime(2026, 11, 23, tzinfo=UTC).date()).instalment
    schedule = instalment_schedule(amount, terms.monthly_rates[periods], periods)
    first, *others = (payment.paid_minor for payment in schedule.payments)
    assert first + sum(others) == schedule.total_minor
    assert schedule.total_minor - schedule.interest_minor == amount
    assert all(0 <= first - other < periods for other in others)
