"""The columns of a table of figures, told by their headings in Chinese or English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

from tellerline.knowledge.learning.document import Cell, Grid

Role = Literal[
    "key", "label_zh", "label_en", "new", "old", "unit", "currency", "valid_from", "valid_to", "value"
]
HEADER_WITHIN_ROWS = 20

_HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_VALUE = re.compile(
    r"利率|费率|年化|汇率|收费|费用|价格|金额|限额|标准|数值|取值|\b(?:rate|value|fee|price|amount|limit|figure)s?\b"
)
_NEW = re.compile(r"新|调整后|变更后|修订后|拟|\b(?:new|revised|proposed|after)\b")
_OLD = re.compile(
    r"现行|现值|原|调整前|变更前|当前|旧|目前|\b(?:old|current|present|existing|previous|before|was)\b"
)
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("valid_to", re.compile(r"失效|截止|终止|止日|到期日|\b(?:valid to|until|expir\w*|end date|ends|to date)\b")),
    ("valid_from", re.compile(r"生效|起始|起日|执行日|\b(?:valid from|effective\w*|start date|from date|starts)\b")),
    ("unit", re.compile(r"^单位$|\bunits?\b")),
    ("currency", re.compile(r"币种|货币|\bcurrency\b")),
    ("key", re.compile(r"^(?:代码|编码|键|编号|字段|key|code|id)$")),
)  # fmt: skip
_LABEL = re.compile(
    r"项目|品种|产品|期限|存期|名称|种类|业务|档次|类别|说明"
    r"|\b(?:item|term|tenor|product|name|type|description|label|deposit|service)s?\b"
)
_ENGLISH = re.compile(r"英文|英语|\benglish\b|\ben\b")


class Columns(NamedTuple):
    """Where each role stands, and the number of the row of headings."""

    row: int
    at: dict[Role, int]
    heads: dict[Role, str]


class HeaderProblem(Exception):
    """No row of headings can be told, or two columns claim one role. The text says what and the remedy."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.where, self.what, self.remedy = where, what, remedy


def fold(text: str) -> str:
    """Return a text as headings and labels are compared: half width, lower case, single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


def find_columns(grid: Grid) -> Columns | None:
    """Return the columns of a table of figures; None when the grid is none.

    Raises: HeaderProblem when it is one and cannot be read.
    """
    for number, row in enumerate(grid.rows[:HEADER_WITHIN_ROWS]):
        roles = [_role(cell) for cell in row]
        named = {role for role in roles if role}
        if named & {"label_zh", "label_en", "key"} and named & {"new", "value"}:
            return Columns(number, *_settle(row, roles))
    return None


def _role(cell: Cell) -> Role | None:
    if cell.kind != "text":
        return None
    whole = fold(cell.text)
    text = fold(_BRACKETS.sub(" ", whole)) or whole
    for role, form in _ROLES:
        if form.search(text):
            return role
    if _OLD.search(text):
        return "old"
    if _NEW.search(text):
        return "new"
    if _VALUE.search(text):
        return "value"
    if _LABEL.search(text):
        return "label_en" if _ENGLISH.search(whole) or not _HAN.search(text) else "label_zh"
    return "label_en" if _ENGLISH.fullmatch(text) else None


def _settle(row: Sequence[Cell], roles: Sequence[Role | None]) -> tuple[dict[Role, int], dict[Role, str]]:
    """A bare value column is the new one, unless another says so."""
    at: dict[Role, int] = {}
    heads: dict[Role, str] = {}
    for column, role in enumerate(roles):
        if role is None:
            continue
        if role in at:
            remedy = (
                "keep one of them, or head the other so that it is told apart (new and current, 新 and 现行)"
            )
            what = (
                f"the columns {row[at[role]].text!r} and {row[column].text!r} could both be the {role} column"
            )
            raise HeaderProblem(row[column].place, what, remedy)
        at[role], heads[role] = column, row[column].text
    if "new" not in at:
        at["new"], heads["new"] = at["value"], heads["value"]
    at.pop("value", None)
    heads.pop("value", None)
    return at, heads
