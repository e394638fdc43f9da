"""Training heads: flags and affects, each a linear machine over the features of a text.

Needs scikit-learn and SciPy; it is imported when a model is trained, never when one is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from tellerline.understanding.fitting import SEED, Labels, folds
from tellerline.understanding.vector import Floats

# Of unseen negatives, one by one; a message is also judged clause by clause, which makes it about 1% of messages.
FALSE_ALARM_MAX = 0.006
_SVM_C = 1.0
_STEEPNESS = 1.7  # positives one standard deviation above the threshold come out near 0.85


class Head(NamedTuple):
    """A binary classifier: weights over the features, and how its margin becomes a probability."""

    weights: Floats
    bias: float
    slope: float
    shift: float


def fit_head(
    matrix_of: Callable[[Sequence[str]], csr_matrix], positive: Sequence[str], negative: Sequence[str]
) -> Head:
    """Train a flag: 0.5 becomes the point that `FALSE_ALARM_MAX` of unseen negatives reach.

    matrix_of: makes texts a matrix [texts, features].
    """
    matrix = matrix_of([*positive, *negative])
    labels = np.array([1] * len(positive) + [0] * len(negative))
    weights, bias = _fit(matrix, labels)
    margins = np.zeros(len(labels), np.float32)
    for seen, unseen in folds(labels):
        fold_weights, fold_bias = _fit(matrix[seen], labels[seen])
        margins[unseen] = matrix[unseen] @ fold_weights + fold_bias
    threshold = float(np.quantile(margins[labels == 0], 1 - FALSE_ALARM_MAX))
    slope = _STEEPNESS / (float(np.std(margins[labels == 1])) or 1.0)
    return Head(weights, bias, slope, -slope * threshold)


def _fit(matrix: csr_matrix, labels: Labels) -> tuple[Floats, float]:
    machine = LinearSVC(C=_SVM_C, class_weight="balanced", random_state=SEED).fit(matrix, labels)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
