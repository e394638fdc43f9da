"""The figure in a cell, as a fact holds it. What could mean two things is refused with its place and a remedy."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from tellerline.domain.fact import Unit
from tellerline.knowledge.learning.document import Cell
from tellerline.knowledge.learning.header import fold

PERCENT: frozenset[Unit] = frozenset({"percent", "percent_per_year"})
FAR = Decimal(5)  # a figure more than this many times the one before is asked about
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?")
_MONEY_WORDS = re.compile(r"人民币|元|cny|rmb|usd|hkd|eur|gbp|jpy|[¥￥$€£]|美元|港元|欧元|英镑|日元|yuan")
_COUNT_WORDS: dict[Unit, re.Pattern[str]] = {
    "days": re.compile(r"天|日|days?"),
    "business_days": re.compile(r"个?工作日|(?:business|working) days?"),
    "months": re.compile(r"个?月|months?"),
    "years": re.compile(r"年|years?"),
    "hours": re.compile(r"个?小时|hours?"),
    "minutes": re.compile(r"分钟|minutes?"),
    "times": re.compile(r"次|times?"),
    "number": re.compile(r"(?!)"),
}
_DAY_FORMS = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"),
)
UNITS: dict[str, Unit] = {
    "%": "percent", "百分比": "percent", "percent": "percent", "%p.a.": "percent_per_year", "% p.a.": "percent_per_year",
    "年利率": "percent_per_year", "%/年": "percent_per_year", "percent_per_year": "percent_per_year",
    "元": "money", "人民币元": "money", "money": "money", "cny": "money", "天": "days", "days": "days",
    "工作日": "business_days", "个工作日": "business_days", "business_days": "business_days",
    "月": "months", "个月": "months", "months": "months", "年": "years", "years": "years",
    "小时": "hours", "hours": "hours", "分钟": "minutes", "minutes": "minutes", "次": "times", "times": "times",
    "number": "number", "数": "number",
}  # fmt: skip


class Unclear(Exception):
    """A cell that could mean two things, or nothing. `what` and `remedy` say it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def read_figure(cell: Cell, unit: Unit, *, head: str, before: Decimal | None = None) -> str:
    """Return the value of a cell as a fact of `unit` holds it.

    head: the heading of its column, which may name the unit. before: the figure in force, to notice a slip of the point.
    Raises: Unclear.
    """
    _check_readable(cell)
    if unit in PERCENT:
        value = _percent(cell, head, before)
    elif unit == "money":
        value = _money(cell)
    elif unit in _COUNT_WORDS:
        value = _count(cell, unit)
    else:
        raise Unclear(
            f"a figure of unit {unit} is not changed by a table", "propose it as an article or a pack change"
        )
    return _written(value, cell, unit)


def _check_readable(cell: Cell) -> None:
    if cell.merged:
        raise Unclear("the cell is merged with others", "split it and give each row its own figure")
    if cell.kind == "formula":
        raise Unclear(f"the cell holds the formula {cell.text}", "paste its result as a value")
    if cell.kind in ("error", "blank", "date"):
        held = {"error": f"the error {cell.text}", "blank": "nothing", "date": f"a date, {cell.text}"}[
            cell.kind
        ]
        raise Unclear(f"the cell holds {held}", "write the figure, or leave out the row")
    if (cell.number is not None and cell.number < 0) or cell.text.startswith(("-", "－", "−")):
        raise Unclear(f"{cell.text!r} is negative", "write the figure without a sign")


def _parsed(text: str, whole: str) -> Decimal:
    """Return the one number that a text is."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise Unclear(f"{whole!r} is not one figure", "write one number and nothing else in the cell")
    try:
        return Decimal(found[0].replace(",", ""))
    except InvalidOperation as error:
        raise Unclear(f"{whole!r} is no number", "write digits with a decimal point") from error


def _percent(cell: Cell, head: str, before: Decimal | None) -> Decimal:
    if cell.kind == "percent":
        assert cell.number is not None
        return cell.number * 100
    marked = "%" in fold(head) or "百分" in head or "percent" in fold(head)
    if cell.kind == "text":
        text = fold(cell.text)
        if text.endswith("%"):
            return _parsed(text[:-1], cell.text)
        value = _parsed(text, cell.text)
    else:
        assert cell.number is not None
        value = cell.number
    if marked and not _is_far(value, before):
        return value
    if before is not None and not _is_far(value, before):
        return value
    remedy = f"write it with its sign, as {value}% or {(value * 100).normalize():f}%"
    raise Unclear(f"{cell.text!r} could be {value}% or {(value * 100).normalize():f}%", remedy)


def _is_far(value: Decimal, before: Decimal | None) -> bool:
    return before is not None and before > 0 and not before / FAR <= value <= before * FAR


def _money(cell: Cell) -> Decimal:
    if cell.kind == "number" and cell.number is not None:
        return cell.number
    text = _MONEY_WORDS.sub("", fold(cell.text)).strip()
    times = Decimal(1)
    for word, factor in (("万", 10_000), ("亿", 100_000_000)):
        if text.endswith(word):
            text, times = text[:-1], Decimal(factor)
    return _parsed(text, cell.text) * times


def _count(cell: Cell, unit: Unit) -> Decimal:
    if cell.kind == "number" and cell.number is not None:
        return cell.number
    return _parsed(_COUNT_WORDS[unit].sub("", fold(cell.text)), cell.text)


def _written(value: Decimal, cell: Cell, unit: Unit) -> str:
    """Write a figure with as many decimals as its kind has, or as the cell shows if those are more."""
    least = 2 if unit in PERCENT or unit == "money" else 0
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    places = max(least, -exponent, (cell.decimals or 0) if unit in PERCENT and cell.kind == "percent" else 0)
    return f"{value:.{places}f}"


def read_day(cell: Cell) -> date | None:
    """Return the day in a cell, None for a blank one. Raises: Unclear."""
    if cell.kind == "blank":
        return None
    if cell.merged:
        raise Unclear("the cell is merged with others", "split it and give each row its own day")
    if cell.day is not None:
        return cell.day
    for form in _DAY_FORMS:
        if found := form.fullmatch(fold(cell.text)):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                break
    raise Unclear(f"{cell.text!r} is no day that can be told for certain", "write the day as 2026-12-01")
