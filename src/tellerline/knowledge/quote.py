"""Quoting a passage: its text with the figures in force on a day, and the facts it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tellerline.domain.fact import Fact
from tellerline.domain.language import Language
from tellerline.knowledge.article import REFERENCE, Passage
from tellerline.knowledge.phrases import Phrases
from tellerline.knowledge.table import FactBook, FactTable

CHARS_MAX: dict[Language, int] = {
    "zh": 350,
    "en": 700,
}  # of an answer; a passage without a table must fit (lint.py)
_QUOTES_KEPT = 4_096
_TABLE_LINE = re.compile(r"\{\{\s*facts\.(\w+)\s*\}\}")
_RULE_LINE = re.compile(r"\|[-:|\s]+\|")


class Line(NamedTuple):
    """A line of a quotation. `row`: it is a row of a table of facts, which may be left out."""

    text: str
    row: bool = False
    facts: tuple[Fact, ...] = ()


class Quotation(NamedTuple):
    """A passage as it reads on a day."""

    title: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The whole passage."""
        return "\n".join(line.text for line in self.lines)

    @property
    def facts(self) -> list[Fact]:
        """The facts it states, each once."""
        return list({fact.id: fact for line in self.lines for fact in line.facts}.values())


class Quoter:
    """Quotes passages of a library."""

    def __init__(
        self, tables: dict[str, FactTable], facts: Callable[[date], FactBook], phrases: Phrases
    ) -> None:
        self._tables = tables
        self._facts = facts
        self._phrases = phrases
        self._cached = lru_cache(maxsize=_QUOTES_KEPT)(self._quote)

    def quote(self, passage: Passage, language: Language, on: date) -> Quotation | None:
        """Return the passage as it reads on day `on`; None when one of its figures is not in force then."""
        return self._cached(passage, language, on)

    def _quote(self, passage: Passage, language: Language, on: date) -> Quotation | None:
        lines: list[Line] = []
        for written in self._read_aloud(passage.text.replace("**", ""), language):
            whole = _TABLE_LINE.fullmatch(written)
            found = self._rows(whole[1], language, on) if whole else self._filled(written, language, on)
            if not found:
                return None
            lines += found
        return Quotation(passage.title, tuple(lines))

    def _read_aloud(self, text: str, language: Language) -> list[str]:
        """Return the lines of a text, those of a table drawn in it turned into lines that can be read aloud."""
        lines: list[str] = []
        header: list[str] = []
        for line in map(str.strip, text.splitlines()):
            if not line.startswith("|"):
                header = []
                lines.append(line)
            elif not header:
                header = _cells(line)
            elif not _RULE_LINE.fullmatch(line):
                lines.append(self._cells_line(header, _cells(line), language))
        return lines

    def _cells_line(self, header: list[str], cells: list[str], language: Language) -> str:
        parts = [
            self._phrases.say("cell", language, name=name, value=value)
            for name, value in zip(header[1:], cells[1:], strict=False)
        ]
        separator = self._phrases.say("row_separator", language)
        return f"- {cells[0]}{separator}{self._phrases.say('cell_separator', language).join(parts)}"

    def _filled(self, text: str, language: Language, on: date) -> list[Line]:
        """Put the figures in force into a line; [] when one is missing."""
        book = self._facts(on)
        facts = [book.get(f"{table}.{row}") for table, row in REFERENCE.findall(text)]
        used = [fact for fact in facts if fact is not None]
        if len(used) < len(facts):
            return []
        figures = iter(used)
        return [Line(REFERENCE.sub(lambda _: next(figures).render(language), text), facts=tuple(used))]

    def _rows(self, table: str, language: Language, on: date) -> list[Line]:
        found = self._tables[table].in_force(on) if table in self._tables else []
        return [Line(f"- {self.row(fact, language)}", row=True, facts=(fact,)) for fact in found]

    def row(self, fact: Fact, language: Language) -> str:
        """Write a fact as a line of a table."""
        return self._phrases.say("row", language, label=fact.label.in_(language), value=fact.render(language))

    def fit(
        self, quotation: Quotation, language: Language, wanted: Callable[[str], float], budget: int
    ) -> Quotation:
        """Return the quotation in at most `budget` characters by leaving out rows of tables.

        The rows stay that have most of what is `wanted`, in their order, and the reader is told that there are more.
        """
        rows = [line for line in quotation.lines if line.row]
        excess = len(quotation.text) - budget
        if excess <= 0 or not rows:
            return quotation
        more = self._phrases.say("more", language, count=len(rows))
        excess += len(more) + 1
        left_out: set[Line] = set()
        for place in sorted(range(len(rows)), key=lambda place: (wanted(rows[place].text), -place)):
            if excess <= 0 or len(left_out) == len(rows) - 1:
                break
            left_out.add(rows[place])
            excess -= len(rows[place].text) + 1
        lines = [line for line in quotation.lines if line not in left_out]
        last = max(place for place, line in enumerate(lines) if line.row)
        lines.insert(last + 1, Line(self._phrases.say("more", language, count=len(left_out))))
        return quotation._replace(lines=tuple(lines))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
