"""Fresh counters, made quickly: the release is loaded and the bank's books are made up once, then copied for each."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, timedelta
from random import Random
from typing import Self

import msgspec

from tellerline.app import App, build, shared_encoder
from tellerline.bank.adapters.simulator import Journal, Simulator
from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.identity import TOKEN_PREFIX
from tellerline.bank.adapters.simulator.records import Customer
from tellerline.cases.calendar import load_calendar
from tellerline.dialogue.ports import Desk, EventLog
from tellerline.dialogue.release import Release
from tellerline.dialogue.releases import Plan, Releases
from tellerline.domain.clock import Clock
from tellerline.domain.party import CustomerId
from tellerline.exam.hall import QuietDesk
from tellerline.exam.run import START
from tellerline.settings import Settings
from tellerline.testing.clock import VirtualClock
from tellerline.testing.log import MemoryLog

SUCCESSOR = "f" * 16
NEWCOMER_PHONE = "13800009999"


class Shelf(Releases):
    """Releases to which one can be added that was not built from a pack."""

    def shelve(self, release: Release) -> None:
        """Keep a release under its version."""
        self._loaded[release.version] = release


class House:
    """A bank as it stands on the morning of `START`, of which any number of copies can be had.

    Every counter it makes has the same books, and draws codes, tokens and names from the seed it is given.
    """

    def __init__(self, settings: Settings, releases: Shelf, bank: Simulator) -> None:
        self.settings = settings
        self.releases = releases
        self._bank = bank
        self._calendar = load_calendar(settings.pack / "calendar" / "cn.yaml")

    @classmethod
    def open(cls, settings: Settings, furnish: Callable[[Core], None] = lambda _: None) -> Self:
        """Load the pack of `settings`, building it if need be; `furnish` adds to the books. Raises: PackRefused."""
        releases = Shelf(settings.data / "releases", shared_encoder())
        releases.publish(settings.pack)
        bank = Simulator.open(settings.pack, clock=VirtualClock(START), number=settings.seed)
        furnish(bank.core)
        return cls(settings, releases, bank)

    @property
    def release(self) -> Release:
        """The release in force."""
        return self.releases.current

    @property
    def books(self) -> Core:
        """The bank's books as every copy begins with; for looking only."""
        return self._bank.core

    def person(self, token: str | None) -> Customer:
        """Return the customer of an app session's token; for a stranger somebody else's, whom they speak of."""
        name = (token or "").removeprefix(TOKEN_PREFIX)
        return self.books.customers.get(CustomerId(name)) or next(iter(self.books.customers.values()))

    def last_four(self, customer: CustomerId) -> str:
        """Return the last four digits of a card of theirs that works."""
        cards = self.books.cards.of(customer)
        return next((card.last_four for card in cards if card.status == "active"), "0000")

    def newcomer(self, bank: Simulator) -> str:
        """Let somebody who has nothing at the bank become a customer of `bank`; return their session's token."""
        model = next(iter(bank.core.customers.values()))
        name = CustomerId("newcomer")
        bank.core.apply([msgspec.structs.replace(model, id=name, phone=NEWCOMER_PHONE)])
        bank.core.daily_limits.setdefault(name, 0)
        return f"{TOKEN_PREFIX}{name}"

    def last_working_day(self, today: str) -> str:
        """Return the last business day of the month after `today`, both ISO."""
        day = date.fromisoformat(today).replace(day=1)
        for _ in range(2):
            day = (day + timedelta(days=31)).replace(day=1)
        last = day - timedelta(days=1)
        while not self._calendar.is_business_day(last):
            last -= timedelta(days=1)
        return last.isoformat()

    @contextmanager
    def succeeded(self) -> Iterator[None]:
        """Let another release be in force meanwhile, one without any of the flows."""
        own = self.release
        self.releases.shelve(dataclasses.replace(own, version=SUCCESSOR, flows={}))
        self.releases.put(Plan(SUCCESSOR))
        try:
            yield
        finally:
            self.releases.put(Plan(own.version))

    def bank(self, clock: Clock, random: Random, journal: Journal | None = None) -> Simulator:
        """Return a bank of one's own, which has done what is in `journal`."""
        return self._bank.copy(clock=clock, random=random, journal=journal)

    def make(
        self, clock: Clock, random: Random, *, bank: Simulator, log: EventLog, desk: Desk | None = None
    ) -> App:
        """Put a counter together on a bank and a record that may outlive it."""
        return build(
            self.settings, clock=clock, log=log, desk=desk or QuietDesk(), releases=self.releases, bank=bank,
            random=random,
        )  # fmt: skip

    @asynccontextmanager
    async def compose(self, clock: Clock, seed: int | str = 0) -> AsyncIterator[App]:
        """Hold a counter open that nobody else uses."""
        random = Random(f"{self.settings.seed}/{seed}")  # noqa: S311  codes of a made-up phone
        app = self.make(clock, random, bank=self.bank(clock, random), log=MemoryLog())
        async with app.open():
            yield app
