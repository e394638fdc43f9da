"""What the bank offers that can be compared, each by the facts it rests on: `rules/offers.yaml` of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from tellerline.domain.language import Language, Text
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem

FILE = "rules/offers.yaml"

SavingsKind = Literal["demand", "term", "call", "large_cd", "bond", "regular"]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How customers say it."""

    zh: list[str] = []
    en: list[str] = []

    def in_(self, language: Language) -> list[str]:
        """Return the words of one language."""
        return self.zh if language == "zh" else self.en


class SavingsOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to save, called `name` or else by the label of `rate`.

    months: how long the money is bound, 0 when it is not; days: notice before it can be taken out. min: least amount.
    early: the rate paid on what is taken out early. on_sale: a fact that says when it can be bought, where that is not
    always. words: for this offer alone.
    """

    kind: SavingsKind
    rate: str
    name: Text | None = None
    months: int = 0
    days: int = 0
    currency: str = "CNY"
    min: str | None = None
    early: str | None = None
    on_sale: str | None = None
    words: Words = Words()

    def facts(self) -> Iterator[str]:
        """Yield the facts it rests on."""
        yield from filter(None, (self.rate, self.min, self.early, self.on_sale))


class CardOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A credit card. waiver: how often it must be used for the next year's fee to be waived. perks: facts by name."""

    name: Text
    fee: str
    words: Words
    waiver: str | None = None
    waiver_other: str | None = None
    perks: dict[str, str] = {}

    def facts(self) -> Iterator[str]:
        """Yield the facts it rests on."""
        yield from filter(None, (self.fee, self.waiver, self.waiver_other, *self.perks.values()))


class WealthOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product that is no deposit. level: 1..5, the R of its rating; days: how long the money is bound at least."""

    name: str
    risk: str
    min: str
    term: str
    redemption: str
    level: int
    days: int = 0

    def facts(self) -> Iterator[str]:
        """Yield the facts it rests on."""
        yield from (self.name, self.risk, self.min, self.term, self.redemption)


class Perk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a card may bring."""

    name: Text
    words: Words


class Offers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """rules/offers.yaml. `subjects`: words that show a question is about savings, cards, wealth or none (`other`)."""

    subjects: dict[Literal["savings", "cards", "wealth", "other"], Words] = {}
    kinds: dict[SavingsKind, Words] = {}
    perks: dict[str, Perk] = {}
    savings: list[SavingsOffer] = []
    cards: list[CardOffer] = []
    wealth: list[WealthOffer] = []
    card_first_year: str | None = None
    card_waiver_min: str | None = None
    insured: str | None = None

    def facts(self) -> Iterator[str]:
        """Yield every fact named."""
        for offers in (self.savings, self.cards, self.wealth):
            for offer in offers:
                yield from offer.facts()
        yield from filter(None, (self.card_first_year, self.card_waiver_min, self.insured))


def read_offers(pack: Path, problems: list[PackProblem]) -> Offers:
    """Read the offers of the pack in folder `pack`; without the file there is nothing to compare."""
    path = pack / FILE
    if not path.exists():
        return Offers()
    source = LocatedYaml(FILE, path.read_text("utf-8"))
    return source.convert(source.parse(problems), Offers, problems) or Offers()
