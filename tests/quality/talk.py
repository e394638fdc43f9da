"""Conversations to measure, written down event by event, with what each sentence does told beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from tellerline.domain import event as e
from tellerline.domain.language import Language, Text
from tellerline.domain.reading import Affect, Emotion, Entity, Reading
from tellerline.quality.finding import Finding
from tellerline.quality.opportunity import Tools
from tellerline.quality.rubric import BY_NAME
from tellerline.quality.scorer import Scored, Scorer
from tellerline.quality.transcript import Transcript, make_transcript, split_sentences

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FRAME = e.FrameId("f1")
WHO = "chen.jie"
NAME = e.ConversationId("c1")


class Talk:
    """A conversation being written. Each event comes 20 s after the one before, unless told."""

    def __init__(self, language: Language = "en", *, level: int = 0) -> None:
        self.events: list[e.Event] = []
        self.at = START
        self._language = language
        self._readings: dict[str, Reading] = {}
        self._acts: dict[str, dict[str, float]] = {}
        self.add(e.ConversationOpened("web", language, "r1", "d" * 64, level=level))

    def add(self, body: e.Body, *, after_s: float = 20) -> Talk:
        """Let something happen."""
        self.at += timedelta(seconds=after_s)
        self.events.append(e.Event(len(self.events) + 1, self.at, body))
        return self

    def taken(self, who: str = WHO) -> Talk:
        """Let a representative accept."""
        return self.add(e.HandoverAccepted(who, Text("陈", "Chen")))

    def c(
        self,
        text: str,
        *,
        feels: Emotion = "neutral",
        flags: Mapping[str, float] | None = None,
        entities: Sequence[Entity] = (),
        after_s: float = 20,
    ) -> Talk:
        """Let the customer say something."""
        strength = 0.0 if feels == "neutral" else 0.9
        self._readings[text] = Reading(
            self._spoken(text),
            text,
            affect=Affect(feels, strength),
            flags=dict(flags or {}),
            entities=list(entities),
        )
        return self.add(e.MessageReceived(f"m{len(self.events)}", text), after_s=after_s)

    def r(self, text: str, *acts: str, who: str = WHO, after_s: float = 20) -> Talk:
        """Let a representative say something; `acts` are what its sentences do, "" for nothing."""
        self._do(text, acts)
        sent = e.MessageSent("representative", text, self._spoken(text), representative=who)
        return self.add(sent, after_s=after_s)

    def a(self, text: str, *acts: str, after_s: float = 1, case: str | None = None) -> Talk:
        """Let the assistant say something."""
        self._do(text, acts)
        return self.add(e.MessageSent("assistant", text, self._spoken(text), case=case), after_s=after_s)

    def closed(self) -> Talk:
        """Let it be over."""
        return self.add(e.ConversationClosed("finished"))

    def transcript(self) -> Transcript:
        """Return what indicators see."""
        return make_transcript(NAME, self.events, self._read, self.read_acts)

    def scored(self, name: str = "c1") -> Scored:
        """Score it."""
        return Scorer(self._read, self.read_acts, TOOLS).score(e.ConversationId(name), self.events)

    def found(self, indicator: str) -> list[Finding]:
        """Return what one indicator finds, and nothing else."""
        one = BY_NAME[indicator]
        return [Finding(one.name, one.version, *found) for found in one.find(self.transcript(), TOOLS)]

    def read_acts(self, sentences: Sequence[str]) -> list[Mapping[str, float]]:
        """Return what was told of each sentence."""
        return [self._acts.get(sentence, {}) for sentence in sentences]

    def _do(self, text: str, acts: Sequence[str]) -> None:
        for sentence, act in zip(split_sentences(text), acts, strict=False):
            if act:
                self._acts[sentence] = {act: 0.9}

    def _read(self, text: str, language: Language, at: datetime) -> Reading:
        return self._readings.get(text) or Reading(self._spoken(text), text)

    def _spoken(self, text: str) -> Language:
        return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"


def broken(text: str, language: Language) -> list[str]:
    """Break the rule that the text names in brackets, as "[rude]"."""
    return [part.split("]")[0] for part in text.split("[")[1:]]


def promised(text: str, language: Language, at: datetime) -> list[tuple[str, bool]]:
    """Find a promise where "call" is said, timed when a day is named."""
    return [(text, "Friday" in text)] if "call" in text else []


def rates(on: date) -> list[str]:
    """Return the one rate in force."""
    return ["1.1"]


TOOLS = Tools(broken, promised, rates)
