"""Banks for tests and replay: one answers from a script, one from the record of a conversation."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

from tellerline.bank.contract import Outcome, Prepared
from tellerline.domain import event as e
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import Conflict, OutcomeUnknown, Refused, ServiceError, Unavailable
from tellerline.domain.party import Caller

CallKind = Literal["lookup", "prepare", "commit"]
EPOCH = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


class Call(msgspec.Struct, frozen=True):
    """A call that a scripted bank received."""

    kind: CallKind
    operation: str
    arguments: Record
    key: str = ""


class Action(msgspec.Struct, frozen=True):
    """What a scripted action says when it is prepared, and when it is committed."""

    terms: Record = {}
    result: Record | ServiceError = {}


Script: TypeAlias = Mapping[str, Value | Action | ServiceError]


class ScriptedBank:
    """Answers every operation as the script says, by name: a value, an `Action`, or an error to raise.

    calls: what it was asked, in order. Committing a key twice acts once.
    """

    def __init__(self, script: Script, now: datetime = EPOCH) -> None:
        self._script = script
        self._now = now
        self._outcomes: dict[str, Outcome] = {}
        self.calls: list[Call] = []

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """Return the scripted value. Raises: what the script says; Refused, code `unknown_operation`."""
        self.calls.append(Call("lookup", operation, arguments))
        answer = self._answer(operation)
        assert not isinstance(answer, Action), f"{operation} is scripted as an action"
        return answer

    async def prepare(self, action: str, arguments: Record, *, caller: Caller) -> Prepared:
        """Return the scripted terms. Raises: as `lookup`."""
        self.calls.append(Call("prepare", action, arguments))
        return Prepared(action, arguments, self._action(action).terms, self._now + timedelta(minutes=15))

    async def commit(self, prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
        """Return the scripted result. Raises: what the script says."""
        self.calls.append(Call("commit", prepared.action, prepared.arguments, key))
        if key not in self._outcomes:
            result = self._action(prepared.action).result
            if isinstance(result, ServiceError):
                raise result
            self._outcomes[key] = Outcome(key, prepared.action, result, self._now)
        return self._outcomes[key]

    async def status(self, key: str) -> Outcome | None:
        """Return what was committed under the key."""
        return self._outcomes.get(key)

    def _action(self, name: str) -> Action:
        answer = self._answer(name)
        assert isinstance(answer, Action), f"{name} is not scripted as an action"
        return answer

    def _answer(self, name: str) -> Value | Action:
        if name not in self._script:
            raise Refused("unknown_operation", f"the script has no {name}", operation=name)
        answer = self._script[name]
        if isinstance(answer, ServiceError):
            raise answer
        return answer


class ReplayDiverged(AssertionError):
    """The replay asked the bank for something else than the record says was asked."""


Answer: TypeAlias = e.LookupDone | e.ActionPrepared | e.ActionCommitted | e.ActionFailed


class RecordedBank:
    """Plays back what the bank answered in a recorded conversation, in order."""

    def __init__(self, events: Iterable[e.Event]) -> None:
        answers = (
            (event.body, event.at)
            for event in events
            if isinstance(event.body, e.LookupDone | e.ActionPrepared | e.ActionCommitted | e.ActionFailed)
        )
        self._answers: deque[tuple[Answer, datetime]] = deque(answers)

    @property
    def left(self) -> int:
        """How many recorded answers nobody has asked for."""
        return len(self._answers)

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> Value:
        """Return the next recorded result. Raises: the recorded failure; ReplayDiverged."""
        body, _ = self._next(operation)
        if not isinstance(body, e.LookupDone) or body.operation != operation:
            raise ReplayDiverged(f"the replay looks up {operation}; the record has {e.kind_of(body)}")
        _raise_recorded(body.error, {})
        return body.result

    async def prepare(self, action: str, arguments: Record, *, caller: Caller) -> Prepared:
        """Return the next recorded terms. Raises: the recorded failure; ReplayDiverged."""
        body, at = self._next(action)
        if not isinstance(body, e.ActionPrepared) or body.action != action:
            raise ReplayDiverged(f"the replay prepares {action}; the record has {e.kind_of(body)}")
        _raise_recorded(body.error, body.terms)
        return Prepared(action, arguments, body.terms, body.expires_at or at)

    async def commit(self, prepared: Prepared, *, key: str, caller: Caller) -> Outcome:
        """Return the next recorded outcome. Raises: the recorded failure; ReplayDiverged."""
        body, at = self._next(prepared.action)
        if isinstance(body, e.ActionCommitted) and body.key == key:
            return Outcome(key, body.action, body.result, at)
        if not isinstance(body, e.ActionFailed) or body.key != key:
            raise ReplayDiverged(f"the replay commits {prepared.action}; the record has {e.kind_of(body)}")
        raise _FAILURES[body.error](body.code, "as recorded")

    async def status(self, key: str) -> Outcome | None:
        """Return what the record says became of the key.

        Raises: Unavailable where it could not be told; ReplayDiverged.
        """
        if not self._answers:
            raise ReplayDiverged("the replay asks for a status; the record is at its end")
        body, at = self._answers[0]
        if not isinstance(body, e.ActionCommitted | e.ActionFailed) or body.key != key:
            raise ReplayDiverged(f"the replay asks for a status; the record has {e.kind_of(body)}")
        if isinstance(body, e.ActionCommitted):
            self._answers.popleft()
            return Outcome(key, body.action, body.result, at)
        if body.error == "outcome_unknown":
            self._answers.popleft()
            raise Unavailable(body.code, "as recorded")
        if body.code == "not_done":
            self._answers.popleft()
        return None  # nothing had been done; the commit that follows has its own answer

    def _next(self, operation: str) -> tuple[Answer, datetime]:
        if not self._answers:
            raise ReplayDiverged(f"the replay asks for {operation}; the record is at its end")
        return self._answers.popleft()


_FAILURES: dict[str, type[ServiceError]] = {
    "refused": Refused,
    "unavailable": Unavailable,
    "conflict": Conflict,
    "outcome_unknown": OutcomeUnknown,
}


def _raise_recorded(error: str, data: Record) -> None:
    if not error:
        return
    kind, _, code = error.partition(":")
    raise _FAILURES[kind](code or kind, "as recorded", **data)
