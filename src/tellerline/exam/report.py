"""What an exam came to: a row for each ability and language, and every difference found."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tellerline.domain.language import Language
from tellerline.exam.ability import ABILITIES
from tellerline.exam.load import Placed


class Row(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The cases of one ability, or beside one flow, in one language."""

    ability: int | None = None
    flow: str | None = None
    language: Language
    cases: int
    passed: int


class Failure(msgspec.Struct, frozen=True):
    """One difference. `turn` counts from 1; 0 is the greeting."""

    case: str
    turn: int
    expected: str
    found: str


class ExamReport(msgspec.Struct, frozen=True):
    """The whole result, as `--json` prints it."""

    cases: int
    passed: int
    rows: list[Row]
    failures: list[Failure]

    @property
    def exit_code(self) -> int:
        """0 when every case passed."""
        return 0 if self.passed == self.cases else 1

    def show(self, console: Console, *, as_json: bool = False) -> None:
        """Print the report: tables for people, JSON for programs."""
        if as_json:
            console.print(self.to_json(), markup=False, highlight=False, soft_wrap=True)
            return
        for table in render_report(self):
            console.print(table)

    def to_json(self) -> str:
        """Write the report as JSON, indented."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode()


def make_report(results: Iterable[tuple[Placed, list[Failure]]]) -> ExamReport:
    """Count the results, rows in the order of abilities, then flows, then languages."""
    counts: dict[tuple[int, str, Language], list[bool]] = {}
    failures: list[Failure] = []
    for placed, found in results:
        counts.setdefault((0 if placed.flow else placed.ability, placed.flow, placed.language), []).append(
            not found
        )
        failures += found
    rows = [
        Row(
            ability=ability or None,
            flow=flow or None,
            language=language,
            cases=len(passed),
            passed=sum(passed),
        )
        for (ability, flow, language), passed in sorted(
            counts.items(), key=lambda item: (item[0][1], item[0][0], item[0][2] != "zh")
        )
    ]
    return ExamReport(sum(row.cases for row in rows), sum(row.passed for row in rows), rows, failures)


def render_report(report: ExamReport) -> list[Table]:
    """Draw the rows, and below them the differences if there are any."""
    rows = Table("", "ability", "language", "cases", "passed", title="Ability exam")
    for row in report.rows:
        name = ABILITIES[row.ability].en if row.ability else f"flow {row.flow}"
        colour = "green" if row.passed == row.cases else "red"
        rows.add_row(
            str(row.ability or ""), name, row.language, str(row.cases), f"[{colour}]{row.passed}[/{colour}]"
        )
    rows.add_row("", "all", "", str(report.cases), str(report.passed))
    if not report.failures:
        return [rows]
    differences = Table("case", "turn", "expected", "found", title="Differences", show_lines=True)
    for failure in report.failures:
        differences.add_row(failure.case, str(failure.turn), escape(failure.expected), escape(failure.found))
    return [rows, differences]
