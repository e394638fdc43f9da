"""What is remembered, as a fold of the conversations' events.

The events of one conversation come in their order; conversations come in any order, and the result is the same. That is
why forgetting is a line in time: what was noted up to it is not remembered, whenever it is folded in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from tellerline.domain import event as e
from tellerline.domain.command import SwitchLanguage
from tellerline.domain.remembered import (
    Contact,
    Kind,
    Outcome,
    Preference,
    Promised,
    Remembered,
    Speaks,
    key_of,
)
from tellerline.memory.kind import noted


class Note(msgspec.Struct, frozen=True):
    """Remember `item`; of a preference, only the newest of its kind counts."""

    item: Remembered


class Settle(msgspec.Struct, frozen=True):
    """A contact of this conversation came to an outcome, or a promise of it was kept."""

    kind: Kind
    key: str
    outcome: Outcome | None = None


class Claim(msgspec.Struct, frozen=True):
    """It is known now whose conversation this is: what was noted in it belongs to `customer`."""

    customer: str


class Forget(msgspec.Struct, frozen=True):
    """What was noted up to `at` is forgotten: all there is of the named kind, conversation and key; "" names any."""

    at: datetime
    kind: str = ""
    conversation: str = ""
    key: str = ""

    def covers(self, item: Remembered) -> bool:
        """Tell whether an item of the same customer lies before this line."""
        return (
            item.at <= self.at
            and self.kind in ("", item.kind)
            and self.conversation in ("", item.conversation)
            and self.key in ("", key_of(item.value))
        )


Change: TypeAlias = Note | Settle | Claim | Forget


def changes_of(conversation: str, event: e.Event, channel: str) -> list[Change]:
    """Return what the next event of a conversation changes. Names of people other than the customer have no place in it."""
    handler = _CHANGES.get(type(event.body))
    return handler(conversation, event, channel) if handler is not None else []


def _identified(conversation: str, event: e.Event, channel: str) -> list[Change]:
    body: Any = event.body
    return [Claim(body.customer)] if body.customer is not None else []


def _started(conversation: str, event: e.Event, channel: str) -> list[Change]:
    body: Any = event.body
    contact = Contact(str(body.frame), body.flow, channel)
    return [Note(noted(contact, conversation, event.sequence, event.at))]


def _ended(conversation: str, event: e.Event, channel: str) -> list[Change]:
    body: Any = event.body
    return [Settle("contact", str(body.frame), body.outcome)]


def _promised(conversation: str, event: e.Event, channel: str) -> list[Change]:
    body: Any = event.body
    value = Promised(body.number, body.case_kind, body.due_at, body.frame)
    return [Note(noted(value, conversation, event.sequence, event.at))]


def _kept(conversation: str, event: e.Event, channel: str) -> list[Change]:
    body: Any = event.body
    return [Settle("promise", body.number)]


def _asked(conversation: str, event: e.Event, channel: str) -> list[Change]:
    """A language that was asked for is a preference; one that was merely written in is not."""
    body: Any = event.body
    asked = [c.language for c in body.commands if isinstance(c, SwitchLanguage) and c.asked]
    return [Note(noted(Speaks(asked[-1]), conversation, event.sequence, event.at))] if asked else []


def _noted(conversation: str, event: e.Event, channel: str) -> list[Change]:
    body: Any = event.body
    return [Note(noted(body.value, conversation, event.sequence, event.at))]


def _forgotten(conversation: str, event: e.Event, channel: str) -> list[Change]:
    body: Any = event.body
    kind, _, rest = (body.item or "").partition(".")
    in_conversation, _, key = rest.partition(".")
    return [Forget(event.at, kind, in_conversation, key)]


_CHANGES: dict[type, Callable[[str, e.Event, str], list[Change]]] = {
    e.LevelChanged: _identified,
    e.FlowStarted: _started,
    e.FlowEnded: _ended,
    e.CaseOpened: _promised,
    e.CaseClosed: _kept,
    e.CommandsDecided: _asked,
    e.MemoryNoted: _noted,
    e.MemoryForgotten: _forgotten,
}


def in_force(items: Iterable[Remembered], now: datetime) -> list[Remembered]:
    """Return what is remembered at `now`, the newest first: what has not ended, and of each preference the newest."""
    found: list[Remembered] = []
    seen: set[tuple[str, str, str]] = set()
    for item in sorted(items, key=lambda item: (item.at, item.conversation, item.sequence), reverse=True):
        single = isinstance(item.value, Preference)
        mark = (item.kind, "" if single else item.conversation, key_of(item.value))
        if item.expires_at > now and mark not in seen:
            found.append(item)
        seen.add(mark)
    return found
