"""A text is encoded once, whatever is built around it; what cannot be read is made again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tellerline.knowledge.vectors import KeptEncoder


class LengthEncoder:
    """Encodes a text as its length, and remembers what it was asked."""

    def __init__(self, name: str = "length-1") -> None:
        self.name = name
        self.dimension = 2
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32).reshape(-1, 2)


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    encoder = LengthEncoder()
    first = KeptEncoder(encoder, tmp_path)
    assert first.encode(["one", "three", "one"]).tolist() == [[3, 1], [5, 1], [3, 1]]
    first.save()
    second = KeptEncoder(encoder, tmp_path)
    assert second.encode(["three", "seven77"]).tolist() == [[5, 1], [7, 1]]
    assert encoder.asked == ["one", "three", "seven77"]
    assert second.encoded == 1


def test_what_is_no_longer_used_goes(tmp_path: Path) -> None:
    encoder = LengthEncoder()
    for texts in (["one", "three"], ["three"], ["one"]):
        kept = KeptEncoder(encoder, tmp_path)
        kept.encode(texts)
        kept.save()
    assert encoder.asked == ["one", "three", "one"]


def test_another_encoder_or_a_damaged_file_begins_anew(tmp_path: Path) -> None:
    first = KeptEncoder(LengthEncoder(), tmp_path)
    first.encode(["one"])
    first.save()
    other = LengthEncoder("length-2")
    assert KeptEncoder(other, tmp_path).encode(["one"]).tolist() == [[3, 1]]
    assert other.asked == ["one"]
    for file in tmp_path.iterdir():
        file.write_bytes(b"broken")
    assert KeptEncoder(LengthEncoder(), tmp_path).encode(["one", "two"]).shape == (2, 2)
    assert KeptEncoder(LengthEncoder(), tmp_path).encode([]).shape == (0, 2)
