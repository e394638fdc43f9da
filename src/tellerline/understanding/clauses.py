"""Splitting a message into the clauses that could each ask for something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Break = Literal["start", "comma", "stop", "link", "and"]

# Words that open another request. They stay with the clause they open.
_LINK = (
    r"另外|还有(?![几多个没])|并且|并帮|然后|顺便|对了|其次|再就是|同时|此外|再问|再帮|以及|噢对|哦对"
    r"|再(?=[给把帮转查看问办缴还取存])|接着(?=[给把帮转查看问办])"
    r"|(?<![a-z])(?:also|and then|and also|btw|by the way|plus|another thing|one more thing|oh and|besides|secondly"
    r"|additionally|as well as|after that|then)(?![a-z])"
)
_BREAK = re.compile(
    r"(?P<stop>[。!?;…]+|\n+|(?<=[a-z0-9)\]])\.(?=\s|$))"
    r"|(?P<comma>,(?![0-9]{3}(?![0-9]))|、|\s[-—]+\s|—+|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff]))"
    rf"|(?P<link>{_LINK})|\s(?P<and>and|but)\s",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<![a-z])(?:between|both|difference)(?![a-z])", re.IGNORECASE
)  # what "and" joins is one thing
_SAYS_SOMETHING = re.compile(r"\w")
CLAUSES_MAX = 48
_KINDS: dict[str, Break] = {"stop": "stop", "comma": "comma", "link": "link", "and": "and"}
_STRENGTH: list[Break] = ["link", "stop", "comma", "and", "start"]


class Clause(NamedTuple):
    """A piece of the text, and what separates it from the one before. `start` is after the separator."""

    start: int
    end: int
    opened_by: Break


def split_clauses(text: str) -> list[Clause]:
    """Return the clauses of a normalised text, in order. Of very many the last are kept apart: there the request stands."""
    found = [clause for clause in _pieces(text) if _SAYS_SOMETHING.search(text, clause.start, clause.end)]
    if found:
        found[0] = found[0]._replace(opened_by="start")
    if len(found) > CLAUSES_MAX:
        cut = len(found) - CLAUSES_MAX + 1
        found = [Clause(found[0].start, found[cut - 1].end, "start"), *found[cut:]]
    return found


def _pieces(text: str) -> Iterator[Clause]:
    """Yield everything between two breaks, empty pieces too; of breaks in a row the strongest counts."""
    start = 0
    opened_by: Break = "start"
    for match in _BREAK.finditer(text):
        kind = _KINDS[match.lastgroup or "comma"]
        if kind == "and" and _PAIR.search(text, start, match.start()):
            continue
        yield Clause(start, match.start(), opened_by)
        is_empty = _SAYS_SOMETHING.search(text, start, match.start()) is None
        opened_by = min(opened_by, kind, key=_STRENGTH.index) if is_empty else kind
        start = match.start() if kind == "link" else match.end()
    yield Clause(start, len(text), opened_by)
