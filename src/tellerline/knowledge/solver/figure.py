"""The numbers a question gives: an amount, counts of months, days and times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from tellerline.domain.reading import Entity

AMOUNT_MIN = Decimal(100)  # a smaller bare number is hardly a sum of money
_HAN = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WORD = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "a": 1,
}  # fmt: skip
_COUNT = rf"(?P<count>\d+|[{''.join(_HAN)}]|\b(?:{'|'.join(_WORD)})\b)"
_DAYS = re.compile(rf"{_COUNT}\s?-?(?P<unit>天|个?(?:星期|周|礼拜)|days?\b|weeks?\b)")
_TIMES = re.compile(
    rf"{_COUNT}\s?(?:次|回|笔|times\b|withdrawals?\b|payments?\b|transactions?\b|remittances?\b|transfers?\b)"
)
_PAIR = re.compile(
    r"(?P<one>\d+)\s?(?:or|vs|versus|and|和|或|还是|、|/)\s?(?P<other>\d+)\s?-?(?:个?月|期|months?\b|instal)"
)
_ONE_BY_ONE = {"once": 1, "twice": 2}
_SOME = re.compile(r"[几数]$")  # 几百 is no amount
_CURRENCIES = (
    ("USD", re.compile(r"美元|美金|美刀|\busd\b|\bus dollars?\b|\bdollars?\b")),
    ("HKD", re.compile(r"港币|港元|\bhkd\b|\bhong kong dollars?\b|\bhk dollars?\b")),
    ("EUR", re.compile(r"欧元|\beuros?\b|\beur\b")),
    ("GBP", re.compile(r"英镑|\bpounds?\b|\bsterling\b|\bgbp\b")),
    ("JPY", re.compile(r"日元|日币|\byen\b|\bjpy\b")),
)


class Figures(NamedTuple):
    """What a question gives; None for what it does not.

    amount: in yuan unless `currency` is another; foreign: the amount when it is. months, other_months: the first two counts
    of months or instalments.
    """

    amount: Decimal | None
    currency: str
    foreign: Decimal | None
    months: int | None
    other_months: int | None
    days: int | None
    times: int | None


def read_figures_of(text: str, entities: Sequence[Entity]) -> Figures:
    """Return the numbers of a folded text, of which `entities` were found."""
    amount = amount_in(text, entities)
    currency = currency_in(text, entities)
    pair = _PAIR.search(text)
    months = [int(pair["one"]), int(pair["other"])] if pair else []
    months = list(dict.fromkeys([*months, *(int(e.value) for e in entities if e.type == "periods")]))
    return Figures(
        amount=amount,
        currency=currency,
        foreign=amount if currency != "CNY" else None,
        months=months[0] if months else None,
        other_months=months[1] if len(months) > 1 else None,
        days=_days(text),
        times=_times(text),
    )


def amount_in(text: str, entities: Iterable[Entity]) -> Decimal | None:
    """Return the first amount of money in a folded text."""
    found = [_amount(entity) for entity in entities if not _SOME.search(text[: entity.start])]
    return next(filter(None, found), None)


def currency_in(text: str, entities: Iterable[Entity]) -> str:
    """Return the currency a folded text speaks of; yuan when it names none."""
    return next(iter(currencies_in(text, entities)), "CNY")


def currencies_in(text: str, entities: Iterable[Entity]) -> list[str]:
    """Return the foreign currencies a folded text speaks of, that of its amount first."""
    units = [
        entity.unit for entity in entities if entity.type == "money" and entity.unit not in (None, "CNY")
    ]
    # "Hong Kong dollars" names one currency; what is left after it may name another.
    named: list[str] = []
    for code, form in sorted(_CURRENCIES, key=lambda one: one[0] == "USD"):
        if form.search(text):
            named.append(code)
            text = form.sub(" ", text)
    return list(dict.fromkeys([*(unit for unit in units if unit), *named]))


def _amount(entity: Entity) -> Decimal | None:
    if entity.type == "money":
        value = Decimal(int(entity.value)) / (1 if entity.unit == "JPY" else 100)
    elif entity.type == "number":
        value = Decimal(str(entity.value))
    else:
        return None
    is_year = entity.type == "number" and entity.text.isdecimal() and 2000 <= value <= 2100
    return value if value >= AMOUNT_MIN and not is_year else None


def _count(written: str) -> int:
    return int(written) if written.isdecimal() else _HAN.get(written) or _WORD[written]


def _days(text: str) -> int | None:
    match = _DAYS.search(text)
    if match is None:
        return None
    return _count(match["count"]) * (1 if match["unit"].startswith(("天", "day")) else 7)


def _times(text: str) -> int | None:
    match = _TIMES.search(text)
    if match is not None:
        return _count(match["count"])
    return next((count for word, count in _ONE_BY_ONE.items() if re.search(rf"\b{word}\b", text)), None)
