"""The simulated core bank: books in memory, every committed effect on disk, faults to be switched on.

It stands for a system outside Tellerline. What it did survives the death of the process: at the start the books are made
up again from their seed, and the journal's changes are applied to them in order.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom

import msgspec

from tellerline.bank.adapters.simulator.actions import PLANS
from tellerline.bank.adapters.simulator.actions.loan import settle_early
from tellerline.bank.adapters.simulator.actions.plan import Mark, Plan
from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.days import bank_day, bank_time
from tellerline.bank.adapters.simulator.faults import Faults
from tellerline.bank.adapters.simulator.generate import build_core
from tellerline.bank.adapters.simulator.identity import TOKEN_PREFIX, SimulatedIdentity
from tellerline.bank.adapters.simulator.journal import Entry, Journal, Origin
from tellerline.bank.adapters.simulator.lookups import LOOKUPS
from tellerline.bank.adapters.simulator.phone import DemoPhone, notice_fields
from tellerline.bank.adapters.simulator.recent import Recent
from tellerline.bank.adapters.simulator.records import Card, EarlyRepayment
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.request import BusinessDays, Request
from tellerline.bank.adapters.simulator.seed import load_seed
from tellerline.bank.adapters.simulator.terms import TermsBook, load_terms
from tellerline.bank.contract import Challenge, Outcome, Prepared, Proof, access_operation
from tellerline.cases.calendar import load_calendar
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Conflict, OutcomeUnknown, Refused, Unavailable
from tellerline.domain.language import Text
from tellerline.domain.party import Caller, CustomerId

PREPARED_MINUTES = 15
REPORTS_MAX = 5  # loss reports that match no card, per conversation
REPORT = "card.freeze_reported"
SETTLE = "loan.settle_early"  # the core's own entry, which nobody asks for


class Simulator:
    """Implements `Bank` and `Identity` over books as they were at the journal's origin; `open` makes them.

    faults: switches for bad days. phone: the customers' telephones. facts: may be replaced when the pack's facts change.
    texts:  what the bank sends to telephones, by action.
    """

    def __init__(
        self,
        core: Core,
        facts: TermsBook,
        calendar: BusinessDays,
        texts: Mapping[str, Text],
        *,
        clock: Clock,
        journal: Journal | None = None,
        random: Random | None = None,
    ) -> None:
        self.core = core
        self.facts = facts
        self.faults = Faults()
        self._calendar = calendar
        self._texts = texts
        self._clock = clock
        self._journal = journal or Journal()
        self._committing = asyncio.Lock()
        self._entries: dict[str, Entry] = {}
        self._sequence = 0
        self._lost: Recent[str] = Recent()  # key → action of commits whose answer was lost
        self._reports: Recent[int] = Recent()
        self._catch_up()
        self.phone = DemoPhone(core, texts)
        self._identity = SimulatedIdentity(
            core,
            self.phone,
            lambda: self.facts.on(bank_day(clock.now())).identity,
            clock,
            random or SystemRandom(),
        )

    @classmethod
    def open(
        cls,
        pack: Path,
        *,
        clock: Clock,
        journal: Path | None = None,
        number: int = 0,
        random: Random | None = None,
    ) -> Simulator:
        """Make up the books of a pack's customers and apply the journal at a path; without one, nothing survives.

        number: the seed of chance. The journal keeps it, and the moment it was first opened at, for the next start.
        Raises: msgspec.ValidationError naming the field of a pack file that is wrong.
        """
        seed, facts, record = load_seed(pack / "core"), load_terms(pack), Journal(journal)
        origin = record.origin(Origin(clock.now(), number))
        core = build_core(seed, facts, now=origin.opened_at, number=origin.number)
        calendar = load_calendar(pack / "calendar" / "cn.yaml")
        return cls(core, facts, calendar, seed.sms, clock=clock, journal=record, random=random)

    def copy(
        self, *, clock: Clock, random: Random | None = None, journal: Journal | None = None
    ) -> Simulator:
        """Return another bank with books like these, in memory: what is done at one is not seen at the other.

        It takes a fraction of the time of `open`; keep one bank untouched to have fresh ones made of it. What `journal`
        holds was done at the copy.
        """
        return Simulator(
            self.core.copy(),
            self.facts,
            self._calendar,
            self._texts,
            clock=clock,
            random=random,
            journal=journal,
        )

    # --- Bank

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """See `Bank.lookup`."""
        await self.faults.delay(operation)
        self.faults.check_available(operation)
        await self._settle_due()
        known = access_operation(operation, "lookup")
        request = self._request(caller, arguments)
        request.check_arguments(known)
        return LOOKUPS[operation](request)

    async def prepare(self, action: str, arguments: Record, *, caller: Caller) -> Prepared:
        """See `Bank.prepare`."""
        await self.faults.delay(action)
        self.faults.check_available(action)
        await self._settle_due()
        plan = self._count_reports(action, caller, lambda: self._plan(action, arguments, caller))
        return Prepared(
            action, arguments, plan.terms, self._clock.now() + timedelta(minutes=PREPARED_MINUTES)
        )

    async def commit(self, prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
        """See `Bank.commit`. Cancelling the caller does not leave it half done."""
        action = prepared.action
        await self.faults.delay(action)
        self.faults.check_available(action)
        await self._settle_due()
        if self.faults.strikes(action, "unknown_not_done"):
            raise self._lose(key, action)
        if self.faults.strikes(action, "terms_changed"):
            raise Conflict("terms_changed", "the terms no longer hold; prepare again")
        outcome = await asyncio.shield(self._commit(prepared, key, caller))
        if self.faults.strikes(action, "duplicate_ack"):
            outcome = await asyncio.shield(self._commit(prepared, key, caller))
        if self.faults.strikes(action, "unknown_done"):
            raise self._lose(key, action)
        return outcome

    async def status(self, key: str) -> Outcome | None:
        """See `Bank.status`."""
        entry = self._entries.get(key)
        action = entry.action if entry else self._lost.get(key, "")
        if self.faults.strikes(action, "status_unavailable"):
            raise Unavailable("status_unavailable", "the core cannot tell now what became of it")
        if entry is None and key in self._lost:
            async with self._committing:
                await self._read_journal()
            entry = self._entries.get(key)
        return _outcome(entry) if entry else None

    # --- Identity

    async def sign_in(self, customer_token: str) -> Proof:
        """See `Identity.sign_in`. The token of customer `x` is `demo-x`."""
        return await self._identity.sign_in(customer_token)

    async def start(self, method: str, *, conversation: str, caller: Caller) -> Challenge:
        """See `Identity.start`."""
        return await self._identity.start(method, conversation=conversation, caller=caller)

    async def check(self, challenge: str, answer: Record, *, conversation: str) -> Proof:
        """See `Identity.check`."""
        return await self._identity.check(challenge, answer, conversation=conversation)

    # --- the demonstration's view

    def snapshot(self) -> Record:
        """Return the state of the core for the demonstration's pages: customers, balances, cards, effects, faults."""
        return {
            "now": bank_time(self._clock.now()),
            "customers": [
                {
                    "id": customer.id,
                    "name": customer.name,
                    "language": customer.language,
                    "token": f"{TOKEN_PREFIX}{customer.id}",
                    "phone": customer.phone,
                    "id_last_four": customer.id_last_four,
                    "accounts": {
                        account.last_four: self.core.books[account.id].balance_minor
                        for account in self.core.accounts.of(customer.id)
                    },
                    "cards": {card.last_four: card.status for card in self.core.cards.of(customer.id)},
                    "daily_limit_minor": self.core.daily_limits[customer.id],
                    "loans": [msgspec.to_builtins(loan) for loan in self.core.loans.of(customer.id)],
                    "holdings": [msgspec.to_builtins(held) for held in self.core.holdings.of(customer.id)],
                    "reviews": [review.id for review in self.core.reviews.of(customer.id)],
                }
                for customer in self.core.customers.values()
            ],
            "effects": [
                {
                    "key": entry.key,
                    "action": entry.action,
                    "customer": entry.customer,
                    "at": bank_time(entry.at),
                    "result": entry.result,
                }
                for entry in self._entries.values()
            ],
            "faults": [*self.faults.active()],
        }

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    # --- inside

    def _request(self, caller: Caller, arguments: Record, now: datetime | None = None) -> Request:
        now = now or self._clock.now()
        return Request(self.core, self.facts.on(bank_day(now)), self._calendar, now, caller, arguments)

    def _plan(self, action: str, arguments: Record, caller: Caller, now: datetime | None = None) -> Plan:
        known = access_operation(action, "action")
        request = self._request(caller, arguments, now)
        request.check_arguments(known)
        return PLANS[action](request)

    def _count_reports(self, action: str, caller: Caller, plan: Callable[[], Plan]) -> Plan:
        """Let a conversation report a card that is not there only so often; then it is not even looked at."""
        if action != REPORT:
            return plan()
        if self._reports.get(caller.conversation, 0) >= REPORTS_MAX:
            raise refuse("too_many_tries", tries=REPORTS_MAX)
        try:
            return plan()
        except Refused:
            self._reports[caller.conversation] = self._reports.get(caller.conversation, 0) + 1
            raise

    async def _commit(self, prepared: Prepared, key: str, caller: Caller) -> Outcome:
        """Check that the terms still hold, write the effect down, make it, tell the customer."""
        async with self._committing:
            done = self._done(prepared, key, caller)
            if done is not None:
                return done
            now = self._clock.now()
            plan = self._check_terms(prepared, caller, now)
            effect = plan.carry_out(Mark(key, now))
            customer = caller.customer or ""
            entry = Entry(key, prepared.action, customer, prepared.digest, now, effect.result, effect.changes)
            await self._write(entry)
        self._notify(prepared, entry)
        return _outcome(entry)

    async def _settle_due(self) -> None:
        """Make what was agreed for a day that has come, as the core's own run at the end of a day would.

        It is done before anybody looks, so that nobody sees the books without it; each is written down under its own key.
        """
        now = self._clock.now()
        today = bank_day(now)
        if not any(_is_due(agreed, today) for agreed in self.core.early_repayments):
            return
        async with self._committing:
            for agreed in [one for one in self.core.early_repayments if _is_due(one, today)]:
                mark = Mark(f"settle/{agreed.id}", now)
                effect = settle_early(self.core, self.facts.on(agreed.on), agreed, mark)
                entry = Entry(mark.key, SETTLE, agreed.customer, "", now, effect.result, effect.changes)
                await self._write(entry)
                paid = self.core.early_repayments.get(agreed.id)
                customer = self.core.customers[agreed.customer]
                text = "loan.repaid_early" if paid and paid.state == "paid" else "loan.not_repaid_early"
                self.phone.send(customer.id, text, notice_fields(effect.result, customer.language), now)

    def _done(self, prepared: Prepared, key: str, caller: Caller) -> Outcome | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.digest != prepared.digest or entry.customer != (caller.customer or ""):
            raise Conflict("key_reused", "the key belongs to another effect")
        return _outcome(entry)

    def _check_terms(self, prepared: Prepared, caller: Caller, now: datetime) -> Plan:
        if now >= prepared.expires_at:
            raise Conflict("prepared_expired", "what was prepared is too old; prepare again")
        plan = self._plan(prepared.action, prepared.arguments, caller, now)
        if plan.terms != prepared.terms:
            changed = sorted(name for name, value in plan.terms.items() if prepared.terms.get(name) != value)
            raise Conflict("terms_changed", "the terms no longer hold; prepare again", changed=changed)
        return plan

    async def _write(self, entry: Entry) -> None:
        try:
            sequence = await asyncio.to_thread(self._journal.append, entry)
        except sqlite3.Error as error:
            self._lost[entry.key] = entry.action
            raise OutcomeUnknown("journal", "the effect may or may not be in the journal") from error
        self._apply(sequence, entry)

    def _apply(self, sequence: int, entry: Entry) -> None:
        self.core.apply(entry.changes)
        self._entries[entry.key] = entry
        self._sequence = sequence

    def _catch_up(self) -> None:
        for sequence, entry in self._journal.read(after=self._sequence):
            self._apply(sequence, entry)

    async def _read_journal(self) -> None:
        """Look for what was written although nobody heard of it."""
        try:
            found = await asyncio.to_thread(self._journal.read, self._sequence)
        except sqlite3.Error as error:
            raise Unavailable("status_unavailable", "the journal cannot be read now") from error
        for sequence, entry in found:
            self._apply(sequence, entry)

    def _notify(self, prepared: Prepared, entry: Entry) -> None:
        """Tell the customer; a card that a stranger reported, its owner."""
        cards = (change.customer for change in entry.changes if isinstance(change, Card))
        customer = self.core.customers[CustomerId(next(cards, entry.customer))]
        fields = notice_fields({**prepared.terms, **entry.result}, customer.language)
        self.phone.send(customer.id, entry.action, fields, entry.at)

    def _lose(self, key: str, action: str) -> OutcomeUnknown:
        self._lost[key] = action
        return OutcomeUnknown("no_answer", f"{action} was sent and never answered", operation=action)


def _is_due(agreed: EarlyRepayment, today: date) -> bool:
    return agreed.state == "agreed" and agreed.on <= today


def _outcome(entry: Entry) -> Outcome:
    return Outcome(entry.key, entry.action, entry.result, entry.at)
