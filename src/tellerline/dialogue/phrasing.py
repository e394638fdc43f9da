"""Phrases learned from conversations: what was first not understood, and what it turned out that the customer wanted.

A customer says something, the assistant cannot place it or asks which of several things is meant, and within a few turns
a procedure is started and completed. What was said first is then probably one more way of asking for it. Whether it is, a
person decides; nothing is learned without approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.domain.reading import EntityType, Reading

TURNS_MAX = 4  # after the phrase, until the procedure begins
CHARS_MIN, CHARS_MAX = 3, 80
_PERSONAL: frozenset[EntityType] = frozenset({"name", "phone", "reference", "last_four"})


class Heard(msgspec.Struct, frozen=True):
    """A phrase, and what it was about. `conversations`: in how many it was heard; they are named for who looks it up."""

    text: str
    language: Language
    intent: str
    flow: str
    conversations: list[str]


class _Unclear(msgspec.Struct):
    """A turn that was not understood."""

    text: str
    language: Language
    turn: int


def heard_in(conversation: str, events: Iterable[e.Event]) -> Iterator[Heard]:
    """Yield the phrases that one conversation teaches."""
    messages: list[e.MessageReceived] = []
    reading: Reading | None = None
    waiting: list[_Unclear] = []
    begun: dict[e.FrameId, tuple[e.FlowStarted, list[_Unclear]]] = {}
    turn = 0
    for event in events:
        match event.body:
            case e.MessageReceived() as message:
                messages.append(message)
            case e.TurnStarted():
                turn, reading = turn + 1, event.body.reading
            case e.CommandsDecided(commands=commands):
                found = _unclear(messages, reading, commands, turn)
                waiting += [found] if found else []
                messages = []
            case e.FlowStarted() as started:
                recent = [phrase for phrase in waiting if 0 < turn - phrase.turn <= TURNS_MAX]
                begun[started.frame] = started, recent
                waiting = []
            case e.FlowEnded(frame=frame, outcome="completed") if frame in begun:
                started, phrases = begun.pop(frame)
                for phrase in phrases:
                    yield Heard(phrase.text, phrase.language, started.intent, started.flow, [conversation])


def _unclear(
    messages: Sequence[e.MessageReceived], reading: Reading | None, commands: Sequence[c.Command], turn: int
) -> _Unclear | None:
    """Return a turn of one message that was not understood and names nobody."""
    if len(messages) != 1 or messages[0].redacted or reading is None or reading.language is None:
        return None
    if not any(isinstance(command, (c.CannotHandle, c.Clarify)) for command in commands):
        return None
    if any(entity.type in _PERSONAL for entity in reading.entities):
        return None
    text = messages[0].text.strip()
    return _Unclear(text, reading.language, turn) if CHARS_MIN <= len(text) <= CHARS_MAX else None


def candidates(heard: Iterable[Heard], known: Mapping[str, Mapping[str, Sequence[str]]]) -> list[Heard]:
    """Put equal phrases together, the most heard first; leave out what is `known` already, by language and intent."""
    together: dict[tuple[str, str, str], Heard] = {}
    for phrase in heard:
        said = {text.casefold() for phrases in known[phrase.language].values() for text in phrases}
        if phrase.text.casefold() in said:
            continue
        key = (phrase.language, phrase.intent, phrase.text.casefold())
        earlier = together.get(key)
        conversations = [*(earlier.conversations if earlier else []), *phrase.conversations]
        together[key] = msgspec.structs.replace(
            earlier or phrase, conversations=list(dict.fromkeys(conversations))
        )
    return sorted(
        together.values(), key=lambda phrase: (-len(phrase.conversations), phrase.intent, phrase.text)
    )
