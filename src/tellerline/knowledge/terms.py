"""The pack's list of words that mean the same to a customer, and of other banks whose offers are not ours to explain."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import msgspec
import opencc
import snowballstemmer

from tellerline.domain.language import Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem

FILE = "phrases/terms.yaml"
_HAN = re.compile(r"[\u3400-\u9fff]")
_ENGLISH_WORD = re.compile(r"[a-z0-9]+(?:\+[0-9]+|'t\b)?")
_CONTRACTED = re.compile(r"'(?!t\b)[a-z]{1,2}\b")
_PHRASE_WORDS_MAX = 6
_ZH_DIGIT = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_ZH_NUMERAL = re.compile(
    r"[一二两三四五六七八九十]+(?=个?(?:年|月|天|日|期|类|档|岁|周岁|小时|工作日|万|元))"
)
_EN_DIGIT = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "twenty-four": 24, "thirty": 30,
}  # fmt: skip
_EN_NUMERAL = re.compile(rf"\b({'|'.join(_EN_DIGIT)})(?=[ -]?(?:year|month|day|week|hour|time|business|yr))")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "ⅰ": "1", "ⅱ": "2", "ⅲ": "3"}
_CLASS = re.compile(r"(?<![a-z])(i{1,3}|[ⅰⅱⅲ])(?=类)|(?<=\bclass )(i{1,3})\b")
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2019: 0x27}

_stemmer = snowballstemmer.stemmer("english")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


class _Both(msgspec.Struct, forbid_unknown_fields=True):
    zh: list[str]
    en: list[str]


class _Elsewhere(msgspec.Struct, forbid_unknown_fields=True):
    names: _Both
    toward: _Both


class TermList(msgspec.Struct, forbid_unknown_fields=True):
    """phrases/terms.yaml as written."""

    stop: _Both
    terms: dict[str, _Both]
    together: dict[str, list[list[str]]]
    elsewhere: _Elsewhere


def fold(text: str) -> str:
    """Return `text` in the one form that is compared: half-width, lower case, simplified, small numbers as digits."""
    plain = text.translate(_WIDTH).lower()
    if _HAN.search(plain):
        plain = _ZH_NUMERAL.sub(_arabic, _converter().convert(plain).replace("半年", "6个月"))
    else:
        plain = _EN_NUMERAL.sub(lambda found: str(_EN_DIGIT[found[0]]), plain)
    return _CLASS.sub(lambda found: _ROMAN[found[0]], plain)


def _arabic(found: re.Match[str]) -> str:
    """Read a Chinese numeral below a hundred; leave anything else as it is."""
    tens, ten, units = found[0].rpartition("十")
    if any(len(part) > 1 for part in (tens, units)):
        return found[0]
    value = (_ZH_DIGIT.get(tens, 1) * 10 if ten else 0) + _ZH_DIGIT.get(units, 0)
    return str(value)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of an English word in lower case."""
    found: str = _stemmer.stemWord(word)
    return found


def english_stems(folded: str) -> list[str]:
    """Return the stems of the English words of a folded text."""
    whole = _CONTRACTED.sub("", folded)
    return [stem(word.replace("'", "")) for word in _ENGLISH_WORD.findall(whole)]


class Terms:
    """The list, ready to be found in texts."""

    def __init__(self, written: TermList) -> None:
        self.stop: dict[Language, frozenset[str]] = {
            "zh": frozenset(map(fold, written.stop.zh)),
            "en": frozenset(
                word for written_word in written.stop.en for word in english_stems(fold(written_word))
            ),
        }
        self._zh: dict[str, set[str]] = {}
        self._en: dict[tuple[str, ...], set[str]] = {}
        for concept, words in written.terms.items():
            for word in words.zh:
                self._zh.setdefault(fold(word), set()).add(concept)
            for word in words.en:
                self._en.setdefault(tuple(english_stems(fold(word))), set()).add(concept)
        self._lengths: dict[str, list[int]] = {}
        for word in self._zh:
            lengths = self._lengths.setdefault(word[0], [])
            if len(word) not in lengths:
                lengths.append(len(word))
                lengths.sort(reverse=True)
        self._together = [
            (frozenset(parts), concept) for concept, sets in written.together.items() for parts in sets
        ]
        self._elsewhere = _elsewhere_pattern(written.elsewhere)

    def concepts(self, folded: str, language: Language) -> set[str]:
        """Return the concepts a folded text names. A word inside a longer one does not count; some mean more together."""
        found = self._concepts_zh(folded) if language == "zh" else self._concepts_en(english_stems(folded))
        for parts, concept in self._together:
            if parts <= found:
                found.add(concept)
        return found

    def _concepts_zh(self, folded: str) -> set[str]:
        found: set[str] = set()
        reached = 0
        for start, first in enumerate(folded):
            for length in self._lengths.get(first, ()):
                if start + length <= reached:
                    break
                concepts = self._zh.get(folded[start : start + length])
                if concepts is not None:
                    found |= concepts
                    reached = start + length
                    break
        return found

    def _concepts_en(self, stems: list[str]) -> set[str]:
        found: set[str] = set()
        reached = 0
        for start in range(len(stems)):
            for end in range(min(start + _PHRASE_WORDS_MAX, len(stems)), max(start, reached), -1):
                concepts = self._en.get(tuple(stems[start:end]))
                if concepts is not None:
                    found |= concepts
                    reached = end
                    break
        return found

    def is_elsewhere(self, folded: str) -> bool:
        """Tell whether a folded question is about what another bank or service offers."""
        return self._elsewhere.search(folded) is not None


def _elsewhere_pattern(written: _Elsewhere) -> re.Pattern[str]:
    """Match the name of another bank, unless a word that points towards it stands before."""
    zh = "|".join(re.escape(fold(name)) for name in written.names.zh)
    en = "|".join(re.escape(fold(name)) for name in written.names.en)
    before_zh = "".join(f"(?<!{re.escape(fold(word))})" for word in written.toward.zh)
    before_en = "".join(rf"(?<!\b{re.escape(fold(word))} )" for word in written.toward.en)
    return re.compile(rf"{before_zh}(?:{zh})|{before_en}\b(?:{en})\b")


def read_terms(pack: Path, problems: list[PackProblem]) -> TermList:
    """Read the list of the pack in folder `pack`; without one, no words are alike."""
    path = pack / FILE
    nothing = TermList(_Both([], []), {}, {}, _Elsewhere(_Both([], []), _Both([], [])))
    if not path.exists():
        return nothing
    source = LocatedYaml(FILE, path.read_text("utf-8"))
    return source.convert(source.parse(problems), TermList, problems) or nothing
