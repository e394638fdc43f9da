"""Several labels a text: one decision per label over the same letters and meanings, solved as kernel ridge regression.

Left-one-out answers come from the solution itself, so the ridge, the share of letters and the threshold are chosen on what
is learned from alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from bench.understanding import measure
from bench.understanding.corpora import Several
from bench.understanding.rows import Row
from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.fitting import Fitter
from tellerline.understanding.normalise import normalise
from tellerline.understanding.vector import Vectors

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
RIDGES = (0.03, 0.1, 0.3, 1.0)
THRESHOLDS = np.arange(0.15, 0.7, 0.025)
Kernels = Callable[[Sequence[str], Sequence[str]], list[Floats]]
"""Kernels between texts learned from and other texts: candidates, of which the best in leaving one out is used."""


def letters(seen: Sequence[str], others: Sequence[str]) -> list[Floats]:
    """Return the kernel of TF-IDF vectors."""
    return [_letter_kernel(seen, others)]


def meaning(encoder: SentenceEncoder) -> Kernels:
    """Return the kernel of an encoder's vectors."""

    def kernels(seen: Sequence[str], others: Sequence[str]) -> list[Floats]:
        return [(_meanings(encoder, others) @ _meanings(encoder, seen).T).astype(float)]

    return kernels


def both(encoder: SentenceEncoder) -> Kernels:
    """Return mixtures of letters and meaning, bent by an exponential."""

    def kernels(seen: Sequence[str], others: Sequence[str]) -> list[Floats]:
        near = np.exp(_meanings(encoder, others) @ _meanings(encoder, seen).T - 1).astype(float)
        spelt = _letter_kernel(seen, others)
        return [share * spelt + (1 - share) * near for share in (0.2, 0.3, 0.5, 0.7)]

    return kernels


def _meanings(encoder: SentenceEncoder, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    return encoder.encode([normalise(text).text for text in texts])


def _letter_kernel(seen: Sequence[str], others: Sequence[str]) -> Floats:
    plain = [normalise(text).text for text in seen]
    fitter = Fitter(Vectors.learn(plain), _NoEncoder())
    product = fitter.matrix([normalise(text).text for text in others]) @ fitter.matrix(plain).T
    return np.asarray(product.todense(), float)


class _NoEncoder:
    name, dimension = "none", 1

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.zeros((len(texts), 1), np.float32)


def score(
    task: str, name: str, kernels: Kernels, corpus: Several, trials: Sequence[tuple[Truth, Truth]]
) -> Row:
    """Learn from the first of each pair of masks and judge the second; micro-F1 over all."""
    truth, said = [], []
    for seen, unseen in trials:
        known = [text for text, chosen in zip(corpus.texts, seen, strict=True) if chosen]
        asked = [text for text, chosen in zip(corpus.texts, unseen, strict=True) if chosen]
        truth.append(corpus.labels[unseen])
        said.append(_decide(kernels, known, asked, corpus.labels[seen]))
    all_truth, all_said = np.concatenate(truth), np.concatenate(said)
    exact = (all_truth == all_said).all(axis=1)
    return Row(
        task,
        name,
        len(exact),
        accuracy=float(exact.mean()),
        interval=measure.accuracy_interval(int(exact.sum()), len(exact)),
        macro_f1=measure.micro_f1(all_truth, all_said),
    )


def _decide(kernels: Kernels, known: Sequence[str], asked: Sequence[str], labels: Truth) -> Truth:
    best = (-1.0, 0, 0.0, 0.0)
    among = kernels(known, known)
    for place, kernel in enumerate(among):
        for ridge in RIDGES:
            inverse = np.linalg.inv(kernel + ridge * np.eye(len(kernel)))
            weights = inverse @ labels
            left_out = labels - weights / np.diag(inverse)[:, None]
            for limit in THRESHOLDS:
                best = max(best, (measure.micro_f1(labels, left_out > limit), place, ridge, float(limit)))
    _, place, ridge, limit = best
    weights = np.linalg.solve(among[place] + ridge * np.eye(len(known)), labels.astype(float))
    decided: Truth = kernels(known, asked)[place] @ weights > limit
    return decided
