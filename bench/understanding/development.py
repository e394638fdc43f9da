"""The pack's development messages, written by another hand, read as the counter reads them."""

from __future__ import annotations

from datetime import date

import numpy as np

from bench.understanding import corpora, measure
from bench.understanding.rows import Row
from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.reading import Context, Reading
from tellerline.understanding.intents import OUT_OF_SCOPE
from tellerline.understanding.reader import Understanding

TODAY = date(2026, 11, 23)


def development_rows(understanding: Understanding) -> list[Row]:
    """Return a row per language and kind of message."""
    found = []
    for language in LANGUAGES:
        rows = corpora.development()[language]
        read = [(row, understanding.read(row.text, Context(language, TODAY))) for row in rows]
        found += [_single(language, read), _several(language, read), *_outside(language, read)]
    return found


Read = list[tuple[corpora.Message, Reading]]


def _single(language: Language, read: Read) -> Row:
    """One request a message: right when each request found is among those meant."""
    mine = [(message, reading) for message, reading in read if message.kind == "single"]
    right = np.array([_asked(reading) <= set(message.intents) for message, reading in mine])
    sure = np.array([max(segment.top.probability for segment in reading.segments) for _, reading in mine])
    truth = np.array([message.intents[0] for message, _ in mine])
    answers = [min(_asked(reading)) for _, reading in mine]
    said = np.where(right, truth, answers)
    return Row(
        f"development, one request ({language})",
        "Tellerline",
        len(mine),
        float(right.mean()),
        measure.macro_f1(truth, said),
        measure.accuracy_interval(int(right.sum()), len(mine)),
        calibration_error=measure.calibration_error(sure, right),
    )


def _several(language: Language, read: Read) -> Row:
    """Several requests a message: right when exactly those are found; F1 over all requests."""
    mine = [(set(message.intents), _asked(reading)) for message, reading in read if message.kind == "multi"]
    right = sum(meant == asked for meant, asked in mine)
    hit = sum(len(meant & asked) for meant, asked in mine)
    total = sum(len(meant) + len(asked) for meant, asked in mine)
    return Row(
        f"development, several requests ({language})",
        "Tellerline",
        len(mine),
        right / len(mine),
        2 * hit / total,
        measure.accuracy_interval(right, len(mine)),
    )


def _outside(language: Language, read: Read) -> list[Row]:
    """What is outside, far and near, against messages with one request: by the probability that some intent is meant."""
    inside = np.array([_sureness(reading) for message, reading in read if message.kind == "single"])
    found = []
    for kind, name in (("out_far", "far outside"), ("out_near", "near outside")):
        strange = np.array([_sureness(reading) for message, reading in read if message.kind == kind])
        found.append(
            Row(
                f"development, {name} ({language})",
                "Tellerline",
                len(strange),
                outside_recall=measure.recall_outside(inside, strange),
                auroc=measure.area_under_curve(inside, strange),
            )
        )
    return found


def _asked(reading: Reading) -> set[str]:
    return {segment.top.intent for segment in reading.segments}


def _sureness(reading: Reading) -> float:
    scores = [score for segment in reading.segments for score in segment.intents]
    return max((score.probability for score in scores if score.intent != OUT_OF_SCOPE), default=0.0)
