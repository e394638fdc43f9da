"""Memory in words: what is remembered, as a customer reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from tellerline.dialogue.release import Release
from tellerline.domain.data import Record
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.domain.remembered import (
    Address,
    Contact,
    ElderMode,
    Promised,
    Reached,
    Remembrance,
    Speaks,
    kind_of,
)
from tellerline.memory.wish import wishes
from tellerline.reply.format import BANK_ZONE

BOOK = "remembered"
EVERYTHING = "everything"


def describe(release: Release, value: Remembrance, at: datetime) -> Text:
    """Write one thing that is remembered, noted at `at`, in every language."""
    on = at.astimezone(BANK_ZONE).date().isoformat()
    return _written(release, f"item_{kind_of(value)}", lambda language: _fields(release, value, on, language))


def describe_everything(release: Release) -> Text:
    """Write "everything", as one more to choose."""
    return _written(release, EVERYTHING, lambda _: {})


def wished(release: Release, text: str, profile: Record, now: datetime) -> list[Record]:
    """Return what a customer asks to have remembered as records to choose from; see `memory.wish.wishes`."""
    found: list[Record] = []
    for value in wishes(text, profile):
        body: Record = msgspec.to_builtins(value)
        label: Record = msgspec.to_builtins(describe(release, value, now))
        found.append({"id": "/".join(str(part) for part in body.values()), "label": label, "value": body})
    return found


def _written(release: Release, key: str, fields: Callable[[Language], Record]) -> Text:
    written = {}
    for language in LANGUAGES:
        rendered = release.copies[BOOK].render(key, language, fields(language))
        assert rendered is not None, f"{BOOK}/{key} has no wording without a condition"
        written[language] = rendered.text
    return Text(written["zh"], written["en"])


def _fields(release: Release, value: Remembrance, on: str, language: Language) -> Record:
    match value:
        case Contact():
            flow = release.flows.get(value.flow)
            title = flow.title.in_(language) if flow is not None else value.flow
            return {"flow_title": title, "outcome": value.outcome, "on": on}
        case Promised():
            return {"number": value.number, "due_at": value.due_at.isoformat(), "open": value.is_open}
        case Address():
            return {"name": value.zh if language == "zh" else value.en}
        case Speaks():
            return {"chosen": value.language}
        case Reached():
            return {"by": value.by}
        case ElderMode():
            return {"on": value.on}
