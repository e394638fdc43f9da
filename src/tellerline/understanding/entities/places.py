"""Cities and districts, from a list of both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from tellerline.domain.language import Text
from tellerline.domain.reading import Entity

_SUFFIX = re.compile(r"(?:特别行政区|自治州|地区|新区|市|区|县)$")
_WHERE = re.compile(r"(?<![a-z])(?:in|at|near|around|from)\s(?P<name>[a-z]{5,16})(?![a-z])", re.IGNORECASE)
_FUZZY_LETTERS_MIN = 6
_FUZZY_MIN = 84.0


class Places:
    """The places the bank knows. A name is found with or without 市, 区; English names as whole words."""

    def __init__(self, names: Iterable[Text] = ()) -> None:
        chinese, english = set(), set()
        for name in names:
            short = _SUFFIX.sub("", name.zh)
            chinese |= {name.zh, short} if len(short) >= 2 else {name.zh}
            english.add(name.en)
        self._latin = sorted(name.lower() for name in english if len(name) >= _FUZZY_LETTERS_MIN)
        self._chinese = _alternatives(chinese, "{}(?:市|区|县)?")
        self._english = _alternatives(english, r"(?<![A-Za-z]){}(?![A-Za-z])")

    def find(self, text: str) -> Iterator[Entity]:
        """Yield places, as typed; an English name misspelled (shenzen) where a place is asked about, less surely."""
        found = False
        for pattern in (self._chinese, self._english):
            if pattern is not None:
                for match in pattern.finditer(text):
                    found = True
                    yield Entity("place", match[0], match[0], match.start(), match.end())
        if not found and self._latin:
            for match in _WHERE.finditer(text):
                near = process.extractOne(
                    match["name"].lower(), self._latin, scorer=fuzz.ratio, score_cutoff=_FUZZY_MIN
                )
                if near is not None:
                    yield Entity("place", near[0].title(), match["name"], *match.span("name"), score=0.8)


def _alternatives(names: set[str], form: str) -> re.Pattern[str] | None:
    """Return a pattern for any of the names, the longest first."""
    if not names:
        return None
    body = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(form.format(f"(?:{body})"), re.IGNORECASE)
