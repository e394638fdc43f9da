"""Days as customers count them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tellerline.understanding.entities.calendar import Anchor, WorkingDays, add_months

TODAY = date(2026, 11, 23)
NATIONAL_WEEK = [date(2026, 10, day) for day in range(1, 8)]


def test_working_days_skip_weekends_and_holidays_and_keep_made_up_days():
    working = WorkingDays(NATIONAL_WEEK, [date(2026, 10, 10)])
    assert working.shift(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working.shift(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert working.of_month(date(2026, 10, 1), 1) == date(2026, 10, 8)
    assert working.of_month(date(2026, 10, 1), -1) == date(2026, 10, 30)


def test_a_calendar_without_working_days_ends():
    closed = WorkingDays([TODAY + timedelta(days=day) for day in range(400)])
    assert closed.shift(TODAY, 1) > TODAY


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 23), 14, date(2028, 1, 23)),
    ],
)
def test_months_of_unequal_length(day, count, result):
    assert add_months(day, count) == result


def test_a_day_without_its_year_is_the_nearer_with_a_lean_to_the_past():
    anchor = Anchor(TODAY, WorkingDays())
    assert anchor.month_day(3, 5) == date(2026, 3, 5)
    assert anchor.month_day(12, 1) == date(2026, 12, 1)
    assert Anchor(TODAY, WorkingDays(), "past").month_day(12, 1) == date(2025, 12, 1)
    assert Anchor(TODAY, WorkingDays(), "future").month_day(3, 5) == date(2027, 3, 5)


def test_the_leap_day_is_found_years_away():
    assert Anchor(TODAY, WorkingDays()).month_day(2, 29) == date(2024, 2, 29)
    assert Anchor(TODAY, WorkingDays()).month_day(2, 30) is None
