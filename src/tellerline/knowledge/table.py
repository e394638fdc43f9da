"""Tables of facts, and the facts in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from tellerline.domain.fact import Fact
from tellerline.domain.language import Text


class FactTable(msgspec.Struct, frozen=True):
    """A table of figures that one team answers for. `rows` also holds the rows of other days."""

    id: str
    title: Text
    owner: str
    source: Text
    audience: str
    products: list[str]
    rows: list[Fact]

    def in_force(self, on: date) -> list[Fact]:
        """Return the rows that hold on day `on`, in the order of the file."""
        return [fact for fact in self.rows if fact.in_force(on)]


class FactBook:
    """The facts in force on a day."""

    def __init__(self, tables: Iterable[FactTable], on: date) -> None:
        self.on = on
        self._facts = {fact.id: fact for table in tables for fact in table.rows if fact.in_force(on)}

    def get(self, fact_id: str) -> Fact | None:
        """Return `table.row`, or None when no such fact is in force."""
        return self._facts.get(fact_id)
