"""Dates and moments in the bank's time zone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tellerline.domain.finance.deposit import add_months
from tellerline.reply.format import BANK_ZONE

SHORTEST_MONTH = 28
DECEMBER = 12


def bank_day(moment: datetime) -> date:
    """Return the day it is at the bank."""
    return moment.astimezone(BANK_ZONE).date()


def bank_time(moment: datetime) -> str:
    """Return a moment as ISO text with the bank's offset, to the second."""
    return moment.astimezone(BANK_ZONE).isoformat(timespec="seconds")


def midnight(day: date) -> datetime:
    """Return the first moment of `day` at the bank."""
    return datetime(day.year, day.month, day.day, tzinfo=BANK_ZONE)


def day_end(day: date) -> datetime:
    """Return the first moment after `day` at the bank."""
    return midnight(day + timedelta(days=1))


def moment_on(day: date, clock: str) -> datetime:
    """Return the moment at which a clock at the bank shows `clock` ("08:42") on `day`."""
    hour, minute = clock.split(":")
    return midnight(day) + timedelta(hours=int(hour), minutes=int(minute))


def months_between(first: date, last: date) -> int:
    """Return how many whole calendar months `last` is after `first`, by month only."""
    return (last.year - first.year) * 12 + last.month - first.month


def on_day_of_month(month: date, day: int) -> date:
    """Return the `day`-th of `month`'s month, or its last day where it has fewer."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def last_on(day: int, before: date) -> date:
    """Return the last date before `before` that is the `day`-th of its month."""
    found = on_day_of_month(before, day)
    return found if found < before else on_day_of_month(add_months(before.replace(day=1), -1), day)


def next_on(day: int, after: date) -> date:
    """Return the first date after `after` that is the `day`-th of its month."""
    found = on_day_of_month(after, day)
    return found if found > after else on_day_of_month(add_months(after.replace(day=1), 1), day)


def monthly(day: int, first: date, last: date) -> Iterator[date]:
    """Yield every date from `first` to `last` that is the `day`-th of its month."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found = date(year, month, day if day <= SHORTEST_MONTH else min(day, monthrange(year, month)[1]))
        if first <= found <= last:
            yield found
        year, month = (year, month + 1) if month < DECEMBER else (year + 1, 1)
