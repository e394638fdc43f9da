"""What goes wrong: the process dies at an append, the store refuses one, the bank has a bad moment."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tellerline.bank.adapters.simulator import Simulator
from tellerline.dialogue.ports import Loaded
from tellerline.domain.errors import Unavailable
from tellerline.domain.event import ConversationId, Event
from tellerline.testing.steady import SteadyLog

DIES_BEFORE, DIES_AFTER, REFUSES = 0.012, 0.012, 0.012
"""How often, of all appends: the process dies and nothing is written; it is written and nobody hears of it; not now."""
BAD_MOMENT = 0.16
"""How often the bank fails in some way at the next thing it is asked."""
FAULTS = (
    "slow", "slow", "unavailable", "unavailable", "unknown_done", "unknown_not_done", "duplicate_ack", "terms_changed",
    "status_unavailable",
)  # fmt: skip
SLOW_MS = (200, 2_000, 20_000)


class Died(Exception):
    """The process is dead; whoever calls it hears nothing."""


class StormyLog:
    """A record whose process may die at any append. Once dead, it answers nobody; the file stays as it is."""

    def __init__(self, log: SteadyLog, random: Random, *, calm: bool = False) -> None:
        self._log = log
        self.cases = log.cases
        self._random = random
        self._calm = calm
        self.dead = False
        self.deaths = 0

    def calm_down(self) -> None:
        """Let nothing more go wrong."""
        self._calm = True

    def _check(self) -> None:
        if self.dead:
            raise Died

    def _die(self) -> None:
        self.dead = True
        self.deaths += 1
        raise Died

    async def append(
        self, conversation: ConversationId, events: Sequence[Event], *, snapshot: bytes | None = None
    ) -> None:
        """Append, unless something goes wrong. Raises: Died; Unavailable; as `EventLog.append`."""
        self._check()
        chance = 1.0 if self._calm else self._random.random()
        if chance < DIES_BEFORE:
            self._die()
        if chance < DIES_BEFORE + REFUSES:
            raise Unavailable("store", "the record cannot be written now")
        await self._log.append(conversation, events, snapshot=snapshot)
        if chance < DIES_BEFORE + REFUSES + DIES_AFTER:
            self._die()

    async def load(self, conversation: ConversationId) -> Loaded:
        """See `EventLog.load`."""
        self._check()
        return await self._log.load(conversation)

    async def read(self, conversation: ConversationId, *, after: int = 0, limit: int = 10_000) -> list[Event]:
        """See `EventLog.read`."""
        self._check()
        return await self._log.read(conversation, after=after, limit=limit)

    async def find_message(self, conversation: ConversationId, client_id: str) -> int | None:
        """See `EventLog.find_message`."""
        self._check()
        return await self._log.find_message(conversation, client_id)

    async def unanswered(self) -> list[ConversationId]:
        """See `EventLog.unanswered`."""
        self._check()
        return await self._log.unanswered()

    async def doubtful(self) -> list[ConversationId]:
        """See `EventLog.doubtful`."""
        self._check()
        return await self._log.doubtful()


def trouble(bank: Simulator, random: Random) -> str:
    """Perhaps let the bank fail once, soon, in some way; return how."""
    if random.random() >= BAD_MOMENT:
        return ""
    kind = random.choice(FAULTS)
    bank.faults.set(
        "*", kind, times=random.choice((1, 1, 2)), delay_ms=random.choice(SLOW_MS) if kind == "slow" else 0
    )
    return kind
