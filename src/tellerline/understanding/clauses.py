"""Splitting a message into the clauses that could each ask for something."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Break = Literal["start", "comma", "stop", "link", "and"]

# Words that open another request. They stay with the clause they open.
_LINK = (
    r"另外|还有(?![几多个没])|并且|并帮|然后|顺便|对了|其次|再就是|同时|此外|再问|再帮|以及|噢对|哦对"
    r"|(?<![a-z])(?:also|and then|and also|btw|by the way|plus|another thing|one more thing|oh and|besides|secondly"
    r"|additionally|as well as|after that|then)(?![a-z])"
)
_BREAK = re.compile(
    r"(?P<stop>[。!?;…]+|\n+|(?<=[a-z0-9)\]])\.(?=\s|$))"
    r"|(?P<comma>,(?![0-9]{3}(?![0-9]))|、|\s[-—]+\s|—+|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff]))"
    rf"|(?P<link>{_LINK})|\s(?P<and>and|but)\s",
    re.IGNORECASE,
)
_SAYS_SOMETHING = re.compile(r"\w")
CLAUSES_MAX = 48


class Clause(NamedTuple):
    """A piece of the text, and what separates it from the one before. `start` is after the separator."""

    start: int
    end: int
    opened_by: Break


def split_clauses(text: str) -> list[Clause]:
    """Return the clauses of a normalised text, in order. Of very many the last are kept apart: there the request stands."""
    found: list[Clause] = []
    start, opened_by = 0, "start"
    for match in _BREAK.finditer(text):
        kind = match.lastgroup or "comma"
        if _SAYS_SOMETHING.search(text, start, match.start()):
            found.append(Clause(start, match.start(), _as_break(opened_by)))
            opened_by = kind
        elif opened_by != "start":
            opened_by = kind if kind == "link" or opened_by == "comma" else opened_by
        start = match.start() if kind == "link" else match.end()
    if _SAYS_SOMETHING.search(text, start):
        found.append(Clause(start, len(text), _as_break(opened_by)))
    if len(found) > CLAUSES_MAX:
        cut = len(found) - CLAUSES_MAX + 1
        found = [Clause(found[0].start, found[cut - 1].end, "start"), *found[cut:]]
    return found


def _as_break(kind: str) -> Break:
    kinds: dict[str, Break] = {
        "start": "start",
        "comma": "comma",
        "stop": "stop",
        "link": "link",
        "and": "and",
    }
    return kinds[kind]
