"""`python -m bench.understanding.entities`: values read from sentences another hand wrote, by type and language.

Judged are the types a sentence lists: every value must be read with its unit and last day, and no other value of that type.
In a sentence that lists none nothing but plain numbers may be found.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bench.machine import describe, quantile, table
from tellerline.app import shared_encoder
from tellerline.dialogue import pack
from tellerline.domain.language import LANGUAGES
from tellerline.domain.reading import Context, Entity
from tellerline.settings import Settings
from tellerline.understanding.normalise import normalise
from tellerline.understanding.reader import Understanding

SENTENCES = Path(__file__).parent / "dev" / "entities.yaml"
SCORE_MIN = 0.5  # what is only one of several guesses at a bare number is not held against the finder
Value = tuple[str, str, str | None]


class Tally:
    """Counts of one type in one language."""

    def __init__(self) -> None:
        self.wanted = self.right = self.spans = self.extra = 0

    def row(self, name: str) -> list[str]:
        """Return the counts as a line of the table."""
        share = f"{100 * self.right / self.wanted:.1f}" if self.wanted else "–"
        return [name, str(self.wanted), share, f"{self.spans}/{self.right}", str(self.extra)]


def found_value(entity: Entity) -> Value:
    """Return what counts of a found entity."""
    unit = entity.unit or "" if entity.type == "money" else ""
    return str(entity.value), unit, entity.until


def wanted_value(entity: dict[str, Any]) -> Value:
    """Return what counts of a wanted entity."""
    unit = str(entity.get("unit") or "CNY") if entity["type"] == "money" else ""
    until = entity.get("until")
    return normalise(str(entity["value"])).text, unit, str(until) if until else None


def judge(sentence: dict[str, Any], found: list[Entity], tallies: dict[tuple[str, str], Tally]) -> list[str]:
    """Count one sentence; return what was wrong with it."""
    language, wrong = str(sentence["language"]), []
    wanted = sentence.get("entities") or []
    types = {str(entity["type"]) for entity in wanted}
    for kind in types:
        tally = tallies.setdefault((language, kind), Tally())
        want = Counter(wanted_value(entity) for entity in wanted if entity["type"] == kind)
        have = Counter(found_value(entity) for entity in found if entity.type == kind)
        right = want & have
        tally.wanted += want.total()
        tally.right += right.total()
        extra = Counter(
            found_value(entity) for entity in found if entity.type == kind and entity.score > SCORE_MIN
        )
        tally.extra += (extra - want).total()
        if right != want or extra - want:
            wrong.append(f"{kind}: wanted {sorted(want)}, found {sorted(have)}")
        tally.spans += _spans(wanted, found, kind)
    if not types:
        tally = tallies.setdefault((language, "(none)"), Tally())
        loud = [entity for entity in found if entity.type != "number" and entity.score > SCORE_MIN]
        tally.wanted += 1
        tally.right += not loud
        tally.extra += len(loud)
        if loud:
            wrong.append("found " + ", ".join(f"{entity.type} {entity.value}" for entity in loud))
    return wrong


def _spans(wanted: list[dict[str, Any]], found: list[Entity], kind: str) -> int:
    """Return how many of the right values stand where they were said: one text within the other."""
    count = 0
    for want in wanted:
        if want["type"] == kind:
            said = normalise(str(want["text"])).text.lower()
            same = [e for e in found if e.type == kind and found_value(e) == wanted_value(want)]
            count += any(said in entity.text.lower() or entity.text.lower() in said for entity in same)
    return count


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list the sentences read wrongly")
    parser.add_argument("--sentences", type=Path, default=SENTENCES)
    arguments = parser.parse_args()
    settings = Settings()
    version = pack.build(settings.pack, settings.data / "releases", shared_encoder(), say=print)
    reader = pack.load(settings.data / "releases", version, shared_encoder()).reader
    assert isinstance(reader, Understanding)
    data = yaml.safe_load(arguments.sentences.read_text(encoding="utf-8"))
    today = date.fromisoformat(str(data["today"]))
    tallies: dict[tuple[str, str], Tally] = {}
    times = []
    for sentence in data["sentences"]:
        names = tuple(map(str, sentence.get("names") or ()))
        context = Context(sentence["language"], today, names)
        reader.read_values(str(sentence["text"]), context)
        began = time.perf_counter()
        found = reader.read_values(str(sentence["text"]), context).entities
        times.append((time.perf_counter() - began) * 1_000)
        for line in judge(sentence, found, tallies):
            if arguments.wrong:
                print(f"{sentence['text']!r} {line}")
    rows = [
        tallies[language, kind].row(f"{language} {kind}")
        for language in LANGUAGES
        for kind in sorted(kind for lang, kind in tallies if lang == language)
    ]
    print(describe())
    print(table(["", "values", "read rightly %", "in place", "others found"], rows))
    print(
        f"normalising, spelling and values: p50 {quantile(times, 0.5):.2f} ms, p99 {quantile(times, 0.99):.2f} ms"
    )


if __name__ == "__main__":
    main()
