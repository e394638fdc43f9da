"""Reading a document of any form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from tellerline.knowledge.learning.document import Document, Form
from tellerline.knowledge.learning.safety import check_document

_READERS: Mapping[Form, tuple[str, str]] = {
    "markdown": ("markdown", "read_markdown"),
    "html": ("page", "read_page"),
    "docx": ("word", "read_word"),
    "pdf": ("pdf", "read_pdf"),
    "xlsx": ("workbook", "read_workbook"),
}
"""Module and function for each form; a module is imported when a document needs it, since its library is slow to."""


def read_document(name: str, data: bytes) -> Document:
    """Return the blocks of a document. Raises: Invalid, code `document`, naming the remedy."""
    module, function = _READERS[check_document(name, data)]
    read: Callable[[str, bytes], Document] = getattr(import_module(f"{__package__}.{module}"), function)
    return read(name, data)
