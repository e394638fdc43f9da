"""The messages that flags and affects are measured on, each set written by another hand than what the model trains on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import yaml

from tellerline.domain.language import LANGUAGES, Language
from tellerline.understanding.intents import reduce_text
from tellerline.understanding.normalise import normalise

HERE = Path(__file__).parent
PACK = HERE.parents[1] / "packs" / "harbour"

Kind = Literal["positive", "ordinary", "hard"]


class Message(msgspec.Struct, frozen=True):
    """A message and what it is. flags: all that hold; hard: looks like a flag and is none."""

    language: Language
    kind: Kind
    flags: tuple[str, ...]
    text: str


class Felt(msgspec.Struct, frozen=True):
    """A message and how strongly one emotion (or urgency) is felt in it: 0 not, 1 faintly, 2 clearly, 3 strongly."""

    language: Language
    emotion: str
    intensity: int
    text: str


def read_messages(which: Literal["dev", "tuning"]) -> tuple[list[Message], list[Felt]]:
    """Read a set. Messages that are examples of the pack, letter for letter, are left out."""
    known = _examples()
    messages: list[Message] = []
    felt: list[Felt] = []
    for language in LANGUAGES:
        form = yaml.safe_load((HERE / which / f"flags.{language}.yaml").read_text(encoding="utf-8"))
        if which == "dev":
            messages += [
                Message(language, row["kind"], tuple(row.get("flags") or ()), row["text"])
                for row in form["messages"]
            ]
            felt += [Felt(language, row["emotion"], row["intensity"], row["text"]) for row in form["affect"]]
        else:
            messages += [
                Message(language, "positive", (flag,), text)
                for flag, texts in form["positive"].items()
                for text in texts
            ]
            messages += [
                Message(language, "ordinary" if theme in ("business", "short_answers") else "hard", (), text)
                for theme, texts in form["negative"].items()
                for text in texts
            ]
            felt += [
                Felt(language, emotion, intensity, text)
                for emotion, rows in form["affect"].items()
                for intensity, text in rows
            ]
    return (
        [message for message in messages if _reduce(message.text) not in known],
        [message for message in felt if _reduce(message.text) not in known],
    )


def _reduce(text: str) -> str:
    return reduce_text(normalise(text).text)


def _examples() -> set[str]:
    found: set[str] = set()
    for path in (*PACK.glob("flags/*/*.yaml"), *PACK.glob("intents/*/*.yaml")):
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        texts = form if isinstance(form, list) else [text for side in form.values() for text in side]
        found |= {_reduce(str(text)) for text in texts}
    return found
