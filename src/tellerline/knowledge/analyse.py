"""Turning a text into what is compared: words, concepts of the pack's term list, and character n-grams."""

from __future__ import annotations

import re
from typing import NamedTuple

import rjieba

from tellerline.domain.language import Language
from tellerline.knowledge.terms import Terms, english_stems, fold

CONCEPT = "§"  # stands before the name of a concept, so that it is no word
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD_START = re.compile(r"[\w]")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)个?(年|月|天|日|期|类|档|岁|小时|工作日|万|元|次)")
_QUANTITY_EN = re.compile(r"(\d+)[ -]?(year|month|day|week|hour)s?\b")
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:'[a-z]+)?")
_ZH_GRAMS = (1, 2, 3)
_EN_GRAMS = (3, 4, 5)


class Analysis(NamedTuple):
    """What a text is made of. `folded`: see terms.py; `words` repeats; `concepts` are written with their mark and sorted."""

    folded: str
    words: list[str]
    concepts: list[str]
    grams: list[str]

    @property
    def tokens(self) -> list[str]:
        """Words and concepts."""
        return self.words + self.concepts


class Analyser:
    """Analyses texts with a pack's terms."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def analyse(self, text: str, language: Language) -> Analysis:
        """Return what `text`, written in `language`, is made of."""
        folded = fold(text)
        concepts = self.terms.concepts(folded, language)
        if language == "en" and _HAN.search(folded):
            concepts |= self.terms.concepts(folded, "zh")
        words = _words_zh(folded) if language == "zh" else _words_en(folded)
        words = [word for word in words if word not in self.terms.stop[language]]
        return Analysis(folded, words, sorted(CONCEPT + name for name in concepts), _grams(folded))


def _words_zh(folded: str) -> list[str]:
    """Return the words of a Chinese text; a number with its unit is one word."""
    words = [number + unit for number, unit in _QUANTITY.findall(folded)]
    words += [word for word in rjieba.cut(_QUANTITY.sub(" ", folded)) if _WORD_START.match(word)]
    return words


def _words_en(folded: str) -> list[str]:
    """Return the stems of an English text; `3-year` also counts as one word."""
    return english_stems(folded) + [number + unit for number, unit in _QUANTITY_EN.findall(folded)]


def _grams(folded: str) -> list[str]:
    """Return character n-grams: 1–3 of runs of Chinese, 3–5 inside the boundaries of other words."""
    grams: list[str] = []
    for piece in _PIECE.findall(folded):
        if _HAN.match(piece):
            sizes, text = _ZH_GRAMS, piece
        else:
            sizes, text = _EN_GRAMS, f"_{piece}_"
            grams.append(text)
        for size in sizes:
            grams += [text[start : start + size] for start in range(len(text) - size + 1)]
    return grams
