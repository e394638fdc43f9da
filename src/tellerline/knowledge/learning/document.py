"""A document as read, whatever its form: headings, paragraphs, lists and tables in order, and what it hides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

Form = Literal["markdown", "html", "docx", "pdf", "xlsx"]


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading; level 1 is the highest."""

    level: int
    text: str
    place: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """A paragraph."""

    text: str
    place: str


class Item(msgspec.Struct, frozen=True, tag="item"):
    """An entry of a list."""

    text: str
    place: str
    ordered: bool = False


CellKind = Literal["text", "number", "percent", "date", "formula", "error", "blank"]


class Cell(msgspec.Struct, frozen=True):
    """A cell of a table.

    text: as shown. number: what a number cell holds; a percent cell shows it times 100 with `decimals` decimals.
    merged: it spans several cells; what stands in it belongs to more than one row or column.
    """

    place: str
    kind: CellKind
    text: str
    number: Decimal | None = None
    day: date | None = None
    decimals: int | None = None
    merged: bool = False


class Grid(msgspec.Struct, frozen=True, tag="grid"):
    """A table. `name`: of its sheet, where it has one."""

    name: str
    rows: list[list[Cell]]
    place: str


class Hidden(msgspec.Struct, frozen=True):
    """Text that a reader of the document does not see, and how it is hidden."""

    place: str
    text: str
    how: str


Block: TypeAlias = Heading | Paragraph | Item | Grid


class Document(msgspec.Struct, frozen=True):
    """A document. `source`: the text itself when the document is text."""

    name: str
    form: Form
    blocks: list[Block]
    hidden: list[Hidden] = []
    source: str = ""


def text_cell(text: str, place: str) -> Cell:
    """Return a cell that holds text, as tables outside of workbooks do."""
    return Cell(place, "text" if text else "blank", text)


def words_of(document: Document) -> list[tuple[str, str]]:
    """Return every visible text of a document with its place."""
    found: list[tuple[str, str]] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            found += [(cell.place, cell.text) for row in block.rows for cell in row if cell.text]
        else:
            found.append((block.place, block.text))
    return found
