"""Who is measured: two floors, the encoder alone, and what the product does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.fitting import Fitter, Machines
from tellerline.understanding.normalise import normalise
from tellerline.understanding.sureness import logistic, nearness
from tellerline.understanding.vector import Vectors

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
SEED = 20261127
_LOGISTIC_C = 10.0


class Judged(Protocol):
    """Probabilities of the labels [n, labels], and how surely each text is one of them at all [n]."""

    probabilities: Floats
    inside: Floats


class Verdict:
    """See Judged."""

    def __init__(self, probabilities: Floats, inside: Floats) -> None:
        self.probabilities = probabilities
        self.inside = inside


class Contender(Protocol):
    """Learns from examples. `is_calibrated`: its probabilities are meant to be believed."""

    name: str
    is_calibrated: bool

    def fit(self, texts: Sequence[str], labels: Labels, count: int, outside: Sequence[str] = ()) -> None:
        """Learn `count` labels; `outside` are examples of none of them."""

    def judge(self, texts: Sequence[str]) -> Verdict:
        """Judge texts that were not learned from."""


class Letters:
    """The floor: words and characters weighed by TF-IDF, and a linear support vector machine."""

    name = "TF-IDF + linear SVM"
    is_calibrated = False

    def fit(self, texts: Sequence[str], labels: Labels, count: int, outside: Sequence[str] = ()) -> None:
        """See Contender; what is outside is not learned from."""
        self._vectors = FeatureUnion(
            [
                (
                    "words",
                    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),
                ),
                (
                    "characters",
                    TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True, min_df=2),
                ),
            ]
        )
        matrix = self._vectors.fit_transform([text.lower() for text in texts])
        self._machine = LinearSVC(C=1.0, tol=1e-2, random_state=SEED).fit(matrix, labels)
        self._count = count

    def judge(self, texts: Sequence[str]) -> Verdict:
        """See Contender."""
        margins = self._machine.decision_function(self._vectors.transform([text.lower() for text in texts]))
        return _verdict(margins, self._machine.classes_, self._count)


class Meaning:
    """Logistic regression over the vectors of a sentence encoder."""

    is_calibrated = True

    def __init__(self, name: str, encoder: SentenceEncoder) -> None:
        self.name = name
        self._encoder = encoder

    def fit(self, texts: Sequence[str], labels: Labels, count: int, outside: Sequence[str] = ()) -> None:
        """See Contender; what is outside is not learned from."""
        vectors = self._encoder.encode([normalise(text).text for text in texts])
        self._machine = LogisticRegression(C=_LOGISTIC_C, max_iter=150).fit(vectors, labels)
        self._count = count

    def judge(self, texts: Sequence[str]) -> Verdict:
        """See Contender."""
        margins = self._machine.decision_function(
            self._encoder.encode([normalise(text).text for text in texts])
        )
        return _verdict(margins, self._machine.classes_, self._count)


class Both:
    """What the product does: letters and meaning, with a decision of its own on what is outside."""

    name = "Tellerline"
    is_calibrated = True

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    def fit(self, texts: Sequence[str], labels: Labels, count: int, outside: Sequence[str] = ()) -> None:
        """See Contender."""
        plain = [normalise(text).text for text in (*texts, *outside)]
        self._count = count
        self._vectors = Vectors.learn(plain)
        self._fitter = Fitter(self._vectors, self._encoder)
        places = np.concatenate([labels, np.full(len(outside), count, np.int64)])
        self._machines: Machines = self._fitter.intents(plain, places, count + 1, count)

    def judge(self, texts: Sequence[str]) -> Verdict:
        """See Contender."""
        plain, machines = [normalise(text).text for text in texts], self._machines
        meanings = self._encoder.encode(plain)
        margins = self._fitter.matrix(plain) @ machines.lexical + machines.bias
        margins += meanings @ machines.meaning
        near = nearness(meanings, machines.prototypes, machines.owners, self._count + 1)
        sureness = machines.sureness
        for_right, for_beyond, _ = sureness.evidence(margins, near)
        inside = logistic(for_right, sureness.right) * (1 - logistic(for_beyond, sureness.beyond))
        shares = np.delete(sureness.probabilities(margins, near), self._count, axis=1)
        return Verdict(shares.astype(np.float64), inside.astype(np.float64))


def _verdict(margins: Floats, classes: Labels, count: int) -> Verdict:
    raised = np.exp(margins - margins.max(axis=1, keepdims=True))
    probabilities = np.zeros((len(margins), count))
    probabilities[:, classes] = raised / raised.sum(axis=1, keepdims=True)
    return Verdict(probabilities, probabilities.max(axis=1))
