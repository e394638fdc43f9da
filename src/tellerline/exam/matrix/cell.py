"""One cell being played: a flow, a dialogue case and a language, with the moves that cases are made of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from tellerline.app import App
from tellerline.bank.catalogue import OPERATIONS
from tellerline.dialogue.tracker import Question
from tellerline.domain import event as e
from tellerline.domain.data import Value
from tellerline.domain.language import Language, Text
from tellerline.exam.case import Turn
from tellerline.exam.fresh import House
from tellerline.exam.matrix.customer import Customer, Manner
from tellerline.exam.matrix.scout import Atlas, Route, Spot, spots_of
from tellerline.exam.matrix.shape import Shape
from tellerline.exam.matrix.talk import Note, Talk
from tellerline.exam.matrix.words import WORDS
from tellerline.exam.stage import Impossible
from tellerline.flows.frame import Frame

GO_ON_MAX = 14
TRIES_MAX = 8


class NotHere(Exception):
    """The case cannot occur in this flow; the reason follows from the flow's data."""


Needs = Callable[[Shape], str]
"""Returns why a case cannot occur in a flow of that shape, or "" when it can."""


@dataclass(frozen=True)
class DialogueCase:
    """One of the 49. `play` holds it; `needs` tells whether it can occur."""

    number: int
    title: Text
    needs: Needs
    play: Callable[[Cell], Awaitable[None]]


class Cell:
    """What a case may do. Every conversation it begins is judged; `notes` and `records` gather them all."""

    def __init__(self, house: House, app: App, atlas: Atlas, random: Random) -> None:
        self.house = house
        self.release = house.release
        self.app = app
        self.atlas = atlas
        self.shape = atlas.shape
        self.flow = atlas.shape.flow
        self.language: Language = atlas.language
        self.random = random
        self.talks: list[Talk] = []
        self.played: tuple[Turn, ...] = ()  # the turns of the route followed last

    # --- where it stands

    @property
    def talk(self) -> Talk:
        """The conversation under way."""
        return self.talks[-1]

    @property
    def frame(self) -> Frame | None:
        """The frame of the flow, while it is on the stack."""
        return self.talk.frame(self.flow.flow)

    @property
    def question(self) -> Question:
        """The open question. Raises: Impossible when there is none."""
        question = self.talk.question
        if question is None:
            raise Impossible("a question is open", self.talk.where())
        return question

    @property
    def notes(self) -> list[Note]:
        """What was found wrong in all conversations of the cell."""
        return [note for talk in self.talks for note in talk.notes]

    def phrase(self, name: str, **values: str) -> str:
        """Return a customer's words for a move."""
        said = self.random.choice(WORDS[name][self.language])
        return said.format(*values.values(), **values) if values else said

    def customer(self, *, says_yes: bool | None = True) -> Customer:
        """Return a hand that answers what is asked."""
        customer = self.talk.stage.customer
        person = self.house.person(customer)
        return Customer(
            self.release,
            self.talk.tracker.language,
            self.random,
            Manner(says_yes=says_yes, own_phone=person.phone, last_four=self.house.last_four(person.id)),
        )

    # --- getting somewhere

    async def reach(
        self, wanted: Callable[[Spot], bool], *, before: bool = False, known: bool = False
    ) -> Spot:
        """Lead a new conversation to a place that is wanted, or to the turn `before` it.

        known: by a customer the bank knows, who can go on to prove who they are. Raises: Impossible.
        """
        ways = self.atlas.ways(wanted)
        if known:
            ways = [way for way in ways if way[0].caller.customer] or ways
        if not ways:
            raise Impossible("a conversation comes to the place the case begins at", "none was found")
        route, spot = self.random.choice(ways)
        await self.follow(route, route.spots[spot] - before)
        if not before and spot not in spots_of(self.talk, self.flow.flow):
            raise Impossible(f"the way leads to {spot.what} {spot.about}", self.talk.where())
        return spot

    async def follow(self, route: Route, turns: int) -> None:
        """Begin a new conversation and play so many turns of a route."""
        talk = Talk(self.app, route.caller, self.language, alarm=self.shape.looks_for_scams)
        self.talks.append(talk)
        await talk.open()
        self.played = route.turns[:turns]
        for turn in self.played:
            await talk.play(turn)

    async def answered(self, names: list[str]) -> tuple[Spot, Route]:
        """Lead to the turn after one of these slots was filled, with the flow still running and nothing done.

        Raises: Impossible.
        """
        ways = list(self.atlas.ways(lambda spot: spot.what == "slot" and spot.about in names))
        self.random.shuffle(ways)
        for route, spot in ways[:TRIES_MAX]:
            if route.spots[spot] >= len(route.turns) or route.turns[route.spots[spot]].say is None:
                continue
            await self.follow(route, route.spots[spot] + 1)
            if self._asks_on(spot.about):
                return spot, route
            self.talks.pop()
        raise Impossible("a value can be given and the flow asks on", "no conversation does")

    def _asks_on(self, name: str) -> bool:
        """Tell whether the slot is filled and the flow asks for something else, with nothing done yet."""
        frame, question = self.frame, self.talk.question
        if frame is None or question is None or question.frame != frame.id or frame.committed:
            return False
        return frame.values.get(name) is not None and question.slot != name

    async def go_on(self, turns: int = GO_ON_MAX, *, says_yes: bool | None = True) -> None:
        """Let the customer answer what is asked until nothing is."""
        customer = self.customer(says_yes=says_yes)
        for _ in range(turns):
            turn = customer.answer(self.talk.tracker, self.talk.now)
            if turn is None or (turn.verify and self.talk.stage.customer is None):
                return
            await self.talk.play(turn)

    async def to_the_end(self) -> None:
        """Let the flow run to its end, and see that it comes to one."""
        await self.go_on()
        stuck = self.frame is not None and self.talk.stage.customer is not None
        self.check(not stuck, f"{self.flow.flow} comes to an end")

    async def pause(self, seconds: float) -> None:
        """Let a little time pass."""
        await asyncio.sleep(seconds)

    async def ask(self) -> None:
        """Ask a question of knowledge; of a flow that answers such questions itself, another one."""
        name = "question_other" if self.flow.flow == "rates" else "question"
        await self.talk.say(self.phrase(name))

    async def other_business(self) -> str:
        """Ask for something else in the middle; return what was asked for."""
        name = "other_third" if self.flow.flow == "branch_hours" else "other_second"
        await self.talk.say(self.phrase(name))
        return name

    # --- judging

    def check(self, holds: bool, expected: str, found: str = "") -> None:
        """Note that something is not as expected."""
        self.talk.check(holds, expected, found)

    def same_question(self, before: Question, *, after: str) -> None:
        """See that the same thing is asked as before."""
        asked = self.talk.question
        same = asked is not None and (asked.what, asked.frame, asked.slot) == (
            before.what, before.frame, before.slot
        )  # fmt: skip
        self.check(same, f"after {after}, {before.what} {before.slot} is asked still")

    def said(self, *kinds: type[e.Body]) -> bool:
        """Tell whether the last turn holds an event of these kinds."""
        return any(self.talk.scene.bodies(kind) for kind in kinds)

    def copies(self) -> list[str]:
        """Return the approved texts used in the last turn, in order."""
        return [source.id for source in self.talk.scene.sources if source.kind == "copy"]

    def money_moved(self) -> list[str]:
        """Return what moved money in this conversation."""
        done = self.talk.scene.all_bodies(e.ActionCommitted)
        return [body.action for body in done if OPERATIONS[body.action].money]

    def effects(self, action: str) -> int:
        """Return how often the bank has done `action`, by its own books, for whoever."""
        effects = self.app.bank.snapshot()["effects"]
        assert isinstance(effects, list)
        return sum(1 for effect in effects if isinstance(effect, dict) and effect["action"] == action)

    def value(self, name: str) -> Value:
        """Return the value of a slot of the flow, running or ended."""
        return self.talk.scene.value(f"{self.flow.flow}.{name}")
