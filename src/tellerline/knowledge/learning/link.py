"""Tying the figures of an article to facts: what equals a fact in force names it, what contradicts one is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tellerline.domain.fact import Fact
from tellerline.domain.language import Language
from tellerline.domain.proposal import ArticleChange, Finding
from tellerline.knowledge.article import Article, Heading, split_passages
from tellerline.knowledge.figures import find_figures
from tellerline.knowledge.learning.document import text_cell
from tellerline.knowledge.learning.figure import Unclear, read_figure
from tellerline.knowledge.learning.header import fold
from tellerline.knowledge.learning.label import name_parts

_NAME_CHARS_MIN = 2


def link_figures(
    change: ArticleChange, heading: Heading, facts: Sequence[Fact]
) -> tuple[ArticleChange, list[Finding]]:
    """Return the article with its figures tied to `facts`, which are those of its products, and what could not be tied."""
    article = Article(change.language, change.place, heading, split_passages(change.body, 1))
    lines = change.body.splitlines()
    findings: list[Finding] = []
    for figure in find_figures(article):
        number = figure.line - 1
        line = lines[number] if number < len(lines) else ""
        same = [fact for fact in facts if _equals(figure.text, fact)]
        meant = _named_in(line, same, change.language) or same
        where = f"{change.place}: {figure.text!r}"
        if len(meant) == 1:
            lines[number] = line.replace(figure.text, f"{{{{ facts.{meant[0].id} }}}}", 1)
        elif meant:
            names = ", ".join(f"facts.{fact.id}" for fact in meant)
            findings.append(
                Finding(
                    "figure", where, f"it could be {names}", "name the one that is meant, as {{ facts.… }}"
                )
            )
        else:
            findings.append(_unbacked(where, figure.text, _named_in(line, facts, change.language)))
    body = "\n".join(lines) + "\n"
    return ArticleChange(change.language, change.id, change.heading, body, change.place), findings


def _unbacked(where: str, figure: str, named: Sequence[Fact]) -> Finding:
    alike = [fact for fact in named if _kind(figure, fact)]
    if alike:
        said = ", ".join(f"{fact.id} is {fact.value}" for fact in alike[:3])
        return Finding(
            "contradiction",
            where,
            f"in force is another figure: {said}",
            "correct it, or change the fact as well",
        )
    return Finding(
        "figure",
        where,
        "no fact in force says so",
        "bring it as a row of a table of figures, or leave it out",
    )


def _value(figure: str, fact: Fact) -> Decimal | None:
    try:
        return Decimal(read_figure(text_cell(figure, ""), fact.unit, head="%"))
    except Unclear:
        return None


def _kind(figure: str, fact: Fact) -> bool:
    """Tell whether the figure could be one of the fact's unit at all."""
    if fact.unit in ("percent", "percent_per_year") and "%" not in fold(figure):
        return False
    return _value(figure, fact) is not None


def _equals(figure: str, fact: Fact) -> bool:
    if not isinstance(fact.value, str):
        return False
    if fact.unit in ("phone", "time_of_day", "text"):
        return fold(figure) == fold(fact.value)
    return _kind(figure, fact) and _value(figure, fact) == fact.decimal


def _named_in(line: str, facts: Iterable[Fact], language: Language) -> list[Fact]:
    """Return the facts whose term and name stand in a line."""
    text = fold(line)
    said = name_parts(line)
    found = []
    for fact in facts:
        held = name_parts(fact.label.in_(language))
        term_fits = not held.term or held.term == said.term
        name_fits = len(held.rest) >= _NAME_CHARS_MIN and held.rest in name_parts(text).rest
        if term_fits and (name_fits or (held.term and held.term == said.term)):
            found.append(fact)
    whole = [fact for fact in found if fold(fact.label.in_(language)) in text]
    return whole or found
