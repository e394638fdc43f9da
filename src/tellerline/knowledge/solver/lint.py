"""Checking that what can be compared rests on facts in force, and that there are words to say the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tellerline.domain.language import LANGUAGES
from tellerline.domain.problem import PackProblem
from tellerline.knowledge.load import Library
from tellerline.knowledge.phrases import Wording
from tellerline.knowledge.solver.offer import FILE, Offers
from tellerline.knowledge.solver.tell import KEYS
from tellerline.knowledge.table import FactBook


def lint_offers(offers: Offers, library: Library, wording: Wording, on: date) -> Iterator[PackProblem]:
    """Find offers without a figure on day `on`, perks without a name, and texts that are missing."""
    if not offers.subjects:
        return
    book = FactBook(library.tables.values(), on)
    for fact in sorted(set(offers.facts())):
        if book.get(fact) is None:
            yield PackProblem(FILE, 0, f"no fact {fact} on {on}", "add the row, or remove the offer")
    for card in offers.cards:
        for perk in sorted(card.perks.keys() - offers.perks.keys()):
            yield PackProblem(FILE, 0, f"no perk {perk!r}", "describe it under perks")
    for offer in offers.wealth:
        rating = book.get(offer.risk)
        if rating is not None and rating.render("en") != f"R{offer.level}":
            what = f"level {offer.level} of {offer.risk}, which says {rating.render('en')}"
            yield PackProblem(FILE, 0, what, "write the level of the rating")
    for language in LANGUAGES:
        for key in sorted(KEYS - wording.texts[language].keys()):
            file = f"phrases/knowledge.{language}.yaml"
            yield PackProblem(file, 0, f"no text {key!r}", "add it; the other language shows how")
