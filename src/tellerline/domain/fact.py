"""A figure of the bank with its unit, owner and interval in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from tellerline.domain.language import Language, Text

Unit = Literal[
    "percent", "percent_per_year", "money", "days", "business_days", "months", "years", "hours", "minutes", "times",
    "time_of_day", "number", "phone", "text",
]  # fmt: skip

_UNIT_WORDS: dict[str, tuple[str, str, str]] = {  # Chinese, English one, English many
    "days": ("天", "day", "days"),
    "business_days": ("个工作日", "business day", "business days"),
    "months": ("个月", "month", "months"),
    "years": ("年", "year", "years"),
    "hours": ("小时", "hour", "hours"),
    "minutes": ("分钟", "minute", "minutes"),
    "times": ("次", "time", "times"),
}
_CURRENCY_WORDS = {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元"}


class Fact(msgspec.Struct, frozen=True):
    """One row of a fact table.

    id:    `deposit_rates.term_1y`; value: decimal string, or the text itself for `text`, `time_of_day`, `phone`.
    """

    id: str
    label: Text
    unit: Unit
    value: str | Text
    valid_from: date
    valid_to: date | None
    title: Text
    source: Text
    currency: str = "CNY"
    audience: str = "public"

    def in_force(self, on: date) -> bool:
        """Tell whether the figure holds on day `on`."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def decimal(self) -> Decimal:
        """The figure as a decimal; percentages stay percentages (1.10 is 1.10 %)."""
        return Decimal(str(self.value))

    @property
    def minor(self) -> int:
        """An amount of money in minor units."""
        return int(self.decimal * (1 if self.currency == "JPY" else 100))

    @property
    def number(self) -> int:
        """The figure as a whole number (days, times, …)."""
        return int(self.decimal)

    def render(self, language: Language) -> str:
        """Write the figure with its unit, as a customer reads it."""
        if isinstance(self.value, Text):
            return self.value.in_(language)
        if self.unit in ("percent", "percent_per_year"):
            return f"{self.value}%"
        if self.unit == "money":
            return render_money(self.decimal, self.currency, language)
        words = _UNIT_WORDS.get(self.unit)
        if words is None:
            return self.value
        if language == "zh":
            return f"{_plain(self.decimal)}{words[0]}"
        return f"{_plain(self.decimal)} {words[1] if self.decimal == 1 else words[2]}"


def render_money(value: Decimal, currency: str, language: Language) -> str:
    """Write an amount as a customer reads it; cents only when there are any."""
    amount = f"{value:,f}"
    if "." in amount:
        whole, cents = amount.split(".")
        amount = whole if not cents.strip("0") else f"{whole}.{cents}"
    if language == "en":
        return f"{currency} {amount}"
    return f"{amount}{_CURRENCY_WORDS.get(currency, currency)}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
