"""Time that moves when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class VirtualClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, now: datetime = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)) -> None:
        assert now.tzinfo is not None, "a moment needs its zone"
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self._now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass; it never runs backwards."""
        passed = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        assert passed >= timedelta(0), "time does not run backwards"
        self._now += passed
