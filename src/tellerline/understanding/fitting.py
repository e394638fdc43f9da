"""The numeric part of training: machines over letters and over meanings, judged on examples they have not seen.

The only module beside `heads` that needs scikit-learn and SciPy; it is imported when a model is trained, never when one is
used.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.sureness import Sureness, evidence, nearness
from tellerline.understanding.vector import Floats, Indices, Vectors

Labels = npt.NDArray[np.int64]

FOLDS = 5
SEED = 20261101
SHARES = (0.2, 0.3, 0.4, 0.5, 0.6)  # of letters in the fused margin; the rest is meaning
WRONGLY_OUTSIDE_MAX = 0.03
PROTOTYPES_MAX = 6  # per intent
_EXAMPLES_PER_PROTOTYPE = 6
_GROUPING_ROUNDS = 10
_SVM_C = 1.0
_LOGISTIC_C = 10.0
_LOGISTIC_ROUNDS = 60
_NEVER = -30.0  # margin of an intent without examples
# Of the weight of examples in learning what is right: those whose intent the machines do not know.
_WITHHELD_SHARE = 0.1
_SCALES = np.geomspace(0.2, 20.0, 60)


class Machines(NamedTuple):
    """What tells intents apart.

    lexical float32[features, intents], meaning float32[d, intents], bias float32[intents]: the margin is their sum.
    prototypes float32[n, d]: typical vectors; owners int64[n]: whose, ascending. sureness: margins to probabilities.
    """

    lexical: Floats
    meaning: Floats
    bias: Floats
    prototypes: Floats
    owners: Labels
    sureness: Sureness


class _Unseen(NamedTuple):
    """Per example what machines say that have not seen it: margins and nearness float32[n, intents]."""

    margins: Floats
    nearness: Floats
    lexical: Floats


class Fitter:
    """Trains machines; a text that several of them learn from becomes a vector once."""

    def __init__(self, vectors: Vectors, encoder: SentenceEncoder) -> None:
        self._vectors = vectors
        self._encoder = encoder
        self._known: dict[str, tuple[Indices, Floats]] = {}
        self._meanings: dict[str, Floats] = {}

    def intents(self, texts: Sequence[str], labels: Labels, count: int, outside: int) -> Machines:
        """Train the intents, `count` of them; `outside` is the place of out_of_scope."""
        matrix, meanings = self.matrix(texts), self.meanings(texts)
        lexical, lexical_bias = _fit_lexical(matrix, labels, count)
        meaning, meaning_bias = _fit_meaning(meanings, labels, count)
        unseen, share = _cross_validated(matrix, meanings, labels, count)
        withheld = _withheld(meanings, unseen.lexical * share, labels, count, outside)
        prototypes, owners = _prototypes(meanings, labels)
        return Machines(
            lexical * share,
            meaning,
            lexical_bias * share + meaning_bias,
            prototypes,
            owners,
            _sureness(unseen, withheld, labels, outside),
        )

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Return the vectors of letters of texts as rows."""
        rows = [self._vector(text) for text in texts]
        starts = np.cumsum([0, *(len(indices) for indices, _ in rows)])
        indices = np.concatenate([indices for indices, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, indices, starts), shape=(len(rows), len(self._vectors.vocabulary)))

    def meanings(self, texts: Sequence[str]) -> Floats:
        """Return the sentence vectors of texts as rows."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._meanings]
        self._meanings.update(zip(fresh, self._encoder.encode(fresh), strict=True))
        return np.array([self._meanings[text] for text in texts], np.float32)

    def joint(self, texts: Sequence[str]) -> csr_matrix:
        """Return letters and meaning side by side, both of length one: what a head learns from."""
        return csr_matrix(hstack([self.matrix(texts), csr_matrix(self.meanings(texts))]))

    def _vector(self, text: str) -> tuple[Indices, Floats]:
        if text not in self._known:
            self._known[text] = self._vectors.vector(text)
        return self._known[text]


def folds(labels: Labels) -> list[tuple[Labels, Labels]]:
    """Return pairs of places: of the examples to train on, and of those to judge by."""
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(splitter.split(np.zeros(len(labels)), labels))


def _fit_lexical(matrix: csr_matrix, labels: Labels, count: int) -> tuple[Floats, Floats]:
    return _spread(LinearSVC(C=_SVM_C, tol=1e-2, random_state=SEED).fit(matrix, labels), count)


def _fit_meaning(meanings: Floats, labels: Labels, count: int) -> tuple[Floats, Floats]:
    machine = LogisticRegression(C=_LOGISTIC_C, max_iter=_LOGISTIC_ROUNDS, tol=1e-3)
    with warnings.catch_warnings():  # further rounds change nothing that unseen examples show
        warnings.simplefilter("ignore", ConvergenceWarning)
        return _spread(machine.fit(meanings, labels), count)


def _spread(machine: LinearSVC | LogisticRegression, count: int) -> tuple[Floats, Floats]:
    """Return weights [features, count] and biases [count] of a trained machine; intents without examples never win."""
    weights = np.zeros((machine.coef_.shape[1], count), np.float32)
    bias = np.full(count, _NEVER, np.float32)
    both = len(machine.classes_) == 2  # one machine then tells them apart
    weights[:, machine.classes_] = (np.vstack([-machine.coef_, machine.coef_]) if both else machine.coef_).T
    bias[machine.classes_] = np.r_[-machine.intercept_, machine.intercept_] if both else machine.intercept_
    return weights, bias


def _cross_validated(
    matrix: csr_matrix, meanings: Floats, labels: Labels, count: int
) -> tuple[_Unseen, float]:
    """Return what machines say of examples they have not seen, and by what lexical margins are multiplied."""
    lexical, meaning, near = (np.zeros((len(labels), count), np.float32) for _ in range(3))
    for seen, unseen in folds(labels):
        weights, bias = _fit_lexical(matrix[seen], labels[seen], count)
        lexical[unseen] = matrix[unseen] @ weights + bias
        weights, bias = _fit_meaning(meanings[seen], labels[seen], count)
        meaning[unseen] = meanings[unseen] @ weights + bias
        near[unseen] = nearness(meanings[unseen], *_prototypes(meanings[seen], labels[seen]), count)
    share = _best_share(lexical, meaning, labels)
    return _Unseen(share * lexical + meaning, near, lexical), share


def _best_share(lexical: Floats, meaning: Floats, labels: Labels) -> float:
    """Return by what lexical margins are multiplied so that most unseen examples are told right.

    The better the encoder, the smaller the share: it is measured each time.
    """
    known = np.unique(labels)
    spread = float(meaning[:, known].std() / lexical[:, known].std())
    shares = [spread * share / (1 - share) for share in SHARES]
    return max(shares, key=lambda share: float(((share * lexical + meaning).argmax(axis=1) == labels).mean()))


def _withheld(meanings: Floats, lexical: Floats, labels: Labels, count: int, outside: int) -> _Unseen:
    """Return what machines say of examples whose intent they do not know; of letters, what the others' machines said."""
    groups = [places for places in _intent_groups(labels, outside) if 0 < places.sum() < len(labels)]
    margins, near = [], []
    for held in groups:
        weights, bias = _fit_meaning(meanings[~held], labels[~held], count)
        others = lexical[held].copy()
        others[:, np.unique(labels[held])] = _NEVER
        margins.append(meanings[held] @ weights + bias + others)
        near.append(nearness(meanings[held], *_prototypes(meanings[~held], labels[~held]), count))
    if not groups:
        nothing = np.zeros((0, count), np.float32)
        return _Unseen(nothing, nothing, nothing)
    return _Unseen(np.concatenate(margins), np.concatenate(near), lexical[:0])


def _intent_groups(labels: Labels, outside: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield which examples belong to each of `FOLDS` groups of intents."""
    order = np.random.default_rng(SEED).permutation(
        [place for place in np.unique(labels) if place != outside]
    )
    for start in range(min(FOLDS, len(order))):
        yield np.isin(labels, order[start::FOLDS])


def _prototypes(meanings: Floats, labels: Labels) -> tuple[Floats, Labels]:
    """Return a few typical vectors per intent, L2-normalised, and whose each is, ascending."""
    found, owners = [], []
    for place in np.unique(labels):
        own = meanings[labels == place]
        count = max(1, min(PROTOTYPES_MAX, len(own) // _EXAMPLES_PER_PROTOTYPE))
        found.append(_typical(own, count))
        owners += [int(place)] * count
    return np.concatenate(found).astype(np.float32), np.array(owners, np.int64)


def _typical(own: Floats, count: int) -> Floats:
    """Return the centres of `count` groups of vectors (spherical k-means, begun with vectors far from each other)."""
    centres = _unit(own.mean(axis=0, keepdims=True))
    while len(centres) < count:
        farthest = int((own @ centres.T).max(axis=1).argmin())
        centres = np.concatenate([centres, own[farthest : farthest + 1]])
    for _ in range(_GROUPING_ROUNDS):
        nearest = (own @ centres.T).argmax(axis=1)
        sums = [own[nearest == place].sum(axis=0) for place in range(count)]
        centres = np.array(
            [_unit(total) if total.any() else old for total, old in zip(sums, centres, strict=True)]
        )
    return centres


def _unit(vectors: Floats) -> Floats:
    result: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return result


def _sureness(unseen: _Unseen, withheld: _Unseen, labels: Labels, outside: int) -> Sureness:
    """Learn what makes the best intent right, and what lies outside, from examples not trained on."""
    for_right, for_beyond, best = evidence(unseen.margins, unseen.nearness, outside)
    inside = labels != outside
    strange, _, _ = evidence(withheld.margins, withheld.nearness, outside)
    rows = np.concatenate([for_right[inside], strange])
    right = np.concatenate([best[inside] == labels[inside], np.zeros(len(strange), bool)])
    weight = np.ones(len(rows))
    if len(strange):
        weight[inside.sum() :] = _WITHHELD_SHARE / (1 - _WITHHELD_SHARE) * inside.sum() / len(strange)
    beyond = _curve(for_beyond, ~inside, np.ones(len(labels)))
    if not inside.all():
        beyond[-1] += _outside_lead(for_beyond[inside], beyond)
    return Sureness(
        outside,
        _best_scale(unseen.margins[inside], labels[inside], outside),
        _curve(rows, right, weight),
        beyond,
    )


def _curve(rows: Floats, truth: npt.NDArray[np.bool_], weight: npt.NDArray[np.float64]) -> list[float]:
    """Fit a logistic curve to evidence. Where the truth is all alike, that is the answer."""
    if truth.all() or not truth.any():
        return [0.0] * rows.shape[1] + [4.0 if truth.all() else -4.0]
    centre, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    fitted = LogisticRegression(C=1.0).fit((rows - centre) / spread, truth, weight)
    slopes = fitted.coef_[0] / spread
    return [float(slope) for slope in slopes] + [float(fitted.intercept_[0] - slopes @ centre)]


def _best_scale(margins: Floats, labels: Labels, outside: int) -> float:
    """Return the scale under which the intents meant are likeliest."""
    margins = margins.copy()
    margins[:, outside] = -np.inf
    margins = margins - margins.max(axis=1, keepdims=True)
    meant = margins[np.arange(len(labels)), labels]

    def surprise(scale: float) -> float:
        return float((np.log(np.exp(scale * margins).sum(axis=1)) - scale * meant).mean())

    return float(min(_SCALES, key=surprise))


def _outside_lead(rows: Floats, beyond: Sequence[float]) -> float:
    """Return what to add to the constant of what lies outside.

    Its examples can show only a little of what lies outside a bank's business, so it would win too seldom. It is raised
    until it takes away `WRONGLY_OUTSIDE_MAX` of the other examples, never lowered.
    """
    odds = rows @ np.array(beyond[:-1]) + beyond[-1]
    return max(0.0, -float(np.quantile(odds, 1 - WRONGLY_OUTSIDE_MAX)))
