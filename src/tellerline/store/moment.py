"""Moments as text of one width, so that they sort as they follow each other and hash the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

MOMENT_WIDTH = 27


def write_moment(at: datetime) -> str:
    """Return aware `at` in UTC with microseconds, as `2026-11-23T09:30:00.000000Z`."""
    assert at.tzinfo is not None, at
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def read_moment(text: str) -> datetime:
    """Return the aware UTC time that `write_moment` wrote."""
    return datetime.fromisoformat(text)


class Moment(TypeDecorator[datetime]):
    """A column of aware UTC times."""

    impl = String(MOMENT_WIDTH)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else write_moment(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read it."""
        return None if value is None else read_moment(value)
