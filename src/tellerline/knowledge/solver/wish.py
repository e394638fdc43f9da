"""What a question that compares asks for: the subject, the amount, how long, and what it must or must not be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Generic, Literal, NamedTuple, TypeVar

from tellerline.domain.language import Language
from tellerline.domain.reading import Entity
from tellerline.knowledge.solver.figure import amount_in, currencies_in
from tellerline.knowledge.solver.offer import Offers, SavingsKind, Words
from tellerline.knowledge.terms import fold

K = TypeVar("K")

ReadFigures = Callable[[str, Language, date], Sequence[Entity]]
"""Finds amounts, periods and dates in a folded text (the understanding's own finder, put in by whoever composes)."""

Subject = Literal["savings", "cards", "wealth"]
_DEPOSIT = re.compile(r"存款|定期|deposit")
_TERM_MIN = 3  # "200 a month" says how often, not how long
_DAYS_IN_MONTH = 28
_INSTALMENTS = re.compile(r"期$|instal|payment")  # a count of instalments is no time to save
_BEFORE_NAME = re.compile(r"[\s期的-]*")  # between a term and the name it belongs to: 3年期的定期
_BETWEEN_TERMS = re.compile(r"还是|[和跟与或比、]|\b(vs|versus|or|and|than|compared)\b")
_BEHIND_NAME = re.compile(r"[\s存放]*|\s?(for|of|over)\s")

_CHOOSES: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"哪[个种款张些样类只支]|哪(?=更|最)|什么(存法|方式|产品|卡)|怎么[存放选配]|如何[存放选]|存[啥什]|划算|合适|推荐|建议"
        r"|放在?哪[里儿]?(更|最|比较)?([好高利收安]|合适|划算|$)|最[高好低]|更[高好低多省划]"
        r"|[和跟与]\S{1,12}(哪|比|差多少|选)|选[哪谁啥什]"
    ),
    "en": re.compile(
        r"\b(which|best|better|highest|lowest|cheapest|the most|pays most|earns most|compare|versus|vs"
        r"|where (should|can|do|could|to)"
        r"|what (should|card|account|savings|product)s?|recommend\w*|suggest\w*|suits?|pays? more|earns? more|worth more)\b"
    ),
}
# Words that set one thing against another, where two are named.
_BETWEEN: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"还是|比较|对比|[和跟与比]|有没有"),
    "en": re.compile(r"\b(or|than|any)\b"),
}
# Words for what fits best: enough, with an amount and a time, where nothing else says what the money is for.
_BEST: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"最[高好]|利息高|收益高|划算|合适"),
    "en": re.compile(r"\b(best|highest|most)\b"),
}
_COMPUTES: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"(多少|几多|有几个|能有几)(钱|利息|收益|利)?|利息(是|有|能)?(多少|几)|能拿多少|赚多少"),
    "en": re.compile(
        r"\bhow much\b.*\b(interest|earn|get|make|would|will)|\b(interest|earn|return)\b.*\bhow much\b"
        r"|\bwhat (interest|would i)\b|\binterest at (the end|maturity)"
    ),
}
_ANY_TIME: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"随时|随取|随用|急用|应急|备用|灵活|说不准|不确定(什么时候|啥时候|哪天)|不知道(什么时候|啥时候|哪天)"
    ),
    "en": re.compile(
        r"\b(any ?time|any day|at any moment|flexib\w+|short notice|emergenc\w+|rainy day|instant\w*|easy access|whenever"
        r"|(not sure|don't know|dont know|no idea) when)\b"
    ),
}
_MONTHLY: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"(每个?月|月月|按月)\S{0,4}存|每个?月\S{0,8}(攒|放)|零存整取"),
    "en": re.compile(
        r"\b(each|every|a|per) month\b.*\b(sav|put|set)|\b(sav\w+|put\w*|set\w*)\b.*\b(each|every|a|per) month\b|\bmonthly\b"
    ),
}
_FREE: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"(免|不[用要收交想]*|(?<!有)没有|无|零|0)(收|交|付|掏)?年费|年费(最低|便宜|免|能免|可免|不[收要])|不想[交付掏]年费"
    ),
    "en": re.compile(
        r"\b(no|without( an?| any)?|free of|zero|waive[ds]?|avoid"
        r"|not pay(ing)?( an?| any)?)"
        r" (annual|yearly) (fee|charge)"
        r"|\b(annual|yearly) fee[- ](free|waive\w*)|\bfee[- ]free|\bfree (credit )?card|\bcheapest"
        r"|\blowest (annual|yearly) fee"
    ),
}
_SAFE: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"保本|不[想能要](亏|赔|担)|不亏|没有?风险|无风险|安全|稳妥|不买理财|不想买理财|不要理财|不碰理财"
    ),
    "en": re.compile(
        r"\b(no risk|without risk|risk[- ]free|safe\w*|can't lose|cannot lose|guarantee\w*"
        r"|not? (to )?(lose|invest\w*)|don'?t want (to invest|investments?|any risk))"
    ),
}
_PROFILE = re.compile(r"(?<![a-z])([cr])\s?([1-5])(?!\d)")
_PROFILE_NAMES: dict[Language, tuple[tuple[str, int], ...]] = {
    "zh": (
        ("保守型", 1),
        ("稳健型", 2),
        ("平衡型", 3),
        ("成长型", 4),
        ("进取型", 5),
        ("中低风险", 2),
        ("低风险", 1),
    ),
    "en": (
        ("conservative", 1),
        ("cautious", 2),
        ("balanced", 3),
        ("growth", 4),
        ("adventurous", 5),
        ("low risk", 1),
    ),
}


class Named(NamedTuple):
    """A way to save that the question names. months: its term, days: its notice, where named too (None, 0).

    alone: only the term is named.
    """

    kind: SavingsKind
    months: int | None
    days: int
    start: int
    end: int
    alone: bool = False


class Wish(NamedTuple):
    """What is asked.

    months: how long the money can stay, in whole months. level: the highest R that the customer's own assessment allows.
    perks: names of what a card must bring; fee_free: its yearly fee must be avoidable; cards: places in the list.
    """

    subject: Subject
    computes: bool
    amount: Decimal | None = None
    currencies: tuple[str, ...] = ("CNY",)
    months: int | None = None
    any_time: bool = False
    monthly: bool = False
    safe: bool = False
    fee_free: bool = False
    level: int | None = None
    named: tuple[Named, ...] = ()
    perks: tuple[str, ...] = ()
    cards: tuple[int, ...] = ()


class _Names(Generic[K]):
    """Things by the words for them, in folded texts; English ones as whole words, singular or plural."""

    def __init__(self, words: Iterable[tuple[K, Words]], language: Language) -> None:
        self._patterns = [(key, _pattern(of_key.in_(language), language)) for key, of_key in words]

    def find(self, text: str) -> list[tuple[K, int, int]]:
        """Return what is named and where, in order; of names that overlap, the longest counts."""
        found = [(key, *match.span()) for key, form in self._patterns for match in form.finditer(text)]
        kept: list[tuple[K, int, int]] = []
        for key, start, end in sorted(found, key=lambda one: one[1] - one[2]):
            if all(end <= other[1] or other[2] <= start for other in kept):
                kept.append((key, start, end))
        return sorted(kept, key=lambda one: one[1])


def _pattern(words: Iterable[str], language: Language) -> re.Pattern[str]:
    body = "|".join(map(re.escape, sorted({fold(word) for word in words}, key=len, reverse=True))) or "(?!)"
    return re.compile(rf"\b(?:{body})s?\b" if language == "en" else body)


class WishReader:
    """Reads wishes in one language."""

    def __init__(self, offers: Offers, language: Language, figures: ReadFigures) -> None:
        self._offers = offers
        self._language = language
        self._figures = figures

    @cached_property
    def _subjects(self) -> dict[str, re.Pattern[str]]:
        subjects = self._offers.subjects.items()
        return {name: _pattern(words.in_(self._language), self._language) for name, words in subjects}

    @cached_property
    def _kinds(self) -> _Names[tuple[SavingsKind, int]]:
        """Kinds by their words; offers with words of their own also fix the notice."""
        own = [((offer.kind, offer.days), offer.words) for offer in self._offers.savings]
        kinds = [((kind, 0), words) for kind, words in self._offers.kinds.items()]
        return _Names([*own, *kinds], self._language)

    @cached_property
    def _perks(self) -> _Names[str]:
        return _Names([(name, perk.words) for name, perk in self._offers.perks.items()], self._language)

    @cached_property
    def _cards(self) -> _Names[int]:
        return _Names([(place, card.words) for place, card in enumerate(self._offers.cards)], self._language)

    def read(self, question: str, on: date) -> Wish | None:
        """Return what a question asks for, or None when it does not compare what the bank offers."""
        text = fold(question)
        chooses = _CHOOSES[self._language].search(text) is not None
        between = chooses or _BETWEEN[self._language].search(text) is not None
        computes = _COMPUTES[self._language].search(text) is not None
        perks = self._perks.find(text)
        # An airport transfer is no payment, and who wants to lose nothing has lost nothing.
        plain = _SAFE[self._language].sub(" ", _without(text, perks))
        if self._about("other", plain):
            return None
        if self._about("cards", text):
            names_card = between or (bool(perks) and _FREE[self._language].search(text) is not None)
            return self._card_wish(text, dict.fromkeys(name for name, _, _ in perks)) if names_card else None
        if not between and not computes:
            return None
        figures = [f for f in self._figures(text, self._language, on) if not _INSTALMENTS.search(f.text)]
        named = self._named(text, figures)
        if not self._about("savings", text) and all(one.alone for one in named):
            named = ()
        if self._wants_wealth(text):
            wish = self._money_wish("wealth", text, figures, (), on)
            bounded = wish.amount or wish.months or wish.any_time or wish.level
            # Which of a deposit and an investment is better has no reckoned answer: the article says why.
            asks = chooses or (between and wish.level)
            return wish if asks and bounded and not named and not _DEPOSIT.search(text) else None
        wish = self._money_wish("savings", text, figures, named, on)
        timed = wish.amount and (wish.months or wish.any_time)
        if (
            not named
            and not self._about("savings", text)
            and not (timed and _superlative(text, self._language))
        ):
            return None
        if len(named) > 1 and between:
            return wish if wish.amount or wish.months or _comparable(named) else None
        if chooses and (wish.amount or wish.months or wish.any_time or _superlative(text, self._language)):
            return wish
        return wish if computes and wish.amount and (wish.months or named) else None

    def _wants_wealth(self, text: str) -> bool:
        assessed = _level(text, self._language) is not None
        return (assessed or self._about("wealth", text)) and not _SAFE[self._language].search(text)

    def _about(self, subject: str, text: str) -> bool:
        return subject in self._subjects and self._subjects[subject].search(text) is not None

    def _card_wish(self, text: str, perks: Iterable[str]) -> Wish | None:
        wish = Wish(
            "cards",
            computes=False,
            fee_free=_FREE[self._language].search(text) is not None,
            perks=tuple(perks),
            cards=tuple(dict.fromkeys(place for place, _, _ in self._cards.find(text))),
        )
        # Two cards named say what is compared only where the fee or a perk is: they differ in much else.
        return wish if wish.perks or wish.fee_free or (len(wish.cards) > 1 and _asks_fee(text)) else None

    def _money_wish(
        self, subject: Subject, text: str, figures: Sequence[Entity], named: tuple[Named, ...], on: date
    ) -> Wish:
        language = self._language
        monthly = _MONTHLY[language].search(text) is not None
        any_time = _ANY_TIME[language].search(text) is not None or any(_soon(f, on) for f in figures)
        if any_time and [one.kind for one in named] == ["demand"]:
            named = ()  # what it should be better than
        bound = {n.start for n in named} | {n.end for n in named}
        months = [m for f in figures if (m := _months(f, on)) is not None and not {f.start, f.end} & bound]
        return Wish(
            subject=subject,
            computes=len(named) < 2 and _CHOOSES[language].search(text) is None,
            amount=amount_in(text, figures),
            currencies=tuple(currencies_in(text, figures)) or ("CNY",),
            months=max(months) if months and not (monthly and max(months) < _TERM_MIN) else None,
            any_time=any_time,
            monthly=monthly,
            safe=_SAFE[language].search(text) is not None,
            level=_level(text, language),
            named=named,
        )

    def _named(self, text: str, figures: Sequence[Entity]) -> tuple[Named, ...]:
        """Return the ways to save that are named, each with the term that stands beside it."""
        periods = [f for f in figures if f.type == "periods"]
        found: list[Named] = []
        for (kind, days), start, end in self._kinds.find(text):
            beside = next((f for f in periods if _stand_together(text, f, start, end)), None)
            if beside is None:
                found.append(Named(kind, None, days, start, end))
            else:
                span = min(start, beside.start), max(end, beside.end)
                found.append(Named(kind, int(beside.value), days, *span))
        unlike: dict[tuple[str, int | None, int], Named] = {}
        for one in found:
            unlike.setdefault((one.kind, one.months, one.days), one)
        return _without_bare([*unlike.values(), *_terms_alone(text, periods, list(unlike.values()))])


def _terms_alone(text: str, periods: Sequence[Entity], named: Sequence[Named]) -> Iterator[Named]:
    """Yield the terms that stand without a name where terms are compared: "1 year or 2 years", 存一年还是两年."""
    alone = [f for f in periods if not any(one.start <= f.start < one.end for one in named)]
    terms = {int(f.value) for f in alone} | {one.months for one in named if one.months}
    if len(terms) < 2 or _BETWEEN_TERMS.search(text) is None:
        return
    kind: SavingsKind = next((one.kind for one in named), "term")
    for period in alone:
        yield Named(kind, int(period.value), 0, period.start, period.end, alone=True)


def _without(text: str, found: Iterable[tuple[str, int, int]]) -> str:
    for _, start, end in found:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _asks_fee(text: str) -> bool:
    return re.search(r"年费|\b(annual|yearly) fee", text) is not None


def _stand_together(text: str, period: Entity, start: int, end: int) -> bool:
    """Tell whether a term belongs to the name at `start`..`end`: it stands right before it or behind it."""
    if period.end <= start:
        return _BEFORE_NAME.fullmatch(text, period.end, start) is not None
    return period.start >= end and _BEHIND_NAME.fullmatch(text, end, period.start) is not None


def _comparable(named: Sequence[Named]) -> bool:
    """Tell whether two ways to save can be compared when neither an amount nor a time is given."""
    unbound = any(one.kind in ("demand", "call") for one in named)
    return len(named) == 2 and (
        any(one.months for one in named) or not unbound or {one.kind for one in named} == {"call"}
    )


def _without_bare(named: list[Named]) -> tuple[Named, ...]:
    """Leave out "deposit" where "3-month deposit" is named too: the same thing said twice."""
    exact = {one.kind for one in named if one.months or one.days}
    return tuple(one for one in named if one.months or one.days or one.kind not in exact)


def _superlative(text: str, language: Language) -> bool:
    form = r"最[高好]|利息高|收益高" if language == "zh" else r"\b(best|highest|most)\b"
    return re.search(form, text) is not None


def _months(figure: Entity, on: date) -> int | None:
    if figure.type == "periods":
        return int(figure.value)
    if figure.type == "date":
        day = date.fromisoformat(figure.until or str(figure.value))
        months = (day.year - on.year) * 12 + day.month - on.month - (day.day < on.day)
        return months if months > 0 else None
    return None


def _soon(figure: Entity, on: date) -> bool:
    """Tell whether the money is needed before a month is over."""
    return figure.type == "date" and 0 < (date.fromisoformat(str(figure.value)) - on).days < _DAYS_IN_MONTH


def _level(text: str, language: Language) -> int | None:
    match = _PROFILE.search(text)
    if match is not None:
        return int(match[2])
    return next((level for name, level in _PROFILE_NAMES[language] if name in text), None)
