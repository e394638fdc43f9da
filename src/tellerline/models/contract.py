"""What understanding and knowledge ask of an embedded model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class SentenceEncoder(Protocol):
    """Turn texts into vectors whose dot product tells how near they are in meaning, across languages.

    Why: intents, flags and the search of articles share one notion of nearness, so that a message is encoded once.
    """

    @property
    def name(self) -> str:
        """Version of the encoder; changes whenever its vectors may, so that stored vectors can be told stale."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode each text by itself: what else is in `texts` changes nothing.

        Shapes: [len(texts), dimension], L2-normalised; no texts give [0, dimension].
        Bounds: any text in any language, empty and very long ones included (of those, the start and the end count).
        """
