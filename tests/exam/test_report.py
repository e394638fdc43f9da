"""A report counts cases, not differences, and writes exactly the agreed JSON."""

from __future__ import annotations

import io
import json
from typing import Any

from rich.console import Console

from tellerline.exam.case import Case, Turn
from tellerline.exam.load import Placed
from tellerline.exam.report import ExamReport, Failure, make_report


def placed(case: str, ability: int, language: Any, flow: str = "") -> Placed:
    return Placed(
        Case(id=case, title=case, ability=ability, turns=[Turn(say="x")]), language, "file", 1, flow
    )


WRONG = [Failure("b", 1, "level: 1", "0"), Failure("b", 2, "level: [card:1234]", "0")]
RESULTS = [
    (placed("c", 3, "en"), []), (placed("a", 1, "zh"), []), (placed("b", 1, "zh"), WRONG),
    (placed("d", 1, "en"), []), (placed("e", 1, "zh", "transfer"), []),
]  # fmt: skip


def test_the_json_is_as_agreed() -> None:
    report = make_report(RESULTS)
    assert json.loads(report.to_json()) == {
        "cases": 5,
        "passed": 4,
        "rows": [
            {"ability": 1, "language": "zh", "cases": 2, "passed": 1},
            {"ability": 1, "language": "en", "cases": 1, "passed": 1},
            {"ability": 3, "language": "en", "cases": 1, "passed": 1},
            {"flow": "transfer", "language": "zh", "cases": 1, "passed": 1},
        ],
        "failures": [
            {"case": "b", "turn": 1, "expected": "level: 1", "found": "0"},
            {"case": "b", "turn": 2, "expected": "level: [card:1234]", "found": "0"},
        ],
    }


def test_the_exit_code_says_whether_all_passed() -> None:
    assert make_report(RESULTS).exit_code == 1
    assert make_report(RESULTS[:1]).exit_code == 0
    assert ExamReport(0, 0, [], []).exit_code == 0


def shown(report: ExamReport, *, as_json: bool) -> str:
    console = Console(file=io.StringIO(), width=200)
    report.show(console, as_json=as_json)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_the_table_shows_rows_and_differences_as_they_are() -> None:
    text = shown(make_report(RESULTS), as_json=False)
    assert "Listening" in text
    assert "flow transfer" in text
    assert "level: [card:1234]" in text


def test_json_is_printed_whole() -> None:
    assert json.loads(shown(make_report(RESULTS), as_json=True))["cases"] == 5
