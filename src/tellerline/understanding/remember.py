"""Sentence vectors kept from one training to the next: of a changed pack only the new phrases are encoded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np

from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.vector import Floats


class RememberingEncoder:
    """An encoder whose vectors outlive it in a file; only phrases of packs go through it, never what customers write."""

    def __init__(self, encoder: SentenceEncoder, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self._vectors: dict[str, Floats] = {}
        self._asked: dict[str, None] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as file:
                texts = msgspec.json.decode(file["texts"].tobytes(), type=list[str])
                self._vectors = dict(zip(texts, file["vectors"], strict=True))

    @property
    def name(self) -> str:
        """The name of the encoder."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return float32[n, dimension], from memory where a text has come before."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        with (
            ThreadPoolExecutor() as pool
        ):  # each text is encoded by itself, so the order of work changes nothing
            made = pool.map(lambda text: self._encoder.encode([text])[0], fresh)
            self._vectors.update(zip(fresh, made, strict=True))
        self._asked.update(dict.fromkeys(texts))
        return np.array([self._vectors[text] for text in texts], np.float32).reshape(-1, self.dimension)

    def keep(self) -> None:
        """Write down the vectors of what was asked for; the others are forgotten."""
        texts = list(self._asked)
        vectors = np.array([self._vectors[text] for text in texts], np.float32).reshape(-1, self.dimension)
        scratch = self._path.with_suffix(".new.npz")
        np.savez(
            scratch,
            allow_pickle=False,
            texts=np.frombuffer(msgspec.json.encode(texts), np.uint8),
            vectors=vectors,
        )
        scratch.replace(self._path)
