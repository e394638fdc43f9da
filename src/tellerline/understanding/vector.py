"""Texts as sparse TF-IDF vectors, the same in training and in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from tellerline.understanding.concept import CONCEPT
from tellerline.understanding.feature import SOUND, find_features

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int32]

CONCEPT_WEIGHT = (
    0.6  # of the block of concepts against that of n-grams; best of 0.4 … 1.0 in cross-validation
)
SOUND_WEIGHT = 0.3
DOCUMENTS_MIN = 2  # a feature seen in one example only says nothing about others


class Vectors:
    """A vocabulary with the weight of each feature.

    A vector is three blocks, n-grams, concepts and sounds, each of a length of its own; together of length one. Within a
    block a feature counts (1 + log occurrences) × inverse document frequency.
    """

    def __init__(self, vocabulary: Sequence[str], rarity: Floats) -> None:
        self.vocabulary = list(vocabulary)
        self.rarity = rarity
        self._index = {feature: index for index, feature in enumerate(self.vocabulary)}
        self._blocks = np.array([_block(feature) for feature in self.vocabulary], np.int8)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Vectors:
        """Take the vocabulary from texts."""
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            counts.update(set(find_features(text)))
            total += 1
        kept = sorted(feature for feature, count in counts.items() if count >= DOCUMENTS_MIN)
        frequencies = np.array([counts[feature] for feature in kept], dtype=np.float32)
        return cls(kept, np.log((1 + total) / (1 + frequencies)).astype(np.float32) + 1)

    def vector(self, text: str) -> tuple[Indices, Floats]:
        """Return the indices of a text's known features, ascending, and their weights."""
        index = self._index
        counts: dict[int, int] = {}
        for feature in find_features(text):
            position = index.get(feature)
            if position is not None:
                counts[position] = counts.get(position, 0) + 1
        if not counts:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        indices = np.fromiter(counts, np.int32, len(counts))
        weights = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarity[indices]
        blocks = self._blocks[indices]
        for block, length in enumerate((1.0, CONCEPT_WEIGHT, SOUND_WEIGHT)):
            _scale(weights, blocks == block, length)
        weights /= np.sqrt(weights @ weights)
        return indices, weights


def _block(feature: str) -> int:
    return 1 if feature.startswith(CONCEPT) else 2 if feature.startswith(SOUND) else 0


def _scale(weights: Floats, block: npt.NDArray[np.bool_], length: float) -> None:
    """Give the weights of a block the length asked for, in place."""
    norm = float(np.sqrt((weights[block] ** 2).sum()))
    if norm > 0:
        weights[block] *= length / norm
