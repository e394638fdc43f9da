"""Vectors kept between builds: a text that was encoded once is not encoded again, so that a changed article costs itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tellerline.models.contract import SentenceEncoder

KEY_BYTES = 16


class KeptEncoder:
    """A `SentenceEncoder` that looks in a file of `folder` first. `encoded` counts the texts that were not there."""

    def __init__(self, encoder: SentenceEncoder, folder: Path) -> None:
        self._encoder = encoder
        self._file = folder / f"vectors-{hashlib.sha256(encoder.name.encode()).hexdigest()[:16]}.npz"
        self._kept = _load(self._file, encoder.dimension)
        self._used: dict[bytes, NDArray[np.float32]] = {}
        self.encoded = 0

    @property
    def name(self) -> str:
        """That of the encoder."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """That of the encoder."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of `texts`: see `SentenceEncoder.encode`."""
        keys = [_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept}
        if missing:
            self.encoded += len(missing)
            self._kept.update(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
        found = [self._kept[key] for key in keys]
        self._used.update(zip(keys, found, strict=True))
        return np.stack(found) if found else np.zeros((0, self.dimension), np.float32)

    def save(self) -> None:
        """Keep what was used; what no text of the pack needs any more goes."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        keys = np.frombuffer(b"".join(self._used), np.uint8).reshape(-1, KEY_BYTES)
        vectors = (
            np.stack(list(self._used.values())) if self._used else np.zeros((0, self.dimension), np.float32)
        )
        written = self._file.with_suffix(f".{id(self)}.npz")
        np.savez(written, allow_pickle=False, keys=keys, vectors=vectors)
        written.replace(self._file)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]


def _load(file: Path, dimension: int) -> dict[bytes, NDArray[np.float32]]:
    """Return the vectors in a file, none when it cannot be read: they can be made again."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            keys, vectors = kept["keys"], kept["vectors"]
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}
    if vectors.ndim != 2 or vectors.shape[1] != dimension or len(keys) != len(vectors):
        return {}
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}
