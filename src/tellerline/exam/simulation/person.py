"""Scripted customers, without a language model: what they want, how they are, and what they do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Literal

import msgspec

from tellerline.dialogue.progress import METHOD_OF_LEVEL
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain.language import Language
from tellerline.exam.matrix.customer import Customer, Manner
from tellerline.exam.matrix.words import WORDS

ActKind = Literal["say", "burst", "twice", "verify", "lie", "silence", "leave"]
ACTS_MAX = 22
GOALS = (1, 1, 2, 2, 3)
MOODS: Mapping[str, Mapping[Language, tuple[str, ...]]] = {
    "calm": {"zh": ("{}",), "en": ("{}",)},
    "angry": {"zh": ("烦死了，{}", "{}！快点"), "en": ("for heaven's sake, {}", "{}!! hurry up")},
    "anxious": {"zh": ("我很着急，{}", "{}，怎么办啊"), "en": ("I'm really worried, {}", "{}, what do I do")},
    "polite": {"zh": ("麻烦您，{}", "{}，谢谢"), "en": ("please, {}", "{}, thank you")},
}
ASIDES = (
    "question", "question_other", "other_first", "other_second", "other_third", "hello", "repeat", "wait", "explain", "why",
    "nonsense", "outside", "empty",
)  # fmt: skip
EXITS = ("cancel", "restart", "human", "complaint", "skip", "refuse", "undo", "goodbye")
SCARES = ("scam", "crisis", "secret")
PINS = ("739164", "580231", "907446")
CARDS = ("6222021001098550814", "6228480402564890018")


class Act(msgspec.Struct, frozen=True):
    """What a customer does next. secrets: what was typed that may be kept nowhere. pause_s: before it is done."""

    kind: ActKind
    texts: tuple[str, ...] = ()
    method: str = ""
    secrets: tuple[str, ...] = ()
    pause_s: float = 1.0


class Person:
    """One customer, drawn from a seed. `decide` says what they do, given where the conversation stands."""

    def __init__(
        self, release: Release, language: Language, random: Random, goals: Sequence[str], manner: Manner
    ) -> None:
        self.language = language
        self._random = random
        self._goals = list(goals)
        self._mood = random.choice(tuple(MOODS))
        self._hand = Customer(release, language, random, manner)
        self._strange = random.choice((0.05, 0.2, 0.4))  # how often they do anything but answer
        self._typos = random.choice((0.0, 0.05, 0.2))
        self._acts = 0

    def decide(self, tracker: Tracker, now: datetime) -> Act:
        """Return the next act."""
        self._acts += 1
        if tracker.closed or self._acts > ACTS_MAX:
            return Act("leave")
        pause_s = self._random.choice((0.4, 2.0, 9.0, 40.0))
        if self._random.random() < self._strange:
            return msgspec.structs.replace(self._strange_act(tracker), pause_s=pause_s)
        return msgspec.structs.replace(self._expected_act(tracker, now), pause_s=pause_s)

    def _expected_act(self, tracker: Tracker, now: datetime) -> Act:
        turn = self._hand.answer(tracker, now)
        if turn is None:
            if not self._goals:
                return self._say(self._phrase("thanks")) if self._random.random() < 0.5 else Act("leave")
            return self._say(self._colour(self._goals.pop(0)))
        if turn.verify is not None:
            return Act(
                "lie" if self._random.random() < self._strange / 2 else "verify", method=turn.verify.method
            )
        return self._say(str(turn.say))

    def _strange_act(self, tracker: Tracker) -> Act:
        choice = self._random.random()
        if choice < 0.4:
            return self._say(self._phrase(self._random.choice(ASIDES)))
        if choice < 0.6:
            return self._say(self._phrase(self._random.choice(EXITS)))
        if choice < 0.68:
            return self._scare(self._random.choice(SCARES))
        if choice < 0.76:
            return Act("silence")
        if choice < 0.84:
            return self._say(self._correction())
        if choice < 0.9:
            other: Language = "en" if self.language == "zh" else "zh"
            return self._say(self._random.choice(WORDS[self._random.choice(ASIDES)][other]))
        if tracker.question is not None and tracker.question.what == "verify":
            return Act("lie", method=METHOD_OF_LEVEL[min(tracker.level, 2) + 1])
        return Act("burst", (self._phrase("wait"), self._phrase("repeat")))

    def _say(self, text: str) -> Act:
        return Act("twice" if self._random.random() < 0.06 else "say", (self._mistype(text),))

    def _scare(self, name: str) -> Act:
        if name != "secret":
            return Act("say", (self._phrase(name),))
        pin, card = self._random.choice(PINS), self._random.choice(CARDS)
        return Act("say", (self._phrase("secret").format(pin=pin, card=card),), secrets=(pin, card))

    def _correction(self) -> str:
        amount = self._random.choice((300, 800, 1_200))
        return self._phrase("correct").format(f"{amount}元" if self.language == "zh" else f"{amount} yuan")

    def _phrase(self, name: str) -> str:
        return self._random.choice(WORDS[name][self.language])

    def _colour(self, text: str) -> str:
        return self._random.choice(MOODS[self._mood][self.language]).format(text.rstrip("。.!！"))

    def _mistype(self, text: str) -> str:
        """Swap two neighbouring letters now and then; digits stay, for a slip there is another wish."""
        if len(text) < 4 or self._random.random() >= self._typos:
            return text
        place = self._random.randrange(len(text) - 1)
        first, second = text[place], text[place + 1]
        if first.isdigit() or second.isdigit():
            return text
        return text[:place] + second + first + text[place + 2 :]
