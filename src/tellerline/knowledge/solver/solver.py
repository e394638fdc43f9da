"""Answering a question that compares: read what is wanted, solve it over the facts in force, say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tellerline.domain.fact import Fact
from tellerline.domain.language import LANGUAGES, Language
from tellerline.knowledge.phrases import Phrases
from tellerline.knowledge.solver.cards import solve_cards
from tellerline.knowledge.solver.offer import Offers
from tellerline.knowledge.solver.savings import SavingsSolver
from tellerline.knowledge.solver.sums import Reckoner, Sum
from tellerline.knowledge.solver.tell import Told, tell_cards, tell_savings, tell_wealth
from tellerline.knowledge.solver.wealth import solve_wealth
from tellerline.knowledge.solver.wish import ReadFigures, Wish, WishReader
from tellerline.knowledge.table import FactBook


class Solution(NamedTuple):
    """An answer worked out from facts.

    winner: the row of the best, "" where none is best; or the name of the sum. reckoned: the amounts it comes to.
    """

    text: str
    facts: list[Fact]
    winner: str
    reckoned: tuple[str, ...] = ()


class Solver:
    """Answers questions that compare or ask for a sum, for one pack."""

    def __init__(self, offers: Offers, sums: Sequence[Sum], phrases: Phrases, figures: ReadFigures) -> None:
        self._offers = offers
        self._phrases = phrases
        self._reckoner = Reckoner(sums, figures)
        self._readers = {language: WishReader(offers, language, figures) for language in LANGUAGES}

    def answer(self, question: str, written: Language, language: Language, book: FactBook) -> Solution | None:
        """Return what the question comes to, in `language`; None when it neither compares nor asks for a sum."""
        sum_found = self._reckoner.reckon(question, written, language, book)
        if sum_found is not None:
            return Solution(sum_found.text, sum_found.facts, sum_found.id, tuple(sum_found.reckoned))
        wish = self.read(question, written, book.on)
        return self.solve(wish, language, book) if wish is not None else None

    def read(self, question: str, written: Language, on: date) -> Wish | None:
        """Return what a question wants compared; None when it wants nothing compared."""
        return self._readers[written].read(question, on) if self._offers.subjects else None

    def solve(self, wish: Wish, language: Language, book: FactBook) -> Solution | None:
        """Return the answer to a wish in `language`; None when nothing on offer meets it."""
        told = Told(self._phrases, language)
        winner = ""
        if wish.subject == "savings":
            verdict = SavingsSolver(self._offers.savings, book).solve(wish)
            if verdict is None:
                return None
            winner = verdict.choices[0].rate.id
            tell_savings(told, wish, verdict, self._offers, book, self._phrases.day(book.on, language))
        elif wish.subject == "cards":
            cards = solve_cards(self._offers.cards, wish, book)
            if cards is None:
                return None
            winner = (cards.choices[0] if cards.choices else cards.nearest or cards.choices[0]).fee.id
            tell_cards(told, wish, cards, self._offers, book)
        else:
            tell_wealth(told, solve_wealth(self._offers.wealth, wish, book))
        return Solution(told.text, list(told.facts.values()), winner, told.reckoned)
