"""Documents as a bank's staff bring them, made here so that every trait of them can be seen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import docx
import openpyxl
from docx.document import Document as Word
from docx.shared import Pt, RGBColor
from openpyxl.worksheet.worksheet import Worksheet


def workbook(
    rows: Sequence[Sequence[object]],
    *,
    title: str = "Sheet1",
    change: Callable[[Worksheet], None] | None = None,
) -> bytes:
    """Return a workbook with one sheet of `rows`; `change` sees the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def word(build: Callable[[Word], None]) -> bytes:
    """Return a Word document made by `build`."""
    document = docx.Document()
    build(document)
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


def add_about(document: Word, rows: Sequence[tuple[str, str]]) -> None:
    """Add a table of two columns that says what the article is."""
    table = document.add_table(rows=0, cols=2)
    for key, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = key, value


RATES_ZH = [
    ["表", "deposit_rates"],
    ["来源（中文）", "港湾银行存款利率公告（2026年第12号）"],
    ["来源（英文）", "Harbour Bank deposit rate notice 2026-12"],
    [],
    ["品种", "现行利率（%）", "新利率（%）"],
    ["整存整取"],
    ["一年", 1.10, 1.10],
    ["三年", 1.45, 1.35],
    ["零存整取"],
    ["三年", 1.00, 0.95],
]


def monthly_savings(document: Word) -> None:
    """An article on a new product, in both languages."""
    add_about(
        document,
        [
            ("编号", "harbour-monthly-savings"),
            ("主题", "存款"),
            ("产品", "harbour_monthly_savings"),
            ("新产品", "harbour_monthly_savings"),
            ("负责部门", "retail-deposits"),
            ("复审日期", "2027-11-30"),
        ],
    )
    document.add_heading("“港湾月月存”是什么，怎么开通？", 1)
    document.add_paragraph(
        "“港湾月月存”每月从您的借记卡自动转一笔固定的钱存成定期，可以在手机银行随时开通或停止。"
    )
    document.add_heading("怎么开通", 2)
    document.add_paragraph("登录手机银行，进入“存款”", style="List Number")
    document.add_paragraph("选择“港湾月月存”，填写每月存入的金额和日期", style="List Number")
    document.add_heading("可以停止吗", 2)
    document.add_paragraph("可以。停止后已存入的部分继续按原来的利率计息，不收任何费用。")
    document.add_heading("客户常见问法", 2)
    for ask in ("月月存怎么开", "港湾月月存是什么产品", "每个月自动存钱的那个怎么弄", "月月存能随时停吗"):
        document.add_paragraph(ask, style="List Bullet")
    document.add_heading("What is Harbour Monthly Saver and how do I start it?", 1)
    document.add_paragraph(
        "Harbour Monthly Saver moves a fixed amount from your debit card into a term deposit every month; "
        "you start or stop it in the app at any time."
    )
    document.add_heading("How to start", 2)
    document.add_paragraph("Open Deposits in the app", style="List Number")
    document.add_paragraph("Choose Harbour Monthly Saver and set the amount and the day", style="List Number")
    document.add_heading("Can I stop", 2)
    document.add_paragraph("Yes. What you have saved keeps its rate, and stopping is free.")
    document.add_heading("How customers ask", 2)
    for ask in (
        "how do i open the monthly saver",
        "what is harbour monthly saver",
        "put money aside automatically every month",
        "can i stop the monthly saver any time",
    ):
        document.add_paragraph(ask, style="List Bullet")


def hide(document: Word, text: str, how: str) -> None:
    """Add a paragraph that nobody sees."""
    run = document.add_paragraph().add_run(text)
    if how == "vanish":
        run.font.hidden = True
    elif how == "white":
        run.font.color.rgb = RGBColor(255, 255, 255)
    else:
        run.font.size = Pt(1)


def pdf(lines: Sequence[tuple[float, float, float, str]], *, extra: str = "") -> bytes:
    """Return a PDF of one page in Helvetica; `lines` are left, bottom, size and text; `extra` stands before them."""
    text = extra + "".join(
        f"BT /F1 {size} Tf 1 0 0 1 {left} {bottom} Tm ({words}) Tj ET\n"
        for left, bottom, size, words in lines
    )
    fonts = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources {fonts} >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return made + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def repacked(package: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return an Office package whose parts were changed."""
    with zipfile.ZipFile(io.BytesIO(package)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    change(parts)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as after:
        for name, content in parts.items():
            after.writestr(name, content)
    return stored.getvalue()
