"""Short records written by hand, to show each check what it must see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.exam.case import Expected
from tellerline.exam.scene import Scene
from tests.dialogue.toy import Talk

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
COPY = Source("copy", "patterns/go_ahead", "r1")
F1 = e.FrameId("f1")


def opened(level: int = 1, language: Any = "zh") -> e.ConversationOpened:
    return e.ConversationOpened("exam", language, "r1", "x", "u1" if level else None, level)


def said(
    text: str = "好的，请讲。", language: Any = "zh", sources: list[Source] | None = None, **more: Any
) -> e.MessageSent:
    return e.MessageSent("assistant", text, language, sources=[COPY] if sources is None else sources, **more)


def scene(*bodies: e.Body, before: int = 0, level: int = 1, language: Any = "zh", books: Any = None) -> Scene:
    """A record of an opening and `bodies`; the first `before` of them came in earlier steps."""
    record = [
        e.Event(number, NOW, body) for number, body in enumerate([opened(level, language), *bodies], start=1)
    ]
    return Scene(record, 1 + before, books or {})


def flow(name: str = "transfer", step: str = "who", frame: str = "f1") -> list[e.Body]:
    return [e.FlowStarted(e.FrameId(frame), name, name), e.StepEntered(e.FrameId(frame), step)]


def expected(**keys: Any) -> Expected:
    return msgspec.convert(keys, Expected)


def release() -> Release:
    return Talk().release
