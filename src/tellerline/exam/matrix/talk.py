"""One conversation of the matrix: what the customer does, what is found wrong, and where it stands after each turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tellerline.channels.counter import Received
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Question, Tracker
from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.exam.always import check_always
from tellerline.exam.case import Case, Expected, Start, Turn, Verify
from tellerline.exam.judge import Finding, judge
from tellerline.exam.scene import Scene
from tellerline.exam.stage import Composition, Impossible, Stage
from tellerline.flows.frame import Frame

NOTHING = Expected()


class Note(msgspec.Struct, frozen=True):
    """Something that was to be, and what was instead. `turn` counts from 1; 0 is the greeting."""

    turn: int
    expected: str
    found: str


class Caller(msgspec.Struct, frozen=True):
    """Who calls: an app session's token, or None for a stranger, and the level the conversation begins with."""

    customer: str | None
    level: int


class Talk:
    """Holds one conversation. Every turn is judged by what must always be true; `notes` keeps what was not."""

    def __init__(self, at: Composition, caller: Caller, language: Language, *, alarm: bool) -> None:
        level = caller.level if caller.level in (1, 2) else 0
        start = Start(customer=caller.customer, level=level, language=language)  # type: ignore[arg-type]  # 0, 1 or 2
        self.at = at
        self.stage = Stage(at, Case(id="matrix", title="", turns=[Turn(wait=1)], start=start), language)
        self.language = language
        self.release: Release = at.releases.current
        self.notes: list[Note] = []
        self.turn = 0
        self.secrets: list[str] = []
        self.scene = Scene([], 0, {})
        self._alarm = alarm

    # --- doing

    async def open(self) -> Scene:
        """Begin."""
        self.scene = await self.stage.open()
        self._look(NOTHING, answered=True)
        return self.scene

    async def play(self, turn: Turn) -> Scene:
        """Do one thing and wait for the answer. Raises: Impossible."""
        self.turn += 1
        self.scene = await self.stage.play(turn)
        self._look(turn.expect, answered=turn.wait is None)
        return self.scene

    async def say(self, *texts: str, expect: Expected = NOTHING) -> Scene:
        """Type a message, or several in a burst."""
        return await self.play(Turn(say=texts[0] if len(texts) == 1 else list(texts), expect=expect))

    async def verify(self, answer: str = "right", expect: Expected = NOTHING) -> Scene:
        """Use the secure widget that is open."""
        widget = next((message.widget for message in reversed(self.sent()) if message.widget), None)
        if widget is None:
            raise Impossible("a secure widget is open", "none")
        verify = msgspec.convert({"method": widget, "answer": answer}, Verify)
        return await self.play(Turn(verify=verify, expect=expect))

    async def wait(self, minutes: int, expect: Expected = NOTHING) -> Scene:
        """Let time pass."""
        return await self.play(Turn(wait=minutes, expect=expect))

    async def deliver(self, client_id: str, text: str) -> Received:
        """Deliver a message under an id of the client's own, without waiting for an answer."""
        return await self.at.counter.receive(self.stage.conversation, client_id=client_id, text=text)

    async def look(self, expect: Expected = NOTHING) -> Scene:
        """Look at what has happened since the last turn, once the assistant has come to rest."""
        self.turn += 1
        self.scene = await self.stage.rest()
        self._look(expect, answered=False)
        return self.scene

    async def finish(self) -> None:
        """Judge the conversation as a whole."""
        self.notes += [Note(self.turn, *pair) for pair in pairs(await self.stage.recollection())]

    # --- judging

    def _look(self, expected: Expected, *, answered: bool) -> None:
        allowed = msgspec.structs.replace(expected, alarm=expected.alarm or self._alarm)
        found = judge(expected, self.scene, self.release)
        found += check_always(
            self.scene, allowed, answered=answered, secrets=[*self.secrets, *self.stage.codes]
        )
        self.notes += [Note(self.turn, *pair) for pair in pairs(found)]

    def check(self, holds: bool, expected: str, found: str = "") -> None:
        """Note that something is not as expected."""
        if not holds:
            self.notes.append(Note(self.turn, expected, found or self.where()))

    def allow_alarm(self) -> None:
        """From here on an alarm is right."""
        self._alarm = True

    # --- where it stands

    @property
    def tracker(self) -> Tracker:
        """The conversation as it stands."""
        return self.scene.tracker

    @property
    def question(self) -> Question | None:
        """The open question."""
        return self.tracker.question

    @property
    def now(self) -> datetime:
        """The moment of the last event."""
        return self.scene.record[-1].at

    def frame(self, flow: str) -> Frame | None:
        """Return the newest frame of a flow that is on the stack."""
        return next((frame for frame in reversed(self.tracker.stack) if frame.flow == flow), None)

    def sent(self) -> Sequence[e.MessageSent]:
        """Return all messages of the assistant so far."""
        return [body for body in self.scene.all_bodies(e.MessageSent) if body.author == "assistant"]

    def commands(self) -> list[str]:
        """Return the names of the commands of the last turn."""
        decided = self.scene.bodies(e.CommandsDecided)
        return [type(command).__name__ for body in decided for command in body.commands]

    def committed(self, action: str | None = None) -> list[str]:
        """Return the keys under which the bank acted in this conversation."""
        done = self.scene.all_bodies(e.ActionCommitted)
        return [body.key for body in done if action in (None, body.action)]

    def where(self) -> str:
        """Say in a line where the conversation stands and what was said last."""
        question = self.question
        asked = f"{question.what} {question.slot}".strip() if question else "nothing"
        flows = " > ".join(f"{frame.flow}/{frame.step}" for frame in self.tracker.stack) or "no flow"
        text = self.scene.text.replace("\n", " ")[:160]
        return f"{', '.join(self.commands()) or 'no command'}; {flows}; asked: {asked}; said: {text}"


def pairs(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Return findings as pairs."""
    return [(finding.expected, finding.found) for finding in findings]
