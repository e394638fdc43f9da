"""What may be attached: files of a few known forms, told by their content, of a bounded size, without anything that acts."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tellerline.domain.errors import Invalid
from tellerline.knowledge.learning.safety import check_document

BYTES_MAX = 5 * 2**20
NAME_CHARS_MAX = 100
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\:*?\"<>|]")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".docx": _DOCX,
    ".xlsx": _XLSX,
    ".txt": "text/plain",
}
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
"""What a PDF could do or carry, as it is named in it; a name written with escapes is refused as well."""
_ESCAPED_NAME = re.compile(rb"/[A-Za-z]*#[0-9A-Fa-f]{2}")


def _refuse(what: str, remedy: str) -> Invalid:
    return Invalid("attachment", f"{what}; {remedy}", field="attachment", remedy=remedy)


def clean_name(name: str) -> str:
    """Return a file name that can be shown and saved anywhere. Raises: Invalid, code `attachment`."""
    plain = _UNPRINTABLE.sub("", PurePosixPath(name.replace("\\", "/")).name).strip(" .")
    if not plain or len(plain) > NAME_CHARS_MAX:
        raise _refuse("its name cannot be used", f"give a plain name of up to {NAME_CHARS_MAX} characters")
    return plain


def check_attachment(name: str, data: bytes) -> str:
    """Return the media type of a file that may be attached; it is told by the content, and the name has to agree.

    Raises: Invalid, code `attachment` or `document`, with the remedy.
    """
    suffix = PurePosixPath(name.lower()).suffix
    wanted = _TYPES.get(suffix)
    if wanted is None:
        raise _refuse("it is of no form that is taken", f"send one of {', '.join(_TYPES)}")
    if not data:
        raise _refuse("it is empty", "choose the file again")
    if len(data) > BYTES_MAX:
        raise _refuse(f"it has more than {BYTES_MAX // 2**20} MB", "send a smaller one")
    found = _type_of(name, suffix, data)
    if found != wanted:
        raise _refuse(f"its content is not what {suffix} says", "save it again in its true form")
    return found


def _type_of(name: str, suffix: str, data: bytes) -> str:
    """Tell a file's type by its content."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"%PDF-"):
        if _ACTS.search(data) or _ESCAPED_NAME.search(data):
            raise _refuse("this PDF holds something that acts", "print it to a new PDF")
        return "application/pdf"
    if data.startswith(b"PK\x03\x04") and suffix in (".docx", ".xlsx"):
        return _TYPES["." + check_document(name, data)]
    return "text/plain" if _is_text(data) else "application/octet-stream"


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0e-\x1f]", text)
