"""What is counted: accuracy, macro-F1, telling what lies outside, and whether probabilities can be believed."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
KEPT_SHARE = 0.95
_Z = 1.96
_BINS = 15


def accuracy_interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95% interval of a share (Wilson)."""
    if not count:
        return 0.0, 1.0
    share = right / count
    centre = share + _Z**2 / (2 * count)
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    scale = 1 + _Z**2 / count
    return (centre - spread) / scale, (centre + spread) / scale


def macro_f1(truth: Labels, said: Labels) -> float:
    """Return the mean F1 of the labels that occur in the truth."""
    scores = []
    for label in np.unique(truth):
        hit = int(((truth == label) & (said == label)).sum())
        scores.append(2 * hit / int((truth == label).sum() + (said == label).sum()))
    return float(np.mean(scores))


def micro_f1(truth: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]) -> float:
    """Return F1 over all decisions of a multi-label task."""
    return 2 * float((truth & said).sum()) / float(truth.sum() + said.sum())


def area_under_curve(inside: Floats, outside: Floats) -> float:
    """Return the share of pairs in which the message inside scores higher (AUROC); ties count half."""
    ordered = np.sort(inside)
    below = np.searchsorted(ordered, outside, side="left")
    equal = np.searchsorted(ordered, outside, side="right") - below
    return float(1 - (below + equal / 2).mean() / len(inside))


def recall_outside(inside: Floats, outside: Floats) -> float:
    """Return the share of `outside` turned away by the threshold that keeps 95% of `inside`.

    A threshold that is to be used must come from `inside` rows that are not the ones quoted: see `threshold`.
    """
    return float((outside < threshold(inside)).mean())


def threshold(inside: Floats) -> float:
    """Return the score that 95% of messages inside reach."""
    return float(np.quantile(inside, 1 - KEPT_SHARE))


def calibration_error(sureness: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error of the best label's probability, 15 bins of equal width."""
    bins = np.minimum((sureness * _BINS).astype(int), _BINS - 1)
    total = 0.0
    for place in range(_BINS):
        chosen = bins == place
        if chosen.any():
            total += float(chosen.mean()) * abs(float(sureness[chosen].mean()) - float(right[chosen].mean()))
    return total
