"""Write an encoder as an ONNX graph for one text at a time: int8 matrices, word vectors of four bits in blocks of 32.

Matrices are kept to seven bits and a sign (±63): on processors without VNNI, ONNX Runtime adds two eight-bit products in
sixteen bits, which ±127 overflows, so the same file would give other vectors on other machines. README.md
tells what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.source import WIDTH, Floats, Weights

STEPS_MAX = 63
HEADS = 12
EPSILON = 1e-12
BLOCK = 32
CONTRIB = "com.microsoft"


def quantise_columns(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return [in, out] as int8 with one scale for each output."""
    scale = np.abs(matrix).max(axis=0) / STEPS_MAX
    scale[scale == 0] = 1
    return np.clip(np.rint(matrix / scale), -STEPS_MAX, STEPS_MAX).astype(np.int8), scale.astype(np.float32)


@dataclass
class _Graph:
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(
        self, operation: str, inputs: list[str], output: str | list[str], domain: str = "", **options: object
    ) -> str:
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(
            helper.make_node(operation, inputs, outputs, name=outputs[0], domain=domain, **options)
        )
        return outputs[0]

    def multiply(self, source: str, name: str, matrix: Floats, bias: Floats | None) -> str:
        """Multiply by an [out, in] matrix in int8, the source being scaled as it comes."""
        quantised, scale = quantise_columns(matrix.T)
        inputs = [
            source,
            self.constant(f"{name}.w", quantised),
            self.constant(f"{name}.scale", scale),
            self.constant(f"{name}.zero", np.zeros(scale.shape, np.int8)),
        ]
        if bias is not None:
            inputs.append(self.constant(f"{name}.b", bias))
        return self.add("DynamicQuantizeMatMul", inputs, name, CONTRIB)


def quantise_blocks(words: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Return [V, 384] as steps -8..7 and [V, 12] half-precision scales; of several scales a block takes the closest.

    Words that came in four bits (`source`) come back exactly.
    """
    blocks = words.reshape(len(words), -1, BLOCK)
    widest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[..., None], axis=2)
    best = np.full(blocks.shape[:2], np.inf)
    steps = np.zeros(blocks.shape, np.int8)
    scales = np.zeros(blocks.shape[:2], np.float16)
    for divisor in (-8.0, 7.0, 7.6, 8.4, -7.4):
        scale = (widest[..., 0] / divisor).astype(np.float16)
        safe = np.where(scale == 0, 1, scale).astype(np.float32)[..., None]
        candidate = np.clip(np.rint(blocks / safe), -8, 7)
        error = ((candidate * safe - blocks) ** 2).sum(axis=2)
        nearer = error < best
        best[nearer], scales[nearer] = error[nearer], scale[nearer]
        steps[nearer] = candidate.astype(np.int8)[nearer]
    return steps.reshape(words.shape), scales


def write_onnx(weights: Weights, head: tuple[Floats, Floats] | None, path: Path) -> None:
    """Write `ids` int64[1, t] -> `embedding` float32[1, 384], L2-normalised. head: weight [out, in] and bias, if any."""
    graph = _Graph()
    state = _embed(graph, weights)
    for index, layer in enumerate(weights.layers):
        state = _add_layer(graph, state, layer, f"layer{index}")
    graph.constant("one", np.array([1], np.int64))
    graph.add("ReduceMean", [state, "one"], "mean", keepdims=0)
    result = "mean" if head is None else graph.multiply("mean", "head", head[0], head[1])
    graph.add("ReduceL2", [result, "one"], "length", keepdims=1)
    graph.add("Div", [result, "length"], "embedding")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "sentence-encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, WIDTH])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(CONTRIB, 1)],
    )
    model.ir_version = 10
    onnx.save(model, str(path))


def _embed(graph: _Graph, weights: Weights) -> str:
    steps, scales = quantise_blocks(weights.words)
    packed = onnx.TensorProto(name="words", data_type=TensorProto.INT4, dims=steps.shape)
    packed.raw_data = ((steps[:, 0::2] & 15) | ((steps[:, 1::2] & 15) << 4)).astype(np.uint8).tobytes()
    graph.constants.append(packed)
    graph.constant("words.scale", scales)
    graph.constant("positions", weights.positions)
    graph.constant("norm.w", weights.norm_weight)
    graph.constant("norm.b", weights.norm_bias)
    graph.constant("zero", np.array([0], np.int64))
    lookup = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK}
    graph.add("GatherBlockQuantized", ["words", "ids", "words.scale"], "word_halves", CONTRIB, **lookup)
    graph.add("Cast", ["word_halves"], "word_vectors", to=TensorProto.FLOAT)
    graph.add("Shape", ["ids"], "token_count", start=1, end=2)
    graph.add("Slice", ["positions", "zero", "token_count", "zero"], "position_vectors")
    graph.add("Add", ["word_vectors", "position_vectors"], "embedded")
    return graph.add(
        "LayerNormalization", ["embedded", "norm.w", "norm.b"], "normed", axis=-1, epsilon=EPSILON
    )


def _add_layer(graph: _Graph, state: str, layer: dict[str, Floats], name: str) -> str:
    joined = np.concatenate([layer["q.w"], layer["k.w"], layer["v.w"]])
    joined_bias = np.concatenate([layer["q.b"], layer["k.b"], layer["v.b"]])
    graph.multiply(state, f"{name}.qkv", joined, joined_bias)
    parts = [f"{name}.{part}" for part in ("q", "k", "v")]
    graph.add("Split", [f"{name}.qkv"], parts, axis=-1, num_outputs=3)
    graph.add("MultiHeadAttention", parts, f"{name}.attended", CONTRIB, num_heads=HEADS)
    graph.multiply(f"{name}.attended", f"{name}.out", layer["ao.w"], layer["ao.b"])
    middle = _add_norm(graph, f"{name}.out", state, layer, "aln", name)
    graph.multiply(middle, f"{name}.wide", layer["fi.w"], None)
    graph.constant(f"{name}.wide.bias", layer["fi.b"])
    graph.add("BiasGelu", [f"{name}.wide", f"{name}.wide.bias"], f"{name}.gelu", CONTRIB)
    graph.multiply(f"{name}.gelu", f"{name}.narrow", layer["fo.w"], layer["fo.b"])
    return _add_norm(graph, f"{name}.narrow", middle, layer, "oln", name)


def _add_norm(graph: _Graph, state: str, skipped: str, layer: dict[str, Floats], norm: str, name: str) -> str:
    weight = graph.constant(f"{name}.{norm}.w", layer[f"{norm}.w"])
    bias = graph.constant(f"{name}.{norm}.b", layer[f"{norm}.b"])
    return graph.add(
        "SkipLayerNormalization", [state, skipped, weight, bias], f"{name}.{norm}", CONTRIB, epsilon=EPSILON
    )
