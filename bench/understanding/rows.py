"""The rows of the table: what is learned from, what is judged, and what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import StratifiedKFold

from bench.understanding import measure
from bench.understanding.contenders import SEED, Contender
from bench.understanding.corpora import Corpus, Labels, Split

FOLDS = 10
DRAWS = 3
WITHHELD_COUNT = 27


class Row(NamedTuple):
    """One measurement; None where it does not apply."""

    task: str
    contender: str
    count: int
    accuracy: float | None = None
    macro_f1: float | None = None
    interval: tuple[float, float] | None = None
    outside_recall: float | None = None
    auroc: float | None = None
    calibration_error: float | None = None


def whole(task: str, contender: Contender, corpus: Corpus, folds: int) -> Row:
    """Cross-validate in ten parts; `folds` of the ten are run."""
    parts = list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(corpus.texts, corpus.labels))
    return _scored(
        task, contender, [(corpus.part(seen), corpus.part(unseen)) for seen, unseen in parts[:folds]]
    )


def by_part(
    task: str, contender: Contender, corpus: Corpus, origin: Labels, parts: Sequence[str], folds: int
) -> list[Row]:
    """Cross-validate in five parts (`folds` of them are run); what each origin makes of it is a row of its own."""
    splits = list(StratifiedKFold(5, shuffle=True, random_state=SEED).split(corpus.texts, corpus.labels))
    places, said, sure = [], [], []
    for seen, unseen in splits[:folds]:
        known = corpus.part(seen)
        contender.fit(known.texts, known.labels, len(corpus.names))
        verdict = contender.judge(corpus.part(unseen).texts)
        places.append(unseen)
        said.append(verdict.probabilities.argmax(axis=1))
        sure.append(verdict.probabilities.max(axis=1))
    where, answers, sureness = map(np.concatenate, (places, said, sure))
    return [
        _row(
            f"{task} ({part})",
            contender,
            corpus.labels[where][origin[where] == place],
            answers[origin[where] == place],
            sureness[origin[where] == place],
        )
        for place, part in enumerate(parts)
    ]


def few(task: str, contender: Contender, corpus: Corpus, shots: int, draws: int) -> Row:
    """Learn from `shots` examples an intent and its name in words; judge by the rest, over several draws."""
    trials = []
    for draw in range(draws):
        random = np.random.default_rng(SEED + draw)
        order = random.permutation(len(corpus.labels))
        seen = np.concatenate(
            [order[corpus.labels[order] == label][:shots] for label in range(len(corpus.names))]
        )
        unseen = np.setdiff1d(order, seen)
        named = corpus.part(seen)
        named = named._replace(
            texts=[*named.texts, *corpus.titles],
            labels=np.concatenate([named.labels, np.arange(len(corpus.names))]),
        )
        trials.append((named, corpus.part(unseen)))
    return _scored(task, contender, trials)


def _scored(task: str, contender: Contender, trials: Sequence[tuple[Corpus, Corpus]]) -> Row:
    truth, said, sure = [], [], []
    for seen, unseen in trials:
        contender.fit(seen.texts, seen.labels, len(seen.names))
        verdict = contender.judge(unseen.texts)
        truth.append(unseen.labels)
        said.append(verdict.probabilities.argmax(axis=1))
        sure.append(verdict.probabilities.max(axis=1))
    return _row(task, contender, *map(np.concatenate, (truth, said, sure)))


def _row(
    task: str, contender: Contender, truth: measure.Labels, said: measure.Labels, sure: measure.Floats
) -> Row:
    right = truth == said
    return Row(
        task,
        contender.name,
        len(truth),
        float(right.mean()),
        measure.macro_f1(truth, said),
        measure.accuracy_interval(int(right.sum()), len(truth)),
        calibration_error=measure.calibration_error(sure, right) if contender.is_calibrated else None,
    )


def with_outside(task: str, contender: Contender, split: Split, outside: Sequence[str] = ()) -> Row:
    """Learn from one part, set the threshold that keeps 95% on the second, quote the third."""
    contender.fit(split.train.texts, split.train.labels, len(split.train.names), outside)
    chosen = contender.judge(split.choose.texts)
    quoted, strange = contender.judge(split.test.texts), contender.judge(split.test_outside)
    limit = measure.threshold(chosen.inside)
    said = quoted.probabilities.argmax(axis=1)
    row = _row(task, contender, split.test.labels, said, quoted.probabilities.max(axis=1))
    return row._replace(
        outside_recall=float((strange.inside < limit).mean()),
        auroc=measure.area_under_curve(quoted.inside, strange.inside),
    )


def withheld(task: str, contender: Contender, corpus: Corpus, draws: int) -> Row:
    """Withhold 27 intents: a fifth of the others' rows and all rows of those withheld are judged."""
    aurocs, recalls, truth, said, sure = [], [], [], [], []
    for draw in range(draws):
        random = np.random.default_rng(SEED + draw)
        strange = np.isin(corpus.labels, random.permutation(len(corpus.names))[:WITHHELD_COUNT])
        places = np.flatnonzero(~strange)
        seen, unseen = next(
            StratifiedKFold(5, shuffle=True, random_state=SEED).split(places, corpus.labels[places])
        )
        train = corpus.part(places[seen])
        names, labels = np.unique(train.labels, return_inverse=True)
        contender.fit(train.texts, labels, len(names))
        test = corpus.part(places[unseen])
        inside = contender.judge(test.texts)
        outside = contender.judge(corpus.part(np.flatnonzero(strange)).texts)
        aurocs.append(measure.area_under_curve(inside.inside, outside.inside))
        recalls.append(measure.recall_outside(inside.inside, outside.inside))
        truth.append(test.labels)
        said.append(names[inside.probabilities.argmax(axis=1)])
        sure.append(inside.probabilities.max(axis=1))
    row = _row(task, contender, *map(np.concatenate, (truth, said, sure)))
    return row._replace(outside_recall=float(np.mean(recalls)), auroc=float(np.mean(aurocs)))
