"""Fitting the search to a pack's own questions: how much each kind of evidence weighs, and what a score is worth.

The weights maximise the likelihood of the expected article among all (conditional logit, weights not negative); the
calibration is a logistic regression of "the best article answers" on the grounds that retrieve.py names. Both are convex,
so the same pack always gives the same index.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from tellerline.domain.language import Language
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.exam import QuestionSet, RetrievalExam
from tellerline.knowledge.index import Index
from tellerline.knowledge.retrieve import Ranking, Retriever

QUESTIONS_MIN = 50  # with fewer, the defaults are better
THRESHOLD = 0.5
_WEIGHT_PENALTY = 0.3
_CALIBRATION_STRENGTH = 1.0
_FOLDS = 5

Matrix = NDArray[np.float64]


class _Case(NamedTuple):
    """A question's evidence, and which articles answer it (none when it is unanswerable)."""

    evidence: Matrix
    expected: NDArray[np.bool_]


def fit_index(index: Index, analyser: Analyser, exams: dict[Language, RetrievalExam]) -> Index:
    """Fit the index to the `dev` questions of each language that has enough of them. `index` is changed in place."""
    retriever = Retriever(index, analyser)
    for language, exam in exams.items():
        if len(exam.dev.answerable) < QUESTIONS_MIN:
            continue
        meta = index.languages[language].meta
        meta.weights = _fit_weights(_cases(retriever, language, exam.dev)).tolist()
        rankings, right = _judged(retriever, language, exam.dev)
        if any(right) and not all(right):
            meta.calibration = _fit_calibration(rankings, right)
    return index._replace(threshold=THRESHOLD)


def _cases(retriever: Retriever, language: Language, questions: QuestionSet) -> list[_Case]:
    position = retriever.index.languages[language].position
    cases = []
    for question in questions.answerable:
        evidence = retriever.rank(question.ask, language).evidence.astype(np.float64)
        expected = np.zeros(len(evidence), np.bool_)
        expected[[position[article] for article in question.articles if article in position]] = True
        if expected.any():
            cases.append(_Case(evidence, expected))
    return cases


def _fit_weights(cases: Sequence[_Case]) -> Matrix:
    """Return the weights under which the expected articles are likeliest."""
    size = cases[0].evidence.shape[1]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, gradient = _WEIGHT_PENALTY * float(weights @ weights) / 2, _WEIGHT_PENALTY * weights
        for case in cases:
            scores = case.evidence @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            among = likely * case.expected
            share = float(among.sum()) + 1e-12
            total -= math.log(share)
            gradient = gradient - (among / share - likely) @ case.evidence
        return total, gradient

    found = minimize(loss, np.ones(size), jac=True, method="L-BFGS-B", bounds=[(0, None)] * size)
    return np.asarray(np.round(found.x, 4))


def _judged(
    retriever: Retriever, language: Language, questions: QuestionSet
) -> tuple[list[Ranking], list[bool]]:
    """Rank every question of the set, and tell whether the best article answers it."""
    rankings, right = [], []
    asked = [(question.ask, question.articles) for question in questions.answerable]
    for ask, expected in [*asked, *((ask, list[str]()) for ask in questions.unanswerable)]:
        ranking = retriever.rank(ask, language)
        hits = retriever.hits(ranking, 1)
        rankings.append(ranking)
        right.append(bool(hits) and hits[0].article in expected)
    return rankings, right


def _fit_calibration(rankings: Sequence[Ranking], right: Sequence[bool]) -> list[float]:
    grounds = np.array([ranking.grounds for ranking in rankings])
    model = LogisticRegression(C=_CALIBRATION_STRENGTH, fit_intercept=False, max_iter=2_000)
    model.fit(grounds, np.array(right))
    return [round(float(value), 4) for value in model.coef_[0]]
