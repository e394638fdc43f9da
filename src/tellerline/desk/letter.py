"""Letters: a conversation, a case or a statement of what was agreed, as a page that a customer can keep."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime

import docx
import msgspec
import typst
from docx.shared import Pt

from tellerline.desk.thread import Promise
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.domain import event as e
from tellerline.domain.language import Language, Text

LINES_MAX = 2_000
_AUTHORS = {
    "customer": Text("客户", "Customer"),
    "assistant": Text("智能客服", "AI assistant"),
    "representative": Text("人工客服", "Representative"),
    "system": Text("系统", "System"),
}
_TITLE = Text("对话记录", "Record of a conversation")
_CASE_TITLE = Text("受理回执", "Acknowledgement of your request")
_TEMPLATE = """
#let letter = json(bytes(sys.inputs.letter))
#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1")
#set text(font: ("Libertinus Serif", "Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC"), size: 10.5pt)
#set document(title: letter.title)
#text(size: 9pt, fill: luma(90))[#letter.bank]
#v(0.6em)
#text(size: 16pt, weight: "bold")[#letter.title]
#v(0.4em)
#for row in letter.facts [#text(fill: luma(90))[#row.at(0)] #h(0.6em) #row.at(1) \\ ]
#v(0.8em)
#for line in letter.lines [
  #block(below: 0.9em)[
    #text(size: 8.5pt, fill: luma(90))[#line.at(0) · #line.at(1)] \\
    #for part in line.at(2).split("\\n") [#part \\ ]
  ]
]
#v(1em)
#text(size: 8.5pt, fill: luma(90))[#letter.foot]
"""


class Letter(msgspec.Struct, frozen=True):
    """A letter before it has a form. facts: name and value; lines: when, who, what."""

    bank: str
    title: str
    facts: list[tuple[str, str]]
    lines: list[tuple[str, str, str]]
    foot: str


def conversation_letter(
    events: Iterable[e.Event], *, conversation: str, bank: Text, language: Language, now: datetime
) -> Letter:
    """Return a conversation as the customer saw it; what was internal is not in it."""
    lines: list[tuple[str, str, str]] = []
    shown = ""
    for event in events:
        match event.body:
            case e.HandoverAccepted() as accepted:
                shown = accepted.shown.in_(language)
            case e.MessageReceived(text=text):
                lines.append((_moment(event.at), _AUTHORS["customer"].in_(language), text))
            case e.MessageSent(author=author, text=text):
                who = _AUTHORS[author].in_(language)
                lines.append(
                    (_moment(event.at), f"{who} {shown}" if author == "representative" else who, text)
                )
    names = {"zh": ("对话编号", "出具时间"), "en": ("Conversation", "Issued")}[language]
    facts = [(names[0], conversation), (names[1], _moment(now))]
    foot = {
        "zh": "本件由系统按对话记录生成。卡号、证件号、手机号等信息未作保存，以代号显示。",
        "en": "Made from the record of the conversation. Numbers of cards, identity papers and phones were never kept.",
    }[language]
    return Letter(bank.in_(language), _TITLE.in_(language), facts, lines[:LINES_MAX], foot)


def case_letter(promise: Promise, *, bank: Text, language: Language, now: datetime) -> Letter:
    """Return an acknowledgement of a case: its number, what it is about, and by when it is answered."""
    names = {
        "zh": ("受理编号", "答复期限", "状态", "出具时间"),
        "en": ("Number", "Answer by", "State", "Issued"),
    }[language]
    states = {"open": Text("处理中", "Being handled"), "closed": Text("已办结", "Closed")}
    facts = [
        (names[0], promise.number),
        (names[1], _moment(promise.due_at)),
        (names[2], states[promise.state].in_(language)),
        (names[3], _moment(now)),
    ]
    lines = [(_moment(now), bank.in_(language), promise.summary)]
    if promise.resolution:
        lines.append((_moment(now), bank.in_(language), promise.resolution))
    foot = {
        "zh": "请保留本回执，查询进展时提供受理编号。",
        "en": "Please keep this; quote the number when you ask.",
    }
    return Letter(bank.in_(language), _CASE_TITLE.in_(language), facts, lines, foot[language])


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BANK_ZONE):%Y-%m-%d %H:%M}"


def render_pdf(letter: Letter) -> bytes:
    """Return a letter as PDF. The text travels as data, so that nothing in it is read as markup."""
    inputs = {"letter": msgspec.json.encode(letter).decode()}
    made = typst.compile(_TEMPLATE.encode(), format="pdf", sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


def render_docx(letter: Letter) -> bytes:
    """Return a letter as DOCX."""
    document = docx.Document()
    document.core_properties.title = letter.title
    document.add_paragraph(letter.bank)
    document.add_heading(letter.title, level=1)
    for name, value in letter.facts:
        document.add_paragraph(f"{name}  {value}")
    for at, who, text in letter.lines:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(f"{at} · {who}\n")
        run.font.size = Pt(8.5)
        paragraph.add_run(_plain(text))
    document.add_paragraph(letter.foot)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _plain(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(char for char in text if char in "\n\t" or ord(char) >= 0x20)


FORMS: dict[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def render(letter: Letter, form: str) -> bytes:
    """Return a letter in one of `FORMS`."""
    return render_pdf(letter) if form == "pdf" else render_docx(letter)
