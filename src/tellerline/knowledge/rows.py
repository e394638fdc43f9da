"""Finding the one figure that a question names: "三年期利率多少" is answered by the row itself, not by an article.

A row is only given when the question asks for a value, names the row and no other nearly as well; in every other case
the article answers, which is never wrong about which figure was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
_STATED_IN_LEAD, _STATED, _STATED_IN_TABLE = 0.35, 0.2, 0.12
_RANK_WEIGHTS = (1.0, 0.6, 0.4)  # of the best articles
_CONCEPT_SLACK = 4.0
SCORE_MIN, MARGIN_MIN, QUESTION_SHARE_MIN, LABEL_SHARE_MIN = 1.4, 0.2, 0.65, 0.5

_ASKS: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"多少|几[个点位号天年岁次张笔成期人]|哪个号|是什么|多久|最[多高低少长短]|率|费|电话|热线|号码|上限|限额|额度|牌价|价|租金|金额|代码|网址"
    ),
    "en": re.compile(
        r"\b(how (much|many|long)|what('s| is| are)|rate|fee|number|limit|price|cost|minimum|maximum|most|hotline|line|quota"
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

    def __init__(self, part: LanguageIndex, articles: Iterable[Article], never_alone: Iterable[str]) -> None:
        self._part = part
        self._ids = part.meta.rows
        self._tables = [row.partition(".")[0] for row in self._ids]
        self._quotable = np.isin(self._tables, list(never_alone), invert=True)
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
        self, folded: str, language: Language, asked: Asked, articles: list[str], book: FactBook, fits: Mapping[str, bool]
    ) -> RowMatch | None:
        """Return the row that the folded question names, or None. `fits`: tables about the products being talked of."""
        if not _ASKS[language].search(folded) or _ASKS_MORE[language].search(folded):
            return None
        shares = self._shares(asked)
        scores = shares.score + self._near(articles)
        scores += _PRODUCT * np.array([fits.get(table, False) for table in self._tables])
        units = next((units for form, units in _UNIT_ASKED[language] if form.search(folded)), None)
        best: Fact | None = None
        for number in np.argsort(-scores, kind="stable")[:20].tolist():
            fact = book.get(self._ids[number])
            if fact is None or not self._quotable[number] or (units and fact.unit not in units):
                continue
            if best is None:
                best, score = fact, float(scores[number])
                if not self._is_named(shares, number, score):
                    return None
            elif fact.render(language) != best.render(language):
                margin = score - float(scores[number])
                return _match(best, score, margin)
        return _match(best, score, SCORE_MIN) if best else None

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

    @staticmethod
    def _is_named(shares: _Shares, number: int, score: float) -> bool:
        return bool(
            score >= SCORE_MIN
            and shares.question[number] >= QUESTION_SHARE_MIN
            and shares.label[number] >= LABEL_SHARE_MIN
        )


class _Shares(NamedTuple):
    """Per row: the share of the question it explains, the share of its label that is named, and both with the rest."""

    question: Floats
    label: Floats
    score: Floats


def _match(fact: Fact, score: float, margin: float) -> RowMatch | None:
    if margin < MARGIN_MIN:
        return None
    return RowMatch(fact, min(0.98, 0.5 + 0.3 * (score - SCORE_MIN) + 0.3 * margin))
