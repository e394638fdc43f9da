"""How often a caller may ask: generous to people, in the way of programs that try keys or flood."""

from __future__ import annotations

import math
from typing import Literal

import msgspec
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from tellerline.domain.clock import Clock
from tellerline.web.problem import TooMany, problem_response

Counted = Literal["address", "opening", "conversation", "verification"]
PAGE_PATHS = ("/assets/", "/health", "/ready")
NO_ADDRESS = "unknown"
# Programs on this machine: benchmarks, probes, a proxy that does not tell whom it speaks for. Limiting them would limit all.
LOCAL_ADDRESSES = frozenset({"127.0.0.1", "::1"})


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits in the notation of the `limits` library.

    address:      every request from one network address.
    opening:      conversations opened from one address.
    conversation: requests with the key of one conversation.
    verification: answers in the secure widget of one conversation; the identity provider counts wrong ones besides.
    """

    address: str = "1200/minute"
    opening: str = "60/minute"
    conversation: str = "240/minute"
    verification: str = "60/minute"


class RateGate:
    """Counts, and refuses what is too much. Without rates it lets everything pass."""

    def __init__(self, rates: Rates | None, clock: Clock) -> None:
        self._clock = clock
        self._limits: dict[str, RateLimitItem] = (
            {}
            if rates is None
            else {name: parse(value) for name, value in msgspec.structs.asdict(rates).items()}
        )
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage()) if rates is not None else None

    async def check(self, counted: Counted, key: str) -> None:
        """Count one more. Raises: TooMany."""
        if self._limiter is None or key in LOCAL_ADDRESSES:
            return
        limit = self._limits[counted]
        if await self._limiter.hit(limit, counted, key):
            return
        window = await self._limiter.get_window_stats(limit, counted, key)
        wait_s = math.ceil(window.reset_time - self._clock.now().timestamp())
        wait_s = min(max(wait_s, 1), limit.get_expiry())
        raise TooMany("too_many_requests", "Too many requests; wait and try again.", retry_after_s=wait_s)


class AddressRate:
    """Counts every request by its network address before any work is done for it."""

    def __init__(self, app: ASGIApp, gate: RateGate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or answer it."""
        if scope["type"] == "http" and not scope["path"].startswith(PAGE_PATHS):
            try:
                await self._gate.check("address", address_of(scope))
            except TooMany as refusal:
                await problem_response(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def address_of(scope: Scope) -> str:
    """Return the caller's network address, as the server tells it."""
    client = scope.get("client")
    return str(client[0]) if client else NO_ADDRESS
