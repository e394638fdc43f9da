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
from tellerline.knowledge.analyse import CONCEPT
from tellerline.knowledge.article import LEAD, Article
from tellerline.knowledge.ask import Asked, cosine
from tellerline.knowledge.index import Floats, LanguageIndex
from tellerline.knowledge.table import FactBook

# How a row is scored: the share of the question it explains (by its label fully, by its table's title less), the share of
# its label that the question names, spelling, and whether the articles found state it, less what else its label says.
_TITLE, _LABEL, _SPELLING, _MORE_SAID, _PRODUCT = 0.8, 0.5, 0.4, 0.6, 0.2
_STATED_IN_LEAD, _STATED, _STATED_IN_TABLE = 0.25, 0.2, 0.12
_RANK_WEIGHTS = (1.0, 0.6, 0.4)  # of the best articles
_CONCEPT_SLACK = 4.0
_ROWS_COMPARED = 20


class _Least(NamedTuple):
    """What a row must reach to be given, and how much better than the next it must be."""

    score: float
    question: float
    label: float
    margin: float = 0.2


_LEAST = _Least(score=1.4, question=0.65, label=0.5)
_LEAST_QUANTITY = _Least(
    score=0.95, question=0.4, label=0.3
)  # the label has the quantity asked for: "半年定期"
_LEAST_PHONE = _Least(score=0.9, question=0.35, label=0.25)  # there are few telephone numbers to confuse
_QUANTITY = re.compile(r"\d+(\.\d+)?(年|月|天|year|month|week|day)")

# Words that ask for a value, and words that ask for more than a value.
_ASKS: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"多少|几[个点位号天年岁次张笔成期人]|哪个号|是什么|多久|最[多高低少长短]|率|费|电话|热线|号码|上限|限额|额度"
        r"|[买卖][入出]价|租金|金额|代码|网址"
    ),
    "en": re.compile(
        r"\b(how (much|many|long)|what('s| is| are) (the|your)|rate|fee|number|limit|price|cost|minimum|maximum|most"
        r"|hotline|line|quota|code|rent|period|lpr|address|longest|shortest)\b"
    ),
}
_ASKS_MORE: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"怎么|为什么|为啥|咋|如何|区别|能不能|可以|吗|会不会|哪些|是不是|和|怎样|没|不"),
    "en": re.compile(
        r"\b(why|how (do|can|is|does|are|to)|can i|difference|which|should|do i|does|happens?|if|when|not|is (it|there)"
        r"|want|my|and)\b|n't"
    ),
}
_PERCENT: frozenset[Unit] = frozenset({"percent", "percent_per_year"})
_PHONE: frozenset[Unit] = frozenset({"phone"})
_NUMBER: frozenset[Unit] = frozenset({"number"})
_UNIT_ASKED: dict[Language, tuple[tuple[re.Pattern[str], frozenset[Unit]], ...]] = {
    "zh": (
        (re.compile(r"利率|几个点|年化|利息"), _PERCENT),
        (re.compile(r"电话|热线|专线"), _PHONE),
    ),
    "en": (
        (re.compile(r"\b(rate|interest|apr)\b"), _PERCENT | _NUMBER),  # exchange rates are numbers
        (re.compile(r"\b(hotline|phone|telephone|line)\b"), _PHONE),
    ),
}


class RowMatch(NamedTuple):
    """A row that a question names. `confidence`: 0.5..0.98, comparable with the probability of a ranking."""

    fact: Fact
    confidence: float


class _Shares(NamedTuple):
    """Per row: the share of the question it explains, the share of its label that is named, and both with the rest."""

    question: Floats
    label: Floats
    score: Floats

    def reach(self, least: _Least, row: int, score: float) -> bool:
        """Tell whether the row is named well enough."""
        enough = self.question[row] >= least.question and self.label[row] >= least.label
        return bool(enough and score >= least.score)


class RowFinder:
    """Finds rows in one language."""

    def __init__(
        self, part: LanguageIndex, articles: Iterable[Article], quotable: Callable[[str], bool]
    ) -> None:
        self._part = part
        self._ids = part.meta.rows
        self._tables = np.array([row.partition(".")[0] for row in self._ids])
        self._quotable = [quotable(row) for row in self._ids]
        label = part.families["row_label"]
        sizes = np.diff(label.start)
        weights = np.repeat(label.idf, sizes)
        is_concept = np.repeat([word[0] == CONCEPT for word in part.meta.words], sizes)
        self._mass = np.bincount(label.text, weights, label.texts).astype(np.float32) + np.float32(1e-6)
        self._concept_mass = np.bincount(label.text, weights * is_concept, label.texts).astype(np.float32)
        self._stated = {article.id: self._statements(article) for article in articles}

    def find(
        self, language: Language, asked: Asked, articles: list[str], book: FactBook, fits: set[str]
    ) -> RowMatch | None:
        """Return the row in `book` that the question names, or None.

        articles: the best found, best first. fits: tables about the products that the conversation is about.
        """
        if not _ASKS[language].search(asked.folded) or _ASKS_MORE[language].search(asked.folded):
            return None
        units = next((units for form, units in _UNIT_ASKED[language] if form.search(asked.folded)), None)
        shares = self._shares(asked)
        scores = shares.score + self._near(articles) + _PRODUCT * np.isin(self._tables, list(fits))
        ranked = [
            (fact, row, float(scores[row]))
            for row in np.argsort(-scores, kind="stable")[:_ROWS_COMPARED].tolist()
            if (fact := self._candidate(row, book, units)) is not None
        ]
        if not ranked:
            return None
        best, row, score = ranked[0]
        least = self._least(row, units, asked)
        value = best.render(language)
        other = next((score for fact, _, score in ranked if fact.render(language) != value), 0.0)
        if not shares.reach(least, row, score) or score - other < least.margin:
            return None
        return RowMatch(best, min(0.98, 0.5 + 0.3 * (score - least.score) + 0.3 * (score - other)))

    def _candidate(self, row: int, book: FactBook, units: frozenset[Unit] | None) -> Fact | None:
        fact = book.get(self._ids[row]) if self._quotable[row] else None
        return fact if fact is not None and (units is None or fact.unit in units) else None

    def _least(self, row: int, units: frozenset[Unit] | None, asked: Asked) -> _Least:
        if units == _PHONE:
            return _LEAST_PHONE
        words, label = self._part.meta.words, self._part.families["row_label"]
        quantities = [word for word in asked.literal.ids.tolist() if _QUANTITY.fullmatch(words[word])]
        named = bool(quantities) and all(label.has(quantity, row) for quantity in quantities)
        return _LEAST_QUANTITY if named else _LEAST

    def _statements(self, article: Article) -> Floats:
        """Return, for every row, how prominently the article states it."""
        stated = np.zeros(len(self._ids), np.float32)
        position = {row: number for number, row in enumerate(self._ids)}
        for passage in article.passages:
            for table, row in passage.references:
                if not row:
                    stated[self._tables == table] = np.maximum(
                        stated[self._tables == table], _STATED_IN_TABLE
                    )
                elif (number := position.get(f"{table}.{row}")) is not None:
                    stated[number] = max(
                        stated[number], _STATED_IN_LEAD if passage.number == LEAD else _STATED
                    )
        return stated

    def _near(self, articles: list[str]) -> Floats:
        """Return how prominently the articles found state each row."""
        found = np.zeros(len(self._ids), np.float32)
        for article, weight in zip(articles, _RANK_WEIGHTS, strict=False):
            found = np.maximum(found, np.float32(weight) * self._stated[article])
        return found

    def _shares(self, asked: Asked) -> _Shares:
        families = self._part.families
        label, title = families["row_label"], families["row_title"]
        ids, concepts = asked.tokens.ids, asked.concepts.ids
        in_label = label.score(ids, label.idf[ids])
        in_title = title.score(ids, label.idf[ids])
        question = (in_label + np.float32(_TITLE) * in_title) / np.float32(asked.tokens.mass(label))
        of_label = in_label / self._mass
        unnamed = self._concept_mass - label.score(concepts, label.idf[concepts])
        more = unnamed / (self._concept_mass + np.float32(_CONCEPT_SLACK))
        score = (
            question
            + np.float32(_LABEL) * of_label
            + np.float32(_SPELLING) * cosine(families["row_gram"], asked.grams)
            - np.float32(_MORE_SAID) * more
        )
        return _Shares(question.astype(np.float32), of_label, score.astype(np.float32))
