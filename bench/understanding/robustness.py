"""`python -m bench.understanding.robustness`: what each way of going wrong costs, in points, on held-out messages."""

from __future__ import annotations

import argparse
import random
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bench.machine import describe, table
from bench.understanding.noise import CHANGES
from tellerline.app import shared_encoder
from tellerline.dialogue import pack
from tellerline.dialogue.release import Reader
from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.reading import Context, Entity, Reading
from tellerline.settings import Settings

MESSAGES = Path(__file__).parent / "dev" / "intents.yaml"
TODAY = date(2026, 11, 23)
LOST_MAX = 5.0
_VALUES = ("money", "last_four", "date", "periods", "phone", "reference")


class Score(NamedTuple):
    """Messages, of how many the request was found, and how many of their values."""

    messages: int
    found: int
    values: int
    kept: int

    @property
    def accuracy(self) -> float:
        """Share of messages whose request was found, %."""
        return 100 * self.found / max(1, self.messages)

    @property
    def values_kept(self) -> float:
        """Share of the values of the clean messages that were read again, %."""
        return 100 * self.kept / max(1, self.values)


def is_found(row: dict[str, Any], reading: Reading) -> bool:
    """Whether a request of the message is one meant; of several meant together, whether all of them are among them."""
    tops = [segment.top for segment in reading.segments]
    if row.get("all"):
        return set(row["intents"]) <= {top.intent for top in tops}
    return any(top.intent in row["intents"] for top in tops)


def values_of(reading: Reading) -> set[tuple[str, str | int, str | None]]:
    """Return the values a flow would take."""
    return {_value(entity) for entity in reading.entities if entity.type in _VALUES and entity.score > 0.5}


def _value(entity: Entity) -> tuple[str, str | int, str | None]:
    return entity.type, entity.value, entity.until


class Clean(NamedTuple):
    """The messages as typed, and the values they hold."""

    rows: list[dict[str, Any]]
    values: list[set[tuple[str, str | int, str | None]]]
    score: Score


def read_clean(understanding: Reader, rows: list[dict[str, Any]], language: Language) -> Clean:
    """Read every message as it was typed."""
    readings = [understanding.read(str(row[language]), Context(language, TODAY)) for row in rows]
    values = [values_of(reading) for reading in readings]
    count = sum(map(len, values))
    found = sum(is_found(row, reading) for row, reading in zip(rows, readings, strict=True))
    return Clean(rows, values, Score(len(rows), found, count, count))


def score(understanding: Reader, clean: Clean, language: Language, change: str, seed: int) -> Score:
    """Read every message after one change."""
    rng = random.Random(seed)
    found = kept = 0
    for row, wanted in zip(clean.rows, clean.values, strict=True):
        text = CHANGES[language][change](str(row[language]), rng)
        reading = understanding.read(text, Context(language, TODAY))
        found += is_found(row, reading)
        kept += len(wanted & values_of(reading))
    return Score(len(clean.rows), found, sum(map(len, clean.values)), kept)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--messages", type=Path, default=MESSAGES)
    parser.add_argument("--count", type=int, default=1_000, help="messages drawn")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    arguments = parser.parse_args()
    settings = Settings()
    version = pack.build(settings.pack, settings.data / "releases", shared_encoder(), say=print)
    understanding = pack.load(settings.data / "releases", version, shared_encoder()).reader
    rows = [
        row
        for row in yaml.safe_load(arguments.messages.read_text(encoding="utf-8"))
        if row["kind"] in ("single", "multi")
    ]
    rows = random.Random(arguments.seed).sample(rows, k=min(arguments.count, len(rows)))
    print(describe(), f"{len(rows)} messages in each language", sep="; ")
    print(table(["language", "change", "request found %", "points lost", "values kept %"], []))
    for language in arguments.languages:
        clean = read_clean(understanding, rows, language)
        print(f"| {language} | as typed | {clean.score.accuracy:.1f} | | {clean.score.values} values |")
        for change in CHANGES[language]:
            changed = score(understanding, clean, language, change, arguments.seed)
            lost = clean.score.accuracy - changed.accuracy
            mark = "" if lost <= LOST_MAX else " (missed)"
            line = f"| {language} | {change} | {changed.accuracy:.1f} | {lost:.1f}{mark} | {changed.values_kept:.1f} |"
            print(line, flush=True)


if __name__ == "__main__":
    main()
