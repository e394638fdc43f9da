"""What an indicator says of one opportunity: passed or failed, and the words and events that show it.

Where there was no opportunity, an indicator says nothing: the absence of findings is "not applicable".
"""

from __future__ import annotations

from typing import Literal

import msgspec

Side = Literal["assistant", "representative"]
SIDES: tuple[Side, ...] = ("assistant", "representative")
QUOTE_CHARS_MAX = 400


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One opportunity and what became of it.

    side, who: whose work is judged; `who` is a representative's account, "" for the assistant.
    sequences: the events that show it, the one that made the opportunity first.
    quote:     words found verbatim in one of those events; "" where only events speak.
    value:     what was measured, for indicators that measure (seconds).
    """

    indicator: str
    version: int
    passed: bool
    side: Side
    who: str
    sequences: list[int]
    quote: str = ""
    confidence: float = 1.0
    value: float | None = None
