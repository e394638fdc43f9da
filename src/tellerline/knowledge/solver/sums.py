"""Sums that customers ask for: what a transfer, an instalment plan or a currency costs, from the figures in force.

`rules/sums.yaml` of a pack describes each: how it is asked for, which numbers and facts it needs, how it is reckoned and
how the outcome is said. All arithmetic is decimal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from tellerline.domain.errors import Invalid
from tellerline.domain.expression import check_syntax, evaluate, holds
from tellerline.domain.fact import Fact, render_money
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.domain.reading import Entity
from tellerline.knowledge.load import Library
from tellerline.knowledge.solver.figure import Figures, read_figures_of
from tellerline.knowledge.solver.offer import Words
from tellerline.knowledge.table import FactBook
from tellerline.knowledge.terms import fold

FILE = "rules/sums.yaml"
_FACT = re.compile(r"\w+\.\w+")
_CENT = Decimal("0.01")
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined)

Need = Literal["amount", "months", "other_months", "days", "times", "foreign"]


class Sum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sum.

    asks: patterns that must all be found; unless: patterns none of which may be. needs: numbers the question must give
    (`foreign`: an amount in another currency). facts: by name, each `table.row` or an expression that yields one and may
    read others by `facts.get(…)`. when: what must hold. let: expressions by name, in order; money: those of them that are
    amounts, with their currency ("" for the one of the amount named). say: the answer.
    """

    id: str
    asks: Words
    say: Text
    facts: dict[str, str]
    needs: list[Need] = []
    unless: Words = Words()
    when: list[str] = []
    let: dict[str, str] = {}
    money: dict[str, str] = {}


class SumAnswer(NamedTuple):
    """A sum worked out. reckoned: every amount that it comes to, as the text says it."""

    id: str
    text: str
    facts: list[Fact]
    reckoned: list[str]


def read_sums(pack: Path, problems: list[PackProblem]) -> list[Sum]:
    """Read the sums of the pack in folder `pack`; without the file there are none."""
    path = pack / FILE
    if not path.exists():
        return []
    source = LocatedYaml(FILE, path.read_text("utf-8"))
    return source.convert(source.parse(problems), list[Sum], problems) or []


class Reckoner:
    """Works sums out."""

    def __init__(self, sums: Sequence[Sum], find: Callable[[str, Language, date], Sequence[Entity]]) -> None:
        self._find = find
        self._asked = {
            language: [
                (one, _patterns(one.asks, language), _patterns(one.unless, language))
                for one in sums
                if one.asks.in_(language)
            ]
            for language in LANGUAGES
        }

    def reckon(
        self, question: str, written: Language, language: Language, book: FactBook
    ) -> SumAnswer | None:
        """Return the first sum that the question asks for and gives the numbers of; None when there is none."""
        text = fold(question)
        figures: Figures | None = None
        for one, asks, unless in self._asked[written]:
            if not all(form.search(text) for form in asks) or any(form.search(text) for form in unless):
                continue
            figures = figures or read_figures_of(text, self._find(text, written, book.on))
            answer = _work_out(one, figures, language, book)
            if answer is not None:
                return answer
        return None


def _patterns(words: Words, language: Language) -> list[re.Pattern[str]]:
    return [re.compile(form) for form in words.in_(language)]


def _work_out(one: Sum, figures: Figures, language: Language, book: FactBook) -> SumAnswer | None:
    scope: dict[str, Any] = {**figures._asdict(), "facts": book}
    if any(scope[need] is None for need in one.needs):
        return None
    facts: dict[str, Fact] = {}
    for name, row in one.facts.items():
        fact = book.get(row if _FACT.fullmatch(row) else str(evaluate(row, scope)))
        if fact is None:
            return None
        facts[name] = scope[name] = fact
    if not all(holds(condition, scope) for condition in one.when):
        return None
    shown: dict[str, Any] = {name: fact.render(language) for name, fact in facts.items()}
    shown |= {name: scope[name] for name in ("months", "other_months", "days", "times")}
    for name in ("amount", "foreign"):
        if scope[name] is not None:
            shown[name] = render_money(scope[name], scope["currency"], language)
    for name, expression in one.let.items():
        scope[name] = shown[name] = evaluate(expression, scope)
        if name in one.money:
            currency = one.money[name] or scope["currency"]
            cents = Decimal(scope[name]).quantize(_CENT, ROUND_HALF_UP)
            shown[name] = render_money(cents, currency, language)
    text = _template(one.say.in_(language)).render(shown).strip()
    reckoned = dict.fromkeys(shown[name] for name in one.money if shown[name] in text)
    return SumAnswer(one.id, text, list(facts.values()), list(reckoned))


@cache
def _template(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)


def lint_sums(sums: Sequence[Sum], library: Library, on: date) -> Iterator[PackProblem]:
    """Find sums that name facts not in force, or hold expressions, patterns or texts that cannot be read."""
    book = FactBook(library.tables.values(), on)
    for one in sums:
        for row in one.facts.values():
            if _FACT.fullmatch(row) and book.get(row) is None:
                yield _problem(one, f"no fact {row} on {on}", "add the row, or correct its name")
        expressions = [
            *one.when,
            *one.let.values(),
            *(row for row in one.facts.values() if not _FACT.fullmatch(row)),
        ]
        for expression in expressions:
            try:
                check_syntax(expression)
            except Invalid as error:
                yield _problem(one, str(error), "correct the expression")
        for language in LANGUAGES:
            yield from _lint_words(one, language)


def _lint_words(one: Sum, language: Language) -> Iterator[PackProblem]:
    if not one.asks.in_(language):
        yield _problem(one, f"nobody can ask for it in {language}", "add patterns under asks")
    for form in (*one.asks.in_(language), *one.unless.in_(language)):
        try:
            re.compile(form)
        except re.error as error:
            yield _problem(one, f"{form!r}: {error}", "correct the pattern")
    try:
        _template(one.say.in_(language))
    except TemplateError as error:
        yield _problem(one, str(error), "correct the {{ … }} in `say`")


def _problem(one: Sum, what: str, remedy: str) -> PackProblem:
    return PackProblem(FILE, 0, f"{one.id}: {what}", remedy)
