"""Cities and districts, from a list of both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tellerline.domain.language import Text
from tellerline.domain.reading import Entity

_SUFFIX = re.compile(r"(?:特别行政区|自治州|地区|新区|市|区|县)$")


class Places:
    """The places the bank knows. A name is found with or without 市, 区; English names as whole words."""

    def __init__(self, names: Iterable[Text] = ()) -> None:
        chinese, english = set(), set()
        for name in names:
            short = _SUFFIX.sub("", name.zh)
            chinese |= {name.zh, short} if len(short) >= 2 else {name.zh}
            english.add(name.en)
        self._chinese = _alternatives(chinese, "{}(?:市|区|县)?")
        self._english = _alternatives(english, r"(?<![A-Za-z]){}(?![A-Za-z])")

    def find(self, text: str) -> Iterator[Entity]:
        """Yield places, as typed."""
        for pattern in (self._chinese, self._english):
            if pattern is not None:
                for match in pattern.finditer(text):
                    yield Entity("place", match[0], match[0], match.start(), match.end())


def _alternatives(names: set[str], form: str) -> re.Pattern[str] | None:
    """Return a pattern for any of the names, the longest first."""
    if not names:
        return None
    body = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(form.format(f"(?:{body})"), re.IGNORECASE)
