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
# Of unseen negatives, one by one; a message is also judged clause by clause, which makes it about 1% of messages.
FALSE_ALARM_MAX = 0.006
WRONGLY_OUTSIDE_MAX = 0.03
_SVM_C = 1.0
_LIKELY = 0.5
_NEVER = -3.0  # margin of an intent without examples
_STEEPNESS = 1.7  # of a head: positives one standard deviation above the threshold come out near 0.85


class Machines(NamedTuple):
    """One linear machine per intent: weights [features, intents], biases, and what makes margins probabilities."""

    weights: Floats
    bias: Floats
    scale: float


class Head(NamedTuple):
    """A binary classifier: weights over the features, and how its margin becomes a probability."""

    weights: Floats
    bias: float
    slope: float
    shift: float


class Fitter:
    """Trains machines over one vocabulary; a text that several of them learn from becomes a vector once."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._known: dict[str, tuple[Indices, Floats]] = {}

    def intents(self, texts: Sequence[str], labels: Labels, count: int, outside: int) -> Machines:
        """Train the intents, `count` of them; `outside` is the place of out_of_scope."""
        matrix = self._matrix(texts)
        weights, bias = _fit(matrix, labels, count)
        unseen = _cross_validated(matrix, labels, count)
        lead = _outside_lead(unseen, labels, outside)
        bias[outside] += lead
        unseen[:, outside] += lead
        return Machines(weights, bias, _best_scale(unseen, labels))

    def head(self, positive: Sequence[str], negative: Sequence[str]) -> Head:
        """Train a flag: 0.5 becomes the point that `FALSE_ALARM_MAX` of unseen negatives reach."""
        matrix = self._matrix([*positive, *negative])
        labels = np.array([1] * len(positive) + [0] * len(negative))
        weights, bias = _fit_binary(matrix, labels)
        margins = np.zeros(len(labels), np.float32)
        for seen, unseen in _folds(labels):
            fold_weights, fold_bias = _fit_binary(matrix[seen], labels[seen])
            margins[unseen] = matrix[unseen] @ fold_weights + fold_bias
        threshold = float(np.quantile(margins[labels == 0], 1 - FALSE_ALARM_MAX))
        slope = _STEEPNESS / (float(np.std(margins[labels == 1])) or 1.0)
        return Head(weights, bias, slope, -slope * threshold)

    def _matrix(self, texts: Sequence[str]) -> csr_matrix:
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


def _fit_binary(matrix: csr_matrix, labels: Labels) -> tuple[Floats, float]:
    machine = LinearSVC(C=_SVM_C, class_weight="balanced", random_state=SEED).fit(matrix, labels)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])


def _folds(labels: Labels) -> list[tuple[Labels, Labels]]:
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(splitter.split(np.zeros(len(labels)), labels))


def _cross_validated(matrix: csr_matrix, labels: Labels, count: int) -> Floats:
    """Return for every example the margins of machines that have not seen it."""
    margins = np.zeros((len(labels), count), np.float32)
    for seen, unseen in _folds(labels):
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
