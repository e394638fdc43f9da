"""Playing the matrix: every cell on a counter of its own, in virtual time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

import msgspec

from tellerline.domain import event as e
from tellerline.domain.errors import Invalid
from tellerline.domain.language import LANGUAGES, Language
from tellerline.exam.clock import LoopClock, run_virtually
from tellerline.exam.fresh import House
from tellerline.exam.matrix.cases import CASES
from tellerline.exam.matrix.cell import Cell, DialogueCase, NotHere
from tellerline.exam.matrix.plenty import add_plenty
from tellerline.exam.matrix.report import CellResult, MatrixReport, Said, make_report
from tellerline.exam.matrix.scout import Scout
from tellerline.exam.matrix.talk import Note, Talk
from tellerline.exam.run import START
from tellerline.exam.stage import Impossible
from tellerline.settings import Settings

MESSAGE_CHARS_MAX = 600  # of one message in a transcript


class Chosen(msgspec.Struct, frozen=True):
    """A cell that is to be played."""

    flow: str
    case: DialogueCase
    language: Language


def run_matrix(
    settings: Settings,
    *,
    flows: Sequence[str] = (),
    numbers: Sequence[int] = (),
    language: Language | None = None,
    seed: int = 0,
    sample: int | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> MatrixReport:
    """Play the chosen cells, all of them when nothing is chosen; `sample` draws so many of them by the seed.

    Raises: Invalid, code `matrix`, naming a flow or case that does not exist; PackRefused.
    """
    house = House.open(settings, add_plenty)
    cells = choose(house, flows, numbers, language)
    if sample is not None and sample < len(cells):
        drawn = set(Random(f"sample/{seed}").sample(range(len(cells)), sample))  # noqa: S311
        cells = [cell for place, cell in enumerate(cells) if place in drawn]
    return make_report(play_all(house, cells, seed, say), house.release, seed)


def choose(
    house: House, flows: Sequence[str], numbers: Sequence[int], language: Language | None
) -> list[Chosen]:
    """List cells, flow by flow. Raises: Invalid."""
    for flow in flows:
        if flow not in house.release.flows:
            raise Invalid("matrix", f"there is no flow {flow!r} in this pack", field="flow")
    for number in numbers:
        if number not in {case.number for case in CASES}:
            raise Invalid(
                "matrix", f"there is no dialogue case {number}; they are 1 to {len(CASES)}", field="case"
            )
    return [
        Chosen(flow, case, spoken)
        for flow in sorted(flows or house.release.flows)
        for spoken in LANGUAGES
        if language in (None, spoken)
        for case in CASES
        if not numbers or case.number in numbers
    ]


def play_all(
    house: House, cells: Iterable[Chosen], seed: int, say: Callable[[str], None]
) -> Iterator[CellResult]:
    """Play cells one after another."""
    scout = Scout(house, seed)
    for chosen in cells:
        result = play(house, scout, chosen, seed)
        if result.failures:
            say(
                f"failed  {chosen.flow} × {chosen.case.number} × {chosen.language}: {result.failures[0].expected}"
            )
        yield result


def play(house: House, scout: Scout, chosen: Chosen, seed: int) -> CellResult:
    """Play one cell, or say why there is none."""
    flow = house.release.flows[chosen.flow]
    declared = next((entry.reason for entry in flow.not_applicable if entry.case == chosen.case.number), "")
    atlas = scout.atlas(chosen.flow, chosen.language)
    reason = declared or chosen.case.needs(atlas.shape)
    if reason:
        return CellResult(chosen.flow, chosen.case.number, chosen.language, reason=reason)
    random = Random(f"{seed}/{chosen.flow}/{chosen.case.number}/{chosen.language}")  # noqa: S311
    return run_virtually(_play(house, scout, chosen, random))


async def _play(house: House, scout: Scout, chosen: Chosen, random: Random) -> CellResult:
    atlas = scout.atlas(chosen.flow, chosen.language)
    async with house.compose(LoopClock(START), random.random().hex()) as app:
        cell = Cell(house, app, atlas, random)
        notes: list[Note] = []
        reason = ""
        try:
            await chosen.case.play(cell)
            for talk in cell.talks:
                await talk.finish()
        except NotHere as nothing:
            reason = str(nothing)
        except Impossible as impossible:
            turn = cell.talks[-1].turn if cell.talks else 0
            notes.append(Note(turn, impossible.finding.expected, impossible.finding.found))
        except Exception as error:  # boundary: one cell; what broke it is its result
            notes.append(Note(0, "the conversation can be held", f"{type(error).__name__}: {error}"))
        if reason:
            return CellResult(chosen.flow, chosen.case.number, chosen.language, reason=reason)
        return CellResult(
            chosen.flow, chosen.case.number, chosen.language, notes=[*cell.notes, *notes],
            transcript=[said for talk in cell.talks for said in transcribe(talk)],
        )  # fmt: skip


def transcribe(talk: Talk) -> Iterator[Said]:
    """Yield what was said in a conversation, each with what it was taken to mean."""
    meant = ""
    for event in talk.scene.record:
        match event.body:
            case e.ConversationOpened():
                yield Said("", "", event.at)
            case e.MessageReceived(text=text):
                yield Said("customer", text[:MESSAGE_CHARS_MAX], event.at)
            case e.SystemNoticed(command=command):
                yield Said("system", type(command).__name__, event.at)
            case e.CommandsDecided(commands=commands):
                meant = ", ".join(type(command).__name__ for command in commands)
            case e.ActionCommitted(action=action):
                yield Said("bank", action, event.at)
            case e.ActionFailed(action=action, error=error):
                yield Said("bank", f"{action}: {error}", event.at)
            case e.MessageSent(text=text):
                yield Said("assistant", text[:MESSAGE_CHARS_MAX], event.at, meant)
            case _:
                pass
