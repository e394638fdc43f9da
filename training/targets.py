"""Where each text should lie: in MiniLM's space, for Chinese by way of translations and of multilingual-e5-small.

English: MiniLM's own vector. Chinese: what a ridge regression, fitted on English texts and on the translated pairs, makes
of the text's e5 vector; where a translation is known, MiniLM's vector of the English side weighs more.
No label of any intent set enters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.source import Floats

RIDGE = 10.0
PAIR_WEIGHT = 4.0
"""A translated pair counts this many English rows in the fit."""
TRANSLATION_SHARE = 1.5
"""Weight of the translation's vector beside the regression's."""


@dataclass(frozen=True)
class Pair:
    """The same thing said in both languages."""

    english: str
    chinese: str


def is_chinese(text: str) -> bool:
    """Return whether the product's bilingual branch would read the text."""
    return any("㐀" <= character <= "鿿" for character in text)


def unit(vectors: Floats) -> Floats:
    """Scale the last axis to length one."""
    scaled: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled


def solve_ridge(inputs: Floats, wanted: Floats, weight: Floats, penalty: float) -> Floats:
    """Return the map [d + 1, 384] whose last row is the constant."""
    rows = with_one(inputs)
    square = rows.T @ (rows * weight[:, None]) + penalty * np.eye(rows.shape[1])
    solved: Floats = np.linalg.solve(square, rows.T @ (wanted * weight[:, None])).astype(np.float32)
    return solved


def with_one(inputs: Floats) -> Floats:
    """Append the constant column."""
    return np.concatenate([inputs, np.ones((len(inputs), 1), inputs.dtype)], axis=1)


def chinese_targets(
    minilm: Mapping[str, Floats], e5: Mapping[str, Floats], pairs: Sequence[Pair]
) -> dict[str, Floats]:
    """Return the target of every Chinese text that has an e5 vector; `pairs` are those trained on, none held out."""
    chinese = sorted(text for text in e5 if is_chinese(text))
    english = sorted(text for text in e5 if text in minilm and not is_chinese(text))
    middle = {
        True: np.mean([e5[text] for text in chinese], 0),
        False: np.mean([e5[text] for text in english], 0),
    }

    def centred(texts: Sequence[str]) -> Floats:
        # e5 keeps the languages apart by a constant; without it a translation lies beside its original.
        return unit(np.stack([e5[text] - middle[is_chinese(text)] for text in texts]))

    inputs = np.concatenate([centred(english), centred([pair.chinese for pair in pairs])])
    wanted = np.stack([minilm[text] for text in english] + [minilm[pair.english] for pair in pairs])
    weight = np.concatenate([np.ones(len(english)), np.full(len(pairs), PAIR_WEIGHT)]).astype(np.float32)
    mapping = solve_ridge(inputs, wanted, weight, RIDGE)
    translated: dict[str, list[Floats]] = defaultdict(list)
    for pair in pairs:
        translated[pair.chinese].append(minilm[pair.english])
    targets = dict(zip(chinese, unit(with_one(centred(chinese)) @ mapping), strict=True))
    for text, vectors in translated.items():
        targets[text] = unit(targets[text] + TRANSLATION_SHARE * unit(np.mean(vectors, 0)))
    return targets
