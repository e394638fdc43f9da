"""The desk put together: its state, what people do, what happens by itself, and who may come in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tellerline.bank.catalogue import OPERATIONS
from tellerline.desk.customer import Customers, Lookups, Tokens
from tellerline.desk.duties import Duties
from tellerline.desk.ground import Ground
from tellerline.desk.guiding import Guiding
from tellerline.desk.helping import Helping
from tellerline.desk.office import Office
from tellerline.desk.pack import DeskPack
from tellerline.desk.phrases import Phrases
from tellerline.desk.room import DeskRoom
from tellerline.desk.sign_in import SignIn
from tellerline.desk.speaking import Speaking
from tellerline.desk.staffing import Staffing
from tellerline.desk.taking import Taking
from tellerline.desk.watch import Watch, load_waiting
from tellerline.desk.words import Redact, Words
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.release import Release
from tellerline.domain.event import ConversationId
from tellerline.domain.language import Language
from tellerline.flows.spec import Flow
from tellerline.knowledge.answer import Answer

Waiting = Callable[[], Awaitable[Sequence[ConversationId]]]
"""Lists the conversations that wait, are attended to, or hold a promise of the staff."""


@dataclass(frozen=True)
class StaffDesk:
    """The parts that the doors open to. demo: ready accounts are shown to whoever wants to sign in."""

    room: DeskRoom
    pack: DeskPack
    sign_in: SignIn
    staffing: Staffing
    ground: Ground
    taking: Taking
    speaking: Speaking
    duties: Duties
    guiding: Guiding
    customers: Customers
    helping: Helping
    office: Office
    watch: Watch
    phrases: Phrases
    waiting: Waiting
    current: Callable[[], Release]
    demo: bool = False

    def procedures(self) -> list[dict[str, object]]:
        """List what can be started as a form, and the identity level its actions need."""
        flows = self.current().flows.values()
        return [
            {"flow": flow.flow, "title": flow.title, "level": _level_of(flow)}
            for flow in sorted(flows, key=lambda flow: flow.flow)
            if any(step.handover is None and step.end is None for step in flow.steps)
        ]

    def ask(self, question: str, language: Language) -> Answer | None:
        """Answer from what is in force today, or not at all."""
        today = self.room.clock.now().astimezone(BANK_ZONE).date()
        found, _ = self.current().knowledge.answer(question, language=language, on=today)
        return found

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Know the staff, take up what the record holds, and keep watch while open."""
        if self.demo:
            await asyncio.to_thread(self.sign_in.add_demo, self.pack.staff)
        for account in self.room.book.accounts():
            self.room.enter(account)
        await load_waiting(self.room, await self.waiting())
        watch = asyncio.create_task(self.watch.run())
        try:
            yield
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


def build_desk(
    *,
    room: DeskRoom,
    redact: Redact,
    bank: Lookups,
    tokens: Tokens,
    key: bytes,
    waiting: Waiting,
    current: Callable[[], Release],
    call_back_by: Callable[[datetime], datetime | None],
    demo: bool,
) -> StaffDesk:
    """Put the desk together around its state."""
    words = Words(room.pack, redact)
    ground = Ground(room, words)
    helping = Helping(room)
    sign_in = SignIn(room.book, room.clock, key)
    customers = Customers(room, bank, tokens)

    async def after() -> None:
        await customers.learn_names()
        await helping.tell()

    return StaffDesk(
        room=room,
        pack=room.pack,
        sign_in=sign_in,
        staffing=Staffing(room.book, sign_in, room.clock),
        ground=ground,
        taking=Taking(ground),
        speaking=Speaking(ground),
        duties=Duties(ground),
        guiding=Guiding(ground, customers.reveal),
        customers=customers,
        helping=helping,
        office=Office(ground, current),
        watch=Watch(room, words, after=after, call_back_by=call_back_by),
        phrases=Phrases(room.pack.phrases, room.book.phrases),
        waiting=waiting,
        current=current,
        demo=demo,
    )


def _level_of(flow: Flow) -> int:
    return max((int(OPERATIONS[step.do].level) for step in flow.steps if step.do is not None), default=0)
