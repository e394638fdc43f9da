"""Conversations with an action whose outcome is not known: the bank is asked now and then until it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from tellerline.dialogue.tracker import Tracker
from tellerline.domain.event import ConversationId

WAIT_MAX_S = 600.0


class Doubts:
    """Asks for each conversation separately, less often the longer it takes.

    ask: takes a turn that asks the bank what became of it; the customer is told once it is known.
    """

    def __init__(
        self,
        *,
        wait_s: float,
        tracker: Callable[[ConversationId], Awaitable[Tracker]],
        ask: Callable[[ConversationId], Awaitable[None]],
        spawn: Callable[[Coroutine[None, None, None]], object],
    ) -> None:
        self._wait_s = wait_s
        self._tracker = tracker
        self._ask = ask
        self._spawn = spawn
        self._watched: set[ConversationId] = set()

    def watch(self, conversation: ConversationId) -> None:
        """Ask about `conversation` until everything is known of it."""
        if conversation not in self._watched:
            self._watched.add(conversation)
            self._spawn(self._reconcile(conversation))

    async def _reconcile(self, conversation: ConversationId) -> None:
        wait_s = self._wait_s
        try:
            while (await self._tracker(conversation)).unknown:
                await asyncio.sleep(wait_s)
                await self._ask(conversation)
                wait_s = min(wait_s * 2, WAIT_MAX_S)
        finally:
            self._watched.discard(conversation)
