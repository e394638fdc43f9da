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
from tellerline.knowledge.analyse import Analyser, Analysis
from tellerline.knowledge.index import Floats, Index, Ints, LanguageIndex, Postings, Subject
from tellerline.knowledge.terms import fold

EVIDENCE = ("words", "concepts", "ask_gram", "ask_word", "ask_concept", "title", "lead_gram", "passage")
CALIBRATED_BY = (
    "bias", "score", "margin", "known", "covered", "covered_concepts", "length", "elsewhere", "subject", *EVIDENCE,
)  # fmt: skip


class Ranking(NamedTuple):
    """All articles judged for one question.

    evidence: float32[articles, len(EVIDENCE)]; scores: its weighted sum, -1 for an article left out; order: best first.
    passages: float32[passages]. probability: that the best article answers; grounds: see CALIBRATED_BY.
    """

    language: Language
    analysis: Analysis
    evidence: Floats
    scores: Floats
    order: NDArray[np.intp]
    passages: Floats
    probability: float
    grounds: list[float]


class Retriever:
    """Ranks the articles of an index."""

    def __init__(self, index: Index, analyser: Analyser) -> None:
        self.index = index
        self.analyser = analyser

    def rank(self, question: str, language: Language, allowed: NDArray[np.bool_] | None = None) -> Ranking:
        """Judge every article in `language` for `question`, except those that `allowed` leaves out."""
        part = self.index.languages[language]
        analysis = self.analyser.analyse(question, language)
        asked = _ask(analysis, part)
        evidence, passages = _evidence(part, asked)
        scores = evidence @ np.asarray(part.meta.weights, np.float32)
        if allowed is not None:
            scores = np.where(allowed, scores, np.float32(-1))
        order = np.argsort(-scores, kind="stable")
        elsewhere = self.analyser.terms.is_elsewhere(fold(question))
        grounds = _grounds(part, asked, evidence, scores, order, elsewhere=elsewhere)
        probability = 0.0
        if analysis.tokens and scores[order[0]] > 0:
            probability = _logistic(sum(a * b for a, b in zip(part.meta.calibration, grounds, strict=True)))
        return Ranking(language, analysis, evidence, scores, order, passages, probability, grounds)

    def subject_vector(self, question: str, language: Language) -> SubjectVector:
        """Return `question` as the subject model sees it."""
        part = self.index.languages[language]
        return _subject_vector(part, _ask(self.analyser.analyse(question, language), part))

    def articles(self, ranking: Ranking, limit: int) -> list[str]:
        """Return the ids of the best articles of a ranking, best first."""
        ids = self.index.languages[ranking.language].meta.articles
        return [ids[number] for number in ranking.order[:limit] if ranking.scores[number] > 0]


class _Bag(NamedTuple):
    """Features of a question: those that texts have, how strongly it has them (1 + log count), and that of all others."""

    ids: Ints
    strength: Floats
    unknown: Floats

    def plus(self, other: _Bag) -> _Bag:
        return _Bag(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))


class _Asked(NamedTuple):
    """A question as features of an index. `mass`: weight of all its words and concepts; `known`: share that texts have."""

    literal: _Bag
    concepts: _Bag
    tokens: _Bag
    grams: _Bag
    mass: float
    known: float


def _bag(tokens: Sequence[str], ids: Mapping[str, int]) -> _Bag:
    counts = Counter(tokens)
    known = [(ids[token], count) for token, count in counts.items() if token in ids]
    unknown = [count for token, count in counts.items() if token not in ids]
    strength = _strength([count for _, count in known])
    return _Bag(np.array([feature for feature, _ in known], np.int32), strength, _strength(unknown))


def _strength(counts: list[int]) -> Floats:
    return np.log(np.array(counts, np.float32)) + 1


def _ask(analysis: Analysis, part: LanguageIndex) -> _Asked:
    literal = _bag(analysis.words, part.word_ids)
    concepts = _bag(analysis.concepts, part.word_ids)
    tokens = literal.plus(concepts)
    article = part.families["article"]
    idf = article.idf[tokens.ids]
    mass = float(idf.sum()) + len(tokens.unknown) * article.unseen or 1.0
    held = article.start[tokens.ids + 1] > article.start[tokens.ids]
    known = float(idf[held].sum()) / mass
    return _Asked(literal, concepts, tokens, _bag(analysis.grams, part.gram_ids), mass, known)


def _evidence(part: LanguageIndex, asked: _Asked) -> tuple[Floats, Floats]:
    """Return the evidence per article, in the order of EVIDENCE, and the score per passage."""
    families, asks = part.families, part.ask_start
    article, passage = families["article"], families["passage"]
    passage_mass = float(passage.idf[asked.tokens.ids].sum()) + len(asked.tokens.unknown) * passage.unseen or 1.0
    passages = passage.score(asked.tokens.ids, passage.idf[asked.tokens.ids] / passage_mass)
    columns = (
        article.score(asked.literal.ids, article.idf[asked.literal.ids] / asked.mass),
        article.score(asked.concepts.ids, article.idf[asked.concepts.ids] / asked.mass),
        np.maximum.reduceat(_cosine(families["ask_gram"], asked.grams), asks),
        np.maximum.reduceat(_cosine(families["ask_word"], asked.tokens), asks),
        np.maximum.reduceat(_cosine(families["ask_concept"], asked.concepts), asks),
        _cosine(families["title"], asked.tokens),
        _cosine(families["lead_gram"], asked.grams),
        np.maximum.reduceat(passages, part.passage_start),
    )
    return np.stack(columns, axis=1), passages


def _cosine(family: Postings, bag: _Bag) -> Floats:
    """Return the cosine of the bag with every text of the family."""
    return family.score(bag.ids, _normal(family, bag))


def _normal(family: Postings, bag: _Bag) -> Floats:
    """Return the bag's features weighted by the family's idf, as part of a vector of length 1."""
    values = bag.strength * family.idf[bag.ids]
    square = float(values @ values) + float(bag.unknown @ bag.unknown) * family.unseen**2
    return values / np.float32(math.sqrt(square) or 1.0)


class SubjectVector(NamedTuple):
    """A question as the subject model sees it."""

    words: Ints
    word_values: Floats
    grams: Ints
    gram_values: Floats

    def under(self, subject: Subject, bias: float) -> float:
        """Return how far the question is on the bank's side of the model; 0 is the border."""
        return (
            bias
            + float(subject.word[self.words] @ self.word_values)
            + float(subject.gram[self.grams] @ self.gram_values)
        )


def _subject_vector(part: LanguageIndex, asked: _Asked) -> SubjectVector:
    families = part.families
    return SubjectVector(
        asked.tokens.ids,
        _normal(families["ask_word"], asked.tokens),
        asked.grams.ids,
        _normal(families["ask_gram"], asked.grams),
    )


def _grounds(
    part: LanguageIndex, asked: _Asked, evidence: Floats, scores: Floats, order: NDArray[np.intp], *, elsewhere: bool
) -> list[float]:
    """Return what the calibration judges the best article by, in the order of CALIBRATED_BY."""
    best = int(order[0])
    second = float(scores[order[1]]) if len(order) > 1 else 0.0
    return [
        1.0,
        float(scores[best]),
        float(scores[best]) - second,
        asked.known,
        _share_in(part.families["article"], best, asked.literal),
        _share_in(part.families["article"], best, asked.concepts),
        math.log1p(len(asked.literal.ids) + len(asked.literal.unknown)),
        float(elsewhere),
        _subject_vector(part, asked).under(part.subject, part.meta.subject_bias),
        *evidence[best].tolist(),
    ]


def _share_in(family: Postings, text: int, bag: _Bag) -> float:
    """Return the share, by idf, of the bag's features that `text` has."""
    total = float(family.idf[bag.ids].sum()) + len(bag.unknown) * family.unseen
    present = [feature for feature in bag.ids.tolist() if family.has(feature, text)]
    return float(family.idf[present].sum()) / total if present else 0.0


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
