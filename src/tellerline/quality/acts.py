"""What a sentence of the staff does: acknowledges, promises, refuses, blames, …

Learned from examples (acts.zh.yaml, acts.en.yaml) with the encoder that intents are learned with, and the letters beside
it: meaning tells "we'll see to it" from "we have seen to it" poorly, letters tell it well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import opencc
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from tellerline.domain.language import LANGUAGES
from tellerline.models.contract import SentenceEncoder

FOLDER = Path(__file__).parent
SURE = 0.5
_LETTERS = 2**14
_LETTER_WEIGHT = 0.7
_C = 8.0
_MARKS = re.compile(r"[。！!,，.；;\s]+$")


class ActModel(msgspec.Struct, frozen=True):
    """The fitted weights. weights: float32[acts, features]; it can be sent to another process."""

    acts: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


class ActReader:
    """Reads what sentences do. Pure: the same sentence always does the same."""

    def __init__(self, model: ActModel, encoder: SentenceEncoder) -> None:
        self._model = model
        self._features = _Features(encoder)

    def read(self, sentences: Sequence[str]) -> list[Mapping[str, float]]:
        """Return for each sentence the acts it does, with their probabilities, all above `SURE`."""
        if not sentences:
            return []
        margins = self._features.of(sentences) @ self._model.weights.T + self._model.bias
        chances = 1 / (1 + np.exp(-margins))
        return [
            {
                act: round(float(chance), 3)
                for act, chance in zip(self._model.acts, row, strict=True)
                if chance > SURE
            }
            for row in chances
        ]


def load_examples() -> dict[str, set[str]]:
    """Return the acts of every example, in both languages."""
    acts: defaultdict[str, set[str]] = defaultdict(set)
    for language in LANGUAGES:
        content = msgspec.yaml.decode(
            (FOLDER / f"acts.{language}.yaml").read_bytes(), type=dict[str, list[str]]
        )
        for act, sentences in content.items():
            for sentence in sentences:
                acts[sentence].add(act)
    return dict(acts)


def fit_acts(encoder: SentenceEncoder) -> ActModel:
    """Learn the acts from the examples; takes a few seconds, most of them the encoder's."""
    examples = load_examples()
    sentences = list(examples)
    matrix = _Features(encoder).of(sentences)
    acts = sorted({act for found in examples.values() for act in found})
    weights, biases = [], []
    for act in acts:
        labels = [act in examples[sentence] for sentence in sentences]
        fitted = LogisticRegression(C=_C, class_weight="balanced", solver="liblinear", random_state=0).fit(
            matrix, labels
        )
        weights.append(fitted.coef_[0])
        biases.append(fitted.intercept_[0])
    return ActModel(tuple(acts), np.array(weights, np.float32), np.array(biases, np.float32))


class _Features:
    """Meaning and letters of a sentence, side by side."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._simplify = opencc.OpenCC("t2s")
        self._letters = HashingVectorizer(
            analyzer="char_wb", ngram_range=(1, 4), n_features=_LETTERS, alternate_sign=False, norm="l2"
        )

    def of(self, sentences: Sequence[str]) -> csr_matrix:
        """Return float[len(sentences), features]."""
        plain = [_MARKS.sub("", self._simplify.convert(text).lower()) for text in sentences]
        letters = self._letters.transform(plain) * _LETTER_WEIGHT
        both: csr_matrix = hstack([csr_matrix(self._encoder.encode(plain)), letters]).tocsr()
        return both
