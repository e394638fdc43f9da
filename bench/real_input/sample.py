"""Draw 500 unedited customer messages by seed from the three open sets. The rows themselves are not part of the project."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

SEED = 20261123
BANKING77_COUNT = 200
NLUPP_COUNT = 150
MULTIDOGO_COUNT = 130  # turns that ask or say something
MULTIDOGO_BARE_COUNT = (
    20  # bare answers to a question that is not there; half of the set, so they are drawn apart
)


class Row(msgspec.Struct, frozen=True):
    """A customer message as it stands in its set. `labels` are the set's own; `id` is the set and a short digest."""

    id: str
    set: str
    text: str
    labels: list[str]


def draw(data: Path) -> list[Row]:
    """Return the sample, the same for the same data; a text that occurs twice in a set counts once.

    data: folder with `banking77/train.csv`, `nlupp/banking.jsonl`, `multidogo_finance/{train,dev}.csv`.
    """
    spoken, bare = _multidogo(data / "multidogo_finance")
    return [
        *_pick(_banking77(data / "banking77"), BANKING77_COUNT),
        *_pick(_nlupp(data / "nlupp"), NLUPP_COUNT),
        *_pick(spoken, MULTIDOGO_COUNT),
        *_pick(bare, MULTIDOGO_BARE_COUNT),
    ]


def _pick(rows: list[Row], count: int) -> list[Row]:
    return random.Random(SEED).sample(rows, count)


def _unique(set_name: str, rows: Iterable[tuple[str, list[str]]]) -> list[Row]:
    seen: dict[str, Row] = {}
    for text, labels in rows:
        key = " ".join(text.lower().split())
        if key and key not in seen:
            digest = hashlib.sha256(text.encode()).hexdigest()[:8]
            seen[key] = Row(f"{set_name}-{digest}", set_name, text, labels)
    return [seen[key] for key in sorted(seen)]


def _banking77(folder: Path) -> list[Row]:
    with (folder / "train.csv").open(encoding="utf-8", newline="") as lines:
        return _unique("banking77", [(row["text"], [row["label"]]) for row in csv.DictReader(lines)])


def _nlupp(folder: Path) -> list[Row]:
    lines = (folder / "banking.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return _unique("nlupp", [(row["text"], sorted(row.get("intents") or [])) for row in found])


def _multidogo(folder: Path) -> tuple[list[Row], list[Row]]:
    found: list[tuple[str, list[str]]] = []
    for part in ("train", "dev"):
        with (folder / f"{part}.csv").open(encoding="utf-8", newline="") as lines:
            found += [(row["utt"], row["intent"].split("<div>")) for row in csv.DictReader(lines)]
    rows = _unique("multidogo", found)
    spoken = [row for row in rows if row.labels != ["contentonly"]]
    return spoken, [row for row in rows if row.labels == ["contentonly"]]


def main() -> None:
    """Print the sample as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    for row in draw(parser.parse_args().data):
        sys.stdout.write(json.dumps(msgspec.to_builtins(row), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
