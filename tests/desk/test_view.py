"""A view that is brought up to date by the feed equals a fresh one, whatever kind of event came."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from tellerline.desk.thread import Thread, fold, new_thread
from tellerline.desk.view import event_view, view_of
from tellerline.domain import event as e
from tellerline.testing.log import MemoryLog
from tests.desk.record import LIN, House, drain, open_house
from tests.store.sample import BODIES, START

KINDS = {e.kind_of(body) for body in BODIES}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(tmp_path, MemoryLog())


def as_sent(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


async def fresh_view(house: House, conversation: e.ConversationId) -> tuple[Thread, Any]:
    """Fold the whole record anew."""
    thread = new_thread(conversation)
    for event in await house.record.all_events(conversation):
        fold(thread, event)
    release = house.room.releases["r1"]
    return thread, as_sent(view_of(thread, release, house.pack))


def test_the_sample_has_every_kind() -> None:
    kinds = {e.kind_of(body) for body in get_args(e.Body)}
    assert kinds == KINDS


async def test_stale_state_and_events_equal_fresh_state_for_every_kind(house: House) -> None:
    """One event at a time; after each, what the page has equals what it would be told anew."""
    opened, *rest = BODIES
    assert isinstance(opened, e.ConversationOpened)
    conversation = await house.record.open("c1")
    line = house.line()
    await house.room.follow(line, conversation, 0)
    state: dict[str, Any] = {}
    seen: list[int] = []
    for body in rest:
        await house.record.add(conversation, body)
        for message in drain(line):
            if message["kind"] in ("event", "caught_up"):
                state.update(message["changes"])  # type: ignore[call-overload]
            if message["kind"] == "event":
                seen.append(message["event"]["sequence"])  # type: ignore[index]
        thread, expected = await fresh_view(house, conversation)
        assert state == expected, e.kind_of(body)
        assert house.room.threads[conversation] == thread, e.kind_of(body)
    assert seen == list(range(1, len(rest) + 2))


async def test_several_events_at_once_leave_the_page_as_up_to_date(house: House) -> None:
    conversation = await house.record.open("c1")
    line = house.line()
    await house.room.follow(line, conversation, 0)
    await house.record.add(conversation, *BODIES[1:])
    state: dict[str, Any] = {}
    for message in drain(line):
        state.update(message.get("changes", {}))  # type: ignore[call-overload]
    assert state == (await fresh_view(house, conversation))[1]


async def test_whoever_comes_late_is_told_all_and_then_each_once(house: House) -> None:
    conversation = await house.record.open("c1")
    await house.record.add(conversation, *BODIES[1:10])
    line = house.line()
    await house.room.follow(line, conversation, 4)
    await house.record.add(conversation, *BODIES[10:12])
    told = [m["event"]["sequence"] for m in drain(line) if m["kind"] == "event"]  # type: ignore[index]
    assert told == list(range(5, 13))


@pytest.mark.parametrize("body", BODIES, ids=e.kind_of)
def test_secrets_and_what_is_not_for_a_role_stay_here(body: e.Body) -> None:
    event = e.Event(1, START, body)
    shown = event_view(event, LIN.role)
    assert shown is not None
    assert not {"token_digest", "reading"} & shown.keys()
    if isinstance(body, e.NoteWritten):
        assert event_view(event, "administrator") is None
