"""Which way to save earns most under what a customer wants. Interest is reckoned in decimals, from the rates in force.

A deposit earns amount × rate × months / 12 for each whole term that fits before the money is needed, at today's rate; the
months left over, and money taken out early, earn the demand rate. Source: the pack's deposit terms (whole months count
as twelfths of a year).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from tellerline.domain.fact import Fact
from tellerline.domain.finance.amount import AMOUNT_MINOR_MAX, PERIODS_MAX, half_up
from tellerline.domain.finance.deposit import regular_interest, term_interest
from tellerline.domain.language import Text
from tellerline.knowledge.solver.offer import SavingsOffer
from tellerline.knowledge.solver.wish import Named, Wish
from tellerline.knowledge.table import FactBook

EXAMPLE_AMOUNT = Decimal(100_000)  # reckoned with when the customer names none
_UNBOUND = ("demand", "call")


class Choice(NamedTuple):
    """A way to save that fits, reckoned.

    months: for how long it was reckoned; terms: whole terms within them; rest: months left over, at the demand rate.
    facts: the rows used, the rate first.
    """

    offer: SavingsOffer
    rate: Fact
    months: int
    terms: int
    rest: int
    interest: Decimal
    facts: tuple[Fact, ...]

    @property
    def bound(self) -> int:
        """For how many months the money of one term is bound."""
        return self.offer.months

    @property
    def name(self) -> Text:
        """What it is called."""
        return self.offer.name or self.rate.label


class Missed(NamedTuple):
    """A way to save that does not fit. why: `min` (more money is needed) or `bound` (the money is bound for longer)."""

    offer: SavingsOffer
    rate: Fact
    why: str
    least: Fact | None

    @property
    def name(self) -> Text:
        """What it is called."""
        return self.offer.name or self.rate.label


class Verdict(NamedTuple):
    """Fitting ways, best first, and those that do not fit. amount: reckoned with; given: the customer named it.

    by_rate: the terms differ and no horizon was named, so the yearly rates are compared. bond: a savings bond that would
    earn more than the best; it is sold only at times, so it is named beside the ways that are always open.
    """

    choices: tuple[Choice, ...]
    missed: tuple[Missed, ...]
    amount: Decimal
    given: bool
    by_rate: bool
    bond: Choice | None = None


class SavingsSolver:
    """Solves for one day's facts."""

    def __init__(self, offers: Iterable[SavingsOffer], book: FactBook) -> None:
        self._offers = [offer for offer in offers if book.get(offer.rate) is not None]
        self._book = book

    def solve(self, wish: Wish) -> Verdict | None:
        """Return what fits the wish; None when nothing does, or when it is beyond reckoning."""
        if not _reckonable(wish):
            return None
        offers = [offer for offer in self._offers if offer.currency in wish.currencies]
        offers = [offer for offer in offers if (offer.kind == "regular") == self._monthly(wish)]
        if wish.named:
            offers = self._meant(offers, wish)
            terms = {offer.months for offer in offers if offer.months}
            if wish.months is None and len(terms) == 1:  # compared over the one term that is named
                wish = wish._replace(months=terms.pop())
        elif wish.computes:
            offers = [offer for offer in offers if offer.kind in ("term", "regular")]
        amount = wish.amount or self._example(offers, wish)
        choices: list[Choice] = []
        missed: list[Missed] = []
        for offer in offers:
            why, least = self._unfit(offer, wish, amount)
            if why is None:
                choices.append(self._reckon(offer, wish, amount, least))
            else:
                missed.append(Missed(offer, self._fact(offer.rate), why, least))
        by_rate = len(wish.currencies) > 1 or (
            wish.months is None and len({choice.months for choice in choices}) > 1
        )
        choices.sort(key=lambda c: (-(c.rate.decimal if by_rate else c.interest), c.terms, c.bound))
        bonds = [] if wish.named else [choice for choice in choices if choice.offer.kind == "bond"]
        choices = [choice for choice in choices if choice not in bonds]
        if not choices:
            return self._instead(wish, missed)
        best = choices[0]
        bond = bonds[0] if bonds and wish.months and bonds[0].interest > best.interest else None
        kept = self._best_of_named(choices, wish) if wish.named else self._apart(choices)
        if wish.computes:
            kept = kept[:1]
        if {one.kind for one in wish.named} == {"term"} and wish.amount is None:
            missed += self._larger(best)
        return Verdict(tuple(kept), tuple(missed), amount, wish.amount is not None, by_rate, bond)

    def _instead(self, wish: Wish, missed: list[Missed]) -> Verdict | None:
        """Return what fits where nothing of what was named does, together with why that does not."""
        if not wish.named:
            return None
        terms = [named.months for named in wish.named if named.months]
        verdict = self.solve(
            wish._replace(named=(), computes=False, months=wish.months or max(terms, default=None))
        )
        alike = (
            [one for one in missed if one.offer.months in (0, verdict.choices[0].bound)] if verdict else []
        )
        return verdict._replace(missed=tuple(alike or missed[:1])) if verdict is not None else None

    def _larger(self, best: Choice) -> list[Missed]:
        """Return what pays more for the same time to who has more."""
        return [
            Missed(offer, self._fact(offer.rate), "min", self._book.get(offer.min))
            for offer in self._offers
            if offer.kind == "large_cd"
            and offer.months == best.bound
            and offer.min
            and best.offer.currency == "CNY"
        ]

    def _monthly(self, wish: Wish) -> bool:
        return wish.monthly or any(named.kind == "regular" for named in wish.named)

    def _meant(self, offers: list[SavingsOffer], wish: Wish) -> list[SavingsOffer]:
        """Return the offers that the question names; a kind without a term takes that of the others, or any that fits."""
        terms = [named.months for named in wish.named if named.months]
        shared = max(terms) if terms else wish.months
        single = len(wish.named) == 1

        def means(named: Named, offer: SavingsOffer) -> bool:
            if offer.kind != named.kind or (named.days and offer.days != named.days):
                return False
            if named.months is not None:
                return offer.months == named.months
            same = shared is not None and any(o.kind == named.kind and o.months == shared for o in offers)
            return not same or single or offer.months == shared

        return [offer for offer in offers if any(means(named, offer) for named in wish.named)]

    def _example(self, offers: list[SavingsOffer], wish: Wish) -> Decimal:
        """Return a sum to reckon with: a round one, or the largest minimum among the ways that are named."""
        if not wish.named:
            return EXAMPLE_AMOUNT
        least = [self._fact(offer.min).decimal for offer in offers if offer.min]
        return max([EXAMPLE_AMOUNT, *least])

    def _unfit(self, offer: SavingsOffer, wish: Wish, amount: Decimal) -> tuple[str | None, Fact | None]:
        least = self._book.get(offer.min) if offer.min else None
        if least is not None and amount < least.decimal:
            return "min", least
        if wish.any_time and offer.kind not in _UNBOUND and not wish.named:
            return "bound", least
        if wish.months is not None and (
            offer.months > wish.months or (offer.kind == "regular" and 2 * offer.months <= wish.months)
        ):
            return "bound", least
        return None, least

    def _reckon(self, offer: SavingsOffer, wish: Wish, amount: Decimal, least: Fact | None) -> Choice:
        rate = self._fact(offer.rate)
        months = wish.months or offer.months or 12
        terms = months // offer.months if offer.months else 1
        covered = terms * offer.months if offer.months else months
        rest = months - covered
        early = self._book.get(offer.early) if offer.early else None
        reckon = regular_interest if offer.kind == "regular" else term_interest
        minor = reckon(_minor(amount), rate.decimal, covered).interest_minor
        if rest and early is not None:
            minor += term_interest(_minor(amount), early.decimal, rest).interest_minor
        interest = Decimal(minor).scaleb(-2)
        facts = tuple(fact for fact in (rate, early if offer.months else None, least) if fact is not None)
        return Choice(offer, rate, months, terms, rest, interest, facts)

    def _best_of_named(self, choices: list[Choice], wish: Wish) -> list[Choice]:
        """Return the best of each kind that is named without a term, and all of those named with one."""
        exact = {one.kind for one in wish.named if one.months or one.days}
        kept: list[Choice] = []
        for choice in choices:
            if choice.offer.kind in exact or all(other.offer.kind != choice.offer.kind for other in kept):
                kept.append(choice)
        if len(wish.currencies) > 1:
            return [
                c
                for at, c in enumerate(choices)
                if c.offer.currency not in {o.offer.currency for o in choices[:at]}
            ]
        return kept if len({one.kind for one in wish.named}) > 1 or exact else choices[:2]

    def _apart(self, choices: list[Choice]) -> list[Choice]:
        """Leave out what is bound as long as the best without earning more, unless it is of another kind."""
        first = choices[0]
        return [first, *(c for c in choices[1:] if c.offer.kind != first.offer.kind or c.bound < first.bound)]

    def _fact(self, identity: str) -> Fact:
        fact = self._book.get(identity)
        assert fact is not None, identity
        return fact


def _reckonable(wish: Wish) -> bool:
    """Tell whether amount and months lie where interest is reckoned at all."""
    amount_fits = wish.amount is None or 0 < _minor(wish.amount) <= AMOUNT_MINOR_MAX
    return amount_fits and (wish.months is None or wish.months <= PERIODS_MAX)


def _minor(amount: Decimal) -> int:
    return half_up(amount.scaleb(2))
