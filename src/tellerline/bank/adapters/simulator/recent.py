"""A mapping that remembers only the newest entries, so that nobody can fill the memory with wrong answers."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

ValueT = TypeVar("ValueT")
ENTRIES_MAX = 10_000


class Recent(OrderedDict[str, ValueT]):
    """At most `ENTRIES_MAX` entries; the one set longest ago is forgotten first."""

    def __setitem__(self, key: str, value: ValueT) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > ENTRIES_MAX:
            self.popitem(last=False)
