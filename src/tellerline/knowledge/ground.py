"""Turning a passage into an answer: its figures as they are in force today, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from tellerline.domain.citation import Source
from tellerline.domain.fact import Fact
from tellerline.domain.language import Language
from tellerline.knowledge.article import LEAD, REFERENCE, Article
from tellerline.knowledge.table import FactTable

ROWS_MAX = 14  # lines of a table in an answer
LENGTH_MAX = {"zh": 380, "en": 900}  # characters; a section that would make the answer longer is left out


class Grounded(msgspec.Struct, frozen=True):
    """A text ready to be quoted, and the facts it states."""

    text: str
    facts: list[Fact]


class Stale(Exception):
    """A passage names a fact that is not in force, so it cannot be quoted."""


def ground(
    text: str, tables: Mapping[str, FactTable], on: date, language: Language, wanted: Callable[[Fact], float]
) -> Grounded:
    """Write the facts into a passage. `wanted` scores the rows of a whole table against the question.

    Raises: Stale.
    """
    used: list[Fact] = []

    def write(table_id: str, row: str) -> str:
        table = tables.get(table_id)
        if table is None:
            raise Stale(table_id)
        rows = table.in_force(on)
        if not row:
            return _write_table(rows, language, wanted, used)
        fact = next((fact for fact in rows if fact.id == f"{table_id}.{row}"), None)
        if fact is None:
            raise Stale(f"{table_id}.{row}")
        used.append(fact)
        return fact.render(language)

    written = REFERENCE.sub(lambda match: write(match[1], match[2] or ""), text)
    return Grounded(written.replace("**", ""), used)


def _write_table(
    rows: list[Fact], language: Language, wanted: Callable[[Fact], float], used: list[Fact]
) -> str:
    """Write a table as lines: the rows asked for when the question names some, else all of it."""
    scores = [wanted(fact) for fact in rows]
    best = max(scores, default=0.0)
    chosen = [fact for fact, score in zip(rows, scores, strict=True) if best <= 0 or score >= best - 1e-6]
    used += chosen[:ROWS_MAX]
    colon = "：" if language == "zh" else ": "
    return "\n".join(f"· {fact.label.in_(language)}{colon}{fact.render(language)}" for fact in chosen[:ROWS_MAX])


def sources_of(article: Article, number: int, facts: list[Fact]) -> list[Source]:
    """Return the evidence of an answer: the article, and the tables its figures come from."""
    heading = article.heading
    part = "" if number == LEAD else f"#{number}"
    since = heading.valid_from.isoformat()
    sources = [Source("article", f"{heading.id}{part}", since, heading.title, since)]
    for fact in facts:
        day = fact.valid_from.isoformat()
        source = Source("fact", fact.id, day, fact.title.in_(article.language), day)
        if source not in sources:
            sources.append(source)
    return sources
