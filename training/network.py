"""The bilingual branch as a PyTorch module, from and to the plain arrays of `source.Weights`."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from training.source import WIDTH, Floats, Weights

HEADS = 12
EPSILON = 1e-12


def _linear(weight: Floats, bias: Floats) -> nn.Linear:
    module = nn.Linear(weight.shape[1], weight.shape[0])
    module.weight.data = torch.from_numpy(weight.copy())
    module.bias.data = torch.from_numpy(bias.copy())
    return module


def _norm(weight: Floats, bias: Floats) -> nn.LayerNorm:
    module = nn.LayerNorm(WIDTH, eps=EPSILON)
    module.weight.data = torch.from_numpy(weight.copy())
    module.bias.data = torch.from_numpy(bias.copy())
    return module


class Layer(nn.Module):
    """One post-norm BERT layer; the names of its parts are those of `source`."""

    def __init__(self, layer: dict[str, Floats]) -> None:
        super().__init__()
        self.qkv = _linear(
            np.concatenate([layer["q.w"], layer["k.w"], layer["v.w"]]),
            np.concatenate([layer["q.b"], layer["k.b"], layer["v.b"]]),
        )
        self.ao = _linear(layer["ao.w"], layer["ao.b"])
        self.fi = _linear(layer["fi.w"], layer["fi.b"])
        self.fo = _linear(layer["fo.w"], layer["fo.b"])
        self.aln = _norm(layer["aln.w"], layer["aln.b"])
        self.oln = _norm(layer["oln.w"], layer["oln.b"])

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """state float32[b, t, 384], mask bool[b, 1, 1, t] -> float32[b, t, 384]."""
        batch, length, _ = state.shape
        query, key, value = (
            self.qkv(state).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        )
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        middle = self.aln(state + self.ao(attended.transpose(1, 2).reshape(batch, length, WIDTH)))
        return cast("Tensor", self.oln(middle + self.fo(F.gelu(self.fi(middle)))))


class Encoder(nn.Module):
    """Words (kept as they are), layers, mean over the tokens, one linear head, unit length."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(weights.words.copy()), freeze=True)
        self.positions = nn.Parameter(torch.from_numpy(weights.positions.copy()))
        self.norm = _norm(weights.norm_weight, weights.norm_bias)
        self.layers = nn.ModuleList([Layer(layer) for layer in weights.layers])
        self.head = _linear(np.eye(WIDTH, dtype=np.float32), np.zeros(WIDTH, np.float32))

    def pool(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids int64[b, t], mask bool[b, t] -> the mean state float32[b, 384]."""
        state = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        for layer in self.layers:
            state = layer(state, mask[:, None, None, :])
        weight = mask[..., None].float()
        return cast("Tensor", (state * weight).sum(1) / weight.sum(1))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids int64[b, t], mask bool[b, t] -> float32[b, 384], L2-normalised."""
        return F.normalize(self.head(self.pool(ids, mask)), dim=-1)


def to_weights(state: dict[str, Tensor], layer_count: int) -> tuple[Weights, tuple[Floats, Floats]]:
    """Return the arrays of a state dict, and the head as (weight [out, in], bias)."""
    arrays = {name: tensor.detach().float().numpy() for name, tensor in state.items()}
    layers = []
    for index in range(layer_count):
        prefix = f"layers.{index}."
        layer: dict[str, Floats] = {}
        for kind, short in (("weight", "w"), ("bias", "b")):
            layer[f"q.{short}"], layer[f"k.{short}"], layer[f"v.{short}"] = np.split(
                arrays[f"{prefix}qkv.{kind}"], 3
            )
            for name in ("ao", "fi", "fo", "aln", "oln"):
                layer[f"{name}.{short}"] = arrays[f"{prefix}{name}.{kind}"]
        layers.append(layer)
    weights = Weights(
        words=arrays["words.weight"],
        positions=arrays["positions"],
        norm_weight=arrays["norm.weight"],
        norm_bias=arrays["norm.bias"],
        layers=tuple(layers),
    )
    return weights, (arrays["head.weight"], arrays["head.bias"])
