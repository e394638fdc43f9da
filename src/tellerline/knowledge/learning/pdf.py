"""Reading PDF: lines put together from what stands on the page, headings by their size, tables by their gaps.

A PDF knows no structure, so what is read here is a guess that its reader must look at; the other forms keep theirs.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from tellerline.knowledge.learning.document import (
    Block,
    Document,
    Grid,
    Heading,
    Hidden,
    Item,
    Paragraph,
    text_cell,
)
from tellerline.knowledge.learning.safety import refuse

PAGES_MAX = 60
_INVISIBLE, _TINY_POINTS = 3, 2.0
_WHITE_MIN = 0.98
_LARGER = 1.12  # than most letters: a heading
_GAP = 1.6  # of the letter's size: a wider gap begins another column
_BULLET = re.compile(r"^\s*(?:[•·●▪◦*–-]|[（(]?\d{1,2}[.)）、])\s*")
_ORDERED = re.compile(r"^\s*[（(]?\d{1,2}[.)）、]")
_ACTIVE = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/RichMedia", "/XFA")


class _Piece(NamedTuple):
    """Text as one operator of the page puts it. `top` grows downwards over all pages."""

    page: int
    top: float
    left: float
    size: float
    text: str


class _Line(NamedTuple):
    page: int
    top: float
    size: float
    cells: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.cells).strip()


def read_pdf(name: str, data: bytes) -> Document:
    """Return the blocks of a PDF. Raises: Invalid."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise refuse(name, "it is encrypted", "save it without a password")
        if len(reader.pages) > PAGES_MAX:
            raise refuse(name, f"it has more than {PAGES_MAX} pages", "divide it")
        if any(mark.encode() in data for mark in _ACTIVE):
            raise refuse(name, "it holds a program, a form or a file", "print it to a new PDF")
        collected = [_collect(page, number) for number, page in enumerate(reader.pages, start=1)]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refuse(
            name, f"it cannot be read as PDF ({type(error).__name__})", "print it to a new PDF"
        ) from error
    pieces = [piece for found, _ in collected for piece in found]
    if not pieces:
        raise refuse(name, "it holds no text, only pictures", "bring the document it was printed from")
    hidden = [unseen for _, found in collected for unseen in found]
    return Document(name, "pdf", list(_blocks(_lines(pieces))), hidden)


def _collect(page: PageObject, number: int) -> tuple[list[_Piece], list[Hidden]]:
    """Return what a page shows and what it hides."""
    pieces: list[_Piece] = []
    hidden: list[Hidden] = []
    state: dict[str, float] = {"mode": 0, "white": 0}
    box = page.mediabox

    def before(operator: bytes, operands: list[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        if operator == b"Tr":
            state["mode"] = float(operands[0])
        elif operator in (b"g", b"rg", b"sc", b"scn") and all(isinstance(o, (int, float)) for o in operands):
            state["white"] = float(bool(operands) and min(float(o) for o in operands) >= _WHITE_MIN)
        elif operator == b"k":
            state["white"] = float(max(float(o) for o in operands) <= 1 - _WHITE_MIN)

    def text(found: str, cm: Sequence[float], tm: Sequence[float], _: object, size: float) -> None:
        if not found.strip():
            return
        scale = abs(tm[3] * cm[3]) or abs(tm[0] * cm[0]) or 1.0
        left, bottom = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
        points = size * scale
        place = f"page {number}"
        outside = not (box.left <= left <= box.right and box.bottom <= bottom <= box.top)
        how = (
            "invisible text" if state["mode"] == _INVISIBLE
            else "white text" if state["white"]
            else "text too small to be read" if points < _TINY_POINTS
            else "outside of the page" if outside
            else ""
        )  # fmt: skip
        if how:
            hidden.append(Hidden(place, found.strip(), how))
            return
        top = number * 10_000 - bottom
        pieces.extend(
            _Piece(number, top + row * points, left, points, line)
            for row, line in enumerate(found.split("\n"))
            if line.strip()
        )

    page.extract_text(visitor_operand_before=before, visitor_text=text)
    return pieces, hidden


def _lines(pieces: Sequence[_Piece]) -> list[_Line]:
    """Put pieces of the same height together; a wide gap between two begins another cell."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top, piece.left)):
        if rows and piece.top - rows[-1][0].top < piece.size * 0.5:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = []
    for row in rows:
        row.sort(key=lambda piece: piece.left)
        cells, end = [""], row[0].left
        for piece in row:
            if cells[-1] and piece.left - end > piece.size * _GAP:
                cells.append("")
            cells[-1] += piece.text
            end = piece.left + _width(piece)
        found = [cell.strip() for cell in cells if cell.strip()]
        lines.append(_Line(row[0].page, row[0].top, max(piece.size for piece in row), found))
    return lines


def _width(piece: _Piece) -> float:
    """Return about how wide a text is: Chinese letters are as wide as high, others half as wide."""
    return sum(piece.size if ord(letter) > 0x2E80 else piece.size * 0.5 for letter in piece.text)


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    letters = Counter[float]()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    plain = letters.most_common(1)[0][0]
    larger = sorted({round(line.size, 1) for line in lines if line.size > plain * _LARGER}, reverse=True)
    alike: list[_Line] = []  # lines of one paragraph, or of one table
    for line in lines:
        whole = len(line.cells) > 1 or round(line.size, 1) in larger or _BULLET.match(line.text)
        if alike and not _goes_on(alike[-1], line, whole=bool(whole)):
            yield from _together(alike)
            alike = []
        if round(line.size, 1) in larger:
            yield Heading(larger.index(round(line.size, 1)) + 1, line.text, f"page {line.page}")
        elif len(line.cells) == 1 and whole:
            yield Item(_BULLET.sub("", line.text), f"page {line.page}", bool(_ORDERED.match(line.text)))
        else:
            alike.append(line)
    if alike:
        yield from _together(alike)


def _goes_on(above: _Line, line: _Line, *, whole: bool) -> bool:
    """Tell whether a line belongs to the paragraph or table of the one above."""
    if len(above.cells) > 1:
        return len(line.cells) == len(above.cells)
    return not whole and line.top - above.top <= above.size * 2.0


def _together(lines: Sequence[_Line]) -> Iterator[Block]:
    return _table(lines) if len(lines[0].cells) > 1 else iter([_paragraph(lines)])


def _paragraph(lines: Sequence[_Line]) -> Paragraph:
    text = lines[0].text
    for line in lines[1:]:
        glue = "" if ord(text[-1]) > 0x2E80 or ord(line.text[0]) > 0x2E80 else " "
        text += glue + line.text
    return Paragraph(text, f"page {lines[0].page}")


def _table(rows: Sequence[_Line]) -> Iterator[Block]:
    """One line with gaps is a line; two alike are a table."""
    place = f"page {rows[0].page}"
    if len(rows) == 1:
        yield Paragraph(rows[0].text, place)
        return
    cells = [
        [
            text_cell(text, f"{place}, table row {number}, column {column}")
            for column, text in enumerate(row.cells, 1)
        ]
        for number, row in enumerate(rows, 1)
    ]
    yield Grid("", cells, place)
