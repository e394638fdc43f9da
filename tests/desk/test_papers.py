"""Letters say what the customer saw and nothing else; workbooks go out and come in whole."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from tellerline.desk.letter import case_letter, conversation_letter, render_docx, render_pdf
from tellerline.desk.sheet import PHRASE_COLUMNS, SKILL_COLUMNS, read_phrases, read_skills, write_list
from tellerline.desk.thread import Promise
from tellerline.domain import event as e
from tellerline.domain.errors import Invalid
from tellerline.domain.language import Text

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
BANK = Text("港湾银行", "Harbour Bank")
BODIES: list[e.Body] = [
    e.MessageReceived("m1", "卡 [card:…1234] 丢了 #set text(red) $x$"),
    e.HandoverAccepted("lin.yue", Text("林悦", "Lin Yue")),
    e.NoteWritten("lin.yue", "internal remark"),
    e.GuidedPrompted("a prompt", "zh"),
    e.MessageSent("representative", "已经冻结。\n请放心。", "zh", representative="lin.yue"),
]
EVENTS = [e.Event(number, NOW, body) for number, body in enumerate(BODIES, start=2)]


def words_of_pdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_conversation_is_a_letter_in_both_forms(language: str) -> None:
    letter = conversation_letter(EVENTS, conversation="c1", bank=BANK, language=language, now=NOW)  # type: ignore[arg-type]
    pdf = words_of_pdf(render_pdf(letter))
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(render_docx(letter))).paragraphs)
    for found in (pdf, text):
        assert "[card:…1234]" in found
        assert "#set text(red) $x$" in found, "what was said is text, not markup"
        assert {"zh": "林悦", "en": "Lin Yue"}[language] in found
        assert "internal remark" not in found
        assert "a prompt" not in found


def test_a_case_is_acknowledged_with_number_and_deadline() -> None:
    promise = Promise("HB261127-ABCDEF", "dispute", "disputes", NOW, "一笔争议交易")
    found = words_of_pdf(render_pdf(case_letter(promise, bank=BANK, language="en", now=NOW)))
    assert "HB261127-ABCDEF" in found
    assert "2026-11-27 17:00" in found


def test_a_list_holds_no_formula() -> None:
    data = write_list("desk", ("a", "b"), [("=1+1", 3), ("+cmd|' /C calc'!A0", NOW), (None, 0.5)])
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s", "s", "n"]
    assert sheet["A2"].value == "=1+1"


def book(columns: tuple[str, ...], *rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (columns, *rows):
        sheet.append(row)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


PHRASE = ("wait_a_bit", "请稍等", "One moment", "请您稍等。", "One moment, please.", "wait，polite")


def test_canned_replies_come_in_by_the_names_of_their_columns() -> None:
    shuffled = tuple(reversed(PHRASE_COLUMNS))
    (phrase,) = read_phrases("a.xlsx", book(shuffled, tuple(reversed(PHRASE)), (None,) * 6))
    assert (phrase.id, phrase.zh, phrase.tags) == ("wait_a_bit", "请您稍等。", ["wait", "polite"])


@pytest.mark.parametrize(
    ("row", "field"),
    [(("Wait A Bit", *PHRASE[1:]), "id"), (("other", *PHRASE[1:3], "", *PHRASE[4:]), "zh")],
)
def test_a_wrong_row_is_named_and_none_is_taken(row: tuple[object, ...], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_phrases("a.xlsx", book(PHRASE_COLUMNS, PHRASE, row))
    assert (refusal.value.data["row"], refusal.value.data["field"]) == (3, field)


def test_skills_come_in_and_unknown_queues_are_refused() -> None:
    row = ("lin.yue", "general, cards", "zh en", "wealth", 4)
    (skills,) = read_skills("a.xlsx", book(SKILL_COLUMNS, row), queues=["general", "cards"])
    assert (skills.queues, skills.languages, skills.capacity) == (["general", "cards"], ["zh", "en"], 4)
    with pytest.raises(Invalid, match="moon"):
        read_skills("a.xlsx", book(SKILL_COLUMNS, ("lin.yue", "moon", "zh", "", 1)), queues=["general"])


def test_a_workbook_without_its_columns_is_refused() -> None:
    with pytest.raises(Invalid, match="title_zh"):
        read_phrases("a.xlsx", book(("id",), ("x",)))
