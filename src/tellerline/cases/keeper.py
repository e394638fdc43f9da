"""Acting on timers when their moment has come: claim, act, put away. What acting leads to is the caller's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from tellerline.cases.timers import CLAIM_MAX, Timer, Timers
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, NotFound, ServiceError

log_line = structlog.get_logger("tellerline.cases")

Act = Callable[[Timer], Awaitable[None]]
"""Looks at a case because of its timer. Raises: Conflict when another node was first; acting again then finds it done."""


class Keeper:
    """Keeps the clocks of a node. `holder` names the node; two nodes never have the same."""

    def __init__(self, timers: Timers, act: Act, clock: Clock, *, holder: str) -> None:
        self._timers = timers
        self._act = act
        self._clock = clock
        self._holder = holder

    async def sweep(self) -> int:
        """Act on every timer that is due; return how many were put away.

        One that could not be acted on stays where it is, and is due again when its lease is over.
        """
        count = 0
        while claimed := await self._timers.claim(self._holder, now=self._clock.now()):
            for timer in claimed:
                count += await self._keep(timer)
            if len(claimed) < CLAIM_MAX:
                break
        return count

    async def _keep(self, timer: Timer) -> bool:
        try:
            try:
                await self._act(timer)
            except Conflict:  # what this node remembered of the conversation was old; it reads it anew
                await self._act(timer)
        except NotFound:
            log_line.warning("a timer of no conversation is put away", number=timer.number)
        except ServiceError as error:
            log_line.warning("a timer waits for another try", number=timer.number, code=error.code)
            return False
        await self._timers.settle(timer)
        return True
