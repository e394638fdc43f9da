"""Telephone numbers: the token redaction left, or the number itself where nothing was redacted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity
from tellerline.understanding.shadow import TOKEN

_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?(1[3-9][0-9](?:[ -]?[0-9]{4}){2})(?![0-9])")


def find_phones(text: str) -> Iterator[Entity]:
    """Yield telephone numbers. Of a redacted one the value is the token, for whoever holds the number to look up."""
    for token in TOKEN.finditer(text):
        if token["kind"] == "phone":
            yield Entity("phone", token[0], token[0], token.start(), token.end())
    for match in _MOBILE.finditer(text):
        digits = match[1].replace(" ", "").replace("-", "")
        yield Entity("phone", "+86" + digits, match[0], match.start(), match.end())
