"""Days with names: 国庆, 双十一, Spring Festival, Christmas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from tellerline.understanding.entities.calendar import Anchor, make_date

# Days of the lunar calendar and of the solar terms, by year: (month, day).
_SPRING = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
    2031: (1, 23), 2032: (2, 11),
}  # fmt: skip
_QINGMING = {
    2024: (4, 4), 2025: (4, 4), 2026: (4, 5), 2027: (4, 5), 2028: (4, 4), 2029: (4, 4), 2030: (4, 5), 2031: (4, 5),
    2032: (4, 4),
}  # fmt: skip
_DRAGON_BOAT = {
    2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5),
    2031: (6, 24), 2032: (6, 12),
}  # fmt: skip
_MID_AUTUMN = {
    2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12),
    2031: (10, 1), 2032: (9, 19),
}  # fmt: skip
_MOVING = {"spring": _SPRING, "qingming": _QINGMING, "dragon_boat": _DRAGON_BOAT, "mid_autumn": _MID_AUTUMN}
_FIXED = {
    "new_year": (1, 1), "new_years_eve": (12, 31), "valentine": (2, 14), "women": (3, 8), "labour": (5, 1),
    "children": (6, 1), "shopping_618": (6, 18), "teachers": (9, 10), "national": (10, 1), "singles": (11, 11),
    "double_twelve": (12, 12), "halloween": (10, 31), "boxing": (12, 26), "christmas_eve": (12, 24), "christmas": (12, 25),
}  # fmt: skip
# How long "during" lasts.
_DAYS = {"spring": 7, "national": 7, "labour": 5}
_BEFORE_SPRING = {"eve": -1, "lantern": 14}

CHINESE = {
    "元旦": "new_year", "除夕": "eve", "大年三十": "eve", "年三十": "eve", "春节": "spring", "过年": "spring",
    "大年初一": "spring", "元宵": "lantern", "情人节": "valentine", "妇女节": "women", "三八节": "women", "清明": "qingming",
    "五一": "labour", "劳动节": "labour", "儿童节": "children", "六一": "children", "端午": "dragon_boat",
    "618": "shopping_618", "六一八": "shopping_618", "教师节": "teachers", "中秋": "mid_autumn",
    "国庆": "national", "十一黄金周": "national", "双十一": "singles", "双11": "singles", "双十二": "double_twelve",
    "双12": "double_twelve", "平安夜": "christmas_eve", "圣诞": "christmas", "跨年夜": "new_years_eve",
}  # fmt: skip
ENGLISH = {
    "new year's eve": "new_years_eve", "new years eve": "new_years_eve", "chinese new year's eve": "eve",
    "new year's day": "new_year", "new years day": "new_year", "new year": "new_year", "chinese new year": "spring",
    "lunar new year": "spring", "spring festival": "spring", "lantern festival": "lantern", "valentine's day": "valentine",
    "qingming": "qingming", "tomb sweeping day": "qingming", "labour day": "labour", "labor day": "labour",
    "may day": "labour", "dragon boat festival": "dragon_boat", "dragon boat": "dragon_boat",
    "mid-autumn festival": "mid_autumn", "mid-autumn": "mid_autumn", "mid autumn": "mid_autumn",
    "moon festival": "mid_autumn", "national day": "national", "golden week": "national", "double eleven": "singles",
    "double 11": "singles", "singles day": "singles", "singles' day": "singles", "singles’ day": "singles",
    "halloween": "halloween", "boxing day": "boxing",
    "christmas eve": "christmas_eve", "christmas day": "christmas", "christmas": "christmas", "xmas": "christmas",
}  # fmt: skip


def names_pattern(names: Iterable[str]) -> str:
    """Return a pattern that matches any of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def find_festival(festival: str, anchor: Anchor, year: int | None = None) -> date | None:
    """Return the day of a festival in `year`, or the one meant when no year is said. None beyond the table's years."""
    if year is not None:
        return _in_year(festival, year)
    years = (anchor.today.year + shift for shift in (-1, 0, 1))
    return anchor.nearest([day for shift in years if (day := _in_year(festival, shift))])


def festival_days(festival: str) -> int:
    """Return for how many days a festival is kept."""
    return _DAYS.get(festival, 1)


def _in_year(festival: str, year: int) -> date | None:
    if festival in _FIXED:
        return make_date(year, *_FIXED[festival])
    if festival in _BEFORE_SPRING:
        first = _in_year("spring", year)
        return first and first + timedelta(days=_BEFORE_SPRING[festival])
    found = _MOVING[festival].get(year)
    return make_date(year, *found) if found else None
