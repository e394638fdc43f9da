"""The kinds of things that may be remembered, and for each: what for, on what ground, from which level, for how long.

The set is closed, and the value of each kind is made of codes of the product, ids of the pack and names the bank holds.
Words that a customer typed have no place in it, so neither has what could be guessed from them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from tellerline.domain.remembered import Kind, Promised, Remembered, Remembrance, kind_of

Ground = Literal["service", "asked"]
"""`service`: needed to go on with what the customer came for. `asked`: the customer asked for it, in so many words."""


class Rule(msgspec.Struct, frozen=True):
    """What goes for a kind. kept: from its event on; of a promise, from its day on. level: below it, it is not told."""

    purpose: str
    ground: Ground
    kept: timedelta
    level: int = 1


RULES: dict[Kind, Rule] = {
    "contact": Rule("go_on", "service", timedelta(days=90)),
    "promise": Rule("keep_promise", "service", timedelta(days=90)),
    "address": Rule("address", "asked", timedelta(days=730)),
    "language": Rule("serve", "asked", timedelta(days=730)),
    "channel": Rule("reach", "asked", timedelta(days=730)),
    "elder_mode": Rule("serve", "asked", timedelta(days=730)),
}
LEVEL = max(rule.level for rule in RULES.values())
"""At this identity level everything that is remembered may be told to its customer, and below it nothing is."""

PURPOSES = frozenset({"serving", "complaint", "quality"})
"""What staff may look at a customer's memory for."""


def end_of(value: Remembrance, at: datetime) -> datetime:
    """Return when what was noted at `at` is forgotten."""
    begin = value.due_at if isinstance(value, Promised) else at
    return max(begin, at) + RULES[kind_of(value)].kept


def noted(value: Remembrance, conversation: str, sequence: int, at: datetime) -> Remembered:
    """Return a value as it is remembered, with its source and its end."""
    return Remembered(value, conversation, sequence, at, end_of(value, at))


def may_be_told(level: int) -> bool:
    """Tell whether somebody known at `level` may be told what is remembered of them."""
    return level >= LEVEL
