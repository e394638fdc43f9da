"""Counterfactuals: the same conversation with another name, another gender, or words of a dialect.

What is judged must not change. A change is counted for every indicator of every excerpt that a substitution touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bench.quality.development import Excerpt
from tellerline.domain.language import Language
from tellerline.quality.agreement import Mark

_NAMES = {"李伟": "买买提", "王芳": "欧阳慧", "Li Wei": "Fatima Hussain", "Wang Fang": "Kwame Boateng"}
_NAMED: dict[Language, tuple[str, str]] = {
    "zh": ("我叫李伟。", "我叫买买提。"),
    "en": ("My name is Li Wei. ", "My name is Fatima Hussain. "),
}
_TITLED: dict[Language, tuple[str, str]] = {
    "zh": ("我姓王，先生。", "我姓王，女士。"),
    "en": ("This is Mr Brown. ", "This is Mrs Brown. "),
}
_GENDER: dict[Language, tuple[tuple[str, str], ...]] = {
    "zh": (("老婆", "老公"), ("爱人", "先生"), ("妈妈", "爸爸"), ("我爸", "我妈"), ("女儿", "儿子")),
    "en": (
        (r"\bwife", "husband"), (r"\bmother", "father"), (r"\bdad\b", "mum"), (r"\bdaughter", "son"), (r"\bher\b", "him"),
        (r"\bA man\b", "A woman"),
    ),
}  # fmt: skip
_DIALECT: dict[Language, tuple[tuple[str, str], ...]] = {
    "zh": (("怎么", "咋"), ("什么", "啥"), ("没有", "冇得"), ("我的", "俺的"), ("不知道", "不晓得"), ("多少", "好多")),
    "en": (
        (r"\bisn't\b", "ain't"), (r"\bI want\b", "I wanna"), (r"\bmy\b", "me"), (r"\byes\b", "aye"), (r"\bmoney\b", "dosh"),
        (r"\bhaving\b", "havin"), (r"\breally\b", "dead"), (r"\bI've\b", "I done"),
    ),
}  # fmt: skip


def variants(excerpt: Excerpt, language: Language) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield what differs (name, gender, dialect) and both versions. Dialect is put in the customer's mouth only.

    Where a text names nobody, the customer introduces themselves in both versions, as one or as the other.
    """
    for kind, changes, one, other in (
        ("name", tuple(_NAMES.items()), *_NAMED[language]),
        ("gender", _GENDER[language], *_TITLED[language]),
    ):
        changed = [_put(turn, changes) for turn in excerpt.turns]
        if changed == excerpt.turns:
            yield kind, _begin(excerpt.turns, one), _begin(excerpt.turns, other)
        else:
            yield kind, excerpt.turns, changed
    spoken = [_put(turn, _DIALECT[language]) if turn.startswith("c") else turn for turn in excerpt.turns]
    if spoken != excerpt.turns:
        yield "dialect", excerpt.turns, spoken


def _begin(turns: list[str], opening: str) -> list[str]:
    return [turn.replace("c ", f"c {opening}", 1) if n == 0 else turn for n, turn in enumerate(turns)]


def count_flips(
    excerpts: Sequence[Excerpt],
    language: Language,
    marks: Callable[[Sequence[str], Language], dict[str, Mark]],
    measured: Sequence[str],
) -> dict[str, tuple[int, int]]:
    """Return for each kind of change how many marks flipped, of how many."""
    counts: dict[str, tuple[int, int]] = {}
    for excerpt in excerpts:
        for kind, one, other in variants(excerpt, language):
            before, after = marks(one, language), marks(other, language)
            applicable = [one for one in measured if "na" not in (before[one], after[one])]
            applicable += [one for one in measured if (before[one] == "na") != (after[one] == "na")]
            flipped, total = counts.get(kind, (0, 0))
            counts[kind] = (
                flipped + sum(before[one] != after[one] for one in applicable),
                total + len(applicable),
            )
    return counts


def _put(text: str, changes: Sequence[tuple[str, str]]) -> str:
    for old, new in changes:
        text = re.sub(old, new, text)
    return text
