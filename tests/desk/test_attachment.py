"""What may be attached is told by its content, and what acts, bursts or pretends is refused."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from openpyxl import Workbook

from tellerline.desk.attachment import BYTES_MAX, check_attachment, clean_name
from tellerline.domain.errors import Invalid

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


def document() -> bytes:
    made = io.BytesIO()
    docx.Document().save(made)
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def bomb(part: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(part, b"<a>" + b" " * 30_000_000 + b"</a>")
    return made.getvalue()


def with_member(name: str) -> bytes:
    made = io.BytesIO(document())
    with zipfile.ZipFile(made, "a") as package:
        package.writestr(name, b"x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.png", PNG, "image/png"),
        ("a.JPG", b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("a.pdf", PDF, "application/pdf"),
        ("收据.docx", document(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.txt", "一行字\n".encode(), "text/plain"),
    ],
)
def test_known_forms_are_taken(name: str, data: bytes, media_type: str) -> None:
    assert check_attachment(name, data) == media_type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ\x90"),
        ("a.svg", b"<svg onload='x'/>"),
        ("a.html", b"<script>x</script>"),
        ("a.png", b"MZ\x90\x00 not a picture"),
        ("a.png", PDF),
        ("a.txt", PNG),
        ("a.txt", b"\xff\xfe\x00"),
        ("a.pdf", PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript /JS (x) >> /Type")),
        ("a.pdf", PDF.replace(b"/Type", b"/J#61vaScript (x) /Type")),
        ("a.docx", bomb("word/document.xml")),
        ("a.xlsx", document()),
        ("a.docx", with_member("word/vbaProject.bin")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", b"\xd0\xcf\x11\xe0 old or encrypted"),
        ("a.png", b""),
        ("a.png", PNG + b"\x00" * BYTES_MAX),
        ("png", PNG),
    ],
)
def test_what_pretends_acts_or_bursts_is_refused_with_a_remedy(name: str, data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        check_attachment(name, data)
    assert refusal.value.data["remedy"]


def test_a_name_is_only_a_name() -> None:
    assert clean_name("../../etc/收据.png") == "收据.png"
    assert clean_name("C:\\tmp\\a.png") == "a.png"
    assert clean_name("a\u202egnp.exe.png") == "agnp.exe.png"
    for name in ("", "..", "/", "\x00", "a" * 200):
        with pytest.raises(Invalid):
            clean_name(name)
