"""What a document may be before anything of it is read: of a known form, of a bounded size, without anything that acts."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from tellerline.domain.errors import Invalid
from tellerline.knowledge.learning.document import Form

BYTES_MAX = 8 * 2**20
UNPACKED_BYTES_MAX = 64 * 2**20
MEMBERS_MAX = 2_000
RATIO_MAX = 200  # unpacked to packed; office files of plain text reach about 30
RATIO_FROM_BYTES = 2**20  # a small member may be as repetitive as it likes
NAME_CHARS_MAX = 120

_FORMS: dict[str, Form] = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".docx": "docx", ".pdf": "pdf", ".xlsx": "xlsx",
}  # fmt: skip
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_ACTIVE = re.compile(
    r"vbaProject|/activeX/|/embeddings/|/externalLinks/|/ctrlProps/|macrosheets", re.IGNORECASE
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NAME = re.compile(r"[^/\\\x00-\x1f]+")


def refuse(name: str, what: str, remedy: str) -> Invalid:
    """Return the refusal of a document, with its remedy."""
    return Invalid("document", f"{name}: {what}; {remedy}", field="document", document=name, remedy=remedy)


def check_document(name: str, data: bytes) -> Form:
    """Return the form of a document that may be read.

    Raises: Invalid, code `document`, with what is wrong and the remedy.
    """
    if not _NAME.fullmatch(name) or len(name) > NAME_CHARS_MAX:
        raise refuse("the document", "its name cannot be used", "give a plain file name, as rates.xlsx")
    form = _FORMS.get(PurePosixPath(name.lower()).suffix)
    if form is None:
        raise refuse(name, "it is of no form that is read", "bring .md, .html, .docx, .pdf or .xlsx")
    if not data:
        raise refuse(name, "it is empty", "choose the file again")
    if len(data) > BYTES_MAX:
        limit = BYTES_MAX // 2**20
        raise refuse(name, f"it has more than {limit} MiB", "leave out pictures, or divide it")
    if data.startswith(_OLD_OFFICE):
        raise refuse(
            name, "it is encrypted, or of the old Office form", "save it as .docx or .xlsx without a password"
        )
    if form in _PARTS:
        _check_zip(name, data, _PARTS[form])
    elif form == "pdf" and b"%PDF-" not in data[:1024]:
        raise refuse(name, "it is no PDF", "choose the file again")
    return form


def _check_zip(name: str, data: bytes, part: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            _check_members(name, members)
            if part not in {member.filename for member in members}:
                raise refuse(name, f"it holds no {part}", "save it again as .docx or .xlsx")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(name, member.filename, package.read(member))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as error:
        raise refuse(name, f"it cannot be opened ({type(error).__name__})", "save it again") from error


def _check_members(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MEMBERS_MAX:
        raise refuse(name, f"it holds more than {MEMBERS_MAX} parts", "save its text into a new document")
    if sum(member.file_size for member in members) > UNPACKED_BYTES_MAX:
        raise refuse(name, f"it unpacks to more than {UNPACKED_BYTES_MAX // 2**20} MiB", "divide it")
    for member in members:
        if member.file_size > max(RATIO_FROM_BYTES, RATIO_MAX * member.compress_size):
            raise refuse(
                name, "a part of it unpacks to far more than it is", "save its text into a new document"
            )
        if _ACTIVE.search(member.filename):
            what = f"it holds {PurePosixPath(member.filename).name}, which could act or fetch"
            raise refuse(name, what, "save it without macros, embedded objects and links to other files")


def _check_xml(name: str, part: str, content: bytes) -> None:
    """A part with a document type could define entities; Office writes none."""
    try:
        fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (DefusedXmlException, ParseError, ValueError) as error:
        raise refuse(
            name, f"{part} is not plain XML ({type(error).__name__})", "save it again with Office"
        ) from error
