"""Finding the one figure that a question names: "三年期利率多少" is answered by the row itself, not by an article.

A row is only given when the question asks for a value, names the row and no other nearly as well; in every other case
the article answers, which is never wrong about which figure was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from tellerline.domain.fact import Fact, Unit
from tellerline.domain.language import Language
from tellerline.knowledge.article import Article
from tellerline.knowledge.index import Floats, LanguageIndex
from tellerline.knowledge.ask import Asked, cosine
from tellerline.knowledge.table import FactBook

# How a row is scored: the share of the question it explains (label fully, table title less), the share of its label that
# the question names, spelling, whether the article found states it, less what else its label says.
_TITLE, _LABEL, _SPELLING, _MORE_SAID, _PRODUCT = 0.8, 0.5, 0.4, 0.6, 0.2
_STATED_IN_LEAD, _STATED, _STATED_IN_TABLE = 0.25, 0.2, 0.12


class _Least(NamedTuple):
    """What a row must reach to be given, and how much better than the next it must be."""

    score: float
    question: float
    label: float
    margin: float


_LEAST = _Least(score=1.4, question=0.65, label=0.5, margin=0.2)
_LEAST_QUANTITY = _Least(score=0.95, question=0.4, label=0.3, margin=0.2)  # "半年定期": the label has the question's quantity
_LEAST_PHONE = _Least(score=0.9, question=0.35, label=0.25, margin=0.2)  # there are few telephone numbers to confuse

_RANK_WEIGHTS = (1.0, 0.6, 0.4)  # of the best articles
_CONCEPT_SLACK = 4.0

_QUANTITY = re.compile(r"\d+(\.\d+)?(年|月|天|year|month|week|day)")

_ASKS: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"多少|几[个点位号天年岁次张笔成期人]|哪个号|是什么|多久|最[多高低少长短]|率|费|电话|热线|号码|上限|限额|额度|牌价|价|租金|金额|代码|网址"
    ),
    "en": re.compile(
        r"\b(how (much|many|long)|what('s| is| are) (the|your)|rate|fee|number|limit|price|cost|minimum|maximum|most|hotline|line|quota"
        r"|code|rent|period|lpr|address|longest|shortest)\b"
    ),
}
_ASKS_MORE: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"怎么|为什么|为啥|咋|如何|区别|能不能|可以|吗|会不会|哪些|是不是|和|怎样|没|不"),
    "en": re.compile(
        r"\b(why|how (do|can|is|does|are|to)|can i|difference|which|should|do i|does|happens?|if|when|not|is (it|there)|want|my|and)\b|n't"
    ),
}
_UNIT_ASKED: dict[Language, tuple[tuple[re.Pattern[str], frozenset[Unit]], ...]] = {
    "zh": (
        (re.compile(r"利率|几个点|年化|利息"), frozenset({"percent", "percent_per_year"})),
        (re.compile(r"电话|热线|专线"), frozenset({"phone"})),
    ),
    "en": (
        (re.compile(r"\b(rate|interest|apr)\b(?! of exchange)"), frozenset({"percent", "percent_per_year", "number"})),
        (re.compile(r"\b(hotline|phone|telephone|line)\b"), frozenset({"phone"})),
    ),
}


class RowMatch(NamedTuple):
    """A row that a question names. `confidence`: 0.5..0.98, comparable with the probability of a ranking."""

    fact: Fact
    confidence: float


class RowFinder:
    """Finds rows in one language."""

    def __init__(
        self, part: LanguageIndex, articles: Iterable[Article], quotable: Callable[[str], bool]
    ) -> None:
        self._part = part
        self._ids = part.meta.rows
        self._tables = [row.partition(".")[0] for row in self._ids]
        self._quotable = [quotable(row) for row in self._ids]
        label = part.families["row_label"]
        weights = np.repeat(label.idf, np.diff(label.start))
        is_concept = np.array([word[0] == "§" for word in part.meta.words])
        concept_weights = weights * np.repeat(is_concept, np.diff(label.start))
        self._mass = np.bincount(label.text, weights, label.count) + 1e-6
        self._concept_mass = np.bincount(label.text, concept_weights, label.count)
        self._stated = {article.id: self._statements(article) for article in articles}

    def _statements(self, article: Article) -> Floats:
        """Return, for every row, how prominently the article states it."""
        stated = np.zeros(len(self._ids), np.float32)
        position = {row: number for number, row in enumerate(self._ids)}
        tables = np.array(self._tables)
        for passage in article.passages:
            for table, row in passage.references:
                if not row:
                    mask = tables == table
                    stated[mask] = np.maximum(stated[mask], _STATED_IN_TABLE)
                elif f"{table}.{row}" in position:
                    number = position[f"{table}.{row}"]
                    stated[number] = max(stated[number], _STATED if passage.number else _STATED_IN_LEAD)
        return stated

    def find(
        self, language: Language, asked: Asked, articles: list[str], book: FactBook, fits: set[str]
    ) -> RowMatch | None:
        """Return the row in `book` that the question names, or None.

        articles: the best found, best first. fits: tables about the products that the conversation is about.
        """
        if not _ASKS[language].search(asked.folded) or _ASKS_MORE[language].search(asked.folded):
            return None
        shares = self._shares(asked)
        scores = shares.score + self._near(articles)
        scores += _PRODUCT * np.isin(self._tables, list(fits))
        units = next((units for form, units in _UNIT_ASKED[language] if form.search(asked.folded)), None)
        quantities = [id_ for id_ in asked.literal.ids.tolist() if _QUANTITY.fullmatch(self._part.meta.words[id_])]
        best: Fact | None = None
        best_score, least = 0.0, _LEAST
        for number in np.argsort(-scores, kind="stable")[:20].tolist():
            fact = book.get(self._ids[number])
            if fact is None or not self._quotable[number] or (units and fact.unit not in units):
                continue
            score = float(scores[number])
            if best is None:
                least = self._least(number, units, quantities)
                if not shares.reach(least, number, score):
                    return None
                best, best_score = fact, score
            elif fact.render(language) != best.render(language):
                return _match(best, best_score, best_score - score, least)
        return _match(best, best_score, least.score, least) if best else None

    def _least(self, row: int, units: frozenset[Unit] | None, quantities: list[int]) -> _Least:
        if units == {"phone"}:
            return _LEAST_PHONE
        label = self._part.families["row_label"]
        named = bool(quantities) and all(label.has(quantity, row) for quantity in quantities)
        return _LEAST_QUANTITY if named else _LEAST

    def _near(self, articles: list[str]) -> Floats:
        found = np.zeros(len(self._ids), np.float32)
        for article, weight in zip(articles, _RANK_WEIGHTS, strict=False):
            found = np.maximum(found, weight * self._stated[article])
        return found

    def _shares(self, asked: Asked) -> _Shares:
        families = self._part.families
        label, title = families["row_label"], families["row_title"]
        ids, concepts = asked.tokens.ids, asked.concepts.ids
        total = float(label.idf[ids].sum()) + len(asked.tokens.unknown) * label.unseen or 1.0
        in_label = label.score(ids, label.idf[ids])
        question = (in_label + _TITLE * title.score(ids, label.idf[ids])) / total
        of_label = in_label / self._mass
        unnamed = self._concept_mass - label.score(concepts, label.idf[concepts])
        more = unnamed / (self._concept_mass + _CONCEPT_SLACK)
        spelling = cosine(families["row_gram"], asked.grams)
        score = question + _LABEL * of_label + _SPELLING * spelling - _MORE_SAID * more
        return _Shares(question, of_label, score)


class _Shares(NamedTuple):
    """Per row: the share of the question it explains, the share of its label that is named, and both with the rest."""

    question: Floats
    label: Floats
    score: Floats

    def reach(self, least: _Least, number: int, score: float) -> bool:
        """Tell whether the row is named well enough."""
        enough = self.question[number] >= least.question and self.label[number] >= least.label
        return bool(enough and score >= least.score)


def _match(fact: Fact, score: float, margin: float, least: _Least) -> RowMatch | None:
    if margin < least.margin:
        return None
    return RowMatch(fact, min(0.98, 0.5 + 0.3 * (score - least.score) + 0.3 * margin))
