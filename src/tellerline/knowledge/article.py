"""An article: one question of customers and its answer, in one language, cut into passages that can be quoted alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import msgspec

from tellerline.domain.language import Language

Audience = Literal["public", "customer", "staff"]
Topic = Literal[
    "deposits", "debit-cards", "credit-cards", "loans", "wealth", "payments", "fx", "e-banking", "security", "service",
]  # fmt: skip

LEAD = 0  # the number of the first paragraph, which is the answer
REFERENCE = re.compile(r"\{\{\s*facts\.(\w+)(?:\.(\w+))?\s*\}\}")


class Heading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands above an article's text. docs/guides/build/knowledge.md explains each key."""

    id: str
    title: str
    topic: Topic
    products: list[str]
    audience: Audience
    owner: str
    valid_from: date
    review_by: date
    questions: list[str]
    valid_to: date | None = None
    flow: str | None = None
    related: list[str] = []


class Passage(msgspec.Struct, frozen=True):
    """A part of an article that can be quoted alone. `line` is where its text starts in the file."""

    number: int
    title: str
    text: str
    line: int

    @property
    def references(self) -> list[tuple[str, str]]:
        """The facts named, as (table, row); row "" names the whole table."""
        return [(table, row) for table, row in REFERENCE.findall(self.text)]


class Article(msgspec.Struct, frozen=True):
    """An article. `passages[0]` is the lead, the others its sections in order; `file` is its path in the pack.

    key_lines: where each key of the heading stands.
    """

    language: Language
    file: str
    heading: Heading
    passages: list[Passage]
    key_lines: dict[str, int] = {}

    @property
    def id(self) -> str:
        """The name shared by the article in every language."""
        return self.heading.id

    def in_force(self, on: date) -> bool:
        """Tell whether the article may be quoted on day `on`."""
        return self.heading.valid_from <= on and (
            self.heading.valid_to is None or on <= self.heading.valid_to
        )


def split_passages(body: str, first_line: int) -> list[Passage]:
    """Cut the text under the heading into the lead (everything before the first `##`) and the sections."""
    passages: list[Passage] = []
    title, start, lines = "", first_line, list[str]()
    for offset, line in enumerate([*body.splitlines(), "## "]):
        if not line.startswith("## "):
            lines.append(line)
            continue
        text = "\n".join(lines).strip()
        blank = next((count for count, content in enumerate(lines) if content.strip()), 0)
        if text or title or not passages:
            passages.append(Passage(len(passages), title, text, start + blank))
        title, start, lines = line[3:].strip(), first_line + offset + 1, []
    return passages
