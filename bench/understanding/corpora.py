"""The examples that are scored: the open sets as they are handed out, and the pack's own; no text counts twice."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import yaml

from tellerline.domain.language import LANGUAGES, Language
from tellerline.understanding.intents import reduce_text

Labels = npt.NDArray[np.int64]
HERE = Path(__file__).parent
PACK = HERE.parents[1] / "packs" / "harbour"
OUTSIDE = "oos"


class Corpus(NamedTuple):
    """Texts with the place of each one's label among `names`; `titles` is what a label is called in words."""

    texts: list[str]
    labels: Labels
    names: list[str]
    titles: list[str]

    def part(self, rows: Iterable[int]) -> Corpus:
        """Return some of the rows; the labels stay as they are numbered."""
        chosen = list(rows)
        return self._replace(texts=[self.texts[row] for row in chosen], labels=self.labels[chosen])


def distinct(rows: Iterable[tuple[str, str]], seen: set[str] | None = None) -> list[tuple[str, str]]:
    """Return the rows whose text, letters and figures alone, has not come before. `seen` is added to."""
    seen = set() if seen is None else seen
    kept = []
    for text, label in rows:
        key = reduce_text(text)
        if key and key not in seen:
            seen.add(key)
            kept.append((text, label))
    return kept


def corpus(rows: Sequence[tuple[str, str]], names: Sequence[str] | None = None) -> Corpus:
    """Number the labels of rows."""
    names = sorted({label for _, label in rows}) if names is None else list(names)
    place = {name: index for index, name in enumerate(names)}
    labels = np.array([place[label] for _, label in rows], np.int64)
    return Corpus([text for text, _ in rows], labels, names, [name.replace("_", " ") for name in names])


def read_rows(path: Path) -> list[tuple[str, str]]:
    """Read a CSV file with the columns text and label."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"].strip(), row["label"]) for row in csv.DictReader(file)]


def banking77(data: Path) -> Corpus:
    """Return the training rows; the public test split stays unread."""
    return corpus(distinct(read_rows(data / "banking77" / "train.csv")))


class Split(NamedTuple):
    """Rows to learn from, rows to choose with, rows to quote, and what lies outside for the last two."""

    train: Corpus
    choose: Corpus
    test: Corpus
    choose_outside: list[str]
    test_outside: list[str]


def clinc150(data: Path) -> Split:
    """Return the public split. A text of the test part that was learned from stays out of the test."""
    folder, seen = data / "clinc150", set[str]()
    train = corpus(distinct(read_rows(folder / "train.csv"), seen))
    choose = corpus(distinct(read_rows(folder / "val.csv"), seen), train.names)
    outside = [
        text
        for text, _ in distinct(read_rows(folder / "oos_val.csv") + read_rows(folder / "oos_train.csv"), seen)
    ]
    test = corpus(distinct(read_rows(folder / "test.csv"), seen), train.names)
    test_outside = [text for text, _ in distinct(read_rows(folder / "oos_test.csv"), seen)]
    return Split(train, choose, test, outside, test_outside)


def banking77_near(data: Path) -> tuple[Split, list[str]]:
    """Return 50 intents with the 27 others as near out-of-scope, and the far out-of-scope rows."""
    folder, seen = data / "banking77_oos", set[str]()
    train = corpus(distinct(read_rows(folder / "train.csv"), seen))
    test = corpus(distinct(read_rows(folder / "valid.csv"), seen), train.names)
    near = [text for text, _ in distinct(read_rows(folder / "id-oos_valid.csv"), seen)]
    far = [text for text, _ in distinct(read_rows(folder / "ood-oos_valid.csv"), seen)]
    return Split(train, test, test, near, near), far


class Several(NamedTuple):
    """Texts with several labels each: `labels` bool[texts, names]; `folds` the fold of each text."""

    texts: list[str]
    labels: npt.NDArray[np.bool_]
    names: list[str]
    titles: list[str]
    folds: Labels


def nlupp(data: Path) -> Several:
    """Return NLU++ banking, general and banking intents together."""
    ontology = json.loads((data / "nlupp" / "ontology.json").read_text(encoding="utf-8"))["intents"]
    seen, texts, chosen, folds = set[str](), [], [], []
    for line in (data / "nlupp" / "banking.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if reduce_text(row["text"]) in seen:
            continue
        seen.add(reduce_text(row["text"]))
        texts.append(row["text"])
        chosen.append(row.get("intents", ()))
        folds.append(row["fold"])
    names = sorted({name for row in chosen for name in row})
    labels = np.array([[name in row for name in names] for row in chosen], bool)
    titles = [str(ontology.get(name, {}).get("description", name)) for name in names]
    return Several(texts, labels, names, titles, np.array(folds, np.int64))


def pack(language: str) -> Corpus:
    """Return the pack's examples of one language."""
    registry = yaml.safe_load((PACK / "intents" / "intents.yaml").read_text(encoding="utf-8"))["intents"]
    rows = []
    for name in registry:
        phrases = yaml.safe_load((PACK / "intents" / language / f"{name}.yaml").read_text(encoding="utf-8"))
        rows += [(str(phrase), name) for phrase in phrases]
    return corpus(distinct(rows), list(registry))


class Message(NamedTuple):
    """A development message: any of `intents` is right; of kind multi, all of them are meant."""

    text: str
    kind: str
    intents: tuple[str, ...]


def development() -> dict[Language, list[Message]]:
    """Return the messages of `dev/intents.yaml`, written by another hand, per language."""
    rows = yaml.safe_load((HERE / "dev" / "intents.yaml").read_text(encoding="utf-8"))
    return {
        language: [Message(row[language], row["kind"], tuple(row.get("intents", ()))) for row in rows]
        for language in LANGUAGES
    }


def joined(parts: Sequence[Corpus]) -> tuple[Corpus, Labels]:
    """Return corpora with the same labels as one, and of each row which part it is from."""
    texts = [text for part in parts for text in part.texts]
    labels = np.concatenate([part.labels for part in parts])
    origin = np.repeat(np.arange(len(parts)), [len(part.texts) for part in parts])
    return parts[0]._replace(texts=texts, labels=labels), origin
