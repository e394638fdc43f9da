"""`python -m bench.understanding.flags`: recall and false alarms of flags, how well feelings are told, both languages."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.stats import spearmanr

from bench.machine import describe, table
from bench.real_input.report import wilson
from bench.real_input.sample import draw
from bench.understanding.messages import PACK, Felt, Kind, Message, read_messages
from tellerline.app import shared_encoder
from tellerline.dialogue import pack
from tellerline.dialogue.release import Release
from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.reading import Affect, Context, Reading

RELEASES = Path(__file__).parents[2] / "data" / "releases"
TODAY = date(2026, 11, 23)
DEFAULT_LIMIT = 0.5  # of flags that have no limit of their own in the pack
EMOTIONS = ("anger", "anxiety", "confusion", "shame", "satisfaction")
URGENT = 0.5

Read = Callable[[str, Language], Reading]


def reader(release: Release) -> Read:
    """Return a function that reads a message as the assistant does, each once."""
    known: dict[tuple[str, Language], Reading] = {}

    def read(text: str, language: Language) -> Reading:
        key = text, language
        if key not in known:
            known[key] = release.reader.read(text, Context(language, TODAY))
        return known[key]

    return read


def share(hits: int, count: int) -> str:
    """Return a share with its 95% interval, in percent."""
    if not count:
        return "–"
    low, high = wilson(hits, count)
    return f"{100 * hits / count:.1f} ({100 * low:.1f}–{100 * high:.1f}), n {count}"


class FlagTable:
    """Recall and false alarms of every flag at the pack's limits."""

    def __init__(self, release: Release, read: Read, messages: Sequence[Message]) -> None:
        self._limits = release.thresholds
        self._read = read
        self._messages = messages
        self.flags = sorted({flag for message in messages for flag in message.flags})

    def raised(self, flag: str, message: Message) -> bool:
        """Tell whether a message raises a flag."""
        value = self._read(message.text, message.language).flags.get(flag, 0.0)
        return value >= self._limits.get(flag, DEFAULT_LIMIT)

    def _without(self, flag: str, language: Language, kind: Kind) -> list[Message]:
        return [
            message
            for message in self._messages
            if message.language == language and message.kind == kind and flag not in message.flags
        ]

    def rows(self) -> list[list[str]]:
        """Return one row per flag and language."""
        rows = []
        for flag in self.flags:
            for language in LANGUAGES:
                with_it = [m for m in self._messages if m.language == language and flag in m.flags]
                cells = [
                    with_it,
                    self._without(flag, language, "ordinary"),
                    self._without(flag, language, "hard"),
                ]
                shares = [share(sum(self.raised(flag, m) for m in group), len(group)) for group in cells]
                rows.append([flag, language, *shares])
        return rows

    def wrong(self) -> list[str]:
        """Return every missed message and every false alarm."""
        return [
            f"{'missed' if flag in message.flags else 'false'} {flag} {message.language} {message.text!r}"
            for flag in self.flags
            for message in self._messages
            if self.raised(flag, message) != (flag in message.flags)
            and (flag in message.flags or message.kind != "positive")
        ]


def open_rows(table_of: FlagTable, data: Path) -> list[list[str]]:
    """Return how many of 500 unedited messages of the open sets raise each flag. Some of them rightly do."""
    drawn = [Message("en", "ordinary", (), row.text) for row in draw(data)]
    return [
        [flag, share(sum(table_of.raised(flag, message) for message in drawn), len(drawn))]
        for flag in table_of.flags
    ]


def affect_row(read: Read, felt: Sequence[Felt], calm: Sequence[Message], language: Language) -> list[str]:
    """Return macro-F1 of the emotions and of urgency, and the rank correlation of intensity.

    felt with intensity 0 and the ordinary messages are neutral.
    """
    pairs: list[tuple[str, Affect]] = [
        (message.emotion if message.intensity else "neutral", read(message.text, language).affect)
        for message in felt
        if message.emotion in EMOTIONS
    ]
    pairs += [("neutral", read(message.text, language).affect) for message in calm]
    scores = [
        f1([(truth == name, affect.emotion == name) for truth, affect in pairs])
        for name in (*EMOTIONS, "neutral")
    ]
    hurried = [m for m in felt if m.emotion == "urgency"]
    urgency = f1(
        [(m.intensity > 0, read(m.text, language).affect.urgency >= URGENT) for m in hurried]
        + [(False, read(m.text, language).affect.urgency >= URGENT) for m in calm]
    )
    graded = [m for m in felt if m.emotion in EMOTIONS]
    strengths = [read(m.text, language).affect.intensity for m in graded]
    ranks = spearmanr([m.intensity for m in graded], strengths).statistic
    return [
        language,
        f"{100 * float(np.mean(scores)):.1f}",
        f"{100 * urgency:.1f}",
        f"{ranks:.2f}",
        str(len(pairs)),
    ]


def f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Return F1 of (truth, said) pairs."""
    right = sum(truth and said for truth, said in pairs)
    return 2 * right / max(1, sum(truth for truth, _ in pairs) + sum(said for _, said in pairs))


def report(which: Literal["dev", "tuning"], data: Path | None, *, wrong: bool) -> str:
    """Measure everything and return it as Markdown."""
    version = pack.build(PACK, RELEASES, shared_encoder())
    release = pack.load(RELEASES, version, shared_encoder())
    read = reader(release)
    messages, felt = read_messages(which)
    flags = FlagTable(release, read, messages)
    parts = [
        f"Messages: `{which}`; release `{version}`; {describe()}. Percent with 95% intervals.",
        table(["flag", "language", "recall", "false alarms, ordinary", "false alarms, hard"], flags.rows()),
    ]
    if data is not None:
        parts.append(table(["flag", "raised on 500 open messages (en)"], open_rows(flags, data)))
    rows = []
    for language in LANGUAGES:
        own = [message for message in felt if message.language == language]
        calm = [m for m in messages if m.language == language and m.kind == "ordinary"]
        rows.append(affect_row(read, own, calm, language))
    parts.append(table(["language", "emotion macro-F1", "urgency F1", "intensity ρ", "n"], rows))
    if wrong:
        parts.append("\n".join(flags.wrong()))
    return "\n\n".join(parts)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=["dev", "tuning"], default="dev", dest="which")
    parser.add_argument(
        "--data", type=Path, help="folder of the open sets: count what fires on 500 of their messages"
    )
    parser.add_argument("--wrong", action="store_true", help="list every miss and false alarm")
    chosen = parser.parse_args()
    print(report(chosen.which, chosen.data, wrong=chosen.wrong))


if __name__ == "__main__":
    main()
