"""Where what is remembered is kept: a projection of the record, so there is no door to write through."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from tellerline.domain.remembered import Remembered


class Memory(Protocol):
    """What is remembered of customers."""

    async def recall(self, customer: str, *, at: datetime) -> list[Remembered]:
        """Return what is remembered of `customer` at a moment, the newest first; nothing that has ended or was forgotten."""
        ...

    async def purge(self, *, at: datetime) -> int:
        """Remove what has ended by `at`, and return how much it was. Nothing of it could be recalled before."""
        ...


class NoMemory:
    """Remembers nothing, where no record is kept that could be remembered from."""

    async def recall(self, customer: str, *, at: datetime) -> list[Remembered]:
        """Return nothing."""
        return []

    async def purge(self, *, at: datetime) -> int:
        """Remove nothing."""
        return 0
