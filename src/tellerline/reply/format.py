"""How values are written for a customer: money, dates and times in the language and the bank's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision

from tellerline.domain.language import Language

BANK_ZONE = ZoneInfo("Asia/Shanghai")
_WORDS = {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元"}


def money(minor: int, language: Language, currency: str = "CNY") -> str:
    """Write an amount given in minor units: 1,234.50元 / CNY 1,234.50."""
    precision = get_currency_precision(currency)
    value = minor / 10**precision if precision else minor
    pattern = "#,##0." + "0" * precision if precision else "#,##0"
    amount = format_decimal(value, format=pattern, locale="en")
    return f"{amount}{_WORDS.get(currency, currency)}" if language == "zh" else f"{currency} {amount}"


def day(value: str | date, language: Language) -> str:
    """Write a date: 2026年11月23日 / 23 November 2026."""
    on = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    if language == "zh":
        return f"{on.year}年{on.month}月{on.day}日"
    return format_date(on, "d MMMM y", locale="en")


def clock_time(value: str | datetime, language: Language) -> str:
    """Write a moment in the bank's time: 11月23日 14:05 / 23 November, 14:05."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    at = at.astimezone(BANK_ZONE)
    if language == "zh":
        return f"{at.month}月{at.day}日 {at:%H:%M}"
    return f"{at.day} {format_date(at.date(), 'MMMM', locale='en')}, {at:%H:%M}"


_WEEKDAYS = "一二三四五六日"
_LATELY_DAYS = 6


def recent_day(on: date, today: date, language: Language) -> str:
    """Write a day that has passed as one speaks of it: 昨天, 周一, 11月9日 / yesterday, Monday, 9 November."""
    ago = (today - on).days
    if ago in (0, 1):
        return {"zh": ("今天", "昨天"), "en": ("today", "yesterday")}[language][ago]
    if 1 < ago <= _LATELY_DAYS:
        return f"周{_WEEKDAYS[on.weekday()]}" if language == "zh" else format_date(on, "EEEE", locale="en")
    return f"{on.month}月{on.day}日" if language == "zh" else format_date(on, "d MMMM", locale="en")
