"""How sure an intent is, and whether any is meant at all: decided from margins together with nearness to examples."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from tellerline.understanding.vector import Floats

Places = npt.NDArray[np.int64]
_LIKELY = 0.5
_BEHIND = 0.99


class Sureness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two judgements over the margins of one text, each a logistic curve.

    outside: place of out_of_scope. scale: margins of the intents times this are log-odds between them.
    right:   weights of (best margin, its lead over the next, nearness to the best intent's prototypes) and a constant:
             whether the best intent is what is meant. Learned on examples not trained on, and on those of intents withheld.
    beyond:  weights of (lead of out_of_scope over the best intent, nearness to it, nearness to out_of_scope) and a constant:
             whether the text lies outside the bank's business.
    """

    outside: int
    scale: float
    right: list[float]
    beyond: list[float]

    def evidence(self, margins: Floats, nearness: Floats) -> tuple[Floats, Floats, Places]:
        """Return what `right` and `beyond` weigh, float32[n, 3] each, and the best intent inside of each text."""
        return evidence(margins, nearness, self.outside)

    def probabilities(self, margins: Floats, nearness: Floats) -> Floats:
        """Return float32[n, intents], each row a distribution, of margins and nearness of the same shape."""
        for_right, for_beyond, best = self.evidence(margins, nearness)
        right, beyond = logistic(for_right, self.right), logistic(for_beyond, self.beyond)
        rows = np.arange(len(margins))
        shares = _with_best(_inside_shares(margins, self.outside, self.scale), rows, best, right)
        # What is more likely inside than not is ranked inside, however unsure it is which intent is meant.
        top = shares[rows, best]
        beyond = np.where(beyond < _LIKELY, np.minimum(beyond, _BEHIND * top / (1 + top)), beyond)
        shares *= (1 - beyond)[:, None]
        shares[:, self.outside] = beyond
        return shares.astype(np.float32)


def evidence(margins: Floats, nearness: Floats, outside: int) -> tuple[Floats, Floats, Places]:
    """See `Sureness.evidence`."""
    inside = margins.copy()
    inside[:, outside] = -np.inf
    rows = np.arange(len(inside))
    best = inside.argmax(axis=1)
    first = inside[rows, best]
    inside[rows, best] = -np.inf
    second = inside.max(axis=1)
    second = np.where(np.isfinite(second), second, first)
    near = nearness[rows, best]
    for_right = np.column_stack([first, first - second, near])
    for_beyond = np.column_stack([margins[:, outside] - first, near, nearness[:, outside]])
    return for_right, for_beyond, best


def nearness(meanings: Floats, prototypes: Floats, owners: Places, count: int) -> Floats:
    """Return float32[n, count]: the cosine with the nearest prototype of each intent; -1 where there is none."""
    near = np.full((len(meanings), count), -1.0, np.float32)
    if len(owners):
        starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
        near[:, owners[starts]] = np.maximum.reduceat(meanings @ prototypes.T, starts, axis=1)
    return near


def logistic(rows: Floats, weights: list[float]) -> Floats:
    """Return the probability of each row of evidence; the last weight is the constant."""
    odds = rows @ np.array(weights[:-1], np.float32) + np.float32(weights[-1])
    result: Floats = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return result


def _inside_shares(margins: Floats, outside: int, scale: float) -> Floats:
    logits = scale * margins
    logits[:, outside] = -np.inf
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = raised / raised.sum(axis=1, keepdims=True)
    return result


def _with_best(shares: Floats, rows: Places, best: Places, right: Floats) -> Floats:
    """Give the best intent its probability without changing the order: the others grow alike, or all draw together."""
    count = shares.shape[1] - 1  # out_of_scope has no share here
    top = shares[rows, best]
    even = np.float32(1 / max(count, 1))
    right = np.maximum(right, even)
    drawn = np.where(right < top, (right - even) / np.maximum(top - even, 1e-6), 1.0)
    result = drawn[:, None] * shares + ((1 - drawn) * even)[:, None]
    grown = (1 - right) / np.maximum(1 - top, 1e-6)
    result = np.where((right >= top)[:, None], shares * grown[:, None], result)
    result[rows, best] = right
    return result.astype(np.float32)
