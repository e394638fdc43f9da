"""One run: a bank, a counter that may die and come back, and a few customers, all drawn from one seed."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec

from tellerline.app import App
from tellerline.bank.adapters.simulator.identity import TOKEN_PREFIX
from tellerline.dialogue.engine import load_conversation
from tellerline.dialogue.replay import replay
from tellerline.dialogue.tracker import Tracker, fold
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, NotFound, Refused, Unavailable
from tellerline.domain.language import LANGUAGES
from tellerline.exam.always import check_always
from tellerline.exam.case import Expected
from tellerline.exam.clock import LoopClock
from tellerline.exam.fresh import House
from tellerline.exam.judge import Finding
from tellerline.exam.matrix.customer import Manner
from tellerline.exam.matrix.scout import examples_of
from tellerline.exam.run import START
from tellerline.exam.scene import Scene
from tellerline.exam.simulation.law import Kept, check_run, effects_of
from tellerline.exam.simulation.person import GOALS, Act, Person
from tellerline.exam.simulation.storm import Died, StormyLog, trouble
from tellerline.testing.steady import SteadyLog

CUSTOMERS = 3
LOOK_S = 0.25
PATIENCE_S = 120.0
TRIES_MAX = 60
SETTLE_S = 1_800.0  # after the storm: reconciliations ask again at growing distances
SILENCE_S = 200.0
ANY_ALARM = Expected(alarm=True)


class Run(msgspec.Struct, frozen=True):
    """What a seed came to. digest: of all records, byte for byte; findings: of a conversation, or of the run ("")."""

    seed: int
    conversations: int
    turns: int
    deaths: int
    effects: int
    digest: str
    findings: list[tuple[str, Finding]]


class Line:
    """A customer's line to the counter: delivers again what was not acknowledged, as a client does."""

    def __init__(self, world: World, person: Person, customer: str | None, level: int) -> None:
        self.world = world
        self.person = person
        self.customer = customer
        self.level = level
        self.name = e.ConversationId("")
        self.acknowledged: list[str] = []
        self.secrets: list[str] = []
        self._sent = 0
        self._seen = 0

    async def open(self) -> None:
        """Open the conversation; a customer tries until somebody answers."""
        token = self.customer if self.level else None
        for _ in range(TRIES_MAX):
            try:
                counter = self.world.app.counter
                opened = await counter.open(
                    channel="simulation", language=self.person.language, customer_token=token
                )
            except (Died, Unavailable):
                await self.world.revive()
                continue
            self.name = opened.id
            return
        raise AssertionError("no counter answers")

    async def live(self) -> None:
        """Talk until the customer leaves."""
        await self.open()
        while True:
            act = self.person.decide(await self.tracker(), self.world.clock.now())
            if act.kind == "leave":
                return
            await asyncio.sleep(act.pause_s)
            self.world.stir()
            await self.do(act)
            await self.look()

    async def tracker(self) -> Tracker:
        """Return where the conversation stands, as it is stored."""
        return (await load_conversation(self.world.file, self.name)).tracker

    async def do(self, act: Act) -> None:
        """Do one thing and wait until it is answered."""
        self.secrets += act.secrets
        match act.kind:
            case "say":
                await self._deliver(act.texts[0])
            case "twice":
                client_id = await self._deliver(act.texts[0])
                await self._deliver(act.texts[0], client_id)
            case "burst":
                for text in act.texts:
                    await self._deliver(text)
                    await asyncio.sleep(0.2)
            case "silence":
                await asyncio.sleep(SILENCE_S)
            case _:
                await self._verify(act.method, right=act.kind == "verify")
        await self.world.answered(self.name)

    async def _deliver(self, text: str, client_id: str = "") -> str:
        if not client_id:
            self._sent += 1
            client_id = f"m{self._sent}"
        for _ in range(TRIES_MAX):
            try:
                await self.world.app.counter.receive(self.name, client_id=client_id, text=text)
            except (Died, Unavailable):
                await self.world.revive()
                continue
            except Conflict as conflict:
                if conflict.code == "conversation_closed":
                    return client_id
                continue
            if client_id not in self.acknowledged:
                self.acknowledged.append(client_id)
            return client_id
        raise AssertionError("no counter takes the message")

    async def _verify(self, method: str, *, right: bool) -> None:
        try:
            counter = self.world.app.counter
            challenge = await counter.start_verification(self.name, method)
            answer = await self.world.on_the_phone(self.customer, method, right=right)
            code = answer.get("code")
            self.secrets += [str(code)] if code else []
            await counter.check_verification(self.name, challenge.id, answer)
        except Died:
            await self.world.revive()
        except (Refused, NotFound, Conflict, Unavailable):
            return  # the widget says so; the customer goes on in the chat

    async def look(self) -> None:
        """Judge what has happened since the last look."""
        record = await self.world.file.read(self.name)
        scene = Scene(record, self._seen, {})
        self._seen = len(record)
        for finding in check_always(scene, ANY_ALARM, answered=False, secrets=self.secrets):
            self.world.findings.append((str(self.name), finding))


class World:
    """A run in the making. `file` is the record as anybody may read it; `log` is the process's, which may be dead."""

    def __init__(self, house: House, seed: int, path: Path) -> None:
        self.house = house
        self.seed = seed
        self.path = path
        self.random = Random(f"world/{seed}")  # noqa: S311
        self.clock = LoopClock(START)
        self.bank = house.bank(self.clock, Random(f"codes/{seed}"))  # noqa: S311
        self.file = SteadyLog(path)
        self.log = StormyLog(self.file, self.random)
        self.findings: list[tuple[str, Finding]] = []
        self.app = self._start()
        self._reviving = asyncio.Lock()

    def _start(self) -> App:
        names = Random(f"names/{self.seed}/{self.log.deaths}")  # noqa: S311
        return self.house.make(self.clock, names, bank=self.bank, log=self.log)

    async def run(self) -> Run:
        """Let the customers talk, then let the storm pass, and judge."""
        lines = [self._line(number) for number in range(CUSTOMERS)]
        sweep = asyncio.create_task(self._sweep())
        try:
            await asyncio.gather(*(self._live(line) for line in lines))
            await self._settle()
        finally:
            sweep.cancel()
            await self.app.counter.close()
        for line in lines:
            await line.look()
        run = await self._judge(lines)
        self.file.close()
        return run

    async def _live(self, line: Line) -> None:
        try:
            await line.live()
        except Exception as error:  # boundary: one customer; what broke the line is a finding
            self.findings.append(
                (str(line.name), Finding("the customer is served", f"{type(error).__name__}: {error}"))
            )

    def _line(self, number: int) -> Line:
        random = Random(f"person/{self.seed}/{number}")  # noqa: S311
        language = random.choice(LANGUAGES)
        token = random.choice([None, *(f"{TOKEN_PREFIX}{name}" for name in self.house.books.customers)])
        owner = self.house.person(token)
        manner = Manner("any", None, owner.phone, self.house.last_four(owner.id))
        goals = [self._goal(random, language) for _ in range(random.choice(GOALS))]
        person = Person(self.house.release, language, random, goals, manner)
        return Line(self, person, token, random.choice((0, 1, 1)) if token else 0)

    def _goal(self, random: Random, language: str) -> str:
        flows = [flow for flow in self.house.release.flows.values() if flow.intents]
        flow = random.choice(flows)
        spoken = next(known for known in LANGUAGES if known == language)
        return random.choice(examples_of(self.house.settings.pack, flow.intents, spoken))

    # --- what goes wrong

    def stir(self) -> None:
        """Perhaps let the bank have a bad moment."""
        trouble(self.bank, self.random)

    async def revive(self) -> None:
        """Start the counter again if it is dead; otherwise give it a moment."""
        async with self._reviving:
            if not self.log.dead:
                await asyncio.sleep(LOOK_S)
                return
            await self.app.counter.close()
            self.log.dead = False
            self.app = self._start()
            try:
                await self.app.counter.recover()
            except (Died, Unavailable):
                await asyncio.sleep(LOOK_S)

    async def answered(self, name: e.ConversationId) -> None:
        """Wait until everything a customer has said is answered; who waits long enough calls again."""
        waited_s = 0.0
        while waited_s < PATIENCE_S:
            await asyncio.sleep(LOOK_S)
            waited_s += LOOK_S
            if self.log.dead:
                await self.revive()
            elif name not in await self.file.unanswered():
                return

    async def _sweep(self) -> None:
        """Look for silent customers now and then, as the application does."""
        while True:
            await asyncio.sleep(10)
            try:
                await self.app.counter.notice_silence()
            except (Died, Unavailable, Conflict):
                await self.revive()

    async def _settle(self) -> None:
        self.log.calm_down()
        self.bank.faults.clear()
        await self.revive()
        waited_s = 0.0
        while waited_s < SETTLE_S and (await self.file.unanswered() or await self.file.doubtful()):
            await asyncio.sleep(10)
            waited_s += 10

    async def on_the_phone(self, customer: str | None, method: str, *, right: bool) -> Record:
        """Return what a customer types into the widget, having looked at their phone."""
        if customer is None:
            return {"phone": "13900000000", "id_last_four": "0000", "code": "000000"}
        person = self.house.person(customer)
        if method == "identify":
            return {"phone": person.phone, "id_last_four": person.id_last_four if right else "0000"}
        entries = await self.app.demo.phone(customer)
        if method == "face":
            check = next((entry for entry in entries if entry.get("state") == "pending"), None)
            if check is not None:
                await self.app.demo.answer_face(customer, str(check["id"]), approve=right)
            return {}
        code = next((str(entry["code"]) for entry in entries if entry.get("code")), "000000")
        return {"code": code if right else code[::-1]}

    # --- what came of it

    async def _judge(self, lines: Sequence[Line]) -> Run:
        kept = [Kept(str(line.name), await self.file.read(line.name), line.acknowledged) for line in lines]
        effects = effects_of(self.bank.snapshot())
        found = [*self.findings, *check_run(kept, effects, await self.file.unanswered(), self.path)]
        for line in lines:
            found += [(str(line.name), finding) for finding in await self._recollection(line)]
        encoded = [msgspec.json.encode(event) for conversation in kept for event in conversation.record]
        turns = sum(
            isinstance(event.body, e.TurnEnded) for conversation in kept for event in conversation.record
        )
        digest = hashlib.sha256(b"\n".join(encoded)).hexdigest()
        return Run(self.seed, len(lines), turns, self.log.deaths, len(effects), digest, found)

    async def _recollection(self, line: Line) -> list[Finding]:
        record = await self.file.read(line.name)
        folded = Tracker(conversation=line.name)
        for event in record:
            fold(folded, event)
        findings = []
        if (await line.tracker()) != folded:
            findings.append(Finding("the tracker kept is the fold of the record", "another one"))
        difference = await replay(line.name, record, self.house.release)
        if difference is not None:
            findings.append(
                Finding("a replay gives the same events", f"event {difference.sequence} {difference.why}")
            )
        return findings


def make_template(folder: Path) -> Path:
    """Make an empty record once, to be copied for each run."""
    path = folder / "template.sqlite3"
    SteadyLog(path).close()
    return path


def copy_template(template: Path, path: Path) -> Path:
    """Return a fresh record."""
    shutil.copyfile(template, path)
    return path
