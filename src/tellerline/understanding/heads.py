"""Training heads: flags and affects, each a linear machine over the features of a text.

Needs scikit-learn and SciPy; it is imported when a model is trained, never when one is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from tellerline.understanding.fitting import SEED, Labels
from tellerline.understanding.vector import Floats

# Of unseen negatives, one by one; a message is also judged clause by clause, which makes it about 1% of messages.
FALSE_ALARM_MAX = 0.006
_SVM_C = 1.0
_FOLDS = 3
_SLOPE_MIN = 1.0


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

    Above and below it the log-odds are those of a logistic curve over the margins of unseen examples, positives and
    negatives counting alike.
    matrix_of: makes texts a matrix [texts, features].
    """
    matrix = matrix_of([*positive, *negative])
    labels = np.array([1] * len(positive) + [0] * len(negative))
    weights, bias = _fit(matrix, labels)
    margins = np.zeros(len(labels), np.float32)
    splitter = StratifiedKFold(_FOLDS, shuffle=True, random_state=SEED)
    for seen, unseen in splitter.split(margins, labels):
        fold_weights, fold_bias = _fit(matrix[seen], labels[seen])
        margins[unseen] = matrix[unseen] @ fold_weights + fold_bias
    threshold = float(np.quantile(margins[labels == 0], 1 - FALSE_ALARM_MAX))
    curve = LogisticRegression(class_weight="balanced").fit(margins[:, None], labels)
    slope = max(_SLOPE_MIN, float(curve.coef_[0, 0]))
    return Head(weights, bias, slope, -slope * threshold)


def _fit(matrix: csr_matrix, labels: Labels) -> tuple[Floats, float]:
    machine = LinearSVC(C=_SVM_C, tol=1e-2, class_weight="balanced", random_state=SEED).fit(matrix, labels)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
