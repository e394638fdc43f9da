"""Finding figures typed by hand in an article, which would stay when the fact changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tellerline.domain.language import Language
from tellerline.knowledge.article import REFERENCE, Article

EXAMPLE_TITLES = re.compile(r"^(举例|例子|Example)", re.IGNORECASE)
_STEP = re.compile(r"^\s*\d+[.、)]\s")
# Names that contain a number: account classes, risk levels, trading days, terms of products, versions of a form.
_NAMES = re.compile(
    r"[IVX]+类|(?<![A-Za-z])[RC][1-5](?!\d)|T\+\d|\b\d+-(?:year|month|day|week)s?\b|\d+年期|[一二三五]年期|Class I+\b"
    r"|\b3D\b|\b[45]G\b|24/7"
)
_ZH_UNIT = (
    r"(?:%|％|元|美元|港元|欧元|英镑|日元|万|亿|折|个?工作日|天|日|个月|年|小时|分钟|秒|次|笔|张|周岁|岁|位|期|倍"
    r"|个点|个?基点)"
)
_EN_UNIT = (
    r"(?:%|percent|per cent|yuan|dollars?|business days?|working days?|days?|hours?|minutes?|seconds?|weeks?|months?|years?"
    r"|times|basis points?|instalments?)\b"
)
_EN_WORD = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
    r"|hundred)"
)
_COMMON = (
    r"[¥￥$€£]\s?\d",
    r"\b(?:CNY|RMB|USD|HKD|EUR|GBP)\s?\d",
    r"(?<!\d)\d{1,2}[:：]\d{2}(?!\d)",
    r"(?<![\d.,])\+?\d[\d-]{3,}\d(?![\d.,]?\d)",  # telephone numbers
    r"(?<!\d)1[12]0(?!\d)",
)
_FORMS: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        "|".join(
            (
                *_COMMON,
                rf"\d[\d,.]*\s*{_ZH_UNIT}",
                r"百分之[零一二三四五六七八九十百点]+",
                r"[二两三四五六七八九十百千]+(?:个工作日|小时|分钟|元|万元|周岁|折)",
                r"[上下]午[一二两三四五六七八九十\d]+点",
            )
        )
    ),
    "en": re.compile(
        "|".join(
            (
                *_COMMON,
                rf"\b\d[\d,.]*\s*{_EN_UNIT}",
                rf"\b{_EN_WORD}\s+(?:business days?|working days?|days|hours|minutes|percent|per cent|yuan|dollars)\b",
                r"\b\d{1,2}\s?[ap]\.?m\b",
            )
        ),
        re.IGNORECASE,
    ),
}


class Figure(NamedTuple):
    """A figure typed by hand, and its line in the file."""

    text: str
    line: int


def find_figures(article: Article) -> Iterator[Figure]:
    """Yield the figures that an article states without naming a fact; examples may hold round sums."""
    form = _FORMS[article.language]
    for passage in article.passages:
        if EXAMPLE_TITLES.match(passage.title):
            continue
        for offset, written in enumerate(passage.text.splitlines()):
            text = _NAMES.sub("·", REFERENCE.sub("·", _STEP.sub("", written)))
            for found in form.finditer(text):
                yield Figure(found[0].strip(), passage.line + offset)
        for found in form.finditer(_NAMES.sub("·", passage.title)):
            yield Figure(found[0].strip(), passage.line)
