"""One case on the real counter: the customer's side of a conversation, in a fresh bank, on a clock of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from tellerline.bank.adapters.simulator import Simulator
from tellerline.bank.adapters.simulator.identity import TOKEN_PREFIX
from tellerline.channels.counter import Counter
from tellerline.dialogue.engine import load_conversation
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.releases import Releases
from tellerline.dialogue.replay import replay
from tellerline.dialogue.tracker import Tracker, fold
from tellerline.domain import event as e
from tellerline.domain.data import Record
from tellerline.domain.errors import Refused
from tellerline.domain.language import Language
from tellerline.domain.party import CustomerId
from tellerline.domain.remembered import Remembered
from tellerline.exam.case import Again, Case, Fault, Method, Turn, Verify
from tellerline.exam.judge import Finding
from tellerline.exam.scene import Scene
from tellerline.memory.port import Memory
from tellerline.web.ports import DemoBank

CHANNEL = "exam"
TYPING_S = 0.3  # between the messages of a burst
LOOK_S = 0.1  # how often it is looked whether the assistant has answered
PATIENCE_S = 60.0  # how long an answer is waited for
NO_BUTTON = "the last message has a button"


class Impossible(Exception):
    """The case asks for something that the conversation does not offer: a button, a widget, a code."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"{expected}: {found}")
        self.finding = Finding(expected, found)


class Composition(Protocol):
    """What the exam needs of a counter that is put together."""

    @property
    def counter(self) -> Counter:
        """Serves the conversation."""
        ...

    @property
    def bank(self) -> Simulator:
        """The simulated bank, with its switches."""
        ...

    @property
    def demo(self) -> DemoBank:
        """The demonstration bank's other side."""
        ...

    @property
    def log(self) -> EventLog:
        """The record."""
        ...

    @property
    def memory(self) -> Memory:
        """What is remembered of customers."""
        ...

    @property
    def releases(self) -> Releases:
        """The releases; the one in force is examined."""
        ...


class Stage:
    """Holds one conversation. `codes` are the one-time codes used so far; they may be kept nowhere."""

    def __init__(self, composition: Composition, case: Case, language: str) -> None:
        self._at = composition
        self._case = case
        self._language = language
        self._id = e.ConversationId("")
        self._held: list[e.ConversationId] = []
        self._customer: str | None = None
        self._seen = 0
        self._said = 0
        self.codes: list[str] = []

    async def open(self) -> Scene:
        """Open the conversation as the case begins, up to the identity level it begins with."""
        start = self._case.start
        await self._open(start.customer, start.level, self._own_language)
        self.break_bank(start.faults)
        return await self._scene()

    async def _open(self, customer: str | None, level: int, language: Language | None) -> None:
        self._customer = customer
        opened = await self._at.counter.open(
            channel=CHANNEL, language=language, customer_token=customer if level else None
        )
        self._id, self._seen = opened.id, 0
        self._held.append(opened.id)
        if level == 2:
            await self._verify(Verify(method="otp"))

    async def _come_again(self, again: Again) -> None:
        start = self._case.start
        customer = start.customer if again.customer is None else again.customer or None
        level = start.level if again.level is None else again.level
        language = None if again.language == "theirs" else again.language or self._own_language
        await self._open(customer, level if customer else 0, language)

    @property
    def _own_language(self) -> Language:
        return "zh" if self._language == "zh" else "en"

    @property
    def conversation(self) -> e.ConversationId:
        """The conversation's name, once it is open."""
        return self._id

    @property
    def customer(self) -> str | None:
        """Whose phone and papers are at hand: a customer's token, or None for a stranger."""
        return self._customer

    def move(self, composition: Composition) -> None:
        """Go on at another counter with the same record and bank."""
        self._at = composition

    async def play(self, turn: Turn) -> Scene:
        """Do what the customer does in this turn, and wait until it is answered.

        Raises: Impossible.
        """
        if turn.faults is not None:
            self.break_bank(turn.faults)
        if turn.say is not None:
            await self._say([turn.say] if isinstance(turn.say, str) else turn.say)
        elif turn.choose is not None:
            await self._say([await self._button(turn.choose)])
        elif turn.verify is not None:
            await self._verify(turn.verify)
        elif turn.wait is not None:
            await asyncio.sleep(turn.wait * 60)
        elif turn.again is not None:
            await self._come_again(turn.again)
        return await self._scene()

    async def rest(self) -> Scene:
        """Wait until everything received is answered, and return what has happened since the last look."""
        await self._until_answered(0)
        return await self._scene()

    def break_bank(self, faults: Mapping[str, Fault]) -> None:
        """Let operations of the bank fail from here on; {} mends it."""
        self._at.bank.faults.clear()
        for operation, fault in faults.items():
            self._at.bank.faults.set(operation, fault)

    async def recollection(self) -> list[Finding]:
        """Compare what is kept with the record: the tracker is its fold, and deciding it anew gives the same events."""
        return [finding for name in self._held for finding in await self._recollected(name)]

    async def _recollected(self, name: e.ConversationId) -> list[Finding]:
        record = await self._at.counter.all_events(name)
        folded = Tracker(conversation=name)
        for event in record:
            fold(folded, event)
        findings: list[Finding] = []
        if (await load_conversation(self._at.log, name)).tracker != folded:
            findings.append(Finding("the tracker kept is the fold of the record", "another one"))
        difference = await replay(name, record, self._at.releases.current)
        if difference is not None:
            found = e.kind_of(difference.found.body) if difference.found else "nothing"
            wanted = e.kind_of(difference.expected.body) if difference.expected else "the end"
            place = f"event {difference.sequence}"
            findings.append(Finding(f"replay: {wanted} as {place}", f"{found} {difference.why}".strip()))
        return findings

    # --- what the customer does

    async def _say(self, texts: list[str]) -> None:
        sequence = 0
        for index, text in enumerate(texts):
            if index:
                await asyncio.sleep(TYPING_S)
            self._said += 1
            received = await self._at.counter.receive(self._id, client_id=f"m{self._said}", text=text)
            sequence = received.sequence
        await self._until_answered(sequence)

    async def _until_answered(self, sequence: int) -> None:
        waited_s = 0.0
        while waited_s < PATIENCE_S:
            await asyncio.sleep(LOOK_S)
            waited_s += LOOK_S
            if self._id in await self._at.log.unanswered():
                continue
            held = await load_conversation(self._at.log, self._id)
            if held.tracker.answered >= sequence and not held.tracker.turn_open:
                return

    async def _button(self, wanted: str | int) -> str:
        record = await self._at.counter.all_events(self._id)
        offered = [event.body.choices for event in record if isinstance(event.body, e.MessageSent)]
        choices = next((choices for choices in reversed(offered) if choices), [])
        if isinstance(wanted, int):
            if 0 < wanted <= len(choices):
                return choices[wanted - 1].value
        else:
            for choice in choices:
                if choice.label == wanted:
                    return choice.value
        raise Impossible(f"{NO_BUTTON} {wanted!r}", ", ".join(choice.label for choice in choices) or "none")

    async def _verify(self, verify: Verify) -> None:
        counter = self._at.counter
        try:
            challenge = await counter.start_verification(self._id, verify.method)
            answer = await self._answer(verify, challenge.id)
            await counter.check_verification(self._id, challenge.id, answer)
        except Refused as refusal:
            raise Impossible(f"the widget takes {verify.method}", refusal.code) from refusal

    async def _answer(self, verify: Verify, challenge: str) -> Record:
        """Return what the customer types into the widget, having looked at the phone."""
        customer = self._customer
        if customer is None:
            raise Impossible("a customer with a phone", "the case has none")
        right = verify.answer == "right"
        method: Method = verify.method
        if method == "identify":
            person = self._at.bank.core.customers.get(CustomerId(customer.removeprefix(TOKEN_PREFIX)))
            if person is None:
                raise Impossible("a demonstration customer", f"there is no {customer!r}")
            return {"phone": person.phone, "id_last_four": person.id_last_four if right else "0000"}
        entries = await self._at.demo.phone(customer)
        if method == "face":
            check = next((entry for entry in entries if entry.get("kind") == "face"), None)
            if check is None:
                raise Impossible("a face check on the phone", "none")
            await self._at.demo.answer_face(customer, str(check["id"]), approve=right)
            return {}
        code = next((str(entry["code"]) for entry in entries if entry.get("code")), "")
        self.codes.append(code)
        return {"code": code if right else _other(code)}

    # --- what is seen

    async def _scene(self) -> Scene:
        record = await self._at.counter.all_events(self._id)
        customer = self._case.start.customer
        books = await self._at.demo.state(customer) if customer else {}
        remembered: list[Remembered] = []
        if customer:
            own = CustomerId(customer.removeprefix(TOKEN_PREFIX))
            remembered = await self._at.memory.recall(own, at=record[-1].at)
        scene = Scene(record, self._seen, books, remembered)
        self._seen = record[-1].sequence if record else 0
        return scene


def _other(code: str) -> str:
    """Return a code of the same length that is surely wrong."""
    return "".join(str((int(digit) + 1) % 10) for digit in code)
