"""Days and periods as said in English: yesterday, last Friday, the 15th, 5 March, 03/05, the last working day of next month.

In figures the day comes first (03/05 is the third of May), unless that is impossible (05/23 is the 23rd of May).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from tellerline.understanding.entities.calendar import (
    Anchor,
    Span,
    Tense,
    add_months,
    last_of_month,
    make_date,
    month_span,
    quarter_span,
    week_start,
    year_span,
)
from tellerline.understanding.entities.festival import ENGLISH, festival_days, find_festival, names_pattern

Handler = Callable[["re.Match[str]", Anchor], "Span | date | None"]

_MONTH_WORDS = "january february march april may june july august september october november december"
_WEEKDAY_WORDS = "monday tuesday wednesday thursday friday saturday sunday"
_COUNT_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_ORDINAL_WORDS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"


def _numbered(words: str, *, first: int = 0, chars: int | None = None) -> dict[str, int]:
    """Return the words, or their first `chars` letters, with their places."""
    return {word[:chars]: place for place, word in enumerate(words.split(), start=first)}


_MONTHS = _numbered(_MONTH_WORDS, first=1, chars=3)
_WEEKDAYS = _numbered(_WEEKDAY_WORDS, chars=3)
_COUNTS = _numbered(_COUNT_WORDS) | {
    "a": 1, "an": 1, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "several": 5, "fifteen": 15, "thirty": 30,
    "sixty": 60, "ninety": 90,
}  # fmt: skip
_ORDINALS = _numbered(_ORDINAL_WORDS) | {
    "fifteenth": 15,
    "twentieth": 20,
    "thirtieth": 30,
    "last": -1,
    "final": -1,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?(?![a-z])"
)
# Abbreviations that are words of their own (sat, sun, wed, mon) count only after a word that asks for a day.
_WEEKDAY = (
    r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|(?:(?<=on\s)|(?<=last\s)|(?<=this\s)|(?<=next\s)|(?<=by\s))(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)(?![a-z]))"
)
_YEAR = r"(?:,?\s(?P<year>20[0-9]{2}))?(?![0-9])"
_DAY = r"(?P<day>3[01]|[12][0-9]|0?[1-9])"
_SUFFIX = r"(?:st|nd|rd|th)"
_COUNTED = rf"[0-9]{{1,3}}|{names_pattern(_COUNTS)}"
_COUNT = rf"(?P<count>{_COUNTED})"
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year)s?(?![a-z])"
_NEAR = {
    "last": -1,
    "previous": -1,
    "past": -1,
    "this": 0,
    "current": 0,
    "the": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
}
_WHOSE_MONTH = rf"(?:(?P<near>this|last|next|previous|the|the following) month|{_MONTH}{_YEAR})"

_DAY_SHIFTS = {
    "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1, "yday": -1, "ystd": -1, "last night": -1,
    "last nite": -1, "today": 0, "tonight": 0, "tonite": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
    "tomorrow": 1, "tmr": 1, "tmrw": 1, "tomoz": 1, "the day after tomorrow": 2, "day after tomorrow": 2,
}  # fmt: skip


def _month_number(match: re.Match[str]) -> int:
    return _MONTHS[match["month"][:3].lower()]


def _count_of(match: re.Match[str]) -> int:
    count = match["count"].lower()
    return int(count) if count.isdigit() else _COUNTS[count]


def _shifted_day(match: re.Match[str], anchor: Anchor) -> date:
    return anchor.today + timedelta(days=_DAY_SHIFTS[" ".join(match["words"].lower().split())])


def _weekday(match: re.Match[str], anchor: Anchor) -> date:
    """Read "Friday", "on Friday", "last Friday" (the latest before today), "this Friday", "next Friday" (of next week)."""
    weekday = _WEEKDAYS[match["weekday"][:3].lower()]
    near = (match["near"] or "").lower()
    if near in ("last", "previous", "past"):
        back = (anchor.today.weekday() - weekday - 1) % 7 + 1
        return anchor.today - timedelta(days=back)
    if near == "coming":
        return anchor.today + timedelta(days=(weekday - anchor.today.weekday() - 1) % 7 + 1)
    if near in ("next", "following"):
        return anchor.weekday(weekday, 1)
    return anchor.weekday(weekday, 0) if near == "this" else anchor.bare_weekday(weekday)


def _weekday_of_week(match: re.Match[str], anchor: Anchor) -> date:
    """Read "Friday last week", "next week Monday"."""
    weekday = _WEEKDAYS[match["weekday"][:3].lower()]
    return anchor.weekday(weekday, _NEAR[match["near"].lower()])


def _weeks_from(match: re.Match[str], anchor: Anchor) -> date:
    """Read "a week on Tuesday", "two weeks from Friday", "Tuesday week", "a week tomorrow"."""
    weeks = 1 if match["one"] else _COUNTS.get(match["count"].lower()) or int(match["count"])
    if match["weekday"]:
        weekday = _WEEKDAYS[match["weekday"][:3].lower()]
        day = anchor.today + timedelta(days=(weekday - anchor.today.weekday() - 1) % 7 + 1)
    else:
        day = anchor.today + timedelta(days=match["day_word"].lower() == "tomorrow")
    return day + timedelta(weeks=weeks * (2 if "fortnight" in match[0].lower() else 1))


def _near_period(match: re.Match[str], anchor: Anchor) -> Span | None:
    """Read "last week", "this month", "next year", "last quarter", "this weekend"."""
    shift = _NEAR[match["near"].lower()]
    return _period(match["what"].lower(), shift, anchor)


def _before_last(match: re.Match[str], anchor: Anchor) -> Span | None:
    """Read "the week before last", "the month after next"."""
    return _period(match["what"].lower(), -2 if match["end"].lower() == "before last" else 2, anchor)


def _period(what: str, shift: int, anchor: Anchor) -> Span | None:
    today = anchor.today
    if what == "week":
        first = week_start(today) + timedelta(weeks=shift)
        return first, first + timedelta(days=6)
    if what == "weekend":
        return anchor.weekday(5, shift), anchor.weekday(6, shift)
    if what == "month":
        return month_span(add_months(today.replace(day=1), shift))
    if what == "quarter":
        return quarter_span(today.year, (today.month - 1) // 3 + 1 + shift)
    return year_span(today.year + shift)


def _first_of(match: re.Match[str], anchor: Anchor) -> date | None:
    """Return the first day of the month a match names: "of next month", "of March 2026"."""
    if match["month"]:
        month = _month_number(match)
        return make_date(int(match["year"]), month, 1) if match["year"] else anchor.month(month)
    near = match["near"].lower().split()[-1]
    return add_months(anchor.today.replace(day=1), _NEAR[near])


def _day_of_month(match: re.Match[str], anchor: Anchor) -> date | None:
    """Read "the 15th of last month", "3rd of March 2026", "the first of next month"."""
    day = int(match["day"]) if match["day"] else _ORDINALS[match["ordinal"].lower()]
    if match["month"] and not match["year"]:
        return anchor.month_day(_month_number(match), day)
    first = _first_of(match, anchor)
    return make_date(first.year, first.month, day) if first else None


def _month_day(match: re.Match[str], anchor: Anchor) -> date | None:
    month, day = _month_number(match), int(match["day"])
    return make_date(int(match["year"]), month, day) if match["year"] else anchor.month_day(month, day)


def _whole_month(match: re.Match[str], anchor: Anchor) -> Span | None:
    month = _month_number(match)
    near = (match["near"] or "").lower()
    if match["year"]:
        first = make_date(int(match["year"]), month, 1)
    elif near in ("last", "next"):
        tense: Tense = "past" if near == "last" else "future"
        first = Anchor(anchor.today, anchor.working, tense).month_day(month, 1)
    else:
        first = anchor.month(month)
    return month_span(first) if first else None


def _part_of_month(match: re.Match[str], anchor: Anchor) -> Span | date | None:
    """Read "the last working day of next month", "end of the month", "the first day of March"."""
    first = _first_of(match, anchor)
    if first is None:
        return None
    what = match["what"].lower()
    if "day" in what:
        position = _ORDINALS[match["nth"].lower()]
        if what == "day":
            return last_of_month(first) if position < 0 else first + timedelta(days=position - 1)
        return anchor.working.of_month(first, position)
    if what in ("beginning", "start"):
        return first, first.replace(day=5)
    return first.replace(day=15) if what == "middle" else last_of_month(first)


def _month_end(match: re.Match[str], anchor: Anchor) -> date:
    """Read "month end", "year-end", "end of next year"."""
    if match["unit"].lower() == "month":
        return last_of_month(anchor.today)
    return date(anchor.today.year + _NEAR[(match["near"] or "this").strip().lower()], 12, 31)


def _third_of_month(match: re.Match[str], anchor: Anchor) -> Span | None:
    """Read "early March", "mid-December", "late May 2026"."""
    month = _month_number(match)
    first = make_date(int(match["year"]), month, 1) if match["year"] else anchor.month(month)
    if first is None:
        return None
    if match["part"].lower() == "early":
        return first, first.replace(day=10)
    return (
        (first.replace(day=11), first.replace(day=20))
        if match["part"].lower() == "mid"
        else (first.replace(day=21), last_of_month(first))
    )


def _months(match: re.Match[str], anchor: Anchor) -> Span | None:
    """Read "between March and May", "Jan to March 2026"."""
    last_month = _MONTHS[match["until"][:3].lower()]
    last = make_date(int(match["year"]), last_month, 1) if match["year"] else anchor.month(last_month)
    if last is None:
        return None
    back = (last_month - _month_number(match)) % 12
    return add_months(last, -back), last_of_month(last)


def _days_of_month(match: re.Match[str], anchor: Anchor) -> Span | None:
    """Read "October 8th to 20th"."""
    first = anchor.month_day(_month_number(match), int(match["day"]))
    last = first and make_date(first.year, first.month, int(match["last"]))
    return (first, last) if first and last and first < last else None


def _month_of_year(match: re.Match[str], anchor: Anchor) -> Span:
    """Read "December last year"."""
    return month_span(date(anchor.today.year + _NEAR[match["near"].lower()], _month_number(match), 1))


def _named_year(match: re.Match[str], _: Anchor) -> Span:
    return year_span(int(match["year"]))


def _part_of_year(match: re.Match[str], anchor: Anchor) -> Span:
    """Read "Q3", "the third quarter of 2025", "the first half of the year"."""
    shift = {"last": -1, "next": 1}.get((match["near"] or "").lower(), 0)
    year = int(match["year"]) if match["year"] else anchor.today.year + shift
    if match["half"]:
        return (
            (date(year, 1, 1), date(year, 6, 30))
            if match["half"].lower() in ("first", "1st")
            else (date(year, 7, 1), date(year, 12, 31))
        )
    quarter = match["figure"] or _ORDINALS[match["quarter"].lower()]
    return quarter_span(year, int(quarter))


def _beside_festival(match: re.Match[str], anchor: Anchor) -> date | None:
    """Read "the first working day after National Day"."""
    festival = ENGLISH[match["festival"].lower()]
    day = find_festival(festival, anchor, int(match["year"]) if match["year"] else None)
    if day is None:
        return None
    before = match["when"].lower() == "before"
    last = day if before else day + timedelta(days=festival_days(festival) - 1)
    step = (-1 if before else 1) * max(1, _ORDINALS[match["nth"].lower()])
    return anchor.working.shift(last, step) if match["working"] else last + timedelta(days=step)


def _bare_day(match: re.Match[str], anchor: Anchor) -> date | None:
    return anchor.day_of_month(int(match["day"]))


def _iso(match: re.Match[str], _: Anchor) -> date | None:
    return make_date(int(match["y"]), int(match["m"]), int(match["d"]))


def _numeric(match: re.Match[str], anchor: Anchor) -> date | None:
    """Read 03/05, 3/5/2026, 05.03.2026: day first, unless there is no such day."""
    first, second = int(match["first"]), int(match["second"])
    day, month = (first, second) if second <= 12 else (second, first)
    if not match["y"]:
        return anchor.month_day(month, day)
    year = int(match["y"])
    return make_date(year if year > 100 else 2000 + year, month, day)


def _ago(match: re.Match[str], anchor: Anchor) -> date:
    """Read "3 days ago", "two weeks later"."""
    sign = -1 if match["where"].lower() in ("ago", "back", "before", "earlier") else 1
    if match["count"].lower().startswith("half"):
        return (
            add_months(anchor.today, 6 * sign)
            if match["unit"].lower() == "year"
            else anchor.today + timedelta(15 * sign)
        )
    return _moved(anchor.today, sign * _count_of(match), match["unit"].lower())


def _ahead(match: re.Match[str], anchor: Anchor) -> Span | date:
    """Read "in two weeks" (a day), "within 3 days" (a period)."""
    day = _moved(anchor.today, _count_of(match), match["unit"].lower())
    return (anchor.today, day) if match["how"].lower() == "within" else day


def _recent(match: re.Match[str], anchor: Anchor) -> Span:
    """Read "the last 3 months", "the past 30 days"."""
    first = _moved(anchor.today, -_count_of(match), match["unit"].lower())
    return (first + timedelta(days=1) if match["unit"].lower() == "day" else first), anchor.today


def _moved(day: date, count: int, unit: str) -> date:
    if unit == "day":
        return day + timedelta(days=count)
    if unit in ("week", "fortnight"):
        return day + timedelta(weeks=count * (2 if unit == "fortnight" else 1))
    return add_months(day, count * {"month": 1, "quarter": 3, "year": 12}[unit])


def _working_days(match: re.Match[str], anchor: Anchor) -> Span | date:
    """Read "the next working day", "in 3 working days", "within five business days"."""
    if match["next"]:
        return anchor.working.shift(anchor.today, 1)
    day = anchor.working.shift(anchor.today, _count_of(match))
    return (anchor.today, day) if (match["how"] or "").lower() == "within" else day


def _festival(match: re.Match[str], anchor: Anchor) -> Span | date | None:
    festival = ENGLISH[match["festival"].lower()]
    near = (match["near"] or "").lower()
    year = int(match["year"]) if match["year"] else None
    if near in ("last", "next"):
        anchor = Anchor(anchor.today, anchor.working, "past" if near == "last" else "future")
    day = find_festival(festival, anchor, year)
    when = (match["when"] or "").lower()
    if day is None or not when:
        return day
    if when == "before":
        return day - timedelta(days=1)
    days = festival_days(festival)
    return day + timedelta(days=days) if when == "after" else (day, day + timedelta(days=days - 1))


_NEAR_PERIOD = r"(?P<near>last|previous|past|this|current|next|coming)\s(?P<what>weekend|week|month|quarter|year)(?![a-z])"
_NTH_OF_MONTH = (
    rf"(?:the\s)?(?:{_DAY}{_SUFFIX}|(?P<ordinal>{names_pattern(_ORDINALS)}))\s(?:day\s)?of\s{_WHOSE_MONTH}"
)
_IN_MONTH = (
    r"(?:in|during|since|from|for|of|until|by)\s(?:early\s|late\s)?(?:(?P<near>last|this|next)\s)?"
    + _MONTH
    + _YEAR
)
_NTH_DAY = (
    r"(?:the\s)?(?P<nth>first|second|third|1st|2nd|3rd|last|final)\s(?P<what>(?:working\s|business\s)?day)\sof\s"
    + _WHOSE_MONTH
)
_YEAR_END = r"(?:the\s)?end\sof\s(?:(?P<near>the|this|last|next)\s)?(?P<unit>year)(?![a-z])"
_NOT_A_DAY = r"\s(?:one|card|account|payee|option|of|floor|birthday|transaction|payment|time)(?![a-z])"
_THE_DAY = (
    rf"(?:(?:on|by|from|until|before|after|since)\s)?the\s{_DAY}{_SUFFIX}(?![a-z])"
    rf"(?!{_NOT_A_DAY})"
)
_ISO_DAY = (
    r"(?<![0-9])(?P<y>20[0-9]{2})[\-/.](?P<m>1[0-2]|0?[1-9])[\-/.](?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)
_SLASHED = (
    r"(?<![0-9/.\-])(?P<first>3[01]|[12][0-9]|0?[1-9])(?P<mark>/)(?P<second>3[01]|[12][0-9]|0?[1-9])"
    r"(?:(?P=mark)(?P<y>20[0-9]{2}|[23][0-9]))?(?![0-9/])"
)
_DOTTED = (
    r"(?<![0-9/.\-])(?P<first>3[01]|[12][0-9]|0?[1-9])(?P<mark>[.\-])(?P<second>1[0-2]|0?[1-9])(?P=mark)"
    r"(?P<y>20[0-9]{2})(?![0-9])"
)
_AGO = r"(?P<where>ago|back|earlier|before|later|from now|from today)(?![a-z])"
_SO_LONG_AGO = rf"(?P<count>half an?|{_COUNTED})\s{_UNIT}\s{_AGO}"
_WORKING_DAYS = (
    r"(?P<next>(?:the\s)?(?:next|following)\s(?:working|business)\sday)"
    rf"|(?P<how>in|within|after)\s{_COUNT}\s(?:working|business)\sdays?"
)
_FESTIVAL = (
    r"(?:(?P<when>before|after|during|over)\s(?:the\s)?)?(?:(?P<near>last|this|next)\s)?"
    rf"(?P<festival>{names_pattern(ENGLISH)})(?![a-z])(?:\s(?P<year>20[0-9]{{2}}))?(?:\s(?:holidays?|week))?"
)

_THIRD_OF_MONTH = rf"(?:(?:in|by|since|during|until|from)\s)?(?P<part>early|mid|late)[\s\-]{_MONTH}{_YEAR}"
_MONTHS_RANGE = (
    rf"(?:(?:between|from)\s)?{_MONTH}\s?(?:to|till|until|through|and|-|–)\s?"
    rf"(?P<until>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    rf"|nov(?:ember)?|dec(?:ember)?)(?![a-z]|\s[0-9]{{1,2}}(?![0-9])){_YEAR}"
)
_WEEKDAY_NAME = r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_WEEKS_FROM = (
    rf"(?:(?P<count>a|one|two|three|[1-4])\s(?:weeks?|fortnights?)\s(?:(?:on|from)\s{_WEEKDAY_NAME}|(?:from\s)?(?P<day_word>tomorrow|today))"
    r"(?P<one>(?!))?)"
)
_DAY_WEEK = rf"(?P<count>(?!))?(?:on\s)?{_WEEKDAY_NAME}(?P<one>\sweek)(?P<day_word>(?!))?(?![a-z])"
_DAY_WORD_WEEK = r"(?P<count>(?!))?(?P<weekday>(?!))?(?P<day_word>tomorrow|today)(?P<one>\sweek)(?![a-z])"
_DAYS_OF_MONTH = (
    rf"(?:(?:between|from)\s)?{_MONTH}\s(?:the\s)?{_DAY}(?:st|nd|rd|th)?\s?(?:to|till|until|through|and|-|–)\s?(?:the\s)?"
    r"(?P<last>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9a-z/])"
)
_YEAR_PART = (
    r"(?:q(?P<figure>[1-4])|(?:the\s)?(?:(?P<quarter>first|second|third|fourth|1st|2nd|3rd)\squarter"
    r"|(?P<half>first|second|1st|2nd)\shalf)(?=\s(?:of\s)?(?:(?:the|this|last|next)\syear|20[0-9]{2})))"
    r"(?:\s(?:of\s)?(?:(?P<near>the|this|last|next)\syear|(?P<year>20[0-9]{2})))?(?![a-z0-9])"
)
_DAY_BESIDE = (
    r"(?:the\s)?(?P<nth>first|second|third|last|1st)\s(?P<working>(?:working|business)\s)?day\s(?P<when>after|before)\s(?:the\s)?"
    rf"(?P<festival>{names_pattern(ENGLISH)})(?![a-z])(?:\s(?P<year>20[0-9]{{2}}))?(?:\s(?:holidays?|week))?"
)

_PATTERNS: list[tuple[str, Handler]] = [
    (rf"(?P<words>{names_pattern(_DAY_SHIFTS)})(?![a-z])", _shifted_day),
    (rf"(?:(?P<near>last|previous|past|this|coming|next|following)\s)?{_WEEKDAY}", _weekday),
    (rf"{_WEEKDAY}\s(?:of\s)?(?P<near>last|this|next)\sweek(?![a-z])", _weekday_of_week),
    (rf"(?P<near>last|this|next)\sweek(?:\son|'s|,)?\s{_WEEKDAY}", _weekday_of_week),
    (_NEAR_PERIOD, _near_period),
    (r"(?:the\s)?(?P<what>week|month|year)\s(?P<end>before last|after next)", _before_last),
    (_NTH_OF_MONTH, _day_of_month),
    (rf"(?:the\s)?{_DAY}{_SUFFIX}?(?:\sof)?\s{_MONTH}{_YEAR}", _month_day),
    (rf"{_MONTH}\s(?:the\s)?{_DAY}{_SUFFIX}?(?![0-9]){_YEAR}", _month_day),
    (_THIRD_OF_MONTH, _third_of_month),
    (_MONTHS_RANGE, _months),
    (rf"(?P<near>(?!))?{_MONTH}\s(?P<year>20[0-9]{{2}})(?![0-9])", _whole_month),
    (_IN_MONTH, _whole_month),
    (_WEEKS_FROM, _weeks_from),
    (_DAY_WEEK, _weeks_from),
    (_DAY_WORD_WEEK, _weeks_from),
    (_DAYS_OF_MONTH, _days_of_month),
    (rf"{_MONTH}\s(?:of\s)?(?P<near>last|this|next)\syear(?![a-z])", _month_of_year),
    (_YEAR_PART, _part_of_year),
    (
        r"(?:in|during|since)\s(?:the\syear\s)?(?P<year>20[0-3][0-9])(?![0-9]|\s?(?:yuan|rmb|dollars?|usd|cny))",
        _named_year,
    ),
    (
        rf"(?P<day>3[01]|2[0-9]|1[1-9])(?:st|nd|rd|th)(?![a-z]|{_NOT_A_DAY})",
        _bare_day,
    ),
    (rf"(?P<near>last|this|next)\s{_MONTH}{_YEAR}", _whole_month),
    (_NTH_DAY, _part_of_month),
    (rf"(?P<what>end|beginning|start|middle)\sof\s{_WHOSE_MONTH}", _part_of_month),
    (_YEAR_END, _month_end),
    (r"(?P<near>this\s)?(?P<unit>month|year)(?:\s|-)end(?![a-z])", _month_end),
    (_THE_DAY, _bare_day),
    (rf"(?:on|by)\s{_DAY}{_SUFFIX}(?![a-z])", _bare_day),
    (_ISO_DAY, _iso),
    (r"(?<![0-9])(?P<y>20[123][0-9])(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12][0-9]|0[1-9])(?![0-9])", _iso),
    (_SLASHED, _numeric),
    (_DOTTED, _numeric),
    (_SO_LONG_AGO, _ago),
    (rf"(?P<how>in|within|after)\s{_COUNT}\s{_UNIT}(?!')", _ahead),
    (rf"(?:last|past|previous|recent)\s{_COUNT}\s{_UNIT}", _recent),
    (_WORKING_DAYS, _working_days),
    (_FESTIVAL, _festival),
    (_DAY_BESIDE, _beside_festival),
]
RULES = [
    (re.compile(f"(?<![A-Za-z])(?:{pattern})", re.IGNORECASE), handler) for pattern, handler in _PATTERNS
]
