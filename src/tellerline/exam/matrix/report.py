"""What the matrix came to: its cells, a row for each flow and language, and every difference found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tellerline.dialogue.release import Release
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.exam.matrix.talk import Note

SHOWN_MAX = 40  # differences printed for people; the page and --json have all


class Said(msgspec.Struct, frozen=True):
    """A line of a transcript. A line without a speaker begins a conversation. meant: the commands it was taken for."""

    who: str
    text: str
    at: datetime
    meant: str = ""


class CellResult(msgspec.Struct, frozen=True):
    """One cell: played, with what was found wrong, or not applicable for a reason."""

    flow: str
    case: int
    language: Language
    reason: str = ""
    notes: list[Note] = []
    transcript: list[Said] = []

    @property
    def failures(self) -> list[Note]:
        """What was found wrong."""
        return self.notes

    @property
    def state(self) -> str:
        """`passed`, `failed` or `none` where the case cannot occur."""
        return "none" if self.reason else "failed" if self.notes else "passed"


class MatrixRow(msgspec.Struct, frozen=True):
    """The cells of a flow in a language. `inapplicable` cells are not among `cases`."""

    flow: str
    language: Language
    cases: int
    passed: int
    inapplicable: int


class MatrixFailure(msgspec.Struct, frozen=True):
    """One difference. `turn` counts from 1; 0 is the greeting. `again` plays the cell alone."""

    flow: str
    case: int
    language: Language
    turn: int
    expected: str
    found: str
    again: str


class MatrixReport(msgspec.Struct, frozen=True):
    """The whole result, as `--json` prints it; the cells themselves are on the page."""

    cases: int
    passed: int
    inapplicable: int
    seed: int
    rows: list[MatrixRow]
    failures: list[MatrixFailure]
    cells: list[CellResult]
    titles: dict[str, Text]
    release: str

    @property
    def exit_code(self) -> int:
        """0 when every cell that was played passed."""
        return 0 if self.passed == self.cases else 1

    def to_json(self) -> str:
        """Write the report as JSON, indented, without the transcripts."""
        kept = {
            name: getattr(self, name)
            for name in ("cases", "passed", "inapplicable", "seed", "rows", "failures")
        }
        return msgspec.json.format(msgspec.json.encode(kept), indent=2).decode()

    def show(self, console: Console, *, as_json: bool = False) -> None:
        """Print the report: tables for people, JSON for programs."""
        if as_json:
            console.print(self.to_json(), markup=False, highlight=False, soft_wrap=True)
            return
        for table in render_matrix(self):
            console.print(table)


def make_report(results: Iterable[CellResult], release: Release, seed: int) -> MatrixReport:
    """Count the cells, a row for each flow and language."""
    cells = list(results)
    rows: list[MatrixRow] = []
    for flow in dict.fromkeys(cell.flow for cell in cells):
        for language in LANGUAGES:
            own = [cell for cell in cells if (cell.flow, cell.language) == (flow, language)]
            states = [cell.state for cell in own]
            if own:
                none = states.count("none")
                rows.append(MatrixRow(flow, language, len(own) - none, states.count("passed"), none))
    failures = [
        MatrixFailure(
            cell.flow, cell.case, cell.language, note.turn, note.expected, note.found, again_of(cell, seed)
        )
        for cell in cells
        for note in cell.failures
    ]
    return MatrixReport(
        sum(row.cases for row in rows),
        sum(row.passed for row in rows),
        sum(row.inapplicable for row in rows),
        seed,
        rows,
        failures,
        cells,
        {flow: release.flows[flow].title for flow in {cell.flow for cell in cells}},
        release.version,
    )


def again_of(cell: CellResult, seed: int) -> str:
    """Return the command that plays one cell alone."""
    return f"tellerline matrix --flow {cell.flow} --case {cell.case} --language {cell.language} --seed {seed}"


def render_matrix(report: MatrixReport) -> list[Table]:
    """Draw the rows, and below them the first differences if there are any."""
    rows = Table("flow", "language", "cases", "passed", "not applicable", title="Flows × dialogue cases")
    for row in report.rows:
        colour = "green" if row.passed == row.cases else "red"
        rows.add_row(
            row.flow,
            row.language,
            str(row.cases),
            f"[{colour}]{row.passed}[/{colour}]",
            str(row.inapplicable),
        )
    rows.add_row("all", "", str(report.cases), str(report.passed), str(report.inapplicable))
    if not report.failures:
        return [rows]
    differences = Table("cell", "turn", "expected", "found", title="Differences", show_lines=True)
    for failure in report.failures[:SHOWN_MAX]:
        cell = f"{failure.flow} × {failure.case} × {failure.language}"
        differences.add_row(cell, str(failure.turn), escape(failure.expected), escape(failure.found))
    return [rows, differences]
