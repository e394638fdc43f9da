"""Days and periods of a text, in either language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from tellerline.domain.language import Language
from tellerline.domain.reading import Entity
from tellerline.understanding.entities import date_chinese, date_english
from tellerline.understanding.entities.calendar import Anchor, Span, Tense, WorkingDays
from tellerline.understanding.entities.claims import Claims

Rule = tuple["re.Pattern[str]", Callable[["re.Match[str]", Anchor], "Span | date | None"]]
_Found = tuple[int, int, tuple[date, date | None]]

_LATIN = re.compile(r"[A-Za-z]{3}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CHINESE_HINT = re.compile(r"[年月日号天周期拜节季晚早今明昨前后内旦夕宵明五秋庆一诞0-9]")
_ENGLISH_HINT = re.compile(
    r"[0-9]|day|night|nite|half|hallow|week|month|year|quarter|fortnight|morning|afternoon|evening|ago|tmr|tomoz|ystd|mas|fest|eleven|autumn"
    r"|qingming|dragon|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:到|至|-|~|—|和|to|till|until|and|through)\s?(?:the\s)?", re.IGNORECASE)
_RANGE_START = re.compile(r"(?:从|自|between|from)\s?(?:the\s)?$", re.IGNORECASE)
_PAST = re.compile(
    r"了|过(?!节)|[转付买刷存取汇打扣还]的|那笔|被扣|之前|已经|没收到|没到"
    r"|(?<![A-Za-z])(?:was|were|did|didn't|had|been|ago|since|made|spent|sent|paid|bought|took|got|charged|has|have|[a-z]{3,}ed)(?![A-Za-z])",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"[要将]|想|打算|预约|到期|之后"
    r"|(?<![A-Za-z])(?:will|going to|want to|would like|schedule|book|by|until|deadline|next|open|please|can)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)


def tense_of(text: str) -> Tense:
    """Tell whether a text speaks of what was or of what will be; "" when of both or neither."""
    past, future = _PAST.search(text) is not None, _FUTURE.search(text) is not None
    if past == future:
        return ""
    return "past" if past else "future"


def find_dates(text: str, today: date, working: WorkingDays, language: Language = "en") -> list[Entity]:
    """Return the days and periods of a normalised text, in order.

    language: how 3/5 is read where nothing else tells: in Chinese the month comes first, in English the day.
    """
    chinese = _HAN.search(text) is not None
    rules = _rules(text, chinese=chinese, month_first=chinese or language == "zh")
    if not rules:
        return []
    anchor = Anchor(today, working, tense_of(text))
    found: list[_Found] = []
    for pattern, handler in rules:
        for match in pattern.finditer(text):
            value = handler(match, anchor) if match.end() > match.start() else None
            if value is not None:
                found.append((*match.span(), value if isinstance(value, tuple) else (value, None)))
    return list(_joined(text, _longest(text, found)))


def _rules(text: str, *, chinese: bool, month_first: bool) -> list[Rule]:
    """Return the rules that may find something, those that win a draw first."""
    rules: list[Rule] = []
    if (chinese and _CHINESE_HINT.search(text)) or (month_first and "/" in text):
        rules += date_chinese.RULES
    if _ENGLISH_HINT.search(text) and (not chinese or _LATIN.search(text)):
        rules += date_english.RULES
    return rules


def _longest(text: str, found: list[_Found]) -> list[_Found]:
    """Return spans that do not overlap, longer ones first choice, in order."""
    claims = Claims(len(text))
    by_length = sorted(found, key=lambda item: item[0] - item[1])
    return sorted((item for item in by_length if claims.take(item[0], item[1])), key=lambda item: item[0])


def _joined(text: str, found: list[_Found]) -> Iterator[Entity]:
    """Yield entities; two days with "to" between them make one period."""
    position = 0
    while position < len(found):
        start, end, (first, last) = found[position]
        position += 1
        if position < len(found):
            next_start, next_end, (next_first, next_last) = found[position]
            until = next_last or next_first
            if until > first and _is_range(text, start, text[end:next_start]):
                end, last, position = next_end, until, position + 1
        until_text = last.isoformat() if last is not None and last != first else None
        yield Entity("date", first.isoformat(), text[start:end], start, end, until=until_text)


def _is_range(text: str, start: int, between: str) -> bool:
    """Whether the words between two days make them the ends of a period: "and" does so only after "between"."""
    if _RANGE.fullmatch(between) is None:
        return False
    return between.strip() not in ("和", "and") or _RANGE_START.search(text[:start]) is not None
