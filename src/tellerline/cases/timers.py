"""The port of durable timers: a moment far away at which something about a case is to be looked at.

A timer is set in the transaction that tells its case, so none is lost. A node claims those that are due under a lease; if
it dies, another gets them when the lease is over. What a timer leads to is an event of the conversation, appended after the
last one or not at all, so that it happens once even where two nodes act on the same timer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

LEASE = timedelta(seconds=60)  # how long a node has for what it claimed, before another may take it
CLAIM_MAX = 50  # timers claimed at once: a lease must suffice for all of them


class Timer(msgspec.Struct, frozen=True):
    """After `share` per cent of its time, at `due_at`, the case `number` is looked at; it is answered by `case_due_at`."""

    conversation: str
    number: str
    share: int
    due_at: datetime
    case_due_at: datetime


class Timers(Protocol):
    """Durable timers, shared by all nodes. Moments are aware; `now` is the caller's clock, so that time can be played."""

    async def claim(self, holder: str, *, now: datetime, limit: int = CLAIM_MAX) -> Sequence[Timer]:
        """Take due timers nobody else holds, the longest due first; `holder` has them until `now` + LEASE."""
        ...

    async def settle(self, timer: Timer) -> None:
        """Put a timer away for good: what it led to is in the record."""
        ...

    async def next_due_at(self) -> datetime | None:
        """Return when the next timer is due; None when none is set."""
        ...
