"""A small simulated bank for tests: a few customers, a clock that stands still, chance that repeats."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import msgspec

from tellerline.bank.adapters.simulator import Journal, Seed, Simulator, TermsBook, load_seed, load_terms
from tellerline.bank.adapters.simulator.core import Book, Core
from tellerline.bank.adapters.simulator.generate import build_core
from tellerline.bank.adapters.simulator.journal import Origin
from tellerline.bank.contract import Outcome
from tellerline.cases.calendar import Calendar, load_calendar
from tellerline.domain.data import Record, Value
from tellerline.domain.party import Caller, CustomerId, Level
from tellerline.testing.clock import VirtualClock

PACK = Path(__file__).parents[2] / "packs" / "harbour"
NUMBER = 20261123
DEBIT, SAVINGS, CREDIT = "acc-wangfang-6688", "acc-wangfang-3321", "card-wangfang-8866"
DEPOSIT, PAYEE = "dep-wangfang-0317", "payee-wangfang-4417"


@cache
def seed() -> Seed:
    """Read the pack's customers once."""
    return load_seed(PACK / "core")


@cache
def facts() -> TermsBook:
    """Read the pack's facts once."""
    return load_terms(PACK)


def with_fact(name: str, value: str) -> TermsBook:
    """Return the pack's facts with another figure, as if the bank had changed it."""
    rows = facts().rows()
    return TermsBook([msgspec.structs.replace(row, value=value) if row.id == name else row for row in rows])


@cache
def calendar() -> Calendar:
    """Read the pack's calendar once."""
    return load_calendar(PACK / "calendar" / "cn.yaml")


def few(*customers: str) -> Seed:
    """Return the pack's core with only these customers."""
    people = [person for person in seed().customers if person.id in customers]
    assert len(people) == len(customers), f"the pack does not know all of {customers}"
    return msgspec.structs.replace(seed(), customers=people)


@cache
def made_up(customers: tuple[str, ...], origin: Origin) -> Core:
    """Make up the books of a few customers once."""
    return build_core(few(*customers), facts(), now=origin.opened_at, number=origin.number)


class World:
    """A bank under test and what surrounds it."""

    def __init__(
        self,
        *customers: str,
        path: Path | None = None,
        clock: VirtualClock | None = None,
        number: int = NUMBER,
    ) -> None:
        self.customers = customers or ("wangfang", "lijun", "smith")
        self.path = path
        self.number = number
        self.clock = clock or VirtualClock()
        self.bank = self.start()

    def start(self, journal: Journal | None = None) -> Simulator:
        """Start a bank over the same journal, as a new process would."""
        journal = journal or Journal(self.path)
        core = made_up(self.customers, journal.origin(Origin(self.clock.now(), self.number))).copy()
        chance = Random(self.number)
        return Simulator(
            core, facts(), calendar(), seed().sms, clock=self.clock, journal=journal, random=chance
        )

    def restart(self) -> None:
        """Close the bank and start it again from its journal."""
        self.bank.close()
        self.bank = self.start()

    def caller(self, customer: str | None = "wangfang", level: int = 3, conversation: str = "c1") -> Caller:
        """Return a caller."""
        return Caller(CustomerId(customer) if customer else None, Level(level), conversation)

    def book(self, name: str = DEBIT) -> Book:
        """Return the book of an account or a credit card."""
        return self.bank.core.books[name]

    async def look(self, operation: str, customer: str = "wangfang", **arguments: Value) -> Value:
        """Look something up as a customer at L1."""
        return await self.bank.lookup(operation, arguments, caller=self.caller(customer, 1))

    async def rows(self, operation: str, customer: str = "wangfang", **arguments: Value) -> list[Record]:
        """Look a list up."""
        found = await self.look(operation, customer, **arguments)
        assert isinstance(found, list)
        return [row for row in found if isinstance(row, dict)]

    async def row(self, operation: str, customer: str = "wangfang", **arguments: Value) -> Record:
        """Look a single record up."""
        found = await self.look(operation, customer, **arguments)
        assert isinstance(found, dict)
        return found

    async def terms(
        self, action: str, customer: str = "wangfang", level: int = 3, **arguments: Value
    ) -> Record:
        """Prepare an action; return what would be read back."""
        prepared = await self.bank.prepare(action, arguments, caller=self.caller(customer, level))
        return prepared.terms

    async def do(
        self, action: str, customer: str = "wangfang", *, key: str = "", level: int = 3, **arguments: Value
    ) -> Outcome:
        """Prepare an action and commit it."""
        caller = self.caller(customer, level)
        prepared = await self.bank.prepare(action, arguments, caller=caller)
        return await self.bank.commit(prepared, key=key or f"{action}/{prepared.digest}", caller=caller)
