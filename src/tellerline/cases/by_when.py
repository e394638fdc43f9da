"""By when something is promised: the moment that a promise's words name, counted from when they are said."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from tellerline.cases.calendar import Calendar, close_of_day
from tellerline.domain.language import Language

SOON_DAYS = 1  # "soon" and no time at all: by the close of the next business day
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0}
_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "a couple of": 2,
}  # fmt: skip
_N = r"(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_EN_N = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_WORDS, reverse=True))})"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

_AMOUNT = {
    "zh": re.compile(
        rf"(?P<half>半)个?小时|(?<![月\d]){_N}个?(?P<unit>工作日|营业日|小时|钟头|分钟|天|日|周|星期)(?!都|一次)"
    ),
    "en": re.compile(
        rf"(?P<half>half an) hour|\b(?P<hour>the) hour\b"
        rf"|\b{_EN_N} (?P<unit>(?:business|working) days?|hours?|minutes?|days?|weeks?)\b",
        re.IGNORECASE,
    ),
}
_HOUR = {
    "zh": re.compile(
        r"(?P<half>上午|中午|下午|晚上|今晚|傍晚)?(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,2})点"
    ),
    "en": re.compile(r"\b(?P<hour>\d{1,2}) ?(?P<half>am|pm)\b|\b(?P<noon>noon)\b", re.IGNORECASE),
}
_DATE = {
    "zh": re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
    "en": re.compile(rf"\b(?P<day>\d{{1,2}}) (?P<month>{'|'.join(_MONTHS)})\b", re.IGNORECASE),
}
_WEEKDAY = {
    "zh": re.compile(r"(?P<next>下)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"),
    "en": re.compile(rf"\b(?P<next>next )?(?P<day>{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE),
}
_NEAR: dict[Language, tuple[tuple[re.Pattern[str], int], ...]] = {
    "zh": (
        (re.compile("大后天"), 3),
        (re.compile("后天|这两天|一两天"), 2),
        (re.compile("明天|明早|明晚|次日|第二天"), 1),
        (re.compile("今天|今晚|当天|今日|下班前|上午|下午|中午|晚上"), 0),
    ),
    "en": (
        (re.compile(r"\bday after tomorrow\b", re.IGNORECASE), 2),
        (re.compile(r"\btomorrow\b", re.IGNORECASE), 1),
        (
            re.compile(
                r"\b(?:today|tonight|this (?:morning|afternoon|evening)|close of business)\b", re.IGNORECASE
            ),
            0,
        ),
    ),
}
_END_OF_WEEK = re.compile(r"本周|这周|周末前|\bthis week\b|\bend of the week\b", re.IGNORECASE)
_END_OF_MONTH = re.compile(r"月底|本月内|\bend of the month\b|\bthis month\b", re.IGNORECASE)


def find_by_when(text: str, language: Language, now: datetime, calendar: Calendar) -> datetime | None:
    """Return the moment `text` names, UTC; None when it names none. Days end at the close of business."""
    return _amount(text, language, now, calendar) or _day_and_hour(text, language, now, calendar)


def soon(now: datetime, calendar: Calendar) -> datetime:
    """Return by when something is to be done that was promised without a time."""
    return calendar.deadline(now, business_days=SOON_DAYS)


def _amount(text: str, language: Language, now: datetime, calendar: Calendar) -> datetime | None:
    match = _AMOUNT[language].search(text)
    if match is None:
        return None
    if match["half"]:
        return calendar.deadline(now, minutes=30)
    if match.groupdict().get("hour"):
        return calendar.deadline(now, hours=1)
    count, unit = _number(match["count"]), match["unit"].lower().rstrip("s")
    if unit in ("工作日", "营业日") or ("day" in unit and " " in unit):
        return calendar.deadline(now, business_days=count)
    if unit in ("小时", "钟头", "hour"):
        return calendar.deadline(now, hours=count)
    if unit in ("分钟", "minute"):
        return calendar.deadline(now, minutes=count)
    return calendar.deadline(now, days=count * (7 if unit in ("周", "星期", "week") else 1))


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS[text[-1]]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _day_and_hour(text: str, language: Language, now: datetime, calendar: Calendar) -> datetime | None:
    today = now.astimezone(calendar.zone).date()
    hour = _hour(text, language)
    day = _day(text, language, today)
    if day is None and hour is None:
        return None
    day = day or today
    if hour is None:
        return close_of_day(day, calendar.zone)
    return datetime.combine(day, time(hour), calendar.zone).astimezone(UTC)


def _hour(text: str, language: Language) -> int | None:
    match = _HOUR[language].search(text)
    if match is None:
        return None
    if "noon" in match.groupdict() and match["noon"]:
        return 12
    hour = _number(match["hour"])
    late = match["half"] in ("下午", "晚上", "今晚", "傍晚", "中午") or (match["half"] or "").lower() == "pm"
    return (hour + 12 if late and hour < 12 else hour) % 24


def _day(text: str, language: Language, today: date) -> date | None:
    named = _DATE[language].search(text)
    if named is not None:
        return _named_day(named["month"], int(named["day"]), today)
    weekday = _last(_WEEKDAY[language], text)
    if weekday is not None:
        return _weekday(weekday, today)
    if _END_OF_MONTH.search(text):
        first = today.replace(day=1)
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if _END_OF_WEEK.search(text):
        return today + timedelta(days=6 - today.weekday())
    for pattern, ahead in _NEAR[language]:
        if pattern.search(text):
            return today + timedelta(days=ahead)
    return None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Of several days named, the promise is about the last: "I am off on Thursday but I'll call you on Friday"."""
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _named_day(month: str, day: int, today: date) -> date | None:
    number = int(month) if month.isdecimal() else _MONTHS.index(month.lower()) + 1
    try:
        found = date(today.year, number, day)
        return found if found >= today else date(today.year + 1, number, day)
    except ValueError:
        return None


def _weekday(match: re.Match[str], today: date) -> date:
    named = match["day"].lower()
    number = _WEEKDAYS.index(named) if named in _WEEKDAYS else min("一二三四五六".find(named) % 7, 6)
    ahead = (number - today.weekday() - 1) % 7 + 1  # today would have been called today
    if match["next"]:
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=number)
    return today + timedelta(days=ahead)
