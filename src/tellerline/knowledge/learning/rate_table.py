"""Reading tables of figures into changes of facts: which table, which row, which value, from which day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tellerline.domain.fact import Fact, Unit
from tellerline.domain.language import LANGUAGES, Text
from tellerline.domain.proposal import Change, FactChange, Finding, SourceChange, TableChange
from tellerline.knowledge.learning.document import Cell, Grid
from tellerline.knowledge.learning.figure import PERCENT, UNITS, Unclear, read_day, read_figure
from tellerline.knowledge.learning.header import Columns, HeaderProblem, Role, find_columns, fold
from tellerline.knowledge.learning.label import same_row
from tellerline.knowledge.table import FactTable

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_SHARE_MIN = 0.5  # of a sheet's rows that a table must know, to be taken for the one meant
_ABOUT: dict[str, str] = {
    "表": "table", "表格": "table", "事实表": "table", "table": "table", "fact table": "table",
    "来源": "source_zh", "来源(中文)": "source_zh", "公告": "source_zh", "source (zh)": "source_zh",
    "source": "source_en", "来源(英文)": "source_en", "source (en)": "source_en",
    "名称": "title_zh", "标题": "title_zh", "title (zh)": "title_zh", "title": "title_en", "title (en)": "title_en",
    "负责部门": "owner", "owner": "owner", "产品": "products", "products": "products",
}  # fmt: skip


class Read(NamedTuple):
    """What a table of figures came to."""

    changes: list[Change]
    findings: list[Finding]


class _Row(NamedTuple):
    """A row under the headings. `section` is the heading above it within the table, and the sheet's own."""

    cells: Sequence[Cell]
    section: str


def read_rates(grid: Grid, tables: Mapping[str, FactTable], on: date, document: str) -> Read | None:
    """Read a grid as figures of one of `tables` as they are in force on day `on`; None when it is no table of figures."""
    try:
        columns = find_columns(grid)
    except HeaderProblem as problem:
        where = f"{document}, {problem.where}"
        return Read([], [Finding("header", where, problem.what, problem.remedy)])
    return None if columns is None else _Sheet(grid, columns, tables, on, document).read()


class _Sheet:
    def __init__(
        self, grid: Grid, columns: Columns, tables: Mapping[str, FactTable], on: date, document: str
    ) -> None:
        self._grid, self._columns, self._tables, self._on = grid, columns, tables, on
        self._document = document
        self._about = _about(grid.rows[: columns.row])
        self._changes: list[Change] = []
        self._findings: list[Finding] = []

    def read(self) -> Read:
        """Read every row."""
        rows = self._rows()
        table = self._table(rows)
        if table is None:
            return Read([], self._findings)
        self._note_source(table)
        seen: dict[tuple[str, date | None], str] = {}
        for row in rows:
            try:
                change = self._change(table, row)
            except _Problem as problem:
                self._report(*problem.told, where=problem.place)
                continue
            if change is None:
                continue
            again = seen.setdefault((change.key, change.valid_from), change.place)
            if again != change.place:
                self._report(
                    "twice",
                    f"{change.table}.{change.key} stands there twice, first in {again}",
                    "keep one",
                    where=change.place,
                )
                continue
            self._changes.append(change)
        return Read(self._changes, self._findings)

    def _report(self, code: str, what: str, remedy: str, *, where: str = "") -> None:
        place = where or self._grid.place
        full = place if place.startswith(self._document) else f"{self._document}, {place}"
        self._findings.append(Finding(code, full, what, remedy))

    def _rows(self) -> list[_Row]:
        """Return the rows with a figure; a row with nothing but a label heads those below it."""
        found: list[_Row] = []
        title = " ".join(
            [self._grid.name, *(c.text for row in self._grid.rows[: self._columns.row] for c in row)]
        )
        section = ""
        for cells in self._grid.rows[self._columns.row + 1 :]:
            filled = [cell for cell in cells if cell.kind != "blank"]
            if len(filled) == 1 and filled[0].kind == "text":
                section = filled[0].text
            elif filled:
                found.append(_Row(cells, section or title))
        return found

    def _table(self, rows: Sequence[_Row]) -> FactTable | None:
        named = self._about.get("table", "")
        wanted = {fold(named), fold(self._grid.name)} - {""}
        for table in self._tables.values():
            names = {fold(table.id), *(fold(table.title.in_(language)) for language in LANGUAGES)}
            if names & wanted:
                return table
        if named:
            return self._new_table(named)
        counted = {
            table.id: sum(bool(self._matches(table, row)) for row in rows) for table in self._tables.values()
        }
        most = max(counted.values(), default=0)
        best = [name for name, count in counted.items() if count == most]
        if rows and most >= _SHARE_MIN * len(rows) and len(best) == 1:
            return self._tables[best[0]]
        what = "it is not clear which table of facts is meant" + (
            f": {', '.join(sorted(best)[:4])} know the same rows" if most and len(best) > 1 else ""
        )
        self._report(
            "table", what, "name it above the headings, as: 表 | deposit_rates (or: table | deposit_rates)"
        )
        return None

    def _new_table(self, name: str) -> FactTable | None:
        missing = [
            key
            for key in ("title_zh", "title_en", "source_zh", "source_en", "owner", "products")
            if not self._about.get(key)
        ]
        if not _KEY.fullmatch(name) or missing:
            what = f"there is no table of facts {name!r}"
            remedy = (
                "correct the name, or give above the headings what a new table needs: title (zh), title (en), source (zh),"
                " source (en), owner, products"
            )
            self._report("table", what, remedy)
            return None
        products = [part.strip() for part in re.split(r"[,，、;；]", self._about["products"]) if part.strip()]
        title = Text(self._about["title_zh"], self._about["title_en"])
        source = Text(self._about["source_zh"], self._about["source_en"])
        place = f"{self._document}, {self._grid.place}"
        self._changes.append(TableChange(name, title, self._about["owner"], source, products, place))
        return FactTable(name, title, self._about["owner"], source, "public", products, [])

    def _note_source(self, table: FactTable) -> None:
        zh, en = self._about.get("source_zh"), self._about.get("source_en")
        if table.rows and zh and en:
            self._changes.append(
                SourceChange(table.id, Text(zh, en), f"{self._document}, {self._grid.place}")
            )
        elif table.rows and (zh or en):
            self._report(
                "language", "the source is given in one language", "give both: source (zh) and source (en)"
            )

    def _cell(self, row: _Row, role: Role) -> Cell | None:
        column = self._columns.at.get(role)
        return row.cells[column] if column is not None and column < len(row.cells) else None

    def _text(self, row: _Row, role: Role) -> str:
        cell = self._cell(row, role)
        return cell.text if cell is not None else ""

    def _matches(self, table: FactTable, row: _Row) -> list[Fact]:
        """Return the facts in force, or else the latest, that a row may mean."""
        latest: dict[str, Fact] = {}
        for fact in sorted(table.rows, key=lambda fact: (fact.in_force(self._on), fact.valid_from)):
            latest[fact.id] = fact
        key = self._text(row, "key")
        if key:
            return [fact for fact in latest.values() if fact.id == f"{table.id}.{key}"]
        labels: tuple[Role, Role] = ("label_zh", "label_en")
        for role in labels:
            label = self._text(row, role)
            if label and (found := same_row(label, row.section, latest.values())):
                return found
        return []

    def _change(self, table: FactTable, row: _Row) -> FactChange | None:
        """Return what a row changes, None when it says what is in force already. Raises: _Problem."""
        cell = self._cell(row, "new")
        if cell is None:
            raise _Problem(
                row.cells[0].place, "blank", "the row has no figure", "write the figure, or leave out the row"
            )
        found = self._matches(table, row)
        if len(found) > 1:
            names = ", ".join(fact.id.partition(".")[2] for fact in found)
            label = self._text(row, "label_zh") or self._text(row, "label_en")
            raise _Problem(
                cell.place, "row", f"{label!r} could be {names}", "write the whole label, or a column `key`"
            )
        days = [self._day(row, role) for role in ("valid_from", "valid_to")]
        if not found:
            return self._new_row(table, row, cell, days)
        fact = found[0]
        value = self._figure(row, cell, fact.unit, fact)
        self._check_old(row, fact)
        from_day = days[0] or self._on
        held = next((row for row in table.rows if row.id == fact.id and row.in_force(from_day)), None)
        if held is not None and Decimal(value) == held.decimal and days[1] is None:
            return None
        key = fact.id.partition(".")[2]
        place = f"{self._document}, {cell.place}"
        return FactChange(table.id, key, fact.label, fact.unit, value, fact.currency, days[0], days[1], place)

    def _figure(self, row: _Row, cell: Cell, unit: Unit, fact: Fact | None) -> str:
        before = fact.decimal if fact is not None and fact.unit in PERCENT else None
        head = f"{self._columns.heads['new']} {self._text(row, 'unit')}"
        try:
            return read_figure(cell, unit, head=head, before=before)
        except Unclear as unclear:
            raise _Problem(cell.place, "cell", unclear.what, unclear.remedy) from unclear

    def _check_old(self, row: _Row, fact: Fact) -> None:
        """A sheet that says what was before must know it: else it was made from something else."""
        cell = self._cell(row, "old")
        if cell is None or cell.kind == "blank":
            return
        try:
            old = read_figure(
                cell,
                fact.unit,
                head=self._columns.heads["old"],
                before=fact.decimal if fact.unit in PERCENT else None,
            )
        except Unclear as unclear:
            raise _Problem(cell.place, "cell", unclear.what, unclear.remedy) from unclear
        if Decimal(old) != fact.decimal:
            what = f"the sheet says {fact.id} was {old}, in force is {fact.value}"
            raise _Problem(
                cell.place, "contradiction", what, "start from the table in force, and check the new figure"
            )

    def _day(self, row: _Row, role: Role) -> date | None:
        cell = self._cell(row, role)
        if cell is None:
            return None
        try:
            return read_day(cell)
        except Unclear as unclear:
            raise _Problem(cell.place, "day", unclear.what, unclear.remedy) from unclear

    def _new_row(self, table: FactTable, row: _Row, cell: Cell, days: Sequence[date | None]) -> FactChange:
        key, zh, en = (self._text(row, role) for role in ("key", "label_zh", "label_en"))
        unit = UNITS.get(fold(self._text(row, "unit")))
        if not (_KEY.fullmatch(key) and zh and en and unit):
            what = f"{table.id} has no row {key or zh or en!r}"
            remedy = "correct the label; a new row needs the columns key (snake_case), label in both languages, and unit"
            raise _Problem(cell.place, "row", what, remedy)
        value = self._figure(row, cell, unit, None)
        currency = self._text(row, "currency").upper() or "CNY"
        place = f"{self._document}, {cell.place}"
        return FactChange(table.id, key, Text(zh, en), unit, value, currency, days[0], days[1], place)


class _Problem(Exception):
    """A row that cannot be used."""

    def __init__(self, place: str, code: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.place, self.told = place, (code, what, remedy)


def _about(rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """Read the lines above the headings that name something and give it, in two cells or with a colon between."""
    found: dict[str, str] = {}
    for row in rows:
        texts = [cell.text for cell in row if cell.text]
        if len(texts) == 1:
            texts = [part.strip() for part in re.split(r"[:：|]", texts[0], maxsplit=1)]
        if len(texts) >= 2 and (key := _ABOUT.get(fold(texts[0].rstrip(":：")))):
            found[key] = texts[1]
    return found
