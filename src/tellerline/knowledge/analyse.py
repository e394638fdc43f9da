"""Turning a text into what is compared: words, concepts of the pack's term list, and character n-grams."""

from __future__ import annotations

import re
from typing import NamedTuple

import rjieba

from tellerline.domain.language import Language
from tellerline.knowledge.terms import Terms, english_stems, fold, stem

CONCEPT = "§"  # stands before the name of a concept, so that it is no word
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD_START = re.compile(r"[\w]")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)个?(年|月|天|日|期|类|档|岁|小时|工作日|万|元|次)")
_QUANTITY_EN = re.compile(r"(\d+)[ -]?(year|month|day|week|hour)s?\b")
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:'[a-z]+)?")
_ZH_GRAMS = (1, 2, 3)
_EN_GRAMS = (3, 4, 5)
_STOP_ZH = frozenset(
    """的 了 吗 呢 吧 啊 呀 么 嘛 我 你 您 们 我们 你们 他 她 它 是 在 和 与 或 也 都 就 还 要 想 能 会 可以 怎么 怎样 什么 多少
    几 哪 哪里 请问 一下 这 那 个 这个 那个 有 没有 不 没 为什么 为啥 咋 把 被 给 让 去 来 到 从 用 里 上 下 得 着 过 办 如何 现在 一 啥
    是不是 能不能 可不可以 一个 一张 一笔 怎么办 咋办 需要 应该 然后 但是 因为 所以 如果 或者 以及""".split()
)
_STOP_EN = frozenset(
    stem(word)
    for word in """a an the i you we it is am are was were be been do does did have has had my your our me us to of in on at
    for from with and or if so that this there here what which who how when where why can could will would may might shall
    should please pls just not no don dont doesn doesnt t s m ll re ve d as by about into up any some got im its also than
    then they them their he she his her u one ok hi hello need want like tell know get""".split()
)


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
        return Analysis(folded, words, sorted(CONCEPT + name for name in concepts), _grams(folded))


def _words_zh(folded: str) -> list[str]:
    """Return the words of a Chinese text without function words; a number with its unit is one word."""
    words = [number + unit for number, unit in _QUANTITY.findall(folded)]
    words += [
        word
        for word in rjieba.cut(_QUANTITY.sub(" ", folded))
        if _WORD_START.match(word) and word not in _STOP_ZH
    ]
    return words


def _words_en(folded: str) -> list[str]:
    """Return the stems of an English text without function words; `3-year` also counts as one word."""
    words = [word for word in english_stems(folded) if word not in _STOP_EN]
    words += [number + unit for number, unit in _QUANTITY_EN.findall(folded)]
    return words


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
