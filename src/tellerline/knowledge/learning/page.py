"""Reading HTML: the text that a browser would show, without running or fetching anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from lxml import etree, html

from tellerline.knowledge.learning.document import (
    Block,
    Cell,
    Document,
    Grid,
    Heading,
    Hidden,
    Item,
    Paragraph,
    text_cell,
)
from tellerline.knowledge.learning.safety import refuse

_LEFT_OUT = {"script", "style", "head", "template", "noscript", "iframe", "object", "svg", "form", "nav"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARTS = {"p", "div", "section", "article", "main", "body", "blockquote", "pre", "header", "footer", "dd", "dt",
          "ul", "ol", "table", *_HEADINGS}  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?(?:[;\s]|$)"
    r"|font-size\s*:\s*(?:0|1(?:px|pt))(?:[^\d.]|$)|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}"
    r"|(?:^|[;\s])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
    r"|clip(?:-path)?\s*:\s*(?:rect\(0|inset\(50%|inset\(100%)|(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")


def read_page(name: str, data: bytes) -> Document:
    """Return the blocks of an HTML page. Raises: Invalid."""
    try:
        parser = html.HTMLParser(no_network=True, remove_pis=True, huge_tree=False, encoding=_encoding(data))
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise refuse(name, f"it cannot be read as HTML ({type(error).__name__})", "save it again") from error
    reader = _Reader()
    body = root.find("body")
    reader.walk(body if body is not None else root)
    return Document(name, "html", list(_without_blank(reader.blocks)), reader.hidden)


def _encoding(data: bytes) -> str | None:
    """UTF-8 where it is; else what the page declares."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _without_blank(blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Grid) or block.text:
            yield block


class _Reader:
    """Walks the tree in order. Text between blocks becomes a paragraph."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.hidden: list[Hidden] = []

    def walk(self, node: html.HtmlElement) -> None:
        """Read an element that holds blocks."""
        self._loose(node.text, node)
        for child in node:
            self._child(child)
            self._loose(child.tail, node)

    def _loose(self, text: str | None, node: html.HtmlElement) -> None:
        if text and text.strip():
            self.blocks.append(Paragraph(_squeeze(text), _place(node)))

    def _child(self, node: html.HtmlElement) -> None:
        if node.tag is etree.Comment:
            if node.text and node.text.strip():
                self.hidden.append(Hidden(_place(node), _squeeze(node.text), "an HTML comment"))
        elif not isinstance(node.tag, str) or node.tag in _LEFT_OUT:
            return
        elif self._is_hidden(node):
            self.hidden.append(Hidden(_place(node), _squeeze(node.text_content()), "hidden by its style"))
        elif node.tag in _HEADINGS:
            self.blocks.append(Heading(_HEADINGS[node.tag], self._text(node), _place(node)))
        elif node.tag in ("ul", "ol"):
            for entry in node.iter("li"):
                self.blocks.append(Item(self._text(entry), _place(entry), entry.getparent().tag == "ol"))
        elif node.tag == "table":
            self.blocks.append(self._table(node))
        elif any(inner.tag in _PARTS for inner in node.iterdescendants()):
            self.walk(node)
        else:
            self.blocks.append(Paragraph(self._text(node), _place(node)))

    def _is_hidden(self, node: html.HtmlElement) -> bool:
        if not node.text_content().strip():
            return False
        hides = node.get("hidden") is not None or node.get("aria-hidden") == "true"
        return hides or bool(_HIDING.search(node.get("style", "")))

    def _text(self, node: html.HtmlElement) -> str:
        """Return the visible text of an element without blocks, and note what is hidden in it."""
        parts = [node.text or ""]
        for child in node:
            if child.tag is etree.Comment or (isinstance(child.tag, str) and self._is_hidden(child)):
                how = "an HTML comment" if child.tag is etree.Comment else "hidden by its style"
                text = child.text if child.tag is etree.Comment else child.text_content()
                if text and text.strip():
                    self.hidden.append(Hidden(_place(child), _squeeze(text), how))
            elif child.tag == "br":
                parts.append("\n")
            elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and child.tag not in ("ul", "ol"):
                address = f" <{child.get('href')}>" if child.tag == "a" and child.get("href") else ""
                parts.append(self._text(child) + address)
            parts.append(child.tail or "")
        return _squeeze("".join(parts))

    def _table(self, node: html.HtmlElement) -> Grid:
        rows = []
        for number, row in enumerate(node.iter("tr"), start=1):
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            rows.append([self._cell(cell, number, column) for column, cell in enumerate(cells, start=1)])
        return Grid("", rows, _place(node))

    def _cell(self, node: html.HtmlElement, row: int, column: int) -> Cell:
        cell = text_cell(self._text(node), f"table row {row}, column {column}")
        spans = node.get("rowspan", "1") != "1" or node.get("colspan", "1") != "1"
        return msgspec.structs.replace(cell, merged=spans)


def _squeeze(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\r", "").split("\n"))
    return " ".join(line for line in lines if line)


def _place(node: html.HtmlElement) -> str:
    return f"line {node.sourceline}" if node.sourceline else ""
