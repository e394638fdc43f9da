"""Tables of figures become changes of facts; what could mean two things is refused with its cell and a remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from tellerline.domain.proposal import Change, FactChange, Finding, SourceChange, TableChange
from tellerline.knowledge.learning.document import Grid
from tellerline.knowledge.learning.rate_table import read_rates
from tellerline.knowledge.learning.read import read_document
from tellerline.knowledge.load import Library, load_library
from tests.harbour import PACK
from tests.knowledge.learning import papers

ON = date(2026, 12, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(PACK)[0]


def read(
    library: Library,
    rows: Sequence[Sequence[object]],
    *,
    title: str = "Sheet1",
    change: Callable[[Any], None] | None = None,
) -> tuple[list[Change], list[Finding]]:
    """Read a workbook of one sheet."""
    (grid,) = read_document("rates.xlsx", papers.workbook(rows, title=title, change=change)).blocks
    assert isinstance(grid, Grid)
    found = read_rates(grid, library.tables, ON, "rates.xlsx")
    assert found is not None
    return found.changes, found.findings


def figures(changes: Sequence[Change]) -> dict[str, object]:
    return {change.key: change.value for change in changes if isinstance(change, FactChange)}


def test_rows_are_told_by_term_and_section_and_the_unchanged_left_out(library: Library) -> None:
    changes, findings = read(library, papers.RATES_ZH, title="利率")
    assert findings == []
    assert figures(changes) == {"term_3y": "1.35", "instalment_3y": "0.95"}
    source = next(change for change in changes if isinstance(change, SourceChange))
    assert source.source.zh == "港湾银行存款利率公告（2026年第12号）"
    places = [change.place for change in changes if isinstance(change, FactChange)]
    assert places == ["rates.xlsx, sheet 利率, cell C8", "rates.xlsx, sheet 利率, cell C10"]


def test_an_english_table_with_percent_cells_and_its_own_days(library: Library) -> None:
    def change(sheet: Any) -> None:
        sheet["B3"].number_format = "0.00%"

    rows = [
        ["RMB deposit rates"],
        ["Product", "New rate", "Effective date", "Valid to"],
        ["3-year term deposit", 0.0135, date(2026, 12, 10), None],
        ["2-year term deposit", "1.15%", "2026-12-10", "2026-12-31"],
    ]
    changes, findings = read(library, rows, title="RMB deposit rates", change=change)
    assert findings == []
    assert figures(changes) == {"term_3y": "1.35", "term_2y": "1.15"}
    days = [(c.valid_from, c.valid_to) for c in changes if isinstance(c, FactChange)]
    assert days == [(date(2026, 12, 10), None), (date(2026, 12, 10), date(2026, 12, 31))]


def test_rows_are_told_by_key(library: Library) -> None:
    changes, findings = read(library, [["key", "rate (%)"], ["term_5y", 1.4]], title="deposit_rates")
    assert (figures(changes), findings) == ({"term_5y": "1.40"}, [])


def test_a_table_is_told_by_its_rows_when_nothing_names_it(library: Library) -> None:
    rows = [["品种", "新利率(%)"], ["三年期整存整取", 1.35], ["五年期整存整取", 1.4]]
    changes, findings = read(library, rows)
    assert (figures(changes), findings) == ({"term_3y": "1.35", "term_5y": "1.40"}, [])


def test_fees_in_money_are_read_with_their_words(library: Library) -> None:
    fee = next(f for f in library.tables["debit_card_fees"].in_force(ON) if f.unit == "money")
    rows = [["项目", "收费标准"], [fee.label.zh, "1,234元"]]
    changes, findings = read(library, rows, title="debit_card_fees")
    assert (list(figures(changes).values()), findings) == (["1234.00"], [])


def _merge(sheet: Any) -> None:
    sheet.merge_cells("B2:B3")


@pytest.mark.parametrize(
    ("rows", "cell", "what"),
    [
        ([["品种", "新利率"], ["三年期整存整取", 0.0135]], "B2", "could be 0.0135% or 1.35%"),
        ([["品种", "新利率(%)"], ["三年期整存整取", "1.3-1.4"]], "B2", "is not one figure"),
        ([["品种", "新利率(%)"], ["三年期整存整取", "约1.35"]], "B2", "is not one figure"),
        ([["品种", "新利率(%)"], ["三年期整存整取", "=B9*1"]], "B2", "holds the formula"),
        ([["品种", "新利率(%)", "备注"], ["三年期整存整取", None, "x"]], "B2", "holds nothing"),
        ([["品种", "新利率(%)"], ["三年", 1.35]], "B2", "could be term_3y, instalment_3y"),
        ([["品种", "新利率(%)"], ["七年期整存整取", 1.35]], "B2", "has no row"),
        ([["品种", "现行利率(%)", "新利率(%)"], ["三年期整存整取", 1.50, 1.35]], "B2", "was 1.50, in force is 1.45"),
        ([["品种", "新利率(%)", "生效日"], ["三年期整存整取", 1.35, "12/01/2026"]], "C2", "no day that can be told"),
        ([["品种", "新利率(%)"], ["三年期整存整取", -1.35]], "B2", "negative"),
        ([["品种", "新利率(%)"], ["三年期整存整取", 1.35], ["三年期整存整取", 1.36]], "B3", "stands there twice"),
        ([["品种", "新利率(%)", "新费率(%)"], ["三年期整存整取", 1.35, 2]], "C1", "could both be"),
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_refused(
    library: Library, rows: list[list[object]], cell: str, what: str
) -> None:
    _, findings = read(library, rows, title="deposit_rates")
    assert [what in finding.what for finding in findings] == [True], [f.render() for f in findings]
    assert findings[0].where == f"rates.xlsx, sheet deposit_rates, cell {cell}"
    assert findings[0].remedy


def test_a_merged_cell_is_refused(library: Library) -> None:
    rows = [["品种", "新利率(%)"], ["三年期整存整取", 1.35], ["五年期整存整取", None]]
    _, findings = read(library, rows, title="deposit_rates", change=_merge)
    assert {finding.code for finding in findings} == {"cell"}
    assert "merged" in findings[0].what


def test_a_table_that_cannot_be_told_is_asked_for(library: Library) -> None:
    _, findings = read(library, [["item", "new fee"], ["something else", 3]])
    assert [finding.code for finding in findings] == ["table"]
    assert "table | deposit_rates" in findings[0].remedy


def test_a_new_table_says_what_it_is(library: Library) -> None:
    about = [
        ["table", "monthly_saver"],
        ["title (zh)", "月月存"],
        ["title (en)", "Monthly Saver"],
        ["source (zh)", "公告"],
        ["source (en)", "Notice"],
        ["owner", "retail-deposits"],
        ["products", "harbour_monthly_savings"],
    ]
    head = ["key", "名称", "English name", "unit", "value"]
    rows = [*about, head, ["amount_min", "每月最低存入金额", "Minimum a month", "元", 100]]
    changes, findings = read(library, rows)
    assert findings == []
    assert isinstance(changes[0], TableChange)
    assert isinstance(changes[1], FactChange)
    assert (changes[1].value, changes[1].unit) == ("100.00", "money")
    _, findings = read(library, [["table", "monthly_saver"], head, rows[-1]])
    assert "what a new table needs" in findings[0].remedy
