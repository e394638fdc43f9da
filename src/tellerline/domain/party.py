"""Who is on the other side, and how surely we know it."""

from __future__ import annotations

from enum import IntEnum
from typing import NewType

import msgspec

CustomerId = NewType("CustomerId", str)


class Level(IntEnum):
    """Identity levels of the bank.

    L0 anyone · L1 app session, or registered phone and two non-secret items · L2 L1 and a one-time code
    in the secure widget · L3 L2 and a face check or the branch.
    """

    L0 = 0
    L1 = 1
    L2 = 2
    L3 = 3


class Caller(msgspec.Struct, frozen=True):
    """On whose behalf the bank is asked. `customer` is None while nobody has been identified."""

    customer: CustomerId | None
    level: Level
    conversation: str = ""
