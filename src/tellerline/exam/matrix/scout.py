"""Finding ways: conversations that lead to every question a flow can ask, so that a case can begin there.

A scout plays a customer who begins the flow, in words of its cases and of its intents, and answers what is asked, each
time in another manner. Where it came past is kept as a route; played again, a route leads to the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

import msgspec
import yaml

from tellerline.bank.adapters.simulator.identity import TOKEN_PREFIX
from tellerline.bank.catalogue import OPERATIONS
from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.exam.case import Turn
from tellerline.exam.clock import LoopClock, run_virtually
from tellerline.exam.fresh import House
from tellerline.exam.load import load_flow_cases
from tellerline.exam.matrix.customer import Customer, Manner
from tellerline.exam.matrix.plenty import HELD, PLENTY
from tellerline.exam.matrix.shape import Shape
from tellerline.exam.matrix.talk import Caller, Talk
from tellerline.exam.matrix.words import WORDS
from tellerline.exam.run import START
from tellerline.exam.stage import Impossible

TURNS_MAX = 16
WALKS_MAX = 60
WALKS_USUAL = 20  # when all is found that can be missing for no good reason
WALKS_MIN = 5
EXAMPLES_MAX = 12  # examples of an intent that flows are begun with
MANNERS: tuple[tuple[str, bool | None], ...] = (
    ("first", True), ("last", False), ("any", None), ("first", None), ("last", True), ("any", True), ("any", False),
)  # fmt: skip


class Spot(NamedTuple):
    """A place in a flow: an open question about something, an action done, or the end, with its outcome."""

    what: str  # slot | confirm | verify | done | over
    about: str


PROVEN = Spot("verify", "")
"""Stands for any question of identity to somebody who can prove it."""


@dataclass(frozen=True)
class Route:
    """A conversation that came past some places. `spots[place]` is how many of its turns lead there."""

    caller: Caller
    turns: tuple[Turn, ...]
    spots: dict[Spot, int]

    @property
    def opener(self) -> str:
        """What began the flow."""
        said = self.turns[0].say
        return said if isinstance(said, str) else "\n".join(said or [])


@dataclass
class Atlas:
    """The routes of one flow in one language."""

    shape: Shape
    language: Language
    routes: list[Route] = field(default_factory=list)

    def places(self) -> set[Spot]:
        """Return every place some route comes past."""
        return {spot for route in self.routes for spot in route.spots}

    def ways(self, wanted: Callable[[Spot], bool]) -> list[tuple[Route, Spot]]:
        """Return the routes past places that are wanted."""
        return [(route, spot) for route in self.routes for spot in route.spots if wanted(spot)]


class Scout:
    """Makes the atlases of a house's flows. The same seed finds the same ways."""

    def __init__(self, house: House, seed: int) -> None:
        self._house = house
        self._seed = seed
        placed, _ = load_flow_cases(house.settings.pack)
        self._cases = placed
        self._atlases: dict[tuple[str, Language], Atlas] = {}

    def atlas(self, flow: str, language: Language) -> Atlas:
        """Return the ways through a flow, looked for when first needed."""
        known = self._atlases.get((flow, language))
        if known is None:
            shape = Shape(self._house.release.flows[flow])
            known = self._atlases[flow, language] = Atlas(shape, language)
            self._explore(known)
        return known

    def _explore(self, atlas: Atlas) -> None:
        shape = atlas.shape
        wanted = {Spot("slot", name) for name in shape.asks} | {
            Spot("done", action) for action in shape.actions
        }
        wanted |= {Spot("confirm", action) for action in shape.confirmed}
        wanted |= {PROVEN} if shape.level else set()
        must = {spot for spot in wanted if spot.what != "slot"} | {
            Spot("slot", name)
            for name in shape.asks
            if not shape.slot(name).default and not shape.slot(name).choices
        }
        random = Random(f"{self._seed}/{shape.flow.flow}/{atlas.language}")  # noqa: S311
        for number, (caller, opening, manner) in enumerate(self._starts(atlas, random)):
            places = atlas.places()
            if any(
                spot.what == "verify"
                for route in atlas.routes
                if route.caller.customer
                for spot in route.spots
            ):
                places.add(PROVEN)
            enough = wanted <= places and len(atlas.routes) >= WALKS_MIN
            if number >= WALKS_MAX or enough or (number >= WALKS_USUAL and not must - places):
                return
            route = run_virtually(self._walk(atlas, caller, opening, manner, random))
            if route is not None:
                atlas.routes.append(route)

    def _starts(self, atlas: Atlas, random: Random) -> Iterator[tuple[Caller, tuple[Turn, ...], Manner]]:
        """Yield ways to begin: as the flow's cases do, then with examples of its intents, by one customer after another."""
        name, language = atlas.shape.flow.flow, atlas.language
        manners = cycle(MANNERS)
        begun = [placed.case for placed in self._cases if placed.flow == name and placed.language == language]
        for case in begun:
            caller = Caller(case.start.customer, case.start.level)
            for opening in (case.turns[:1], case.turns):
                done = tuple(
                    Turn(say=turn.say, verify=turn.verify, choose=turn.choose)
                    for turn in opening
                    if not turn.wait
                )
                yield caller, done, self._manner(caller, *next(manners))
        examples = examples_of(self._house.settings.pack, atlas.shape.flow.intents, language)
        random.shuffle(examples)
        examples = examples or list(WORDS["undo"][language])
        customers: list[str | None] = [f"{TOKEN_PREFIX}{name}" for name in self._house.books.customers]
        random.shuffle(customers)
        customers = [*(f"{TOKEN_PREFIX}{name}" for name in (PLENTY, HELD)), *customers]
        customers.insert(len(customers) // 3, None)
        for text, customer in zip(cycle(examples[:EXAMPLES_MAX]), cycle(customers), strict=False):
            caller = Caller(customer, random.choice((0, 1, 1, 2)) if customer else 0)
            yield caller, (Turn(say=text),), self._manner(caller, *next(manners))

    def _manner(self, caller: Caller, pick: str, says_yes: bool | None) -> Manner:
        person = self._house.person(caller.customer)
        chosen = msgspec.convert(pick, Literal["first", "last", "any"])
        return Manner(
            pick=chosen, says_yes=says_yes, own_phone=person.phone, last_four=self._house.last_four(person.id)
        )

    async def _walk(
        self, atlas: Atlas, caller: Caller, opening: tuple[Turn, ...], manner: Manner, random: Random
    ) -> Route | None:
        """Begin as told, then answer what is asked; None when that does not begin the flow."""
        flow = atlas.shape.flow.flow
        clock = LoopClock(START)
        async with self._house.compose(clock) as app:
            talk = Talk(app, caller, atlas.language, alarm=True)
            customer = Customer(self._house.release, atlas.language, random, manner)
            await talk.open()
            turns: list[Turn] = []
            spots: dict[Spot, int] = {}
            while len(turns) < TURNS_MAX:
                turn = (
                    opening[len(turns)]
                    if len(turns) < len(opening)
                    else customer.answer(talk.tracker, clock.now())
                )
                try:
                    await talk.play(turn) if turn else None
                except Impossible:
                    break
                if turn is None:
                    break
                turns.append(turn)
                if is_alarmed(talk) and not atlas.shape.looks_for_scams:
                    return None  # it leads somewhere else than the flow
                for spot in spots_of(talk, flow) if has_begun(talk, atlas.shape) else ():
                    spots.setdefault(spot, len(turns))
                if len(turns) >= len(opening) and talk.frame(flow) is None:
                    break
        return Route(caller, tuple(turns), spots) if spots else None


def is_alarmed(talk: Talk) -> bool:
    """Tell whether the conversation was taken for a crisis or a scam."""
    crisis = any(body.reason == "crisis" for body in talk.scene.all_bodies(e.HandoverRequested))
    return crisis or talk.tracker.suspected_scam


def has_begun(talk: Talk, shape: Shape) -> bool:
    """Tell whether the flow has begun; one that only hands over needs no frame for it."""
    if shape.flow.flow in [body.flow for body in talk.scene.all_bodies(e.FlowStarted)]:
        return True
    return not shape.waits and bool(talk.scene.all_bodies(e.HandoverRequested))


def spots_of(talk: Talk, flow: str) -> Iterator[Spot]:
    """Yield the places where a conversation stands."""
    frame, question = talk.frame(flow), talk.question
    if frame is not None and question is not None and question.frame == frame.id:
        about = question.slot
        if question.what == "confirm" and frame.pending is not None:
            about = frame.pending.action
        if question.what == "verify":
            about = str(question.level)
        yield Spot(question.what, about)
    for body in talk.scene.bodies(e.ActionCommitted):
        if body.action in OPERATIONS:
            yield Spot("done", body.action)
    if frame is None and not talk.tracker.stack:
        yield Spot("over", talk.scene.outcomes.get(flow, ""))


def examples_of(pack: Path, intents: Sequence[str], language: Language) -> list[str]:
    """Return what customers say for a flow's intents, from the pack."""
    found: list[str] = []
    for intent in intents:
        path = pack / "intents" / language / f"{intent}.yaml"
        if path.exists():
            found += [str(text) for text in yaml.safe_load(path.read_text("utf-8"))]
    return found
