"""Reading Word documents: headings, lists and tables in order; what Word hides from the eye is told apart."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

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

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_WHITE = "FFFFFF"
_TINY_HALF_POINTS = 4
_APART = {
    qn("w:del"): "a deletion that is not accepted",
    qn("w:ins"): "an insertion that is not accepted",
    qn("w:moveFrom"): "a move that is not accepted",
    qn("w:txbxContent"): "in a text box, which is not read",
}


def read_word(name: str, data: bytes) -> Document:
    """Return the blocks of a Word document. Raises: Invalid."""
    try:
        word = docx.Document(io.BytesIO(data))
        reader = _Reader(word)
        return Document(name, "docx", list(reader.blocks()), list(reader.hidden()))
    except (PackageNotFoundError, KeyError, ValueError, AttributeError) as error:
        raise refuse(
            name, f"it cannot be read as Word ({type(error).__name__})", "save it again as .docx"
        ) from error


class _Reader:
    def __init__(self, word: WordDocument) -> None:
        self._word = word
        self._bullets = _bullets(word)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in order; places are counted as paragraphs and tables of the document."""
        tables = 0
        for number, content in enumerate(self._word.iter_inner_content(), start=1):
            if isinstance(content, Table):
                tables += 1
                yield self._table(content, tables)
            elif (text := _visible(content)).strip():
                yield self._paragraph(content, text.strip(), f"paragraph {number}")

    def _paragraph(self, paragraph: WordParagraph, text: str, place: str) -> Block:
        style = (paragraph.style.name if paragraph.style else "") or ""
        level = _level(paragraph, style)
        if level:
            return Heading(level, text, place)
        listed = self._listed(paragraph, style)
        if listed is not None:
            return Item(text, place, ordered=listed)
        return Paragraph(text, place)

    def _listed(self, paragraph: WordParagraph, style: str) -> bool | None:
        """Tell whether a paragraph is an entry of an ordered list; None when it is of no list."""
        found = paragraph._p.xpath("./w:pPr/w:numPr/w:numId/@w:val")
        if found and found[0] != "0":
            return found[0] not in self._bullets
        if style.startswith("List"):
            return style.startswith("List Number")
        return None

    def _table(self, table: Table, number: int) -> Grid:
        place = f"table {number}"
        rows = []
        for row_number, row in enumerate(table.rows, start=1):
            cells = []
            for column, cell in enumerate(row.cells, start=1):
                text = " ".join(_visible(p).strip() for p in cell.paragraphs).strip()
                spans = bool(cell._tc.xpath("./w:tcPr/w:gridSpan | ./w:tcPr/w:vMerge"))
                made = text_cell(text, f"{place}, row {row_number}, column {column}")
                cells.append(type(made)(made.place, made.kind, made.text, merged=spans))
            rows.append(cells)
        return Grid("", rows, place)

    def hidden(self) -> Iterator[Hidden]:
        """Yield what a reader on the screen does not see, or what is not read here."""
        body = self._word.element.body
        for run in body.iter(qn("w:r")):
            text = "".join(node.text or "" for node in run.iter(qn("w:t"), qn("w:delText")))
            how = _hiding(run, self._word)
            if text.strip() and how:
                yield Hidden(_place_of(run), text.strip(), how)
        for node in body.iter(*_APART):
            text = "".join(inner.text or "" for inner in node.iter(qn("w:t"), qn("w:delText")))
            if text.strip():
                yield Hidden(_place_of(node), text.strip(), _APART[node.tag])
        for comment in self._word.comments:
            if comment.text.strip():
                yield Hidden("a comment", comment.text.strip(), "a comment")


def _bullets(word: WordDocument) -> set[str]:
    """Return the ids of the lists that are drawn with bullets."""
    try:
        numbering = word.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return set()
    drawn = {
        found.get(qn("w:abstractNumId"))
        for found in numbering.findall(qn("w:abstractNum"))
        if any(_draws_bullet(level) for level in found.findall(qn("w:lvl")))
    }
    return {
        found.get(qn("w:numId"))
        for found in numbering.findall(qn("w:num"))
        if found.find(qn("w:abstractNumId")).get(qn("w:val")) in drawn
    }


def _draws_bullet(level: BaseOxmlElement) -> bool:
    form = level.find(qn("w:numFmt"))
    return level.get(qn("w:ilvl")) == "0" and form is not None and form.get(qn("w:val")) == "bullet"


def _level(paragraph: WordParagraph, style: str) -> int:
    if style == "Title":
        return 1
    found = _HEADING.match(style)
    if found:
        return int(found[1])
    outline = paragraph._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    return int(outline[0]) + 1 if outline and int(outline[0]) < 9 else 0


def _visible(paragraph: WordParagraph) -> str:
    """Return the text of a paragraph without its hidden runs; a link keeps its address."""
    parts: list[str] = []
    for content in paragraph.iter_inner_content():
        if isinstance(content, Run):
            parts.append("" if _hiding(content._r, None) else content.text)
        else:
            parts.append(f"{content.text} <{content.address}>" if content.address else content.text)
    return "".join(parts).replace("\n", " ").replace("\t", " ")


def _hiding(run: BaseOxmlElement, word: WordDocument | None) -> str:
    """Tell how a run is hidden, "" when it is not; with `word`, by its style too."""
    forms = [run.find(qn("w:rPr"))]
    if word is not None:
        named = {style.style_id: style.element for style in word.styles}
        paragraph = next(run.iterancestors(qn("w:p")), run)
        marks = [
            form.find(qn(tag))
            for tag, form in (
                (("w:rStyle"), run.find(qn("w:rPr"))),
                ("w:pStyle", paragraph.find(qn("w:pPr"))),
            )
            if form is not None
        ]
        used = [mark.get(qn("w:val")) for mark in marks if mark is not None]
        forms += [named[style].find(qn("w:rPr")) for style in used if style in named]
    for form in forms:
        if form is None:
            continue
        if any(_is_on(form.find(qn(tag))) for tag in ("w:vanish", "w:webHidden", "w:specVanish")):
            return "hidden text"
        colour, size = form.find(qn("w:color")), form.find(qn("w:sz"))
        if colour is not None and str(colour.get(qn("w:val"))).upper() == _WHITE:
            return "white text"
        if size is not None and int(size.get(qn("w:val"), "24")) <= _TINY_HALF_POINTS:
            return "text too small to be read"
    return ""


def _is_on(mark: BaseOxmlElement | None) -> bool:
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off")


def _place_of(node: BaseOxmlElement) -> str:
    """Return the number of the paragraph or table of the body that holds a node."""
    while node.getparent() is not None and node.getparent().tag != qn("w:body"):
        node = node.getparent()
    parent = node.getparent()
    number = list(parent).index(node) + 1 if parent is not None else 0
    return f"paragraph {number}"
