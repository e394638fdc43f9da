"""`tellerline simulate`: so many seeds, each one run, and what they came to."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from structlog.testing import capture_logs

from tellerline.exam.clock import run_virtually
from tellerline.exam.fresh import House
from tellerline.exam.simulation.world import Run, World, copy_template, make_template
from tellerline.settings import Settings

EVERY = 25  # seeds between two lines of progress


class SimulationFailure(msgspec.Struct, frozen=True):
    """Something that was to be in a run, and what was instead. `again` runs the seed alone."""

    seed: int
    conversation: str
    expected: str
    found: str
    again: str


class SimulationReport(msgspec.Struct, frozen=True):
    """What a number of seeds came to. `memory_mb`: the most this process held."""

    seeds: int
    passed: int
    conversations: int
    turns: int
    deaths: int
    effects: int
    conversations_per_s: float
    memory_mb: int
    digest: str
    failures: list[SimulationFailure]

    @property
    def exit_code(self) -> int:
        """0 when no law was broken."""
        return 0 if self.passed == self.seeds else 1

    def show(self, console: Console, *, as_json: bool = False) -> None:
        """Print the report: tables for people, JSON for programs."""
        if as_json:
            text = msgspec.json.format(msgspec.json.encode(self), indent=2).decode()
            console.print(text, markup=False, highlight=False, soft_wrap=True)
            return
        table = Table("", "", title="Simulation", show_header=False)
        for name in (
            "seeds",
            "passed",
            "conversations",
            "turns",
            "deaths",
            "effects",
            "conversations_per_s",
            "memory_mb",
        ):
            table.add_row(name.replace("_", " "), str(getattr(self, name)))
        console.print(table)
        for failure in self.failures:
            console.print(
                f"[red]{escape(failure.again)}[/red]  {escape(failure.expected)}: {escape(failure.found)}"
            )


def run_simulation(
    settings: Settings, *, seeds: int, first: int = 0, say: Callable[[str], None] = lambda _: None
) -> SimulationReport:
    """Run `seeds` seeds from `first` on. Raises: PackRefused."""
    house = House.open(settings)
    runs: list[Run] = []
    began_s = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        template = make_template(Path(folder))
        for seed in range(first, first + seeds):
            path = copy_template(template, Path(folder) / "record.sqlite3")
            run = run_seed(house, seed, path)
            runs.append(run)
            for leftover in Path(folder).glob("record.sqlite3*"):
                leftover.unlink()
            if run.findings:
                name, finding = run.findings[0]
                say(f"{again_of(seed)}  # {name} {finding.expected}: {finding.found}")
            if len(runs) % EVERY == 0:
                say(f"{len(runs)} of {seeds} seeds")
    return _report(runs, time.perf_counter() - began_s)


def run_seed(house: House, seed: int, path: Path) -> Run:
    """Run one seed on an empty record."""

    async def run() -> Run:
        return await World(house, seed, path).run()

    with capture_logs():  # what a dying process would say; a run is judged by its record
        return run_virtually(run())


def again_of(seed: int) -> str:
    """Return the command that runs one seed alone."""
    return f"tellerline simulate --seeds 1 --seed {seed}"


def _report(runs: Sequence[Run], took_s: float) -> SimulationReport:
    conversations = sum(run.conversations for run in runs)
    failures = [
        SimulationFailure(run.seed, name, finding.expected, finding.found, again_of(run.seed))
        for run in runs
        for name, finding in run.findings
    ]
    return SimulationReport(
        seeds=len(runs),
        passed=sum(not run.findings for run in runs),
        conversations=conversations,
        turns=sum(run.turns for run in runs),
        deaths=sum(run.deaths for run in runs),
        effects=sum(run.effects for run in runs),
        conversations_per_s=round(conversations / max(took_s, 0.001), 1),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        digest=runs[-1].digest if len(runs) == 1 else "",
        failures=failures,
    )
