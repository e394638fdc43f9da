"""Canned replies, found by words, pinyin or its initials: `zzhs` finds 正在核实."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec
from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz

from tellerline.desk.ports import Phrase
from tellerline.domain.language import Language

FOUND_MAX = 20
FUZZY_MIN = 80  # of 100, how alike a word must be that is not found as written


class Reply(msgspec.Struct, frozen=True):
    """A canned reply in one language."""

    id: str
    title: str
    text: str
    language: Language
    tags: list[str]


class _Keys(msgspec.Struct, frozen=True):
    """What a reply is found by, lower case. words: everything that can be read; sounds: pinyin without spaces."""

    words: str
    sounds: str
    initials: str
    title_initials: str


class Phrases:
    """The pack's replies and those the staff brought, of which one with the same id goes before the pack's."""

    def __init__(self, pack: Sequence[Phrase], brought: Callable[[], Sequence[Phrase]]) -> None:
        self._pack = list(pack)
        self._brought = brought

    def search(self, wanted: str, language: Language) -> list[Reply]:
        """Return the replies that fit, the best first; all, when nothing is asked for."""
        replies = {phrase.id: phrase for phrase in [*self._pack, *self._brought()]}
        text = "".join(wanted.lower().split())
        scored = [
            (_score(_keys(phrase), text), number, phrase) for number, phrase in enumerate(replies.values())
        ]
        fitting = sorted((-score, number, phrase.id) for score, number, phrase in scored if score > 0)
        return [_in(replies[name], language) for _, _, name in fitting[:FOUND_MAX]]


def _in(phrase: Phrase, language: Language) -> Reply:
    if language == "zh":
        return Reply(phrase.id, phrase.title_zh, phrase.zh, language, phrase.tags)
    return Reply(phrase.id, phrase.title_en, phrase.en, language, phrase.tags)


@lru_cache(maxsize=10_000)
def _sounds(title: str, text: str) -> tuple[str, str, str]:
    """Return pinyin, initials, and the initials of the title alone."""
    both = f"{title} {text}"
    return (
        "".join(lazy_pinyin(both, errors="ignore")),
        "".join(lazy_pinyin(both, style=Style.FIRST_LETTER, errors="ignore")),
        "".join(lazy_pinyin(title, style=Style.FIRST_LETTER, errors="ignore")),
    )


def _keys(phrase: Phrase) -> _Keys:
    sounds, initials, title_initials = _sounds(phrase.title_zh, phrase.zh)
    parts = (phrase.id, phrase.title_zh, phrase.title_en, phrase.zh, phrase.en, *phrase.tags)
    return _Keys("".join("".join(parts).lower().split()), sounds, initials, title_initials)


def _score(keys: _Keys, wanted: str) -> float:
    """Return how well a reply fits: the title's initials first, then words, then sounds, then what is nearly written so."""
    if not wanted:
        return 1.0
    if keys.title_initials.startswith(wanted):
        return 5.0
    if wanted in keys.words:
        return 4.0
    if wanted.isascii() and len(wanted) >= 2 and wanted in keys.initials:
        return 3.0
    if wanted.isascii() and len(wanted) >= 2 and wanted in keys.sounds:
        return 2.0
    alike = fuzz.partial_ratio(wanted, keys.words) if len(wanted) >= 4 else 0.0
    return alike / 100 if alike >= FUZZY_MIN else 0.0
