"""Saying a verdict: the conclusion, the runner-up, the working, and what goes with it, each figure with its fact."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tellerline.domain.fact import Fact, render_money
from tellerline.domain.language import Language, Text
from tellerline.knowledge.phrases import Phrases
from tellerline.knowledge.solver.cards import CardChoice, CardVerdict
from tellerline.knowledge.solver.offer import Offers
from tellerline.knowledge.solver.savings import Choice, Missed, Verdict
from tellerline.knowledge.solver.wealth import WealthChoice
from tellerline.knowledge.solver.wish import Wish
from tellerline.knowledge.table import FactBook

KEYS = frozenset({
    "solve_basis", "solve_example", "solve_by_rate", "solve_best", "solve_only", "solve_next", "solve_next_term",
    "solve_same", "solve_working", "solve_rest", "solve_early", "solve_min", "solve_min_example", "solve_bound",
    "solve_bond", "solve_notice", "solve_sale", "solve_insured", "solve_currency", "solve_since", "solve_years",
    "solve_months", "solve_year", "solve_month", "card_best", "card_next", "card_nearest", "card_perk", "card_fee",
    "card_waiver", "card_points", "card_separator", "wealth_listed", "wealth_row", "wealth_match", "wealth_none",
    "wealth_risk",
})  # fmt: skip


class Told:
    """A text under way: its sentences and the facts they state."""

    def __init__(self, phrases: Phrases, language: Language) -> None:
        self._phrases = phrases
        self.language = language
        self._parts: list[str] = []
        self.facts: dict[str, Fact] = {}
        self._amounts: dict[str, None] = {}

    def add(self, key: str, facts: Sequence[Fact] = (), **values: object) -> None:
        """Say the pack's text `key`, which states `facts`."""
        self._parts.append(self.say(key, **values).strip())
        self.facts |= {fact.id: fact for fact in facts}

    def say(self, key: str, **values: object) -> str:
        """Return the pack's text `key` filled in."""
        return self._phrases.say(key, self.language, **values)

    def value(self, fact: Fact) -> str:
        """Write a fact's value."""
        return fact.render(self.language)

    def money(self, amount: Decimal, currency: str) -> str:
        """Write an amount that was worked out, or one that it was worked out from."""
        written = render_money(amount, currency, self.language)
        self._amounts[written] = None
        return written

    @property
    def reckoned(self) -> tuple[str, ...]:
        """The amounts the text says that no fact states."""
        return tuple(amount for amount in self._amounts if amount in self.text)

    def name(self, name: Text) -> str:
        """Write a name in the middle of a sentence."""
        label = name.in_(self.language)
        return label[0].lower() + label[1:] if self.language == "en" and label[1:2].islower() else label

    def period(self, months: int) -> str:
        """Write a number of months."""
        years, rest = divmod(months, 12)
        unit, count = ("month", months) if rest else ("year", years)
        return self.say(f"solve_{unit}{'s' if count > 1 else ''}", count=count)

    def join(self, parts: Sequence[str], key: str = "card_separator") -> str:
        """Write a list in a sentence."""
        return self.say(key).join(parts)

    @property
    def text(self) -> str:
        """The whole text, a line a thought."""
        return "\n".join(part for part in self._parts if part)


def tell_savings(told: Told, wish: Wish, verdict: Verdict, offers: Offers, book: FactBook, day: str) -> None:
    """Say which way to save earns most, what comes next, and how that was reckoned."""
    best, *others = verdict.choices
    asked = {named.kind for named in wish.named}
    _tell_best(told, wish, verdict, best, alone=not others and not _named_missed(wish, verdict))
    for choice in others[: max(1, len(wish.named) - 1, len(wish.currencies) - 1)]:
        _tell_next(told, verdict, best, choice)
    for missed in verdict.missed:
        if missed.offer.kind in asked and (missed.offer.months, missed.offer.kind) not in _kinds_chosen(
            verdict
        ):
            _tell_missed(told, verdict, missed)
    if len(wish.named) < 2:
        _tell_out_of_reach(told, wish, verdict, best)
    if verdict.bond is not None:
        _tell_bond(told, verdict.bond, best, book)
    _tell_working(told, verdict, [best, *others[:1]])
    _tell_conditions(told, best, book)
    limit = book.get(offers.insured) if offers.insured else None
    if (
        limit is not None
        and verdict.given
        and best.rate.currency == limit.currency
        and verdict.amount > limit.decimal
    ):
        told.add("solve_insured", [limit], limit=told.value(limit))
    told.add("solve_since", day=day)


def _kinds_chosen(verdict: Verdict) -> set[tuple[int, str]]:
    return {(choice.offer.months, choice.offer.kind) for choice in verdict.choices}


def _named_missed(wish: Wish, verdict: Verdict) -> bool:
    return len(wish.named) > 1 and bool(verdict.missed)


def _tell_best(told: Told, wish: Wish, verdict: Verdict, best: Choice, *, alone: bool) -> None:
    currency = best.offer.currency
    amount = told.money(verdict.amount, currency)
    period = told.period(best.months)
    basis = "solve_basis" if verdict.given else "solve_example"
    if verdict.by_rate and not alone:
        basis = "solve_by_rate"
    told.add(
        "solve_only" if alone else "solve_best",
        best.facts[:1],
        basis=told.say(basis, amount=amount, period=period, monthly=best.offer.kind == "regular"),
        name=told.name(best.name),
        rate=told.value(best.rate),
        period=period,
        interest=told.money(best.interest, currency),
        any_time=wish.any_time,
        rolled=best.terms if best.bound else 1,
    )


def _tell_next(told: Told, verdict: Verdict, best: Choice, choice: Choice) -> None:
    less = best.interest - choice.interest
    key = "solve_next_term" if verdict.by_rate else ("solve_next" if less > 0 else "solve_same")
    told.add(
        key,
        choice.facts[:1],
        name=told.name(choice.name),
        rate=told.value(choice.rate),
        period=told.period(choice.months),
        interest=_money(told, choice.interest, choice),
        less=_money(told, less, choice),
        rolled=choice.terms if choice.bound else 1,
    )


def _tell_missed(told: Told, verdict: Verdict, missed: Missed) -> None:
    if missed.why == "min" and missed.least is not None:
        told.add(
            "solve_min" if verdict.given else "solve_min_example",
            [missed.rate, missed.least],
            name=told.name(missed.name),
            rate=told.value(missed.rate),
            least=told.value(missed.least),
        )
    elif missed.why == "bound":
        told.add(
            "solve_bound",
            [missed.rate],
            name=told.name(missed.name),
            rate=told.value(missed.rate),
            period=told.period(missed.offer.months),
        )


def _tell_bond(told: Told, bond: Choice, best: Choice, book: FactBook) -> None:
    sale = book.get(bond.offer.on_sale) if bond.offer.on_sale else None
    if sale is not None:
        told.add(
            "solve_bond",
            [bond.rate, sale],
            name=told.name(bond.name),
            rate=told.value(bond.rate),
            more=_money(told, bond.interest - best.interest, bond),
            days=told.value(sale),
        )


def _tell_out_of_reach(told: Told, wish: Wish, verdict: Verdict, best: Choice) -> None:
    """Name the one way that would earn more with more money, when the sum is only an example."""
    if verdict.given:
        return
    better = [m for m in verdict.missed if m.why == "min" and m.rate.decimal > best.rate.decimal]
    if better and not wish.any_time:
        _tell_missed(told, verdict, max(better, key=lambda m: m.rate.decimal))


def _tell_working(told: Told, verdict: Verdict, choices: Sequence[Choice]) -> None:
    lines = []
    for choice in choices:
        rest = ""
        if choice.rest:
            early = choice.facts[1]
            rest = told.say("solve_rest", rate=told.value(early), months=choice.rest)
            told.facts[early.id] = early
        amount = _money(told, verdict.amount, choice)
        covered = str(choice.months - choice.rest)
        if choice.offer.kind == "regular":  # the first payment earns all months, the last earns one
            covered = f"(1+2+…+{covered})"
        lines.append(
            f"{amount} × {told.value(choice.rate)} × {covered}/12{rest} = {_money(told, choice.interest, choice)}"
        )
    if lines:
        told.add("solve_working", working=told.join(lines))


def _tell_conditions(told: Told, best: Choice, book: FactBook) -> None:
    early = book.get(best.offer.early) if best.offer.early else None
    if early is not None and best.offer.months:
        told.add("solve_early", [early], rate=told.value(early))
    if best.offer.kind == "call":
        told.add("solve_notice")
    sale = book.get(best.offer.on_sale) if best.offer.on_sale else None
    if sale is not None:
        told.add("solve_sale", [sale], days=told.value(sale))
    if best.offer.currency != "CNY":
        told.add("solve_currency")


def _money(told: Told, value: Decimal, choice: Choice) -> str:
    return told.money(value, choice.offer.currency)


def tell_cards(told: Told, wish: Wish, verdict: CardVerdict, offers: Offers, book: FactBook) -> None:
    """Say which card fits, what it costs, and which comes next."""
    if verdict.nearest is not None:
        lacks = [offers.perks[name].name.in_(told.language) for name in verdict.nearest.lacks]
        told.add(
            "card_nearest",
            verdict.nearest.facts,
            name=verdict.nearest.offer.name.in_(told.language),
            lacks=told.join(lacks, "list_separator"),
            details=_card(told, verdict.nearest, offers, book),
        )
    for place, card in enumerate(verdict.choices[:2]):
        name, details = card.offer.name.in_(told.language), _card(told, card, offers, book)
        told.add("card_next" if place else "card_best", card.facts, name=name, details=details)


def _card(told: Told, card: CardChoice, offers: Offers, book: FactBook) -> str:
    least = book.get(offers.card_waiver_min) if offers.card_waiver_min else None
    parts = [
        told.say("card_perk", name=offers.perks[name].name.in_(told.language), value=told.value(fact))
        for name, fact in card.brings.items()
    ]
    first = book.get(offers.card_first_year) if offers.card_first_year else None
    if first is not None:
        told.facts[first.id] = first
    parts.append(told.say("card_fee", fee=told.value(card.fee), first=told.value(first) if first else ""))
    if card.waiver is not None and card.waiver.unit == "times":
        if least is not None:
            told.facts[least.id] = least
        smallest = told.value(least) if least is not None else ""
        parts.append(told.say("card_waiver", times=card.waiver.number, least=smallest))
    elif card.waiver is not None:
        parts.append(told.say("card_points", points=told.value(card.waiver)))
    return told.join(parts)


def tell_wealth(told: Told, choices: Sequence[WealthChoice]) -> None:
    """List products with their ratings; which of them suits is for the customer's assessment to say."""
    if not choices:
        told.add("wealth_none")
    else:
        told.add("wealth_listed", count=len(choices))
    for choice in choices:
        values = {
            field: told.value(getattr(choice, field))
            for field in ("name", "risk", "min", "term", "redemption")
        }
        told.add("wealth_row", choice.facts, **values)
    told.add("wealth_match")
    told.add("wealth_risk")
