"""The search index of a pack: for every kind of evidence, which texts hold a feature and how strongly.

It is built once (build.py), fitted (fit.py) and kept as one `.npz` and one `.json` file, so that a start reads it in
milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tellerline.domain.language import LANGUAGES, Language

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Arrays = Mapping[str, NDArray[Any]]

FORM = 3  # changes whenever what is kept does
ARRAYS_FILE = "index.npz"
META_FILE = "index.json"


@dataclass(frozen=True)
class Postings:
    """Texts by feature. Feature f is in texts `text[start[f]:start[f + 1]]`, in order, with `weight` likewise.

    idf: weight of each feature in a query; unseen: weight of a feature that no text has; texts: how many there are.
    """

    start: Ints
    text: Ints
    weight: Floats
    idf: Floats
    unseen: float
    texts: int

    def score(self, features: Ints, values: Floats) -> Floats:
        """Return the sum over features of query value × text weight, for every text."""
        first = self.start[features]
        sizes = self.start[features + 1] - first
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        if not total:
            return np.zeros(self.texts, np.float32)
        entry = np.repeat(first - ends + sizes, sizes) + np.arange(total, dtype=np.int32)
        weights = self.weight[entry] * np.repeat(values, sizes)
        return np.bincount(self.text[entry], weights, self.texts).astype(np.float32)

    def has(self, feature: int, text: int) -> bool:
        """Tell whether `text` has the feature."""
        span = self.text[self.start[feature] : self.start[feature + 1]]
        place = int(np.searchsorted(span, text))
        return place < len(span) and int(span[place]) == text


class Meaning(NamedTuple):
    """Vectors of meaning, L2-normalised: of every ask, and of every passage with the headings above it.

    Shapes: float32[asks, d], float32[passages, d]; kept as float16, which changes no ranking. d is 0 without an encoder.
    """

    ask: Floats
    passage: Floats

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self.ask.shape[1])


class Subject(NamedTuple):
    """Weights of words and concepts, and of grams, in telling the bank's subjects from others (fit.py)."""

    word: Floats
    gram: Floats


class LanguageMeta(msgspec.Struct):
    """The part of one language that is not arrays.

    words, grams: the features in order. articles: ids in order; asks: how many questions each has, title first;
    passages: how many it has. rows: ids of the facts in order. weights, calibration, subject_bias: see fit.py.
    """

    words: list[str]
    grams: list[str]
    articles: list[str]
    asks: list[int]
    passages: list[int]
    rows: list[str]
    unseen: dict[str, float]
    weights: list[float]
    calibration: list[float]
    subject_bias: float


class LanguageIndex:
    """All evidence in one language. `families`: see build.py."""

    def __init__(
        self, meta: LanguageMeta, families: dict[str, Postings], subject: Subject, meaning: Meaning
    ) -> None:
        self.meta = meta
        self.families = families
        self.subject = subject
        self.meaning = meaning
        self.word_ids = {word: number for number, word in enumerate(meta.words)}
        self.gram_ids = {gram: number for number, gram in enumerate(meta.grams)}
        self.position = {article: number for number, article in enumerate(meta.articles)}
        self.ask_start = _starts(meta.asks)
        self.passage_start = _starts(meta.passages)


class Index(NamedTuple):
    """The index of a pack.

    threshold: the calibrated probability from which an answer is given; encoder: name of what made the vectors, "" without.
    """

    languages: dict[Language, LanguageIndex]
    threshold: float
    encoder: str = ""


class _Meta(msgspec.Struct):
    """What is kept as JSON."""

    form: int
    threshold: float
    encoder: str
    languages: dict[Language, LanguageMeta]


def _starts(counts: Iterable[int]) -> Ints:
    """Return where each article's texts begin, for `np.maximum.reduceat`."""
    ends = np.cumsum(np.fromiter(counts, np.int32), dtype=np.int32)
    return np.concatenate([np.zeros(1, np.int32), ends[:-1]])


def save_index(index: Index, folder: Path) -> None:
    """Write the index into `folder`."""
    arrays: dict[str, NDArray[Any]] = {}
    for language, part in index.languages.items():
        for name, family in part.families.items():
            for field in ("start", "text", "weight", "idf"):
                arrays[f"{language}.{name}.{field}"] = getattr(family, field)
        arrays[f"{language}.subject.word"] = part.subject.word
        arrays[f"{language}.subject.gram"] = part.subject.gram
        arrays[f"{language}.meaning.ask"] = part.meaning.ask.astype(np.float16)
        arrays[f"{language}.meaning.passage"] = part.meaning.passage.astype(np.float16)
    meta = _Meta(
        FORM,
        index.threshold,
        index.encoder,
        {language: part.meta for language, part in index.languages.items()},
    )
    (folder / META_FILE).write_bytes(msgspec.json.encode(meta))
    np.savez(folder / ARRAYS_FILE, allow_pickle=False, **arrays)


def load_index(folder: Path) -> Index:
    """Read what `save_index` wrote.

    Raises: ValueError when it was written by another version.
    """
    meta = msgspec.json.decode((folder / META_FILE).read_bytes(), type=_Meta)
    if meta.form != FORM:
        raise ValueError(
            f"the index in {folder} has form {meta.form}, this version reads {FORM}: build the pack again"
        )
    with np.load(folder / ARRAYS_FILE, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    return Index(
        {language: _load_language(language, meta, arrays) for language in LANGUAGES},
        meta.threshold,
        meta.encoder,
    )


def _load_language(language: Language, meta: _Meta, arrays: Arrays) -> LanguageIndex:
    part = meta.languages[language]
    counts = {"ask": sum(part.asks), "passage": sum(part.passages), "row": len(part.rows)}
    families = {}
    for name, unseen in part.unseen.items():
        start, text, weight, idf = (
            arrays[f"{language}.{name}.{field}"] for field in ("start", "text", "weight", "idf")
        )
        texts = counts.get(name.partition("_")[0], len(part.articles))
        families[name] = Postings(start, text, weight, idf, unseen, texts)
    subject = Subject(arrays[f"{language}.subject.word"], arrays[f"{language}.subject.gram"])
    ask, passage = (arrays[f"{language}.meaning.{name}"].astype(np.float32) for name in Meaning._fields)
    return LanguageIndex(part, families, subject, Meaning(ask, passage))
