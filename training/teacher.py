"""The vectors of both teachers for the texts of the corpus: MiniLM for English, all of multilingual-e5-small for both.

Both run in float32 here. Takes about half an hour on one core; the result is kept, so that training can be repeated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer

from training.network import Encoder
from training.source import WIDTH, Floats

TOKENS_MAX = 96
BATCH_TOKENS = 1_024


def pad(batch: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids int64[b, t] and mask bool[b, t]."""
    length = max(map(len, batch))
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = True
    return ids, mask


def split(tokenizer: Tokenizer, texts: Sequence[str], head: int = 28, tail: int = 44) -> list[list[int]]:
    """Return token ids; of long texts both ends, as the product does."""
    found = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    return [ids if len(ids) <= head + tail else ids[:head] + ids[-tail:] for ids in found]


@torch.no_grad()
def encode(network: Encoder, tokenizer: Tokenizer, texts: Sequence[str], *, pooled: bool = False) -> Floats:
    """Return float32[n, 384]: unit vectors through the head, or with `pooled` the means before it."""
    network.eval()
    tokens = split(tokenizer, texts)
    order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
    vectors = np.zeros((len(texts), WIDTH), np.float32)
    start = 0
    while start < len(order):
        size = max(1, BATCH_TOKENS // len(tokens[order[min(start + 31, len(order) - 1)]]))
        batch = order[start : start + size]
        ids, mask = pad([tokens[index] for index in batch])
        vectors[batch] = (network.pool(ids, mask) if pooled else network(ids, mask)).numpy()
        start += size
    return vectors
