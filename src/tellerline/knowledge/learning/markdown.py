"""Reading Markdown."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

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

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


def read_markdown(name: str, data: bytes) -> Document:
    """Return the blocks of a Markdown text. Raises: Invalid."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(name, "it is not UTF-8", "save it as UTF-8") from error
    text = text.replace("\r\n", "\n")
    hidden = [
        Hidden(_line(text, found.start()), found[1].strip(), "an HTML comment")
        for found in _COMMENT.finditer(text)
        if found[1].strip()
    ]
    tokens = MarkdownIt("commonmark").enable("table").parse(_COMMENT.sub("", text))
    reader = _Reader()
    blocks = [block for token in tokens if (block := reader.read(token)) is not None]
    return Document(name, "markdown", blocks, hidden, source=text)


def _line(text: str, position: int) -> str:
    return f"line {text.count(chr(10), 0, position) + 1}"


class _Reader:
    """Goes through the tokens in order."""

    def __init__(self) -> None:
        self._lists: list[bool] = []  # whether each list around is ordered
        self._rows: list[list[str]] = []
        self._heading = 0

    def read(self, token: Token) -> Block | None:
        """Take the next token; return the block that it completes."""
        place = f"line {token.map[0] + 1}" if token.map else ""
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1:])
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(token.type.startswith("ordered"))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "tr_open":
                self._rows.append([])
            case "table_close":
                cells = [
                    [text_cell(text, f"table row {n}") for text in row] for n, row in enumerate(self._rows, 1)
                ]
                self._rows = []
                return Grid("", cells, "a table")
            case "inline":
                return self._inline(_plain(token), place)
            case "fence" | "code_block" | "html_block":
                return Paragraph(token.content.strip(), place)
        return None

    def _inline(self, text: str, place: str) -> Block | None:
        level, self._heading = self._heading, 0
        if self._rows:
            self._rows[-1].append(text)
            return None
        if level:
            return Heading(level, text, place)
        return Item(text, place, self._lists[-1]) if self._lists else Paragraph(text, place)


def _plain(token: Token) -> str:
    """Return the text of an inline token; breaks become spaces, links keep their text and address."""
    parts: list[str] = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "link_close":
                pass
            case "link_open" | "image":
                address = child.attrGet("href") or child.attrGet("src") or ""
                parts.append(f"<{address}> ")
    return "".join(parts).strip()
