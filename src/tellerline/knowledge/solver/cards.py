"""Which credit card brings what a customer wants, and what it costs a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tellerline.domain.fact import Fact
from tellerline.knowledge.solver.offer import CardOffer
from tellerline.knowledge.solver.wish import Wish
from tellerline.knowledge.table import FactBook


class CardChoice(NamedTuple):
    """A card. brings: the perks wanted that it has, by name; lacks: those it has not; free: use can waive its fee."""

    offer: CardOffer
    fee: Fact
    waiver: Fact | None
    brings: dict[str, Fact]
    lacks: tuple[str, ...]
    free: bool

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The rows used."""
        return tuple(fact for fact in (self.fee, self.waiver, *self.brings.values()) if fact is not None)


class CardVerdict(NamedTuple):
    """Cards with all that is wanted, the cheapest first; when there is none, `nearest` lacks least."""

    choices: tuple[CardChoice, ...]
    nearest: CardChoice | None


def solve_cards(offers: Sequence[CardOffer], wish: Wish, book: FactBook) -> CardVerdict | None:
    """Return the cards that fit the wish."""
    wanted = [offer for place, offer in enumerate(offers) if not wish.cards or place in wish.cards]
    judged = [card for offer in wanted if (card := _judge(offer, wish, book)) is not None]
    if not judged:
        return None
    judged.sort(key=lambda card: (not card.free, card.fee.decimal))
    fitting = [card for card in judged if not card.lacks and (card.free or not wish.fee_free)]
    if fitting:
        return CardVerdict(tuple(fitting), None)
    nearest = min(
        judged, key=lambda card: (len(card.lacks), wish.fee_free and not card.free, card.fee.decimal)
    )
    return CardVerdict((), nearest)


def _judge(offer: CardOffer, wish: Wish, book: FactBook) -> CardChoice | None:
    fee = book.get(offer.fee)
    if fee is None:
        return None
    other = book.get(offer.waiver_other) if offer.waiver_other else None
    waiver = (book.get(offer.waiver) if offer.waiver else None) or other
    brings = {
        name: fact
        for name, row in offer.perks.items()
        if name in wish.perks and (fact := book.get(row)) is not None
    }
    lacks = tuple(name for name in wish.perks if name not in brings)
    free = fee.decimal == 0 or (waiver is not None and waiver.unit == "times")
    return CardChoice(offer, fee, waiver, brings, lacks, free)
