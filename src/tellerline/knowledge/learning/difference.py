"""What differs between two packs, as people ask: which figures, which articles, which phrases, which other files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path

import msgspec
import yaml

from tellerline.domain.fact import Fact
from tellerline.domain.language import Text
from tellerline.domain.located import PackLoader
from tellerline.knowledge.load import Library, load_library

_KNOWLEDGE = ("facts/", "articles/", "intents/zh/", "intents/en/")
_DAY = timedelta(days=1)


class FactDifference(msgspec.Struct, frozen=True):
    """A figure: what holds on `valid_from` before and after; None where there is none. `valid_to`: its last day."""

    fact: str
    label: Text
    old: Text | None
    new: Text | None
    old_version: date | None
    valid_from: date
    valid_to: date | None


class FileDifference(msgspec.Struct, frozen=True):
    """A file that was added, removed or changed, line by line."""

    file: str
    what: str
    lines: list[str]


class PhraseDifference(msgspec.Struct, frozen=True):
    """Phrases of an intent that were added or removed."""

    intent: str
    language: str
    added: list[str]
    removed: list[str]


class Difference(msgspec.Struct, frozen=True):
    """All that differs. `other`: files that are neither facts nor articles nor phrases."""

    facts: list[FactDifference]
    articles: list[FileDifference]
    phrases: list[PhraseDifference]
    other: list[FileDifference]

    def __bool__(self) -> bool:
        return bool(self.facts or self.articles or self.phrases or self.other)


def compare_packs(before: Path, after: Path) -> Difference:
    """Return what differs between the packs in two folders."""
    old, new = load_library(before)[0], load_library(after)[0]
    files = [_compare_file(before, after, file) for file in _changed(before, after)]
    return Difference(
        list(_compare_facts(old, new)),
        [found for found in files if found.file.startswith("articles/")],
        list(_compare_phrases(before, after)),
        [found for found in files if not found.file.startswith(_KNOWLEDGE)],
    )


def _changed(before: Path, after: Path) -> list[str]:
    names = {
        path.relative_to(root).as_posix()
        for root in (before, after)
        for path in root.rglob("*")
        if path.is_file()
    }
    return sorted(name for name in names if _bytes(before / name) != _bytes(after / name))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _compare_file(before: Path, after: Path, file: str) -> FileDifference:
    old, new = _bytes(before / file), _bytes(after / file)
    what = "added" if old is None else "removed" if new is None else "changed"
    lines = list(unified_diff(_lines(old), _lines(new), "in force", "proposed", lineterm="", n=1))
    return FileDifference(file, what, lines)


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").splitlines()


def _compare_facts(old: Library, new: Library) -> Iterator[FactDifference]:
    """Yield every figure that holds from a day on where another one, or none, held before, or holds no more."""
    for table in sorted(old.tables.keys() | new.tables.keys()):
        rows = [list(library.tables[table].rows) if table in library.tables else [] for library in (old, new)]
        for fact in sorted({fact.id for side in rows for fact in side}):
            yield from _compare_fact(*([row for row in side if row.id == fact] for side in rows))


def _compare_fact(old: list[Fact], new: list[Fact]) -> Iterator[FactDifference]:
    days = {row.valid_from for row in (*old, *new)}
    days |= {row.valid_to + _DAY for row in (*old, *new) if row.valid_to is not None}
    said: tuple[Text | None, Text | None] = (None, None)
    for day in sorted(days):
        before, after = _on(old, day), _on(new, day)
        texts = (_shown(before), _shown(after))
        if texts[0] != texts[1] and texts != said:
            row = after or before
            assert row is not None
            version = before.valid_from if before else None
            yield FactDifference(row.id, row.label, *texts, version, day, after.valid_to if after else None)
        said = texts


def _on(rows: list[Fact], day: date) -> Fact | None:
    return next((row for row in rows if row.in_force(day)), None)


def _shown(fact: Fact | None) -> Text | None:
    return None if fact is None else Text(fact.render("zh"), fact.render("en"))


def _compare_phrases(before: Path, after: Path) -> Iterator[PhraseDifference]:
    for file in _changed(before, after):
        _, language, name, *_ = (*file.split("/"), "", "", "")
        if file.startswith(("intents/zh/", "intents/en/")):
            old, new = _phrases(before / file), _phrases(after / file)
            added, removed = [p for p in new if p not in old], [p for p in old if p not in new]
            yield PhraseDifference(name.removesuffix(".yaml"), language, added, removed)


def _phrases(path: Path) -> list[str]:
    if not path.is_file():
        return []
    found = yaml.load(path.read_text("utf-8"), Loader=PackLoader)  # noqa: S506  a safe loader
    return [str(phrase) for phrase in found] if isinstance(found, list) else []
