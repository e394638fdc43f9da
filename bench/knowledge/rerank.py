"""A second look at the best six: tried, measured here, and not in the product, because it does not help both languages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.knowledge.rankers import LISTED, Rank
from tellerline.domain.language import Language
from tellerline.knowledge.ask import cosine, share, share_in
from tellerline.knowledge.exam import Question
from tellerline.knowledge.retrieve import Ranking, Retriever
from tellerline.models.contract import SentenceEncoder

DEPTH = 6
_PENALTY = 5.0
_TOP = 3

Features = NDArray[np.float64]


class Reranker:
    """Weighs, for the best few, what the first ranking does not: coverage, agreement of several asks, single passages."""

    def __init__(self, retriever: Retriever, language: Language, encoder: SentenceEncoder) -> None:
        self._retriever, self._language, self._encoder = retriever, language, encoder
        self._part = retriever.index.languages[language]
        self._weights: Features = np.zeros(0)
        self._mean: Features = np.zeros(0)
        self._spread: Features = np.ones(0)

    def fit(self, questions: Sequence[Question]) -> None:
        """Fit by conditional logit to questions with known articles."""
        judged = [(self._features(self._ranking(q.ask), q.ask), q) for q in questions]
        every = np.concatenate([features for (_, features), _ in judged])
        self._mean, self._spread = every.mean(0), every.std(0) + 1e-6
        cases = []
        for (ids, features), question in judged:
            right = np.array([identity in question.articles for identity in ids])
            if right.any() and not right.all():
                cases.append(((features - self._mean) / self._spread, right))

        def loss(weights: Features) -> tuple[float, Features]:
            total, gradient = _PENALTY * float(weights @ weights) / 2, _PENALTY * weights
            for features, right in cases:
                likely = np.exp(features @ weights - (features @ weights).max())
                likely /= likely.sum()
                among = likely * right / (likely[right].sum() + 1e-12)
                total -= float(np.log(likely[right].sum() + 1e-12))
                gradient = gradient - (among - likely) @ features
            return total, gradient

        self._weights = minimize(loss, np.zeros(every.shape[1]), jac=True, method="L-BFGS-B").x

    def rank(self, question: str) -> list[str]:
        """Return the articles, the best few in the order of the second look."""
        ranking = self._ranking(question)
        ids, features = self._features(ranking, question)
        order = np.argsort(-((features - self._mean) / self._spread) @ self._weights, kind="stable")
        rest = self._retriever.articles(ranking, LISTED)[DEPTH:]
        return [ids[n] for n in order] + rest

    def _ranking(self, question: str) -> Ranking:
        return self._retriever.rank(question, self._language)

    def _features(self, ranking: Ranking, question: str) -> tuple[list[str], Features]:
        part, asked, families = self._part, ranking.asked, self._part.families
        vector = self._encoder.encode([question])[0]
        by_ask = [cosine(families["ask_gram"], asked.grams), cosine(families["ask_word"], asked.tokens)]
        by_ask.append(part.meaning.ask @ vector)
        by_passage = [
            share(families["passage"], asked.tokens),
            cosine(families["passage_heading"], asked.tokens),
        ]
        by_passage += [cosine(families["passage_gram"], asked.grams), part.meaning.passage @ vector]
        rows = []
        for number in ranking.order[:DEPTH].tolist():
            asks = slice(part.ask_start[number], part.ask_start[number] + part.meta.asks[number])
            passages = slice(
                part.passage_start[number], part.passage_start[number] + part.meta.passages[number]
            )
            rows.append(
                [
                    float(ranking.scores[number]),
                    *ranking.evidence[number],
                    share_in(families["article"], number, asked.literal),
                    share_in(families["article"], number, asked.concepts),
                    *(float(np.sort(values[asks])[-_TOP:].mean()) for values in by_ask),
                    *(float(values[passages].max()) for values in by_passage),
                ]
            )
        return [part.meta.articles[n] for n in ranking.order[:DEPTH].tolist()], np.array(rows, np.float64)


def reranked(
    retriever: Retriever, language: Language, encoder: SentenceEncoder, questions: Sequence[Question]
) -> Rank:
    """Rank as the product does, then take the second look."""
    reranker = Reranker(retriever, language, encoder)
    reranker.fit(questions)
    return reranker.rank
