"""The numeric part of training: linear machines over sparse vectors, judged on examples they have not seen.

The only module that needs scikit-learn and SciPy; it is imported when a model is trained, never when one is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from tellerline.understanding.vector import Floats, Indices, Vectors

Labels = npt.NDArray[np.int64]

FOLDS = 5
SEED = 20261101
WRONGLY_OUTSIDE_MAX = 0.03
_SVM_C = 1.0
_LIKELY = 0.5
_NEVER = -3.0  # margin of an intent without examples


class Machines(NamedTuple):
    """One linear machine per intent: weights [features, intents], biases, and what makes margins probabilities."""

    weights: Floats
    bias: Floats
    scale: float


class Fitter:
    """Trains machines over one vocabulary; a text that several of them learn from becomes a vector once."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._known: dict[str, tuple[Indices, Floats]] = {}

    def intents(self, texts: Sequence[str], labels: Labels, count: int, outside: int) -> Machines:
        """Train the intents, `count` of them; `outside` is the place of out_of_scope."""
        matrix = self.matrix(texts)
        weights, bias = _fit(matrix, labels, count)
        unseen = _cross_validated(matrix, labels, count)
        lead = _outside_lead(unseen, labels, outside)
        bias[outside] += lead
        unseen[:, outside] += lead
        return Machines(weights, bias, _best_scale(unseen, labels))

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Return the vectors of texts as rows."""
        rows = [self._vector(text) for text in texts]
        starts = np.cumsum([0, *(len(indices) for indices, _ in rows)])
        indices = np.concatenate([indices for indices, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, indices, starts), shape=(len(rows), len(self._vectors.vocabulary)))

    def _vector(self, text: str) -> tuple[Indices, Floats]:
        if text not in self._known:
            self._known[text] = self._vectors.vector(text)
        return self._known[text]


def _fit(matrix: csr_matrix, labels: Labels, count: int) -> tuple[Floats, Floats]:
    machine = LinearSVC(C=_SVM_C, random_state=SEED).fit(matrix, labels)
    weights = np.zeros((matrix.shape[1], count), np.float32)
    bias = np.full(count, _NEVER, np.float32)
    weights[:, machine.classes_] = machine.coef_.T
    bias[machine.classes_] = machine.intercept_
    return weights, bias


def folds(labels: Labels) -> list[tuple[Labels, Labels]]:
    """Return pairs of places: of the examples to train on, and of those to judge by."""
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(splitter.split(np.zeros(len(labels)), labels))


def _cross_validated(matrix: csr_matrix, labels: Labels, count: int) -> Floats:
    """Return for every example the margins of machines that have not seen it."""
    margins = np.zeros((len(labels), count), np.float32)
    for seen, unseen in folds(labels):
        weights, bias = _fit(matrix[seen], labels[seen], count)
        margins[unseen] = matrix[unseen] @ weights + bias
    return margins


def _best_scale(margins: Floats, labels: Labels) -> float:
    """Return the scale at which unseen examples that are said to be likely (0.5 and up) are right as often as said.

    The likeliest scale is a little larger, and boastful where decisions are made: of "0.98" nine in ten were right.
    """

    def gap(scale: float) -> float:
        logits = scale * (margins - margins.max(axis=1, keepdims=True))
        best = 1 / np.exp(logits).sum(axis=1)
        likely = best >= _LIKELY
        right = margins.argmax(axis=1) == labels
        return abs(float(best[likely].mean() - right[likely].mean())) if likely.any() else 1.0

    return float(min(np.arange(1.0, 12.01, 0.1), key=gap))


def _outside_lead(margins: Floats, labels: Labels, outside: int) -> float:
    """Return what to add to the margin of out_of_scope.

    Its examples can show only a little of what lies outside a bank's business, so it would win too seldom. It is raised
    until it takes away `WRONGLY_OUTSIDE_MAX` of the other examples. (Similarity to the nearest example was tried as a
    second signal: on questions of another data set it added nothing to the margins.)
    """
    others = margins[labels != outside]
    lead = np.delete(others, outside, axis=1).max(axis=1) - others[:, outside]
    return max(0.0, float(np.quantile(lead, WRONGLY_OUTSIDE_MAX)))
