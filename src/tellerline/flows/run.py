"""One step of a flow: given where a frame stands and what is known, say what has to happen next. Pure.

The moves are the flow's half of a turn; the dialogue turns them into events, speech and effects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from tellerline.bank.catalogue import KNOWN
from tellerline.domain.data import Record, Value
from tellerline.domain.expression import evaluate, holds
from tellerline.flows.compute import compute
from tellerline.flows.frame import Frame
from tellerline.flows.spec import Flow, Outcome, Slot, Step

Scope: TypeAlias = Mapping[str, Any]


class Enter(msgspec.Struct, frozen=True):
    """Go to a step."""

    step: str


class Speak(msgspec.Struct, frozen=True):
    """Send an approved text, then go on."""

    step: str
    copy: str
    then: str


class AskSlot(msgspec.Struct, frozen=True):
    """Wait for the customer to fill a slot.

    records: the choices, if the slot has any. problem: copy key saying why the value it holds cannot be taken; the
    value came with the request, before it could be checked, and is to be dropped.
    """

    step: str
    slot: str
    records: list[Record]
    problem: str = ""


class FillSlot(msgspec.Struct, frozen=True):
    """A value is known without asking."""

    slot: str
    value: Value
    source: str


class NeedLevel(msgspec.Struct, frozen=True):
    """Wait for the identity level."""

    step: str
    level: int


class Lookup(msgspec.Struct, frozen=True):
    """Ask the bank."""

    step: str
    operation: str
    arguments: Record
    into: str


class Prepare(msgspec.Struct, frozen=True):
    """Ask the bank what an action would do."""

    step: str
    action: str
    arguments: Record


class ReadBack(msgspec.Struct, frozen=True):
    """Read the prepared action back and wait for a yes."""

    step: str
    copy: str


class Commit(msgspec.Struct, frozen=True):
    """Do the prepared action."""

    step: str
    action: str
    into: str


class OpenCase(msgspec.Struct, frozen=True):
    """Open a case."""

    step: str
    then: str


class HandOver(msgspec.Struct, frozen=True):
    """Queue for a representative and leave the flow."""

    step: str
    reason: str
    queue: str


class Failed(msgspec.Struct, frozen=True):
    """An effect failed and the flow says nothing about it: the pattern answers and the flow ends."""

    step: str
    failure: str
    code: str


class End(msgspec.Struct, frozen=True):
    """Leave the flow."""

    outcome: Outcome


Move: TypeAlias = (
    Enter | Speak | AskSlot | FillSlot | NeedLevel | Lookup | Prepare | ReadBack | Commit | OpenCase | HandOver | Failed
    | End
)  # fmt: skip


def advance(flow: Flow, frame: Frame, scope: Scope) -> Move:
    """Return the next move of `frame`. `scope` holds the frame's values and `level`, `language`, `today`, `facts`."""
    if not frame.step:
        return End("completed")
    step = flow.step(frame.step)
    if frame.failure:
        return _after_failure(step, frame)
    needed = level_of(step)
    if needed > scope["level"] and step.into not in frame.values:  # the proof may have expired since `verify`
        return NeedLevel(step.id, needed)
    return _ADVANCE[step.kind](flow, step, frame, scope)


def level_of(step: Step) -> int:
    """Return the identity level without which the bank refuses what `step` asks of it; 0 when it asks nothing."""
    operation = KNOWN.get(step.lookup or step.prepare or step.do or "")
    return operation.level.value if operation else 0


def _after_failure(step: Step, frame: Frame) -> Move:
    target = step.on.get(frame.failure_code) or step.on.get(frame.failure)
    if target:
        return Enter(target)
    return Failed(step.id, frame.failure, frame.failure_code)


def _ask(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    name = str(step.ask)
    slot = flow.slots[name]
    problem = ""
    if name in frame.values:
        value = frame.values[name]
        problem = problem_of(slot, value, name, scope)
        if not problem:
            return Enter(flow.after(step))
        scope = {key: known for key, known in scope.items() if key != name}
    records = choices_of(slot, scope)
    if slot.choices and not records:
        return Enter(step.on["empty"]) if "empty" in step.on else Failed(step.id, "empty", "")
    known = _known(name, slot, records, scope)
    if known is None:
        return AskSlot(step.id, name, records, problem)
    if problem and known.value == frame.values[name]:  # there is no other, so asking would not help
        return Enter(flow.after(step))
    return known


def _known(name: str, slot: Slot, records: list[Record], scope: Scope) -> FillSlot | None:
    """Return the value a slot takes without asking: the only choice, or its default."""
    if len(records) == 1:
        return FillSlot(name, records[0], "bank")
    value = evaluate(slot.default, scope) if slot.default else None
    return None if value is None else FillSlot(name, value, "default")


def choices_of(slot: Slot, scope: Scope) -> list[Record]:
    """Return the records a slot may be chosen from; [] when it has no list."""
    if not slot.choices:
        return []
    found = evaluate(slot.choices, scope)
    return list(found) if isinstance(found, list) else []


def _say(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    return Speak(step.id, str(step.say or step.disclose), flow.after(step))


def _verify(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    needed = int(step.verify or 0)
    if scope["level"] >= needed:
        return Enter(flow.after(step))
    return NeedLevel(step.id, needed)


def _arguments(step: Step, scope: Scope) -> Record:
    values = {name: evaluate(source, scope) for name, source in step.arguments.items()}
    return {name: value for name, value in values.items() if value is not None}


def _lookup(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    if step.into in frame.values:
        return Enter(flow.after(step))
    return Lookup(step.id, str(step.lookup), _arguments(step, scope), step.into)


def _compute(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    if step.into in frame.values:
        return Enter(flow.after(step))
    functions = scope.get("functions", {})
    return FillSlot(step.into, compute(str(step.compute), _arguments(step, scope), functions), "computed")


def _confirm(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    pending = frame.pending
    arguments = _arguments(step, scope)
    if pending is None or pending.step != step.id or pending.arguments != arguments:
        return Prepare(step.id, str(step.prepare), arguments)
    if pending.confirmed:
        return Enter(flow.after(step))
    return ReadBack(step.id, str(step.confirm))


def _do(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    action = str(step.do)
    pending = frame.pending
    if step.into in frame.values:
        return Enter(flow.after(step))
    if step.arguments:  # a protective action: nothing to read back
        arguments = _arguments(step, scope)
        if pending is None or pending.step != step.id or pending.arguments != arguments:
            return Prepare(step.id, action, arguments)
    return Commit(step.id, action, step.into)


def _promise(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    return OpenCase(step.id, flow.after(step))


def _branch(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    for way in step.branch or []:
        if not way.when or holds(way.when, scope):
            return Enter(way.go)
    return Enter(flow.after(step))


def _handover(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    assert step.handover is not None
    return HandOver(step.id, step.handover.reason, step.handover.queue)


def _end(flow: Flow, step: Step, frame: Frame, scope: Scope) -> Move:
    return End(step.end or "completed")


_ADVANCE = {
    "ask": _ask, "say": _say, "disclose": _say, "verify": _verify, "lookup": _lookup, "compute": _compute,
    "confirm": _confirm, "do": _do, "promise": _promise, "branch": _branch, "handover": _handover, "end": _end,
}  # fmt: skip


def idempotency_key(conversation: str, frame: Frame, step: str, digest: str) -> str:
    """Return the key under which the bank will act: the same instance, step and terms always have the same key."""
    return hashlib.sha256(f"{conversation}/{frame.id}/{step}/{digest}".encode()).hexdigest()[:32]


def problem_of(slot: Slot, value: Value, name: str, scope: Scope) -> str:
    """Return the copy key of the first check `value` fails, or "" when it is acceptable."""
    trial = {**scope, name: value}
    return next((check.say for check in slot.check if holds(check.bad, trial)), "")
