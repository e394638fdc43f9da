"""Train the bilingual branch: Chinese, spoilt Chinese and some English are drawn to where MiniLM puts their meaning."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from tokenizers import Tokenizer

from training.network import Encoder
from training.noise import Noise
from training.source import Floats, Weights
from training.targets import is_chinese, solve_ridge
from training.teacher import encode, pad, split

SEED = 20261127
LAYERS = (0, 1, 2, 10, 11)
"""Of twelve. A regression from the mean state to the whole model's vectors found lower and upper layers worth keeping,
the middle not (cosine on held-out rows, six layers): 0-5 .67, 0 2 4 6 8 10 .71, 0-3 10 11 .74, 0-2 9-11 .75,
0 1 8-11 .68."""
RATE = 4e-4
RATE_LEFT = 0.03
WARM_STEPS = 30
SPOILT_SHARE = 0.4
CONTRAST_WEIGHT = 0.1
CONTRAST_TEMPERATURE = 0.07
ALIKE_MIN = 0.85
"""Texts of a batch whose targets are this near are not told apart."""
HEAD_ROWS = 2_700
HEAD_SCALE = 20.0
AVERAGED_STEPS = 50
FROZEN_LAYERS = 2
"""The lowest layers and the embedding stay as they are: it saves a third of the time of a step."""


@dataclass(frozen=True)
class Pool:
    """Texts of one kind and how many of them go into every batch."""

    texts: Sequence[str]
    share: int


def cut_layers(weights: Weights, kept: Sequence[int], positions_max: int = 96) -> Weights:
    """Keep the words `kept`, the first positions and `LAYERS`."""
    return replace(
        weights,
        words=weights.words[list(kept)],
        positions=weights.positions[:positions_max],
        layers=tuple(weights.layers[index] for index in LAYERS),
    )


def fit_head(
    network: Encoder, tokenizer: Tokenizer, pools: Sequence[Pool], targets: Mapping[str, Floats]
) -> None:
    """Start from the best linear map of what the cut layers already know."""
    picked = random.Random(SEED)
    share = HEAD_ROWS // len(pools)
    texts = [text for pool in pools for text in picked.sample(list(pool.texts), min(share, len(pool.texts)))]
    states = encode(network, tokenizer, texts, pooled=True) * HEAD_SCALE
    wanted = np.stack([targets[text] for text in texts])
    mapping = solve_ridge(states, wanted, np.ones(len(texts), np.float32), 10.0)
    network.head.weight.data = torch.from_numpy(np.ascontiguousarray(mapping[:-1].T * HEAD_SCALE))
    network.head.bias.data = torch.from_numpy(mapping[-1].copy())


def train(
    network: Encoder,
    tokenizer: Tokenizer,
    pools: Sequence[Pool],
    targets: Mapping[str, Floats],
    *,
    minutes: float,
    checkpoint: Path,
    simplify: Callable[[str], str],
) -> dict[str, torch.Tensor]:
    """Train for `minutes` of wall clock and return the running average of the weights, which is what is shipped."""
    torch.manual_seed(SEED)
    drawn = random.Random(SEED)
    _freeze(network)
    noise = Noise([simplify(text) for text in targets if is_chinese(text)], SEED)
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    averaged = {name: value.clone() for name, value in network.state_dict().items()}
    began = time.monotonic()
    step = 0
    while (done := (time.monotonic() - began) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            decay = RATE_LEFT + (1 - RATE_LEFT) * 0.5 * (1 + math.cos(math.pi * done))
            group["lr"] = RATE * min(1, (step + 1) / WARM_STEPS) * decay
        texts = [text for pool in pools for text in drawn.sample(list(pool.texts), pool.share)]
        wanted = torch.from_numpy(np.stack([targets[text] for text in texts])).float()
        loss = _loss(network, tokenizer, [_present(text, noise, drawn, simplify) for text in texts], wanted)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        step += 1
        _average(averaged, network.state_dict(), kept=min(1 - 1 / AVERAGED_STEPS, step / (step + 10)))
        if step % 25 == 0:
            print(f"step {step} minutes {done * minutes:.1f} loss {loss.item():.4f}", flush=True)
            torch.save(averaged, checkpoint)
    torch.save(averaged, checkpoint)
    return averaged


def _freeze(network: Encoder) -> None:
    network.positions.requires_grad = False
    for part in (network.norm, *network.layers[:FROZEN_LAYERS]):
        for parameter in part.parameters():
            parameter.requires_grad = False


def _present(text: str, noise: Noise, drawn: random.Random, simplify: Callable[[str], str]) -> str:
    if not is_chinese(text):
        return text
    simple = simplify(text)
    return noise.spoil(simple) if drawn.random() < SPOILT_SHARE else simple


def _loss(network: Encoder, tokenizer: Tokenizer, texts: Sequence[str], wanted: torch.Tensor) -> torch.Tensor:
    network.train()
    tokens = split(tokenizer, texts)
    order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
    cuts = [0, len(order) // 2, len(order) * 7 // 8, len(order)]
    # Short texts run apart from the long ones, which would otherwise be padding for most of the batch.
    parts = [order[start:stop] for start, stop in pairwise(cuts)]
    sorted_found = torch.cat([network(*pad([tokens[index] for index in part])) for part in parts])
    found = sorted_found[torch.tensor(order).argsort()]
    alike = wanted @ wanted.T > ALIKE_MIN
    alike.fill_diagonal_(fill_value=False)
    logits = (found @ wanted.T / CONTRAST_TEMPERATURE).masked_fill(alike, -1e4)
    contrast = F.cross_entropy(logits, torch.arange(len(texts)))
    return (1 - (found * wanted).sum(1)).mean() + CONTRAST_WEIGHT * contrast


@torch.no_grad()
def _average(averaged: dict[str, torch.Tensor], current: Mapping[str, torch.Tensor], *, kept: float) -> None:
    for name, value in current.items():
        if name != "words.weight":
            averaged[name].lerp_(value, 1 - kept)
