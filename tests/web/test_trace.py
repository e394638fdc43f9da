"""The trace: every event of a turn where a reader looks for it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.reading import IntentScore, Reading, Segment
from tellerline.web.trace import explain

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
COPY = Source("copy", "lost_card/frozen", "r1")
READING = Reading("en", "lost card", [Segment(0, 9, [IntentScore("lost_card", 0.97)])])
RECORD: list[e.Body] = [
    e.ConversationOpened("web", "en", "r1", "digest"),
    e.SystemNoticed(c.OpenConversation()),
    e.TurnStarted(2),
    e.CommandsDecided("system", [c.OpenConversation()]),
    e.MessageSent("assistant", "Hello", "en"),
    e.TurnEnded(1),
    e.MessageReceived("m1", "lost card"),
    e.TurnStarted(7, READING),
    e.CommandsDecided("embedded", [c.StartFlow("lost_card", "lost_card")]),
    e.FlowStarted(e.FrameId("f1"), "lost_card", "lost_card"),
    e.MessageReceived("m2", "quick!"),
    e.ReplyBlocked("C1", "lost_card", "tell"),
    e.MessageSent("assistant", "Frozen.", "en", sources=[COPY, COPY]),
    e.TurnEnded(2),
    e.TurnStarted(11),
    e.CommandsDecided("embedded", []),
]
EVENTS = [e.Event(number, AT, body) for number, body in enumerate(RECORD, start=1)]


def test_turns_are_told_apart() -> None:
    first, second, third = explain(EVENTS)
    assert (first.turn, second.turn, third.turn) == (1, 2, 3)
    assert [message["kind"] for message in first.messages] == ["conversation.opened", "system.noticed"]
    assert [message.get("text") for message in second.messages] == ["lost card"]
    assert [message.get("text") for message in third.messages] == ["quick!"]


def test_a_turn_tells_reading_commands_steps_evidence_and_guard() -> None:
    (turn,) = explain(EVENTS, turn=2)
    assert turn.reading == READING
    assert turn.interpreter == "embedded"
    assert turn.commands == [c.StartFlow("lost_card", "lost_card")]
    assert [step["kind"] for step in turn.steps] == ["flow.started"]
    assert [reply["text"] for reply in turn.replies] == ["Frozen."]
    assert turn.evidence == [COPY]
    assert turn.guard == [
        {"sequence": 12, "passed": False, "rule": "C1"},
        {"sequence": 13, "passed": True, "rule": ""},
    ]


def test_it_goes_over_the_wire_without_the_key_of_the_conversation() -> None:
    text = msgspec.json.encode(explain(EVENTS)).decode()
    assert "digest" not in text
    assert '"command":"StartFlow"' in text


def test_a_turn_that_is_not_there() -> None:
    assert explain(EVENTS, turn=9) == []
    assert explain([]) == []
