"""A conversation as indicators see it: who said what, with what was understood of it, and the events around.

It is made once per conversation; indicators only read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TypeVar

import msgspec

from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.domain.reading import Reading
from tellerline.quality.finding import Side

_SENTENCE = re.compile(r"(?<=[。！？!?；;\n])|(?<=[a-z\d)’”\"]\.)\s+", re.IGNORECASE)
BodyT = TypeVar("BodyT")


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of the staff and what it does: act → probability, those above one half only."""

    text: str
    acts: Mapping[str, float]

    @property
    def main(self) -> str:
        """The likeliest act; "" when there is none."""
        return max(self.acts, key=lambda act: self.acts[act], default="")


class Said(msgspec.Struct, frozen=True):
    """A message. `who`: a representative's account. `reading`: of a customer's message. `sentences`: of the staff's."""

    sequence: int
    at: datetime
    author: e.Author
    text: str
    language: Language
    who: str = ""
    reading: Reading | None = None
    sentences: Sequence[Sentence] = ()
    case: str | None = None
    flow: str | None = None

    @property
    def side(self) -> Side | None:
        """Whose work the message is; None for the customer's and the system's."""
        return self.author if self.author in ("assistant", "representative") else None

    def act(self, *names: str) -> Sentence | None:
        """Return the first sentence that does one of `names`."""
        return next((one for one in self.sentences if any(name in one.acts for name in names)), None)

    def chiefly(self, *names: str) -> Sentence | None:
        """Return the first sentence of which one of `names` is the likeliest act."""
        return next((one for one in self.sentences if one.main in names), None)


class Transcript(msgspec.Struct, frozen=True, dict=True):
    """A conversation. `messages` are in order; `events` are all of them."""

    conversation: e.ConversationId
    events: Sequence[e.Event]
    messages: Sequence[Said]

    @cached_property
    def opened(self) -> e.ConversationOpened:
        """How it began."""
        body = self.events[0].body
        assert isinstance(body, e.ConversationOpened)
        return body

    @cached_property
    def closed(self) -> e.Event | None:
        """How it ended, if it did."""
        return next(
            (one for one in reversed(self.events) if isinstance(one.body, e.ConversationClosed)), None
        )

    @property
    def language(self) -> Language:
        """The language it was last held in."""
        spoken = [one.language for one in self.messages if one.author == "customer"]
        return spoken[-1] if spoken else self.opened.language

    @cached_property
    def intent(self) -> str:
        """What it was first about; "" when no flow began."""
        return next((one.body.intent for one in self.events if isinstance(one.body, e.FlowStarted)), "")

    def staff(self, side: Side | None = None) -> Iterator[Said]:
        """Yield the messages of the staff, or of one side of it."""
        return (one for one in self.messages if one.side is not None and side in (None, one.side))

    def customers(self) -> Iterator[Said]:
        """Yield the customer's messages."""
        return (one for one in self.messages if one.author == "customer")

    def replies(self, said: Said, count: int = 1) -> list[Said]:
        """Return the next `count` messages of the staff after `said`; the system's are not counted."""
        after = (one for one in self.messages if one.sequence > said.sequence and one.side is not None)
        return [one for _, one in zip(range(count), after, strict=False)]

    def reply(self, said: Said) -> list[Said]:
        """Return what the staff answered to a customer's message, up to the customer's next one."""
        answer: list[Said] = []
        for one in self.messages:
            if one.sequence <= said.sequence:
                continue
            if one.author == "customer":
                if answer:
                    break
                continue
            if one.side is not None:
                answer.append(one)
        return answer

    def before(self, said: Said) -> Said | None:
        """Return the customer's last message before `said`."""
        found = [one for one in self.customers() if one.sequence < said.sequence]
        return found[-1] if found else None

    def of(self, *kinds: type[BodyT]) -> Iterator[tuple[e.Event, BodyT]]:
        """Yield the events with a body of one of `kinds`, and the bodies."""
        for one in self.events:
            if isinstance(one.body, kinds):
                yield one, one.body

    def during(self, after: int, before: int | None = None) -> Iterator[e.Event]:
        """Yield the events with a sequence above `after`, and below `before` if told."""
        return (
            one for one in self.events if one.sequence > after and (before is None or one.sequence < before)
        )

    def in_charge(self, sequence: int) -> tuple[Side, str]:
        """Return who served the customer at `sequence`: the assistant, or the representative who had accepted."""
        serving: tuple[Side, str] = ("assistant", "")
        for one in self.events:
            if one.sequence > sequence:
                break
            if isinstance(one.body, e.HandoverAccepted):
                serving = ("representative", one.body.representative)
            elif isinstance(one.body, e.HandoverReturned) and one.body.to == "assistant":
                serving = ("assistant", "")
        return serving


Read = Callable[[str, Language, datetime], Reading]
ReadActs = Callable[[Sequence[str]], Sequence[Mapping[str, float]]]


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, none empty."""
    return [part.strip() for part in _SENTENCE.split(text) if part and part.strip()]


def make_transcript(
    conversation: e.ConversationId, events: Sequence[e.Event], read: Read, read_acts: ReadActs
) -> Transcript:
    """Fold `events`. `read` is asked only for messages that the record has no reading of.

    A turn of several messages has one reading; it stands with the last of them, the others are read alone.
    """
    readings = _recorded(events)
    language: Language = next(
        (b.language for b in (one.body for one in events) if isinstance(b, e.ConversationOpened)), "zh"
    )
    messages: list[Said] = []
    for one in events:
        body = one.body
        if isinstance(body, e.LanguageSwitched):
            language = body.language
        elif isinstance(body, e.MessageReceived) and body.text:
            reading = readings.get(one.sequence) or read(body.text, language, one.at)
            spoken = reading.language or language
            messages.append(Said(one.sequence, one.at, "customer", body.text, spoken, reading=reading))
        elif isinstance(body, e.MessageSent):
            messages.append(
                Said(
                    one.sequence,
                    one.at,
                    body.author,
                    body.text,
                    body.language,
                    body.representative,
                    case=body.case,
                    flow=body.flow,
                )
            )
    return Transcript(conversation, events, _with_acts(messages, read_acts))


def _recorded(events: Sequence[e.Event]) -> dict[int, Reading]:
    """Return the readings of turns that took one message, by that message's sequence."""
    waiting: list[int] = []
    found: dict[int, Reading] = {}
    for one in events:
        if isinstance(one.body, e.MessageReceived):
            waiting.append(one.sequence)
        elif isinstance(one.body, e.TurnStarted):
            taken = [sequence for sequence in waiting if sequence <= one.body.through]
            waiting = [sequence for sequence in waiting if sequence > one.body.through]
            if len(taken) == 1 and one.body.reading is not None:
                found[taken[0]] = one.body.reading
    return found


def _with_acts(messages: Sequence[Said], read_acts: ReadActs) -> list[Said]:
    split = {one.sequence: split_sentences(one.text) for one in messages if one.side is not None}
    texts = list(dict.fromkeys(text for parts in split.values() for text in parts))
    acts = dict(zip(texts, read_acts(texts), strict=True))
    return [
        msgspec.structs.replace(one, sentences=[Sentence(text, acts[text]) for text in split[one.sequence]])
        if one.sequence in split
        else one
        for one in messages
    ]
