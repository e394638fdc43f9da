"""Checking changes before anybody approves them: against the facts in force, the days, the other articles and the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rapidfuzz import process

from tellerline.domain.fact import Fact
from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.problem import PackProblem
from tellerline.domain.proposal import (
    ArticleChange,
    Change,
    ExampleChange,
    FactChange,
    Finding,
    TableChange,
)
from tellerline.knowledge.article import Article
from tellerline.knowledge.learning.duplicate import find_duplicates
from tellerline.knowledge.learning.header import fold
from tellerline.knowledge.load import Library

CheckReply = Callable[[str, Language], str | None]
LARGE = Decimal("0.5")  # of the figure before: a larger move is shown to the second person as such
EXAMPLE_CHARS_MAX = 120
_CLOSE = 60.0
_PERSONAL = re.compile(r"\[[^\]]+\]|‹|\d{5,}|[\w.]+@[\w.]+")


class Ground(NamedTuple):
    """What changes are checked against.

    before, after: the knowledge in force, and with the changes; on: the day they come into force.
    examples: the phrases of every intent, by language; check_reply: the rules for outbound messages.
    """

    before: Library
    after: Library
    on: date
    examples: Mapping[str, Mapping[str, Sequence[str]]]
    new_products: Sequence[str]
    check_reply: CheckReply


def check_changes(changes: Sequence[Change], ground: Ground) -> list[Finding]:
    """Return what is wrong with changes, or worth a look of the second person."""
    findings: list[Finding] = []
    for change in changes:
        match change:
            case FactChange():
                findings += _check_fact(change, ground)
            case TableChange() if change.id in ground.before.tables:
                findings.append(
                    Finding("table", change.place, f"there is a table {change.id} already", "name it")
                )
            case ArticleChange():
                findings += _check_article(change, ground)
            case ExampleChange():
                findings += _check_example(change, ground)
    return findings + list(_check_pairs(changes, ground)) + list(_check_same_target(changes))


def lint_findings(before: Sequence[PackProblem], after: Sequence[PackProblem]) -> list[Finding]:
    """Return the problems that a pack has got by the changes; the line does not tell whether one is new."""
    known = {(problem.file, problem.what) for problem in before}
    return [
        Finding("pack", f"{problem.file}:{problem.line}", problem.what, problem.remedy, problem.severity)
        for problem in after
        if (problem.file, problem.what) not in known
    ]


# --- facts


def _check_fact(change: FactChange, ground: Ground) -> Iterator[Finding]:
    name, first = f"{change.table}.{change.key}", change.valid_from or ground.on
    if first < ground.on:
        what = f"{name} would hold from {first}, before the proposal comes into force on {ground.on}"
        yield Finding(
            "day", change.place, what, "begin on that day or later: what was said before stays as it was"
        )
    if change.valid_to is not None and change.valid_to < first:
        yield Finding(
            "day",
            change.place,
            f"{name} would end on {change.valid_to}, before it begins",
            "correct the days",
        )
    table = ground.before.tables.get(change.table)
    rows = [fact for fact in table.rows if fact.id == name] if table else []
    for later in (fact for fact in rows if fact.valid_from > first):
        what = f"{name} is to be {later.value} from {later.valid_from} on, as was decided before; that stays"
        yield Finding(
            "scheduled",
            change.place,
            what,
            "bring a figure from that day on as well if it should not",
            "warning",
        )
    held = next((fact for fact in rows if fact.in_force(first)), None)
    if held is not None:
        yield from _check_move(change, held)


def _check_move(change: FactChange, held: Fact) -> Iterator[Finding]:
    if (
        not isinstance(change.value, str)
        or not isinstance(held.value, str)
        or change.unit in ("phone", "time_of_day")
    ):
        return
    old, new = held.decimal, Decimal(change.value)
    if old and abs(new - old) / old > LARGE:
        what = f"{held.id} moves from {held.value} to {change.value}"
        yield Finding("large", change.place, what, "make sure that the figure is meant", "warning")


# --- articles


def _check_article(change: ArticleChange, ground: Ground) -> Iterator[Finding]:
    article = ground.after.articles[change.language].get(change.id)
    if article is None:
        return
    yield from _check_days(change, article, ground)
    heading = article.heading
    known = _products(ground.before) | set(ground.new_products)
    for product in heading.products:
        if product not in known:
            near = process.extractOne(product, sorted(known), score_cutoff=_CLOSE)
            meant = f"write {near[0]!r} if that is meant, or" if near else "correct it, or"
            remedy = f"{meant} say that it is new: a row `new products` (新产品)"
            yield Finding("product", change.place, f"there is no product {product!r}", remedy)
    for finding in find_duplicates(article, ground.after.articles[change.language].values()):
        yield Finding(finding.code, change.place, finding.what, finding.remedy, finding.severity)
    for text in (heading.title, *(passage.title for passage in article.passages)):
        rule = ground.check_reply(text, change.language) if text else None
        if rule is not None:
            yield Finding("wording", change.place, f"the rule {rule} holds {text!r} back", "reword it")


def _check_days(change: ArticleChange, article: Article, ground: Ground) -> Iterator[Finding]:
    heading = article.heading
    if heading.valid_to is not None and heading.valid_to < ground.on:
        yield Finding(
            "expired", change.place, f"it expired on {heading.valid_to}", "renew the day, or leave it out"
        )
    if heading.review_by <= max(ground.on, heading.valid_from):
        what = f"it is to be reviewed by {heading.review_by}, before it is in force"
        yield Finding("expired", change.place, what, "set a later day for the review")
    former = ground.before.articles[change.language].get(change.id)
    if former is None:
        return
    if former.passages == article.passages and former.heading == heading:
        yield Finding("unchanged", change.place, f"{change.id} says this already", "leave it out", "note")
    elif heading.valid_from <= former.heading.valid_from and former.passages != article.passages:
        what = f"its text would change without another first day ({heading.valid_from})"
        yield Finding("day", change.place, what, "leave out valid_from, or name the day from which it holds")


def _products(library: Library) -> set[str]:
    articles = (article for language in LANGUAGES for article in library.articles[language].values())
    return {
        *(product for article in articles for product in article.heading.products),
        *(product for table in library.tables.values() for product in table.products),
    }


def _check_pairs(changes: Sequence[Change], ground: Ground) -> Iterator[Finding]:
    """Find articles whose two languages rest on different facts, where one of them changes."""
    changed = {change.id: change.place for change in changes if isinstance(change, ArticleChange)}
    for identity, place in changed.items():
        pair = [ground.after.articles[language].get(identity) for language in LANGUAGES]
        named = [_references(article) for article in pair if article is not None]
        if len(named) == len(LANGUAGES) and named[0] != named[1]:
            apart = ", ".join(sorted(named[0] ^ named[1]))
            what = f"the two languages of {identity} do not name the same facts: {apart}"
            yield Finding("language", place, what, "make sure that both say the same", "warning")


def _references(article: Article) -> set[str]:
    return {f"{table}.{row}".rstrip(".") for passage in article.passages for table, row in passage.references}


def _check_same_target(changes: Sequence[Change]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for change in changes:
        if isinstance(change, FactChange):
            name = f"{change.table}.{change.key} from {change.valid_from}"
        elif isinstance(change, ArticleChange):
            name = f"{change.language}/{change.id}"
        else:
            continue
        if name in seen:
            what = f"{name} is brought twice, first in {seen[name]}"
            yield Finding("twice", change.place, what, "keep one of them")
        seen.setdefault(name, change.place)


# --- phrases


def _check_example(change: ExampleChange, ground: Ground) -> Iterator[Finding]:
    where = change.place or f"{change.language}/{change.intent}"
    intents = ground.examples[change.language]
    if change.intent not in intents:
        yield Finding("intent", where, f"there is no intent {change.intent!r}", "name one of the pack")
    if len(change.text) > EXAMPLE_CHARS_MAX:
        yield Finding(
            "phrase", where, f"it has more than {EXAMPLE_CHARS_MAX} characters", "bring a shorter one"
        )
    if _PERSONAL.search(change.text):
        yield Finding(
            "personal", where, f"{change.text!r} may name somebody or something of theirs", "leave it out"
        )
    asked = fold(change.text)
    for intent, phrases in intents.items():
        if any(fold(phrase) == asked for phrase in phrases):
            if intent == change.intent:
                yield Finding(
                    "unchanged", where, f"{intent} has {change.text!r} already", "leave it out", "note"
                )
            else:
                what = f"{change.text!r} is a phrase of {intent}"
                yield Finding("contradiction", where, what, f"decide for {intent} or {change.intent}")
