"""A phrase that was first not understood is learned for what the conversation then was about, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tellerline.dialogue.phrasing import Heard, candidates, heard_in
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.reading import Entity, Reading

AT = datetime(2026, 11, 23, tzinfo=UTC)
F1 = e.FrameId("f1")
UNCLEAR: list[c.Command] = [c.CannotHandle("unclear")]


def turn(
    text: str,
    commands: Sequence[c.Command],
    *bodies: e.Body,
    reading: Reading | None = None,
    redacted: Sequence[str] = (),
) -> list[e.Body]:
    return [
        e.MessageReceived("m", text, list(redacted)),
        e.TurnStarted(1, reading or Reading("zh", text)),
        e.CommandsDecided("embedded", list(commands)),
        *bodies,
        e.TurnEnded(1),
    ]


def lost(outcome: str = "completed") -> list[e.Body]:
    return turn(
        "卡丢了",
        [c.StartFlow("lost_card", "lost_card")],
        e.FlowStarted(F1, "lost_card", "lost_card"),
        e.FlowEnded(F1, outcome),  # type: ignore[arg-type]
    )


def heard(*turns: list[e.Body]) -> list[Heard]:
    bodies = [body for one in turns for body in one]
    return list(heard_in("c1", [e.Event(number, AT, body) for number, body in enumerate(bodies, start=1)]))


def test_what_was_not_understood_is_learned_for_what_followed() -> None:
    (phrase,) = heard(turn("我那张塑料片找不着了", UNCLEAR), lost())
    assert phrase == Heard("我那张塑料片找不着了", "zh", "lost_card", "lost_card", ["c1"])


def test_what_was_asked_about_is_learned_too() -> None:
    asked = turn("卡出问题了咋整", [c.Clarify(["lost_card", "reset_pin"])])
    assert [phrase.text for phrase in heard(asked, lost())] == ["卡出问题了咋整"]


@pytest.mark.parametrize("outcome", ["cancelled", "failed", "handed_over"])
def test_nothing_is_learned_from_what_was_not_completed(outcome: str) -> None:
    assert heard(turn("我那张塑料片找不着了", UNCLEAR), lost(outcome)) == []


def test_nothing_is_learned_from_what_was_understood_or_is_long_past() -> None:
    assert heard(turn("卡丢了", [c.StartFlow("lost_card", "lost_card")]), lost()) == []
    between = [turn(f"嗯{number}", [c.Wait()]) for number in range(5)]
    assert heard(turn("我那张塑料片找不着了", UNCLEAR), *between, lost()) == []


def test_nothing_that_names_somebody_is_learned() -> None:
    text = "给王芳的那张找不着了"
    named = Reading("zh", text, entities=[Entity("name", "王芳", "王芳", 1, 3)])
    assert heard(turn(text, UNCLEAR, reading=named), lost()) == []
    assert heard(turn("我的‹card›找不着了", UNCLEAR, redacted=["card"]), lost()) == []


def test_equal_phrases_are_put_together_and_known_ones_left_out() -> None:
    one = Heard("卡没影了", "zh", "lost_card", "lost_card", ["c1"])
    other = heard_where(one, ["c2"])
    known = Heard("卡丢了", "zh", "lost_card", "lost_card", ["c3"])
    found = candidates([known, one, other], {"zh": {"lost_card": ["卡丢了"]}, "en": {}})
    assert found == [heard_where(one, ["c1", "c2"])]


def heard_where(phrase: Heard, conversations: list[str]) -> Heard:
    return Heard(phrase.text, phrase.language, phrase.intent, phrase.flow, conversations)
