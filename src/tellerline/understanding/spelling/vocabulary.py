"""The words a pack's examples use, with how often: what a misspelled word can have meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
import rjieba

_HAN_WORD = re.compile(r"[\u4e00-\u9fff]{1,4}")
_LATIN_WORD = re.compile(r"[a-z]{2,}")
# Phrases hold slips too, on purpose; a word said this often is none.
_HAN_MIN = 3
_CHAR_MIN = 4
_LATIN_MIN = 2
_KNOWN_MIN = 3


class Vocabulary(msgspec.Struct, frozen=True):
    """Words with how often they are said, by script.

    latin: words that can have been meant. known: others said often (wechat, autopay), which nobody misspelled.
    """

    han: dict[str, int] = {}
    latin: dict[str, int] = {}
    known: dict[str, int] = {}


def gather_vocabulary(phrases: Iterable[str]) -> Vocabulary:
    """Return the words of normalised phrases."""
    han: Counter[str] = Counter()
    latin: Counter[str] = Counter()
    for phrase in phrases:
        han.update(word for word in rjieba.cut(phrase, False) if _HAN_WORD.fullmatch(word))
        latin.update(_LATIN_WORD.findall(phrase.lower()))
    english = english_words()
    return Vocabulary(
        {
            word: count
            for word, count in sorted(han.items())
            if count >= (_HAN_MIN if len(word) > 1 else _CHAR_MIN)
        },
        {word: count for word, count in sorted(latin.items()) if count >= _LATIN_MIN and word in english},
        {word: count for word, count in sorted(latin.items()) if count >= _KNOWN_MIN and word not in english},
    )


@cache
def english_words() -> frozenset[str]:
    """Return 82,000 English words: whatever is among them is spelled right."""
    text = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.split(" ", 1)[0] for line in text.splitlines())
