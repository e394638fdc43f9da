"""Where the exam is held: the pack's release compiled once, and for each case a counter, a bank and a record of its own."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import msgspec

from tellerline.app import App, build
from tellerline.dialogue.ports import QueuePlace
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Invalid
from tellerline.domain.event import ConversationId
from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.problem import errors_in
from tellerline.exam.load import Placed, load_exam, load_flow_cases
from tellerline.exam.report import ExamReport
from tellerline.exam.run import Compose, hold_exam
from tellerline.settings import Settings
from tellerline.testing.log import MemoryLog

WAIT_MINUTES = 3


class QuietDesk:
    """A desk with a representative signed in and nobody waiting."""

    async def place(self, conversation: ConversationId, *, queue: str, priority: int) -> QueuePlace:
        """Put the conversation at the head of the queue; see `Desk.place`."""
        return QueuePlace(1, staffed=True, wait_minutes=WAIT_MINUTES)


def run_exam(
    settings: Settings,
    *,
    ability: int | None = None,
    flow: str | None = None,
    language: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> ExamReport:
    """Hold the exam of the pack in `settings`: the cases in `exam/` and those beside the flows.

    flow: only the cases beside this flow. Raises: Invalid, code `exam`, with every error of the cases, or when no case
    stands beside `flow`; code `language`; PackRefused.
    """
    chosen = _language(language)
    cases = load_cases(settings.pack)
    if ability is not None:
        cases = [placed for placed in cases if placed.ability == ability]
    if flow is not None:
        cases = [placed for placed in cases if placed.flow == flow]
        if not cases:
            raise Invalid("exam", f"no case stands beside a flow {flow!r}", field="flow")
    with tempfile.TemporaryDirectory() as folder:
        own = msgspec.structs.replace(settings, data=Path(folder))
        compose = composer(own, settings.data / "releases", say)
        return hold_exam(cases, compose, languages=chosen, say=say)


def load_cases(pack: Path) -> list[Placed]:
    """Return every case of a pack. Raises: Invalid, code `exam`, with every error found."""
    examined, problems = load_exam(pack)
    beside, more = load_flow_cases(pack)
    errors = errors_in(problems + more)
    if errors:
        raise Invalid("exam", "\n".join(problem.render() for problem in errors), field=errors[0].file)
    return examined + beside


def composer(settings: Settings, releases: Path, say: Callable[[str], None]) -> Compose:
    """Return what puts a fresh counter together for each case; codes and books are the same every time."""

    @asynccontextmanager
    async def compose(clock: Clock) -> AsyncIterator[App]:
        log = MemoryLog()
        app = build(
            settings,
            clock=clock,
            log=log,
            desk=QuietDesk(),
            releases=releases,
            random=Random(settings.seed),  # noqa: S311  codes of a made-up phone
            say=say,
        )
        async with app.open():
            yield app

    return compose


def _language(language: str | None) -> list[Language] | None:
    if language is None:
        return None
    chosen = [known for known in LANGUAGES if known == language]
    if not chosen:
        raise Invalid("language", f"--language is zh or en, not {language!r}", field="language")
    return chosen
