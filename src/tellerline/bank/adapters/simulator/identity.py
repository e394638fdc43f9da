"""Proving who the customer is: app session, registered phone and ID digits, one-time code, face check.

A code is kept as a keyed digest only; in clear it is on the customer's phone and nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import msgspec

from tellerline.bank.adapters.simulator.core import Core
from tellerline.bank.adapters.simulator.days import bank_day, bank_time
from tellerline.bank.adapters.simulator.phone import DemoPhone
from tellerline.bank.adapters.simulator.recent import Recent
from tellerline.bank.adapters.simulator.records import Customer
from tellerline.bank.adapters.simulator.refusals import refuse
from tellerline.bank.adapters.simulator.terms import IdentityTerms
from tellerline.bank.contract import Challenge, Proof
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record
from tellerline.domain.party import Caller, CustomerId, Level

TOKEN_PREFIX = "demo-"  # noqa: S105  the public token of a made-up customer
CODE_DIGITS = 6
_NEEDED: dict[str, Level] = {"identify": Level.L0, "otp": Level.L1, "face": Level.L2}


class _Open(msgspec.Struct):
    """A challenge under way. `digest` of a code; `face` the phone's message."""

    challenge: Challenge
    conversation: str
    customer: CustomerId | None
    ends_at: datetime
    started_at: datetime
    digest: bytes = b""
    face: str = ""


class _Lock(msgspec.Struct):
    """Wrong answers in a row about one customer, phone number or conversation."""

    failures: int = 0
    until: datetime | None = None


class SimulatedIdentity:
    """Implements `Identity`. Locks hold across conversations, so that a new one gives no new tries."""

    def __init__(
        self, core: Core, phone: DemoPhone, terms: Callable[[], IdentityTerms], clock: Clock, random: Random
    ) -> None:
        self._core = core
        self._phone = phone
        self._terms = terms
        self._clock = clock
        self._random = random
        self._secret = random.randbytes(32)
        self._open: Recent[_Open] = Recent()
        self._codes: dict[CustomerId, str] = {}  # the challenge whose code a customer was sent last
        self._locks: Recent[_Lock] = Recent()
        self._sent: dict[tuple[CustomerId, date], int] = {}

    async def sign_in(self, customer_token: str) -> Proof:
        """See `Identity.sign_in`. The token of customer `x` is `demo-x`."""
        customer = CustomerId(customer_token.removeprefix(TOKEN_PREFIX))
        if not customer_token.startswith(TOKEN_PREFIX) or customer not in self._core.customers:
            raise refuse("unknown_token")
        return Proof(customer, Level.L1, "app_session")

    async def start(self, method: str, *, conversation: str, caller: Caller) -> Challenge:
        """See `Identity.start`. Asked again within a minute, the code already sent still stands."""
        needed = _NEEDED.get(method)
        if needed is None:
            raise refuse("unknown_method", method=method)
        customer = self._core.customers.get(caller.customer) if caller.customer else None
        if caller.level < needed or (needed > Level.L0 and customer is None):
            raise refuse("wrong_order", needed=needed.value, level=caller.level.value)
        self._check_lock(_lock_name(customer, conversation))
        if customer is None or method == "identify":
            return self._ask_identity(conversation)
        return (
            self._send_code(customer, conversation)
            if method == "otp"
            else self._ask_face(customer, conversation)
        )

    def _ask_identity(self, conversation: str) -> Challenge:
        challenge = Challenge(self._new_id(), "identify", Level.L1, tries_left=self._terms().failures_max)
        self._open[challenge.id] = self._opened(challenge, conversation, None)
        return challenge

    def _ask_face(self, customer: Customer, conversation: str) -> Challenge:
        challenge = Challenge(self._new_id(), "face", Level.L3, customer.phone_masked, 1)
        opened = self._opened(challenge, conversation, customer.id)
        opened.face = self._phone.ask_face(customer.id, opened.started_at)
        self._open[challenge.id] = opened
        return challenge

    def _opened(self, challenge: Challenge, conversation: str, customer: CustomerId | None) -> _Open:
        now = self._clock.now()
        ends_at = now + timedelta(minutes=self._terms().code_minutes)
        return _Open(challenge, conversation, customer, ends_at, now)

    def _send_code(self, customer: Customer, conversation: str) -> Challenge:
        terms, now = self._terms(), self._clock.now()
        standing = self._open.get(self._codes.get(customer.id, ""))
        lately = now - timedelta(minutes=terms.resend_minutes)
        if standing is not None and standing.conversation == conversation and standing.started_at > lately:
            return standing.challenge
        today = (customer.id, bank_day(now))
        if self._sent.get(today, 0) >= terms.codes_per_day_max:
            raise refuse("too_many_codes", per_day=terms.codes_per_day_max)
        self._sent = {key: count for key, count in self._sent.items() if key[1] == today[1]}
        self._sent[today] = self._sent.get(today, 0) + 1
        code = f"{self._random.randrange(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        tries = terms.failures_max - self._lock(customer.id).failures
        challenge = Challenge(self._new_id(), "otp", Level.L2, customer.phone_masked, tries)
        self._open.pop(self._codes.get(customer.id, ""), None)  # a new code makes the old one void
        opened = self._opened(challenge, conversation, customer.id)
        opened.digest = self._digest(challenge.id, code)
        self._open[challenge.id] = opened
        self._codes[customer.id] = challenge.id
        self._phone.send(customer.id, "otp", {"code": code, "minutes": terms.code_minutes}, now)
        return challenge

    async def check(self, challenge: str, answer: Record, *, conversation: str) -> Proof:
        """See `Identity.check`. A challenge proves once, in the conversation it was started in."""
        opened = self._open.get(challenge)
        if opened is None or opened.conversation != conversation:
            raise refuse("expired")
        self._check_lock(_lock_name(self._customer(opened), conversation))
        if self._clock.now() >= opened.ends_at:
            del self._open[challenge]
            raise refuse("expired")
        checks = {"identify": self._check_identify, "otp": self._check_code, "face": self._check_face}
        customer = checks[opened.challenge.method](opened, answer)
        self._open.pop(challenge, None)
        return Proof(customer, opened.challenge.level, opened.challenge.method)

    def _check_identify(self, opened: _Open, answer: Record) -> CustomerId:
        phone, digits = str(answer.get("phone", "")), str(answer.get("id_last_four", "")).upper().strip()
        customer = self._core.find_customer_by_phone(phone)
        if customer is not None:
            self._check_lock(f"identify/{customer.id}")
        if customer is None or not hmac.compare_digest(customer.id_last_four.encode(), digits.encode()):
            raise self._fail(opened, *([f"identify/{customer.id}"] if customer else []), opened.conversation)
        self._forgive(f"identify/{customer.id}", opened.conversation)
        return customer.id

    def _check_code(self, opened: _Open, answer: Record) -> CustomerId:
        assert opened.customer is not None, "a code is sent to somebody"
        given = "".join(str(answer.get("code", "")).split())
        if not hmac.compare_digest(opened.digest, self._digest(opened.challenge.id, given)):
            raise self._fail(opened, opened.customer)
        self._forgive(opened.customer)
        return opened.customer

    def _check_face(self, opened: _Open, answer: Record) -> CustomerId:
        assert opened.customer is not None, "a face check is asked of somebody"
        state = self._phone.face_state(opened.face)
        if state == "waiting":
            raise refuse("pending")
        if state != "approved":
            del self._open[opened.challenge.id]
            raise refuse("declined" if state == "declined" else "expired")
        return opened.customer

    # --- wrong answers

    def _lock(self, name: str) -> _Lock:
        return self._locks.setdefault(name, _Lock())

    def _check_lock(self, name: str) -> None:
        lock = self._locks.get(name)
        if lock is None or lock.until is None:
            return
        if self._clock.now() < lock.until:
            raise refuse("locked", until=bank_time(lock.until))
        del self._locks[name]

    def _fail(self, opened: _Open, *names: str) -> Exception:
        """Count a wrong answer; return the refusal to raise."""
        terms, now = self._terms(), self._clock.now()
        for name in names:
            self._lock(name).failures += 1
        worst = max(self._lock(name).failures for name in names)
        if worst < terms.failures_max:
            return refuse("wrong", tries_left=terms.failures_max - worst)
        until = now + timedelta(hours=terms.lock_hours)
        for name in names:
            self._locks[name] = _Lock(terms.failures_max, until)
        self._open.pop(opened.challenge.id, None)
        if opened.customer is not None:
            self._phone.send(opened.customer, "locked", {"hours": terms.lock_hours}, now)
        return refuse("locked", until=bank_time(until))

    def _forgive(self, *names: str) -> None:
        for name in names:
            self._locks.pop(name, None)

    # --- challenges

    def _customer(self, opened: _Open) -> Customer | None:
        return self._core.customers.get(opened.customer) if opened.customer else None

    def _new_id(self) -> str:
        return self._random.randbytes(16).hex()

    def _digest(self, challenge: str, code: str) -> bytes:
        return hmac.digest(self._secret, f"{challenge}/{code}".encode(), hashlib.sha256)


def _lock_name(customer: Customer | None, conversation: str) -> str:
    return customer.id if customer else conversation
