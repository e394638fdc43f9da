"""What is remembered, folded in memory: the same contract as the tables of the record, gone with the process."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import msgspec

from tellerline.domain import event as e
from tellerline.domain.remembered import Contact, Promised, Remembered, key_of
from tellerline.memory.fold import Claim, Forget, Note, Settle, changes_of, in_force

UNCLAIMED_KEPT = timedelta(days=1)
"""How long it may take until it is known whose conversation it is."""


class Book:
    """Implements `Memory` over the events that were added to it."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str, str], Remembered] = {}
        self._owners: dict[str, str] = {}
        self._channels: dict[str, str] = {}
        self._lines: defaultdict[str, list[Forget]] = defaultdict(list)

    def add(self, conversation: str, event: e.Event) -> None:
        """Fold in the next event of a conversation."""
        if isinstance(event.body, e.ConversationOpened):
            self._channels[conversation] = event.body.channel
            if event.body.customer is not None:
                self._owners[conversation] = event.body.customer
        for change in changes_of(conversation, event, self._channels.get(conversation, "")):
            match change:
                case Note(item=item):
                    self._items[conversation, item.kind, key_of(item.value)] = item
                case Settle():
                    self._settle(conversation, change)
                case Claim(customer=customer):
                    self._owners[conversation] = customer
                case Forget():
                    self._lines[self._owners.get(conversation, "")].append(change)

    def _settle(self, conversation: str, change: Settle) -> None:
        place = conversation, change.kind, change.key
        item = self._items.get(place)
        if item is None:
            return
        value = item.value
        if isinstance(value, Contact) and change.outcome is not None:
            value = msgspec.structs.replace(value, outcome=change.outcome)
        elif isinstance(value, Promised):
            value = msgspec.structs.replace(value, is_open=False)
        self._items[place] = msgspec.structs.replace(item, value=value)

    async def recall(self, customer: str, *, at: datetime) -> list[Remembered]:
        """See `Memory.recall`."""
        lines = self._lines[customer]
        own = (item for item in self._items.values() if self._owners.get(item.conversation) == customer)
        return in_force((item for item in own if not any(line.covers(item) for line in lines)), at)

    async def purge(self, *, at: datetime) -> int:
        """See `Memory.purge`."""
        gone = [place for place, item in self._items.items() if self._is_gone(item, at)]
        for place in gone:
            del self._items[place]
        return len(gone)

    def _is_gone(self, item: Remembered, at: datetime) -> bool:
        owner = self._owners.get(item.conversation)
        if item.expires_at <= at or (owner is None and item.at <= at - UNCLAIMED_KEPT):
            return True
        return any(line.covers(item) for line in self._lines[owner or ""])
