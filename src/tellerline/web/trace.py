"""Why each turn went as it did, read off the record."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.command import Command
from tellerline.domain.reading import Reading

_SECRET_FIELDS = ("token_digest",)


class Turn(msgspec.Struct):
    """A turn as staff see it. The greeting and what the system began are turns without a reading."""

    turn: int
    messages: list[dict[str, object]] = []
    interpreter: str = ""
    reading: Reading | None = None
    commands: list[Command] = []
    steps: list[dict[str, object]] = []
    replies: list[dict[str, object]] = []
    evidence: list[Source] = []
    guard: list[dict[str, object]] = []


def explain(events: Iterable[e.Event], *, turn: int | None = None) -> list[Turn]:
    """Fold the record into turns; the last may still be open. With `turn`, only that one."""
    turns: list[Turn] = []
    current = Turn(1)
    waiting: list[e.Event] = []
    for event in events:
        if isinstance(event.body, e.MessageReceived | e.SystemNoticed | e.ConversationOpened):
            waiting.append(event)
            continue
        if isinstance(event.body, e.TurnStarted):
            through = event.body.through
            current.messages = [flat(m) for m in waiting if m.sequence <= through]
            waiting = [m for m in waiting if m.sequence > through]
        _add(current, event)
        if isinstance(event.body, e.TurnEnded):
            turns.append(current)
            current = Turn(event.body.turn + 1)
    if current.messages:
        turns.append(current)
    return [found for found in turns if turn is None or found.turn == turn]


def _add(turn: Turn, event: e.Event) -> None:
    """Put an event where a reader looks for it."""
    match event.body:
        case e.TurnStarted(reading=reading):
            turn.reading = reading
        case e.CommandsDecided(interpreter=interpreter, commands=commands):
            turn.interpreter, turn.commands = interpreter, list(commands)
        case e.MessageSent(sources=sources):
            turn.replies.append(flat(event))
            turn.guard.append({"sequence": event.sequence, "passed": True, "rule": ""})
            turn.evidence = list(dict.fromkeys([*turn.evidence, *sources]))
        case e.ReplyBlocked(rule=rule):
            turn.guard.append({"sequence": event.sequence, "passed": False, "rule": rule})
        case e.TurnEnded():
            turn.turn = event.body.turn
        case _:
            turn.steps.append(flat(event))


def flat(event: e.Event) -> dict[str, object]:
    """Return an event as one record: sequence, at, kind and the body's fields."""
    body = msgspec.structs.asdict(event.body)
    for name in _SECRET_FIELDS:
        body.pop(name, None)
    return {"sequence": event.sequence, "at": event.at, "kind": e.kind_of(event.body), **body}
