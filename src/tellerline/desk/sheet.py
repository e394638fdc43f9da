"""Workbooks: lists that go out, and canned replies and skills that come in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from openpyxl import Workbook
from openpyxl.styles import Font

from tellerline.desk.ports import Phrase
from tellerline.domain.errors import Invalid
from tellerline.domain.language import LANGUAGES, Language
from tellerline.knowledge.learning.document import Grid
from tellerline.knowledge.learning.safety import check_document
from tellerline.knowledge.learning.workbook import read_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PHRASE_COLUMNS = ("id", "title_zh", "title_en", "zh", "en", "tags")
SKILL_COLUMNS = ("account", "queues", "languages", "licences", "capacity")
CAPACITY_MAX = 20
TEXT_MAX = 2_000
_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")


class Skills(msgspec.Struct, frozen=True):
    """What is routed to a person."""

    account: str
    queues: list[str]
    languages: list[Language]
    licences: list[str]
    capacity: int


def write_list(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a list as a workbook. Texts stay texts: what begins like a formula is none."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:31]
    for number, row in enumerate([columns, *rows], start=1):
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = sheet.cell(number, column)
            if isinstance(value, datetime):
                cell.value = value.replace(tzinfo=None)
            elif isinstance(value, int | float):
                cell.value = value
            else:
                cell.value = str(value)
                cell.data_type = "s"
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read_phrases(name: str, data: bytes) -> list[Phrase]:
    """Read canned replies from a workbook whose first row names the columns.

    Raises: Invalid, code `document` or `row`, naming the row and the remedy.
    """
    phrases: dict[str, Phrase] = {}
    for number, row in _rows(name, data, PHRASE_COLUMNS):
        if not _ID.fullmatch(row["id"]):
            raise _wrong(number, "id", "write lower-case letters, digits, - and _, beginning with a letter")
        if row["id"] in phrases:
            raise _wrong(number, "id", f"{row['id']} stands there twice; give it another id")
        for column in ("title_zh", "title_en", "zh", "en"):
            if not row[column] or len(row[column]) > TEXT_MAX:
                raise _wrong(number, column, f"write 1 to {TEXT_MAX} characters")
        tags = [tag.strip() for tag in re.split(r"[,，;；]", row["tags"]) if tag.strip()]
        phrases[row["id"]] = Phrase(row["id"], row["title_zh"], row["title_en"], row["zh"], row["en"], tags)
    return list(phrases.values())


def read_skills(name: str, data: bytes, *, queues: Iterable[str]) -> list[Skills]:
    """Read who serves what from a workbook. Raises: Invalid, code `document` or `row`."""
    known = set(queues)
    skills: list[Skills] = []
    for number, row in _rows(name, data, SKILL_COLUMNS):
        served = _words(row["queues"])
        if unknown := sorted(set(served) - known):
            raise _wrong(number, "queues", f"there is no {unknown[0]}; there are {', '.join(sorted(known))}")
        spoken = _words(row["languages"])
        languages = [language for language in LANGUAGES if language in spoken]
        if len(languages) != len(set(spoken)) or not languages:
            raise _wrong(number, "languages", "write zh, en or both")
        if not row["capacity"].isdecimal() or int(row["capacity"]) > CAPACITY_MAX:
            raise _wrong(number, "capacity", f"write a whole number up to {CAPACITY_MAX}")
        skills.append(
            Skills(row["account"], served, languages, _words(row["licences"]), int(row["capacity"]))
        )
    return skills


def _rows(name: str, data: bytes, columns: Sequence[str]) -> Iterable[tuple[int, Mapping[str, str]]]:
    if check_document(name, data) != "xlsx":
        raise Invalid("document", f"{name} is no workbook; bring .xlsx", field="document")
    grids = [part for part in read_workbook(name, data).blocks if isinstance(part, Grid)]
    if not grids or not grids[0].rows:
        raise Invalid(
            "document", f"{name} has no rows; write them under {', '.join(columns)}", field="document"
        )
    header = [cell.text.strip().lower() for cell in grids[0].rows[0]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise Invalid("document", f"the first row lacks {missing[0]}; add this column", field=missing[0])
    for number, cells in enumerate(grids[0].rows[1:], start=2):
        texts = [cell.text.strip() for cell in cells]
        row = {
            column: texts[header.index(column)] if header.index(column) < len(texts) else ""
            for column in columns
        }
        if any(row.values()):
            yield number, row


def _words(text: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,，;；\s]+", text) if word.strip()]


def _wrong(number: int, column: str, remedy: str) -> Invalid:
    return Invalid("row", f"row {number}, {column}: {remedy}", field=column, row=number, remedy=remedy)
