"""Reading facts and articles from a pack's folder. Every problem is collected; what could be read is returned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import msgspec

from tellerline.domain.fact import Fact, Unit
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem
from tellerline.knowledge.article import Article, Audience, Heading, split_passages
from tellerline.knowledge.branch import Branch
from tellerline.knowledge.table import FactTable

BRANCHES = "branches"
_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TIME = re.compile(r"([01]\d|2[0-4]):[0-5]\d")
_PHONE = re.compile(r"\+?\d[\d-]{1,18}\d")
_KEY = re.compile(r"(\w+):")
_FENCE = "---\n"


class Library(msgspec.Struct, frozen=True):
    """All that a pack knows. Tables by id; articles by language and id."""

    tables: dict[str, FactTable]
    branches: list[Branch]
    articles: dict[Language, dict[str, Article]]


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    """A facts file as written."""

    id: str
    title: Text
    owner: str
    source: Text
    audience: Audience
    products: list[str]
    rows: list[object] = []
    branches: list[object] = []


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    """A row as written."""

    key: str
    label: Text
    unit: Unit
    value: str | Text
    valid_from: date
    valid_to: date | None
    currency: str = "CNY"


def load_library(pack: Path) -> tuple[Library, list[PackProblem]]:
    """Read `facts/` and `articles/` of the pack in folder `pack`."""
    problems: list[PackProblem] = []
    tables: dict[str, FactTable] = {}
    branches: list[Branch] = []
    for path in sorted((pack / "facts").glob("*.yaml")):
        file = path.relative_to(pack).as_posix()
        table = read_table(file, path.read_text("utf-8"), branches, problems)
        if table is not None:
            tables[table.id] = table
    articles: dict[Language, dict[str, Article]] = {}
    for language in LANGUAGES:
        articles[language] = {}
        for path in sorted((pack / "articles" / language).glob("*.md")):
            file = path.relative_to(pack).as_posix()
            article = read_article(file, path.read_text("utf-8"), language, problems)
            if article is not None:
                articles[language][article.id] = article
    return Library(tables, branches, articles), problems


def read_table(file: str, text: str, branches: list[Branch], problems: list[PackProblem]) -> FactTable | None:
    """Read a facts file; its branches, if it has any, are added to `branches`."""
    source = LocatedYaml(file, text)
    head = source.convert(source.parse(problems), _Table, problems)
    if head is None:
        return None
    _check_name(source, head.id, _SNAKE, problems)
    rows = [_read_fact(source, head, index, problems) for index in range(len(head.rows))]
    facts = [fact for fact in rows if fact is not None]
    _check_intervals(
        source, "rows", [(index, row.id, row) for index, row in enumerate(rows) if row], problems
    )
    found = [
        source.convert(raw, Branch, problems, ("branches", index)) for index, raw in enumerate(head.branches)
    ]
    _check_intervals(
        source, "branches", [(index, row.key, row) for index, row in enumerate(found) if row], problems
    )
    branches += [branch for branch in found if branch is not None]
    return FactTable(head.id, head.title, head.owner, head.source, head.audience, head.products, facts)


def _read_fact(source: LocatedYaml, head: _Table, index: int, problems: list[PackProblem]) -> Fact | None:
    at = ("rows", index)
    row = source.convert(head.rows[index], _Row, problems, at)
    if row is None:
        return None
    if not _SNAKE.fullmatch(row.key):
        problems.append(source.problem((*at, "key"), f"key {row.key!r}", "use snake_case, as in term_1y"))
    wrong = _wrong_value(row)
    if wrong is not None:
        problems.append(source.problem((*at, "value"), *wrong))
        return None
    return Fact(
        id=f"{head.id}.{row.key}",
        label=row.label,
        unit=row.unit,
        value=row.value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        title=head.title,
        source=head.source,
        currency=row.currency,
        audience=head.audience,
    )


def _wrong_value(row: _Row) -> tuple[str, str] | None:
    """Say what is wrong with the value of a row for its unit, and the remedy."""
    if row.unit == "text" or isinstance(row.value, Text):
        if row.unit == "text" and isinstance(row.value, Text):
            return None
        return (
            f"a value of unit {row.unit}",
            "write {zh: …, en: …} for text, and one quoted string for the rest",
        )
    if row.unit in ("time_of_day", "phone"):
        form = _TIME if row.unit == "time_of_day" else _PHONE
        remedy = (
            'write it as "09:00"'
            if row.unit == "time_of_day"
            else 'write digits and hyphens, as "0755-0100-5500"'
        )
        return None if form.fullmatch(row.value) else (f"{row.value!r} is no {row.unit}", remedy)
    try:
        value = Decimal(row.value)
    except InvalidOperation:
        return f"{row.value!r} is no number", "write digits with a decimal point, without separators or unit"
    return None if value.is_finite() else (f"{row.value!r} is no number", "write digits with a decimal point")


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def _check_intervals(
    source: LocatedYaml, section: str, rows: Iterable[tuple[int, str, _Dated]], problems: list[PackProblem]
) -> None:
    """Find intervals that end before they begin, or that overlap under one key."""
    by_key: dict[str, list[tuple[int, _Dated]]] = {}
    for index, key, row in rows:
        by_key.setdefault(key, []).append((index, row))
        if row.valid_to is not None and row.valid_to < row.valid_from:
            what = f"{key} ends on {row.valid_to}, before it begins"
            problems.append(source.problem((section, index, "valid_to"), what, "correct one of the days"))
    for key, dated in by_key.items():
        dated.sort(key=lambda item: item[1].valid_from)
        for (_, earlier), (index, later) in pairwise(dated):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                what = f"{key} has two values on {later.valid_from}"
                remedy = "end the earlier one on the day before the later one begins"
                problems.append(source.problem((section, index, "valid_from"), what, remedy))


def read_article(file: str, text: str, language: Language, problems: list[PackProblem]) -> Article | None:
    """Read an article: the heading between two `---` lines, then the text."""
    parts = text.split(_FENCE, 2)
    if len(parts) < 3 or parts[0]:
        what, remedy = "no heading", "begin with the keys of the article between two lines of ---"
        problems.append(PackProblem(file, 1, what, remedy))
        return None
    source = LocatedYaml(file, parts[1], first_line=2)
    heading = source.convert(source.parse(problems), Heading, problems)
    if heading is None:
        return None
    _check_name(source, heading.id, _KEBAB, problems)
    if heading.valid_to is not None and heading.valid_to < heading.valid_from:
        what = f"the article ends on {heading.valid_to}, before it begins"
        problems.append(source.problem(("valid_to",), what, "correct one of the days"))
    first_line = parts[1].count("\n") + 3
    key_lines = {
        found[1]: number
        for number, line in enumerate(parts[1].splitlines(), start=2)
        if (found := _KEY.match(line))
    }
    return Article(language, file, heading, split_passages(parts[2], first_line), key_lines)


def _check_name(source: LocatedYaml, name: str, form: re.Pattern[str], problems: list[PackProblem]) -> None:
    stem = Path(source.file).stem
    if name != stem:
        problems.append(
            source.problem(("id",), f"id {name!r} in {source.file}", f"call it {stem!r}, as the file")
        )
    elif not form.fullmatch(name):
        shape = "snake_case" if form is _SNAKE else "kebab-case"
        problems.append(source.problem(("id",), f"id {name!r}", f"use {shape}"))
