"""Arithmetic of days as customers count them: working days, months of unequal length, days whose year is left out."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

Tense = Literal["past", "future", ""]
Span = tuple[date, date]

# With nothing said about past or future, what was is talked about more than what will be: a day that many times further
# back is as near as one ahead.
_PAST_WEIGHT = 3
_SEARCH_DAYS_MAX = 60
_LEAP_YEARS = 4  # the 29th of February may be so far away


class WorkingDays:
    """Which days the bank works.

    holidays: days closed whatever their weekday. workdays: Saturdays and Sundays made up for a holiday.
    """

    def __init__(self, holidays: Collection[date] = (), workdays: Collection[date] = ()) -> None:
        self._holidays = frozenset(holidays)
        self._workdays = frozenset(workdays)

    def is_working(self, day: date) -> bool:
        """Whether the bank works on `day`."""
        if day in self._workdays:
            return True
        return day.weekday() < 5 and day not in self._holidays

    def shift(self, day: date, count: int) -> date:
        """Return the working day `count` after `day`, or before it when negative."""
        step = timedelta(days=1 if count > 0 else -1)
        for _ in range(abs(count)):
            day += step
            for _ in range(_SEARCH_DAYS_MAX):
                if self.is_working(day):
                    break
                day += step
        return day

    def of_month(self, first: date, position: int) -> date:
        """Return the `position`-th working day of the month that begins on `first`; -1 is the last."""
        if position > 0:
            return self.shift(first - timedelta(days=1), position)
        return self.shift(last_of_month(first) + timedelta(days=1), position)


class Anchor:
    """Today, and how the customer speaks of it; `tense` helps to place a day whose year or month is not said."""

    def __init__(self, today: date, working: WorkingDays, tense: Tense = "") -> None:
        self.today = today
        self.working = working
        self.tense = tense

    def nearest(self, candidates: list[date]) -> date | None:
        """Return the candidate meant: the latest past, the earliest future, or the nearer with a lean to the past."""
        past = [day for day in candidates if day <= self.today]
        future = [day for day in candidates if day >= self.today]
        if not past or not future:
            return max(past, default=None) or min(future, default=None)
        before, after = max(past), min(future)
        return before if self._is_past(before, after) else after

    def _is_past(self, before: date, after: date) -> bool:
        if self.tense:
            return self.tense == "past"
        return (self.today - before).days <= _PAST_WEIGHT * (after - self.today).days

    def month_day(self, month: int, day: int) -> date | None:
        """Return the day of a month whose year is not said."""
        years = range(self.today.year - _LEAP_YEARS, self.today.year + _LEAP_YEARS + 1)
        return self.nearest([found for year in years if (found := make_date(year, month, day))])

    def day_of_month(self, day: int) -> date | None:
        """Return a day whose month is not said."""
        months = (add_months(self.today.replace(day=1), shift) for shift in (-1, 0, 1))
        return self.nearest([found for first in months if (found := make_date(first.year, first.month, day))])

    def month(self, month: int) -> date | None:
        """Return the first day of a month whose year is not said."""
        if month == self.today.month:
            return self.today.replace(day=1)
        return self.month_day(month, 1)

    def weekday(self, weekday: int, week: int) -> date:
        """Return a day of the week that is `week` weeks from this one; weeks begin on Monday."""
        return week_start(self.today) + timedelta(weeks=week, days=weekday)

    def bare_weekday(self, weekday: int) -> date:
        """Return a day of which only the name is said: the one of this week, unless the tense points to another week."""
        day = self.weekday(weekday, 0)
        if self.tense == "past" and day > self.today:
            return day - timedelta(weeks=1)
        if self.tense == "future" and day < self.today:
            return day + timedelta(weeks=1)
        return day


def make_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_of_month(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def week_start(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def month_span(first: date) -> Span:
    """Return the first and the last day of a month."""
    return first, last_of_month(first)


def year_span(year: int) -> Span:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def quarter_span(year: int, quarter: int) -> Span:
    """Return the first and the last day of a quarter; quarters before the first and after the fourth count on."""
    first = add_months(date(year, 1, 1), 3 * (quarter - 1))
    return first, last_of_month(add_months(first, 2))
