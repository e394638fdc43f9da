"""Memory as the flows ask for it: operations like the bank's, with the same levels, read-backs and keys.

The effect of an action is the event that the dialogue writes when it is committed; nothing is kept here. So an action asked
for twice is one event, and one that a crash cut off is done when its turn is taken up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec

from tellerline.bank.contract import Outcome, Prepared
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Refused
from tellerline.domain.language import Text
from tellerline.domain.party import Caller
from tellerline.domain.remembered import Contact, Preference, Remembered
from tellerline.memory.kind import RULES
from tellerline.memory.port import Memory
from tellerline.memory.shown import Describe

PREPARED_FOR = timedelta(minutes=15)
EVERYTHING = "all"
LISTED_MAX = 12


class MemoryDoor:
    """Implements `Bank` for the operations that the counter itself keeps."""

    def __init__(
        self, memory: Memory, clock: Clock, describe: Describe, everything: Callable[[], Text]
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._describe = describe
        self._everything = everything

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """Return what is remembered of the caller, the newest first; and "everything" as one more to choose, if asked."""
        rows: list[Value] = [self._row(item) for item in await self._own(caller)]
        if rows and arguments.get("everything"):
            rows.append({"id": EVERYTHING, "kind": EVERYTHING, "label": _record(self._everything())})
        return rows

    async def prepare(self, action: str, arguments: Record, *, caller: Caller) -> Prepared:
        """See `Bank.prepare`. Raises: Refused, code `not_remembered`, when there is no such item any more."""
        terms = (
            self._noted(arguments) if action == "memory.note" else await self._forgotten(arguments, caller)
        )
        return Prepared(action, arguments, terms, self._clock.now() + PREPARED_FOR)

    async def commit(self, prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
        """Say that it is done: the event that this becomes is what does it."""
        return Outcome(key, prepared.action, {**prepared.terms, **prepared.arguments}, self._clock.now())

    async def status(self, key: str) -> Outcome | None:
        """Return None: what is not in the record was not done."""
        return None

    async def _own(self, caller: Caller) -> list[Remembered]:
        assert caller.customer is not None, "the level is checked before"
        items = await self._memory.recall(caller.customer, at=self._clock.now())
        return [item for item in items if not _is_going_on(item, caller)][:LISTED_MAX]

    def _row(self, item: Remembered) -> Record:
        return {
            "id": item.id,
            "kind": item.kind,
            "label": _record(self._describe(item.value, item.at)),
            "purpose": RULES[item.kind].purpose,
            "ground": RULES[item.kind].ground,
            "since_on": item.at.date().isoformat(),
            "until_on": item.expires_at.date().isoformat(),
        }

    def _noted(self, arguments: Record) -> Record:
        try:
            value = msgspec.convert(arguments.get("value"), Preference)
        except msgspec.ValidationError as error:
            raise Refused("not_offered", "only what is on offer can be remembered", field="value") from error
        return {"label": _record(self._describe(value, self._clock.now()))}

    async def _forgotten(self, arguments: Record, caller: Caller) -> Record:
        wanted, own = arguments.get("item"), await self._own(caller)
        if wanted == EVERYTHING:
            return {"label": _record(self._everything()), "count": len(own)}
        found = next((item for item in own if item.id == wanted), None)
        if found is None:
            raise Refused("not_remembered", "this is not remembered any more", item=str(wanted))
        return {"label": _record(self._describe(found.value, found.at)), "count": 1}


def _is_going_on(item: Remembered, caller: Caller) -> bool:
    return isinstance(item.value, Contact) and item.conversation == caller.conversation


def _record(text: Text) -> Record:
    return {"zh": text.zh, "en": text.en}
