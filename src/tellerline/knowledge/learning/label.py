"""Telling which row of facts a table means: by its key, by its label, or by its term and what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from tellerline.domain.fact import Fact
from tellerline.domain.language import LANGUAGES
from tellerline.knowledge.learning.header import fold

_ZH_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0.5}
_EN_DIGITS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
_ZH_TERM = re.compile(r"(\d+|[一二两三四五六七八九十半])\s*(个?月|年|天|日)(?:期)?")
_EN_TERM = re.compile(
    r"(\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -]?(years?|yrs?|y|months?|mths?|m|days?|d)\b"
)
_DAYS = {"天": 1, "日": 1, "d": 1, "月": 30, "m": 30, "年": 360, "y": 360}
_NOISE = re.compile(
    r"[\s()（）\[\]【】:：,，、/·・\-–—]+|期限|存期|年利率|利率|\brate\b|\bthe\b|\bof\b|\ba\b"
)
_BRACKETED = re.compile(r"[(（].*?[)）]")


class Named(NamedTuple):
    """A label taken apart. `term` is in days, a year counting 360 and a month 30; 0 without one. `rest` is the name."""

    term: float
    rest: str


def name_parts(label: str) -> Named:
    """Take a label apart into its term and its name."""
    text = fold(label)
    for form, digits in ((_ZH_TERM, _ZH_DIGITS), (_EN_TERM, _EN_DIGITS)):
        if found := form.search(text):
            number = float(found[1]) if found[1].isdigit() else float(digits.get(found[1], 12))
            unit = found[2].lstrip("个")
            term = number * _DAYS[unit[0]]
            return Named(term, _NOISE.sub("", text[: found.start()] + text[found.end() :]))
    return Named(0, _NOISE.sub("", text))


def same_row(label: str, section: str, facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts that a label under the heading `section` may mean: one when it is clear, several when not."""
    candidates = list(facts)
    wanted = fold(label)
    exact = [fact for fact in candidates if wanted in {fold(fact.label.in_(lang)) for lang in LANGUAGES}]
    if exact:
        return exact
    asked = name_parts(label)
    named = [fact for fact in candidates if _is_like(asked, fact)]
    if len(named) > 1 and section:
        rest = name_parts(section).rest
        narrowed = [fact for fact in named if any(part.rest and part.rest in rest for part in _parts(fact))]
        return narrowed or named
    return named


def _parts(fact: Fact) -> list[Named]:
    return [name_parts(_BRACKETED.sub("", fact.label.in_(language))) for language in LANGUAGES]


def _is_like(asked: Named, fact: Fact) -> bool:
    """Tell whether a fact has the same term, and a name that holds the one asked for."""
    for held in _parts(fact):
        if (
            asked.term
            and asked.term == held.term
            and (not asked.rest or asked.rest in held.rest or held.rest in asked.rest)
        ):
            return True
        if not asked.term and not held.term and asked.rest and asked.rest == held.rest:
            return True
    return False
