"""The matrix as a page: the grid, and behind each cell its conversation or the reason why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from tellerline.exam.matrix.cases import CASES
from tellerline.exam.matrix.report import CellResult, MatrixReport, again_of

SIGNS = {"passed": "✓", "failed": "✕", "none": "·"}
STATES = {"passed": "passed", "failed": "failed", "none": "cannot occur"}
_TEMPLATE = Path(__file__).with_name("page.html")


def write_page(report: MatrixReport, path: Path) -> None:
    """Write the page to `path`; one file, which needs nothing else."""
    path.write_text(render_page(report), "utf-8")


def render_page(report: MatrixReport) -> str:
    """Return the page as HTML; whatever was said is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    shown = {(cell.flow, cell.language, cell.case): _shown(cell, report) for cell in report.cells}
    columns = [case for case in CASES if any(number == case.number for _, _, number in shown)]
    rows = [
        {
            "language": row.language,
            "title": report.titles[row.flow].in_(row.language),
            "cells": [shown.get((row.flow, row.language, case.number)) for case in columns],
            "passed": row.passed,
            "count": row.cases,
        }
        for row in report.rows
    ]
    cells = list(shown.values())
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        passed=report.passed,
        cases=report.cases,
        inapplicable=report.inapplicable,
        seed=report.seed,
        release=report.release,
        titles=report.titles,
        columns=columns,
        rows=rows,
        shown=cells,
        failed=[cell for cell in cells if cell["state"] == "failed"],
    )


def _shown(cell: CellResult, report: MatrixReport) -> dict[str, Any]:  # Any: what a template may name
    case = next(case for case in CASES if case.number == cell.case)
    title = report.titles[cell.flow].in_(cell.language)
    return {
        "id": f"{cell.flow}-{cell.case}-{cell.language}",
        "label": f"{title} ({cell.language}) × {cell.case} {case.title.en}: {STATES[cell.state]}",
        "language": cell.language,
        "state": cell.state,
        "sign": SIGNS[cell.state],
        "reason": cell.reason,
        "notes": cell.notes,
        "transcript": cell.transcript,
        "again": again_of(cell, report.seed),
    }
