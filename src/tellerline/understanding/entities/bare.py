"""A message that is nothing but a number: it answers a question, and only the question tells which kind of value it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.money import DEFAULT_CURRENCY, is_code_like, make_money
from tellerline.understanding.entities.numeral import Number

_FILLER = re.compile(
    r"(?:是|就|就是|那就|选|选择|要|我要|我选|嗯|对|吧|了|的|啊|呀|呢|谢谢|改成|改为|换成|应该是|it'?s|its|is|the|please|pls|then|ok|okay|just|yes"
    r"|number|no|option|i want|choose|make it|say|about|um|uh|er|well|thanks?|[\s,.!?。、:-])*",
    re.IGNORECASE,
)
_ORDINAL_MAX = 10
_SCORE_MONEY, _SCORE_LAST_FOUR, _SCORE_ORDINAL = 0.5, 0.7, 0.5


def is_bare(text: str, number: Number) -> bool:
    """Whether the message holds nothing but this number and words that say nothing."""
    return bool(_FILLER.fullmatch(text, 0, number.start) and _FILLER.fullmatch(text, number.end))


def read_bare(text: str, number: Number) -> Iterator[Entity]:
    """Yield every kind of value the number may be; the plain number itself is the surest."""
    said, start, end = text[number.start : number.end], number.start, number.end
    whole = number.value == number.value.to_integral_value()
    if len(number.digits) == 4:
        yield Entity("last_four", number.digits, said, start, end, score=_SCORE_LAST_FOUR)
    if whole and not number.digits.startswith("0") and 1 <= number.value <= _ORDINAL_MAX:
        yield Entity("ordinal", int(number.value), said, start, end, score=_SCORE_ORDINAL)
    money = make_money(text, start, end, number.value, DEFAULT_CURRENCY, _SCORE_MONEY)
    if money is not None and number.value >= 1 and not is_code_like(number):
        yield money
