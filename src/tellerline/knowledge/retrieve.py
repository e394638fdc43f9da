"""Finding the articles that may answer a question, and how sure that is.

Every family of the index gives each article a number between 0 and about 1; their weighted sum ranks the articles, and
a logistic function of the best one's evidence says how probably it answers. Weights and calibration come from the
pack's own exam questions (fit.py).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tellerline.domain.language import Language
from tellerline.knowledge.analyse import CONCEPT, Analyser, Analysis
from tellerline.knowledge.index import Floats, Index, Ints, LanguageIndex, Postings
from tellerline.knowledge.terms import fold

EVIDENCE = ("words", "concepts", "ask_gram", "ask_word", "ask_concept", "title", "lead_gram", "passage")
CALIBRATED_BY = ("bias", "score", "margin", "coverage", "ask_gram", "ask_concept", "elsewhere")


class Hit(NamedTuple):
    """An article found. `score` ranks within one question; `probability` is calibrated, for the best hit only."""

    article: str
    score: float
    probability: float


class Ranking(NamedTuple):
    """All articles in force judged for one question. `evidence`: float32[articles, len(EVIDENCE)]."""

    language: Language
    analysis: Analysis
    evidence: Floats
    scores: Floats
    order: NDArray[np.intp]
    passages: Floats
    probability: float
    grounds: list[float]


class Retriever:
    """Ranks articles of the index."""

    def __init__(self, index: Index, analyser: Analyser) -> None:
        self.index = index
        self.analyser = analyser

    def rank(self, question: str, language: Language, allowed: NDArray[np.bool_] | None = None) -> Ranking:
        """Judge every article in `language` for `question`; those that `allowed` leaves out come last, with score -1."""
        part = self.index.languages[language]
        analysis = self.analyser.analyse(question, language)
        evidence, passages, seen = _evidence(part, analysis)
        scores = evidence @ np.asarray(part.meta.weights, np.float32)
        if allowed is not None:
            scores = np.where(allowed, scores, np.float32(-1))
        order = np.argsort(-scores, kind="stable")
        elsewhere = self.analyser.terms.is_elsewhere(fold(question))
        grounds = _grounds(evidence, scores, order, seen, elsewhere=elsewhere)
        probability = _logistic(sum(a * b for a, b in zip(part.meta.calibration, grounds, strict=True)))
        if not analysis.words or scores[order[0]] <= 0:
            probability = 0.0
        return Ranking(language, analysis, evidence, scores, order, passages, probability, grounds)

    def hits(self, ranking: Ranking, limit: int) -> list[Hit]:
        """Return the best articles of a ranking."""
        ids = self.index.languages[ranking.language].meta.articles
        found = []
        for place, number in enumerate(ranking.order[:limit]):
            score = float(ranking.scores[number])
            if score > 0:
                found.append(Hit(ids[number], score, ranking.probability if place == 0 else 0.0))
        return found


class _Bag(NamedTuple):
    """The features of a question that texts have, how strongly it has them (1 + log count), and the same for all others."""

    ids: Ints
    strength: Floats
    unknown: Floats


def _bag(tokens: Sequence[str], ids: Mapping[str, int]) -> _Bag:
    counts = Counter(tokens)
    known = [(ids[token], count) for token, count in counts.items() if token in ids]
    unknown = [count for token, count in counts.items() if token not in ids]
    return _Bag(
        np.array([feature for feature, _ in known], np.int32),
        _strength([count for _, count in known]),
        _strength(unknown),
    )


def _strength(counts: list[int]) -> Floats:
    return np.log(np.array(counts, np.float32)) + 1


def _evidence(part: LanguageIndex, analysis: Analysis) -> tuple[Floats, Floats, float]:
    """Return evidence per article, score per passage, and the share of the question that any article has words for."""
    families, words = part.families, part.word_ids
    literal, concepts = _bag(analysis.words, words), _bag(analysis.concepts, words)
    tokens = _Bag(
        np.concatenate([literal.ids, concepts.ids]),
        np.concatenate([literal.strength, concepts.strength]),
        np.concatenate([literal.unknown, concepts.unknown]),
    )
    grams = _bag(analysis.grams, part.gram_ids)
    article = families["article"]
    mass = float(article.idf[tokens.ids].sum()) + len(tokens.unknown) * article.unseen or 1.0
    passages = _share(families["passage"], tokens)
    asks = part.ask_start
    columns = (
        article.score(literal.ids, article.idf[literal.ids] / mass),
        article.score(concepts.ids, article.idf[concepts.ids] / mass),
        np.maximum.reduceat(_cosine(families["ask_gram"], grams), asks),
        np.maximum.reduceat(_cosine(families["ask_word"], tokens), asks),
        np.maximum.reduceat(_cosine(families["ask_concept"], concepts), asks),
        _cosine(families["title"], tokens),
        _cosine(families["lead_gram"], grams),
        np.maximum.reduceat(passages, part.passage_start),
    )
    seen = float(article.idf[tokens.ids].sum()) / mass
    return np.stack(columns, axis=1), passages, seen


def _share(family: Postings, bag: _Bag) -> Floats:
    """Return the BM25 score of every text as a share of the weight that the question's features have."""
    values = family.idf[bag.ids]
    mass = float(values.sum()) + len(bag.unknown) * family.unseen or 1.0
    return family.score(bag.ids, values / mass)


def _cosine(family: Postings, bag: _Bag) -> Floats:
    """Return the cosine of the bag with every text of the family."""
    values = bag.strength * family.idf[bag.ids]
    square = float(values @ values) + float(bag.unknown @ bag.unknown) * family.unseen**2
    return family.score(bag.ids, values / (math.sqrt(square) or 1.0))


def _grounds(
    evidence: Floats, scores: Floats, order: NDArray[np.intp], seen: float, *, elsewhere: bool
) -> list[float]:
    """Return what the calibration judges the best article by, in the order of CALIBRATED_BY."""
    best = order[0]
    margin = float(scores[best] - scores[order[1]]) if len(order) > 1 else float(scores[best])
    row = dict(zip(EVIDENCE, evidence[best].tolist(), strict=True))
    return [
        1.0, float(scores[best]), margin, seen, row["ask_gram"], row["ask_concept"], float(elsewhere),
    ]  # fmt: skip


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
