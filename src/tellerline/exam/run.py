"""Holding the exam: every case on its own counter and bank, in virtual time, judged turn by turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta, timezone

from tellerline.domain.clock import Clock
from tellerline.domain.language import Language
from tellerline.exam.always import check_always
from tellerline.exam.case import Expected
from tellerline.exam.clock import LoopClock, run_virtually
from tellerline.exam.judge import Finding, judge
from tellerline.exam.load import Placed
from tellerline.exam.report import ExamReport, Failure, make_report
from tellerline.exam.scene import Scene
from tellerline.exam.stage import Composition, Impossible, Stage

START = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))
"""When a case begins unless it says otherwise: a Monday morning."""

Compose = Callable[[Clock], AbstractAsyncContextManager[Composition]]
"""Puts a fresh counter and bank together on a clock, and holds them open."""


def hold_exam(
    cases: Sequence[Placed],
    compose: Compose,
    *,
    abilities: Sequence[int] | None = None,
    languages: Sequence[Language] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> ExamReport:
    """Hold the cases of the chosen abilities and languages; all of them when nothing is chosen."""
    chosen = [
        placed
        for placed in cases
        if (abilities is None or placed.ability in abilities)
        and (languages is None or placed.language in languages)
    ]
    results: list[tuple[Placed, list[Failure]]] = []
    for placed in chosen:
        failures = run_virtually(_hold(placed, compose))
        say(f"{'failed' if failures else 'passed'}  {placed.case.id}")
        results.append((placed, failures))
    return make_report(results)


async def _hold(placed: Placed, compose: Compose) -> list[Failure]:
    clock = LoopClock(placed.case.start.at or START)
    try:
        async with compose(clock) as composition:
            return await Hearing(placed, composition).hold()
    except Exception as error:  # boundary: one case; what broke it is its result
        return [
            Failure(placed.case.id, 0, "the conversation can be held", f"{type(error).__name__}: {error}")
        ]


class Hearing:
    """One case being held, and what was found so far."""

    def __init__(self, placed: Placed, composition: Composition) -> None:
        self._case = placed.case
        self._release = composition.releases.current
        self._stage = Stage(composition, placed.case, placed.language)
        self._turn = 0
        self._failures: list[Failure] = []

    async def hold(self) -> list[Failure]:
        """Hold the conversation and return every difference; it ends where a turn cannot be held at all."""
        try:
            self._examine(self._case.opening, await self._stage.open(), answered=True)
            for turn in self._case.turns:
                self._turn += 1
                self._examine(turn.expect, await self._stage.play(turn), answered=turn.wait is None)
            self._note(await self._stage.recollection())
        except Impossible as impossible:
            self._note([impossible.finding])
        except Exception as error:  # boundary: one case; what broke it is its result
            self._note([Finding("the turn can be held", f"{type(error).__name__}: {error}")])
        return self._failures

    def _examine(self, expected: Expected, scene: Scene, *, answered: bool) -> None:
        secrets = [*self._case.secrets, *self._stage.codes]
        self._note(judge(expected, scene, self._release))
        self._note(check_always(scene, expected, answered=answered, secrets=secrets))

    def _note(self, findings: Sequence[Finding]) -> None:
        self._failures += [
            Failure(self._case.id, self._turn, finding.expected, finding.found) for finding in findings
        ]
