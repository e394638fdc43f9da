"""What an action comes to: terms to be read back, and the changes that committing it makes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from tellerline.bank.adapters.simulator.core import Change, Posted
from tellerline.bank.adapters.simulator.days import bank_time
from tellerline.bank.adapters.simulator.people import DIGITS
from tellerline.bank.adapters.simulator.records import Posting, PostingKind
from tellerline.domain.data import Record
from tellerline.domain.language import Text
from tellerline.reply.format import BANK_ZONE


class Mark(NamedTuple):
    """The moment and the key of a commit. Every number given out follows from the key, so replay gives the same."""

    key: str
    at: datetime

    @property
    def when(self) -> str:
        """The moment as it is told to the customer."""
        return bank_time(self.at)

    @property
    def receipt(self) -> str:
        """The receipt number."""
        return self.number("HB")

    def number(self, prefix: str) -> str:
        """Return a number for something new: prefix, day, eight digits."""
        digits = int(hashlib.sha256(f"{prefix}/{self.key}".encode()).hexdigest()[:12], 16) % 10**DIGITS
        return f"{prefix}{self.at.astimezone(BANK_ZONE):%y%m%d}{digits:0{DIGITS}d}"

    def identify(self, kind: str) -> str:
        """Return an id for a new record."""
        return f"{kind}-{hashlib.sha256(f'{kind}/{self.key}'.encode()).hexdigest()[:16]}"

    def post(self, book: str, amount_minor: int, kind: PostingKind, party: Text, card_id: str = "") -> Posted:
        """Return a line to be added to a book."""
        at = self.at.astimezone(BANK_ZONE)
        posting_id = self.identify(f"{book}-{kind}")
        return Posted(book, Posting(posting_id, at, amount_minor, kind, party, "online_service", card_id))


class Effect(NamedTuple):
    """A committed action: what the customer is told, and what changes."""

    result: Record
    changes: list[Change]


class Plan(NamedTuple):
    """A prepared action. `carry_out` is pure: it says what changes, and changes nothing."""

    terms: Record
    carry_out: Callable[[Mark], Effect]
