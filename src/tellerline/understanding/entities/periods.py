"""Counts of months or instalments: 12期, 十二个月, 24 months, "two years"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.numeral import Number

_MONTHS_MAX = 600
_MONTHS = re.compile(
    r"\s?-?(?:个月|(?<=[俩仨])月|期|月期|(?:equal\s)?monthly\spayments?"
    r"|(?:monthly\s|equal\s)?(?:months?|mths?|mos?|instal(?:l)?ments?|periods?|terms?))(?![a-z])",
    re.IGNORECASE,
)
_QUARTERS = re.compile(r"\s?(?:个)?季度|\s?quarters?(?![a-z])", re.IGNORECASE)
_YEARS = re.compile(
    r"\s?-?(?:个?年(?![前后初底末份代级])(?P<half>半)?|years?|yrs?(?![a-z])|y(?![a-z]))(?P<and_half>\sand\sa\shalf)?",
    re.IGNORECASE,
)
# "split it into 12", 分12次: the unit is left out.
_SPLIT_BEFORE = re.compile(
    r"分(?:成|作|做)?$|(?<![a-z])(?:split|spread|divide|break)(?:\s[^\s]{1,12}){0,4}\s(?:into|in|over|by)\s$",
    re.IGNORECASE,
)
_SPLIT_AFTER = re.compile(r"\s?(?:次|份|回)?(?![0-9a-z块元万千百年个])", re.IGNORECASE)
_SPLIT_MAX = 60
_AND_A_HALF = re.compile(
    r"(?<![a-z])(?P<one>(?:a|one)\s)?year\sand\s(?:a\s)?half|(?<![a-z])(?:a|one)\sand\sa\shalf\syears?",
    re.IGNORECASE,
)
_HALF_A_YEAR = re.compile(r"半年|half\s(?:a|of a)\s?year|six-month", re.IGNORECASE)
_ARTICLE = re.compile(r"(?<![A-Za-z])(?:a|one)\s(?P<unit>year|month|quarter)(?!s|\sof)", re.IGNORECASE)
_ARTICLE_MONTHS = {"year": 12, "month": 1, "quarter": 3}
_NOT_A_COUNT = re.compile(r"\s?(?:之?[前后]|以前|以后|以来|ago|later|from now|earlier|old|岁)", re.IGNORECASE)


def find_periods(text: str, numbers: list[Number]) -> Iterator[Entity]:
    """Yield counts of months. A year is twelve; what lies before or behind ("3 months ago") is a date, not a count."""
    taken: list[tuple[int, int]] = []
    for start, end, months in _phrases(text):
        taken.append((start, end))
        yield Entity("periods", months, text[start:end], start, end)
    for number in numbers:
        if any(start <= number.start < end for start, end in taken):
            continue
        entity = _counted(text, number)
        if entity is not None:
            yield entity


def _phrases(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield spans and months of the phrases that hold no plain number."""
    for match in _AND_A_HALF.finditer(text):
        yield match.start(), match.end(), 18
    for match in _HALF_A_YEAR.finditer(text):
        if text[match.start() - 1 : match.start()] != "年" and not _NOT_A_COUNT.match(text, match.end()):
            yield match.start(), match.end(), 6
    for match in _ARTICLE.finditer(text):
        tail = text[match.end() :].lower()
        if not _NOT_A_COUNT.match(tail) and not tail.startswith(" and a half"):
            yield match.start(), match.end(), _ARTICLE_MONTHS[match["unit"].lower()]


def _counted(text: str, number: Number) -> Entity | None:
    if match := _MONTHS.match(text, number.end):
        months = number.value
    elif match := _YEARS.match(text, number.end):
        if number.value > 50:
            return None
        months = number.value * 12 + (6 if match["half"] or match["and_half"] else 0)
    elif match := _QUARTERS.match(text, number.end):
        months = number.value * 3
    elif (
        _SPLIT_BEFORE.search(text, max(0, number.start - 60), number.start)
        and 2 <= number.value <= _SPLIT_MAX
    ):
        match, months = _SPLIT_AFTER.match(text, number.end), number.value
    else:
        return None
    if match is None:
        return None
    if (
        _NOT_A_COUNT.match(text, match.end())
        or months != months.to_integral_value()
        or not 0 < months <= _MONTHS_MAX
    ):
        return None
    return Entity(
        "periods", int(Decimal(months)), text[number.start : match.end()], number.start, match.end()
    )
