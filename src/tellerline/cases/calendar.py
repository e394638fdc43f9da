"""Business days and opening hours: when a promise is due and when people are at their desks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import yaml

OPENING = time(9, 0)
CLOSE_OF_BUSINESS = time(18, 0)
DAYS_MAX = 3_660


class _Day(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    date: date
    name: dict[str, str]


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    timezone: str
    holidays: list[_Day]
    workdays: list[_Day]


class Calendar:
    """A country's working days, in its time zone."""

    def __init__(self, zone: ZoneInfo, holidays: frozenset[date], workdays: frozenset[date]) -> None:
        self.zone = zone
        self.holidays = holidays
        self.workdays = workdays

    def is_business_day(self, on: date) -> bool:
        """Tell whether banks work on `on`: weekdays that are no holiday, and make-up working days."""
        return on in self.workdays or (on.weekday() < 5 and on not in self.holidays)

    def add_business_days(self, on: date, count: int) -> date:
        """Return the `count`-th business day after `on`."""
        for _ in range(DAYS_MAX):
            if count <= 0:
                return on
            on += timedelta(days=1)
            count -= self.is_business_day(on)
        raise OverflowError(f"{count} business days reach beyond {on}")

    def deadline(
        self, now: datetime, *, minutes: int = 0, hours: int = 0, days: int = 0, business_days: int = 0
    ) -> datetime:
        """Return when a promise made at `now` is due, UTC. Whole days end at the close of business in the bank's zone."""
        local = now.astimezone(self.zone)
        if business_days:
            return self.close_of(self.add_business_days(local.date(), business_days))
        if days:
            return self.close_of(local.date() + timedelta(days=days))
        return (now + timedelta(hours=hours, minutes=minutes)).astimezone(UTC)

    def close_of(self, day: date) -> datetime:
        """Return the close of business on `day`, UTC."""
        return close_of_day(day, self.zone)

    def at_work(self, moment: datetime) -> datetime:
        """Return `moment`, or when somebody is next at work if nobody is then; UTC."""
        opens_at = self.next_open(moment, OPENING, CLOSE_OF_BUSINESS, daily=False)
        return moment.astimezone(UTC) if opens_at is None else opens_at

    def next_open(self, now: datetime, opens: time, closes: time, *, daily: bool) -> datetime | None:
        """Return when service that runs `opens`–`closes` next begins, or None while it is running."""
        local = now.astimezone(self.zone)
        for ahead in range(DAYS_MAX):
            day = local.date() + timedelta(days=ahead)
            if not daily and not self.is_business_day(day):
                continue
            begin = datetime.combine(day, opens, self.zone)
            end = datetime.combine(day, closes, self.zone)
            if begin <= local < end:
                return None
            if local < begin:
                return begin.astimezone(UTC)
        return None


def close_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the close of business on `day` in `zone`, UTC."""
    return datetime.combine(day, CLOSE_OF_BUSINESS, zone).astimezone(UTC)


def load_calendar(path: Path) -> Calendar:
    """Read a calendar file of a pack.

    Raises: msgspec.ValidationError naming the field.
    """
    form = msgspec.convert(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader), _Form)
    return Calendar(
        ZoneInfo(form.timezone),
        frozenset(day.date for day in form.holidays),
        frozenset(day.date for day in form.workdays),
    )
