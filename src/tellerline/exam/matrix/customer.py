"""A customer who answers whatever is asked, in their own manner: the hand that leads a conversation to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

import msgspec

from tellerline.dialogue.draft import BANK_ZONE, Draft
from tellerline.dialogue.progress import METHOD_OF_LEVEL
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Question, Tracker
from tellerline.domain.data import Value
from tellerline.domain.event import Choice
from tellerline.domain.language import Language
from tellerline.exam.case import Method, Turn, Verify
from tellerline.flows.run import problem_of
from tellerline.flows.spec import Slot

AMOUNTS_MINOR = (
    500_00, 2_000_00, 300_00, 20_000_00, 60_000_00, 100_00, 600_00, 800_00, 40_000_00, 80_000_00, 120_000_00, 10_000_00,
    5_000_00, 150_000_00, 10_00,
)  # fmt: skip
COUNTS = (1_000, 5_000, 500, 100, 2_000)
DAYS = (
    1,
    2,
    3,
    5,
    7,
    -1,
    -2,
    -3,
    -7,
    -30,
    -60,
)  # from today; which of them a slot takes is the slot's own rule
OWN_WORDS: Mapping[Language, tuple[str, ...]] = {
    "zh": ("上周五在福田的网点等了两个多小时", "窗口的人说系统里查不到", "就是前天下午的那一次"),
    "en": (
        "I waited two hours at your Futian branch last Friday",
        "The clerk could not find it in the system",
        "It was the day before yesterday in the afternoon",
    ),
}
NEW_PHONES = ("13911118888", "13911117777")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Manner(msgspec.Struct, frozen=True):
    """How a customer answers.

    pick: which of several. says_yes: to a plain question; None as it comes. own_phone, last_four: of theirs.
    """

    pick: Literal["first", "last", "any"] = "first"
    says_yes: bool | None = True
    own_phone: str = ""
    last_four: str = "0000"


class Customer:
    """Answers open questions. Draws from `random` only where the manner leaves it open."""

    def __init__(self, release: Release, language: Language, random: Random, manner: Manner) -> None:
        self._release = release
        self._language = language
        self._random = random
        self._manner = manner

    def answer(self, tracker: Tracker, now: datetime) -> Turn | None:
        """Return what the customer does about the open question; None when nothing is asked of them."""
        question = tracker.question
        if question is None or question.what == "more" or tracker.closed:
            return None
        if question.what == "verify":
            return Turn(verify=Verify(method=method_after(tracker.level)))
        if question.what in ("confirm", "resume"):
            return Turn(
                say=question.options[0].value if question.what == "confirm" else question.options[0].label
            )
        if question.what in ("clarify", "change"):
            return Turn(say=self._among(question.options).label) if question.options else None
        words = self.words(tracker, question, now)
        return Turn(say=words) if words else None

    def words(self, tracker: Tracker, question: Question, now: datetime) -> str:
        """Return an answer to a question about a slot, as it would be typed."""
        frame = tracker.frame(question.frame)
        assert frame is not None, "a slot belongs to a frame"
        slot = self._release.flows[frame.flow].slots[question.slot]
        if slot.type == "yes_no":
            yes = self._random.random() < 0.5 if self._manner.says_yes is None else self._manner.says_yes
            return question.options[0 if yes else 1].label
        if question.options:
            return self._among(question.options).label
        values = self.values(slot, question.slot, self.scope(tracker, frame.flow, now))
        return say_value(values[0], slot, self._language) if values else ""

    def scope(self, tracker: Tracker, flow: str, now: datetime) -> dict[str, Any]:
        """Return what is known at the open question, by the names a slot's checks use, and the flow's `slots`."""
        frame = next((frame for frame in reversed(tracker.stack) if frame.flow == flow), None)
        return {**Draft(tracker, self._release, now).scope(frame), "slots": self._release.flows[flow].slots}

    def values(self, slot: Slot, name: str, scope: Mapping[str, Any]) -> list[Value]:
        """Return values that the slot would take, in the customer's order of liking."""
        today = datetime.fromisoformat(str(scope["today"])).date()
        candidates: Sequence[Value]
        match slot.type:
            case "money":
                candidates = AMOUNTS_MINOR
            case "number" | "periods":
                candidates = COUNTS
            case "date":
                candidates = [(today + timedelta(days=days)).isoformat() for days in DAYS]
            case "phone":
                own = [self._manner.own_phone] if "last_four" in scope["slots"] else []
                candidates = [*own, *NEW_PHONES]
            case "last_four":
                candidates = [self._manner.last_four]
            case _:
                candidates = OWN_WORDS[self._language]
        fitting = [value for value in candidates if not problem_of(slot, value, name, scope)]
        if self._manner.pick == "last":
            fitting.reverse()
        elif self._manner.pick == "any":
            self._random.shuffle(fitting)
        return fitting

    def _among(self, options: Sequence[Choice]) -> Choice:
        if self._manner.pick == "any":
            return self._random.choice(options)
        return options[0 if self._manner.pick == "first" else -1]


def method_after(level: int) -> Method:
    """Return what proves the level above `level`."""
    method: Method = msgspec.convert(METHOD_OF_LEVEL[min(level, 2) + 1], Method)
    return method


def say_value(value: Value, slot: Slot, language: Language) -> str:
    """Write a value as a customer types it."""
    if slot.type == "money":
        assert isinstance(value, int)
        amount = f"{value // 100}" if value % 100 == 0 else f"{value / 100:.2f}"
        return f"{amount}元" if language == "zh" else f"{amount} yuan"
    if slot.type == "date":
        return say_date(str(value), language)
    return str(value)


def say_date(day: str, language: Language) -> str:
    """Write an ISO date in words."""
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{number}日" if language == "zh" else f"{number} {MONTHS[month - 1]} {year}"


def bank_day(now: datetime) -> str:
    """Return the bank's day, ISO."""
    return now.astimezone(BANK_ZONE).date().isoformat()
