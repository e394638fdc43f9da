"""Reading workbooks: the cells as they are, whether a formula, a percentage or a day, and what is hidden in them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from tellerline.knowledge.learning.document import Cell, Document, Grid, Hidden
from tellerline.knowledge.learning.safety import refuse

ROWS_MAX, COLUMNS_MAX = 2_000, 60
_WHITE = {"FFFFFFFF", "00FFFFFF"}
_DECIMALS = re.compile(r"0\.(0+)")
_DIGITS = 12  # of a number kept: more are an artefact of binary fractions


def read_workbook(name: str, data: bytes) -> Document:
    """Return every sheet of a workbook as a grid. Raises: Invalid."""
    try:
        book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False, rich_text=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise refuse(
            name, f"it cannot be read as a workbook ({type(error).__name__})", "save it again"
        ) from error
    grids: list[Grid] = []
    hidden: list[Hidden] = []
    for sheet in book.worksheets:
        if sheet.max_row > ROWS_MAX or sheet.max_column > COLUMNS_MAX:
            what = f"sheet {sheet.title} has more than {ROWS_MAX} rows or {COLUMNS_MAX} columns"
            raise refuse(name, what, "keep only the table in it")
        hidden += _hidden(sheet)
        if sheet.sheet_state == "visible":
            grids.append(Grid(sheet.title, list(_rows(sheet)), f"sheet {sheet.title}"))
    return Document(name, "xlsx", [*grids], hidden)


def _rows(sheet: Worksheet) -> Iterator[list[Cell]]:
    merged = {
        (row, column)
        for span in sheet.merged_cells.ranges
        for row in range(span.min_row, span.max_row + 1)
        for column in range(span.min_col, span.max_col + 1)
    }
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if sheet.row_dimensions[number].hidden:
            continue
        yield [
            _cell(sheet, cell, (number, column) in merged)
            for column, cell in enumerate(row, start=1)
            if not sheet.column_dimensions[get_column_letter(column)].hidden
        ]


def _cell(sheet: Worksheet, cell: SheetCell | MergedCell, merged: bool) -> Cell:
    place = f"sheet {sheet.title}, cell {cell.coordinate}"
    value = None if isinstance(cell, MergedCell) else cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return Cell(place, "blank", "", merged=merged)
    if cell.data_type == "f":
        return Cell(place, "formula", str(value), merged=merged)
    if cell.data_type == "e":
        return Cell(place, "error", str(value), merged=merged)
    if isinstance(value, datetime):
        return Cell(place, "date", value.date().isoformat(), day=value.date(), merged=merged)
    if isinstance(value, date):
        return Cell(place, "date", value.isoformat(), day=value, merged=merged)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(place, value, str(cell.number_format), merged)
    return Cell(place, "text", str(value).strip(), merged=merged)


def _number(place: str, value: float, form: str, merged: bool) -> Cell:
    number = Decimal(f"{value:.{_DIGITS}g}")
    found = _DECIMALS.search(form)
    decimals = len(found[1]) if found else (0 if form.startswith("0") else None)
    percent = "%" in form
    shown = f"{(number * 100).normalize():f}%" if percent else f"{number:f}"
    return Cell(place, "percent" if percent else "number", shown, number, None, decimals, merged)


def _hidden(sheet: Worksheet) -> Iterator[Hidden]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        for cell in row:
            if isinstance(cell, MergedCell) or cell.value is None or not str(cell.value).strip():
                continue
            if how := _hiding(sheet, number, cell):
                yield Hidden(f"sheet {sheet.title}, cell {cell.coordinate}", str(cell.value), how)
            if cell.comment is not None and cell.comment.text.strip():
                yield Hidden(f"sheet {sheet.title}, cell {cell.coordinate}", cell.comment.text, "a comment")


def _hiding(sheet: Worksheet, row: int, cell: SheetCell) -> str:
    if sheet.sheet_state != "visible":
        return "in a hidden sheet"
    if sheet.row_dimensions[row].hidden:
        return "in a hidden row"
    if sheet.column_dimensions[cell.column_letter].hidden:
        return "in a hidden column"
    colour = cell.font.color.rgb if cell.font and cell.font.color is not None else None
    filled = cell.fill is not None and cell.fill.fill_type is not None
    if isinstance(colour, str) and colour.upper() in _WHITE and not filled:
        return "white text"
    return "a number format that shows nothing" if cell.number_format == ";;;" else ""
