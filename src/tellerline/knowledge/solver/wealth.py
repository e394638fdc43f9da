"""Which products that are no deposits meet the conditions a customer names. They are listed, never recommended.

None is best: returns move. Without an assessment of the customer only the two lowest ratings are listed; with one, none
above it (rules C1 and C2).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from tellerline.domain.fact import Fact
from tellerline.knowledge.solver.offer import WealthOffer
from tellerline.knowledge.solver.wish import Wish
from tellerline.knowledge.table import FactBook

LEVEL_UNASSESSED = 2
_LISTED_MAX = 3
_DAYS_IN_MONTH = 30


class WealthChoice(NamedTuple):
    """A product that meets the conditions, and the rows that say so."""

    offer: WealthOffer
    name: Fact
    risk: Fact
    min: Fact
    term: Fact
    redemption: Fact

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The rows used."""
        return (self.name, self.risk, self.min, self.term, self.redemption)


def solve_wealth(offers: Sequence[WealthOffer], wish: Wish, book: FactBook) -> tuple[WealthChoice, ...]:
    """Return the products that meet the wish, the lowest rating first, then the ones that bind the money least."""
    highest = wish.level or LEVEL_UNASSESSED
    found: list[WealthChoice] = []
    for offer in sorted(offers, key=lambda offer: (offer.level, offer.days)):
        facts = [book.get(row) for row in offer.facts()]
        named = [fact for fact in facts if fact is not None]
        if offer.level > highest or len(named) < len(facts) or not _suits(offer, wish, named[2].decimal):
            continue
        found.append(WealthChoice(offer, *named))
    return tuple(found[:_LISTED_MAX])


def _suits(offer: WealthOffer, wish: Wish, least: Decimal) -> bool:
    """Tell whether the money is enough and free again in time."""
    if wish.amount is not None and wish.amount < least:
        return False
    if wish.any_time and offer.days > 1:
        return False
    return wish.months is None or offer.days <= wish.months * _DAYS_IN_MONTH + wish.months // 2
