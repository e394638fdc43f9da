"""What the dialogue may rely on, whatever keeps the record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from tellerline.dialogue.ports import EventLog, Loaded
from tellerline.domain import event as e
from tellerline.domain.command import Silence
from tellerline.domain.errors import Conflict, Invalid, NotFound
from tellerline.store.log import SqliteLog
from tellerline.testing.log import MemoryLog
from tests.store.sample import BODIES, SHANGHAI, START, name, number, opening, said, turn

A, B, C = name("conversation-a"), name("conversation-b"), name("conversation-c")


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """Give each kind of log."""
    if request.param == "memory":
        yield MemoryLog()
        return
    with SqliteLog(tmp_path / "record.sqlite3") as stored:
        yield stored


async def opened(log: EventLog, *names: e.ConversationId) -> None:
    """Open conversations."""
    for one in names:
        await log.append(one, number([opening()]))


async def refusal(log: EventLog, conversation: e.ConversationId, events: list[e.Event]) -> tuple[str, object]:
    """Return the code and the sequence with which `events` are refused."""
    with pytest.raises(Conflict) as caught:
        await log.append(conversation, events, snapshot=b"never")
    return caught.value.code, caught.value.data["sequence"]


def test_there_is_a_sample_of_every_kind() -> None:
    assert {type(body) for body in BODIES} == set(get_args(e.Body))


async def test_every_kind_of_event_is_read_as_it_was_appended(log: EventLog) -> None:
    events = number(BODIES)
    await log.append(A, events)
    assert await log.read(A) == events
    assert await log.load(A) == Loaded(None, events)


async def test_a_moment_is_kept_to_the_microsecond_and_read_in_utc(log: EventLog) -> None:
    at = datetime(2026, 11, 23, 9, 30, 0, 1, tzinfo=SHANGHAI)
    await log.append(A, [e.Event(1, at, opening())])
    (event,) = await log.read(A)
    assert event.at == at
    assert event.at.utcoffset() == timedelta(0)


async def test_events_are_read_from_anywhere_and_as_many_as_wanted(log: EventLog) -> None:
    events = number([opening()]) + [event for k in range(40) for event in turn(2 + 8 * k, k)]
    await log.append(A, events)
    assert await log.read(A, after=7) == events[7:]
    assert await log.read(A, after=7, limit=3) == events[7:10]
    assert await log.read(A, limit=150) == events[:150]
    assert await log.read(A, limit=0) == []
    assert await log.read(A, after=len(events)) == []
    assert (await log.load(A)).events == events


async def test_what_was_never_opened_is_not_found(log: EventLog) -> None:
    for reading in (log.load(B), log.read(B)):
        with pytest.raises(NotFound) as caught:
            await reading
        assert caught.value.code == "conversation"
    assert await log.find_message(B, "m1") is None
    assert await log.unanswered() == []


async def test_the_newest_snapshot_is_loaded_with_the_events_after_it(log: EventLog) -> None:
    await opened(log, A)
    first, second, third = turn(2, 1), turn(10, 2), turn(18, 3)
    await log.append(A, first, snapshot=b"after the first")
    assert await log.load(A) == Loaded(b"after the first", [])
    await log.append(A, second)
    assert await log.load(A) == Loaded(b"after the first", second)
    await log.append(A, third, snapshot=b"after the third")
    assert await log.load(A) == Loaded(b"after the third", [])


@pytest.mark.parametrize("first", [1, 5, 9, 11], ids=["opening", "stale", "last", "ahead"])
async def test_events_that_do_not_follow_are_refused_as_a_whole(log: EventLog, first: int) -> None:
    await opened(log, A)
    await log.append(A, turn(2, 1))
    events = number([opening()]) if first == 1 else number([said("m2"), e.ScamSuspected()], first)
    assert await refusal(log, A, events) == ("sequence_taken", 9)
    assert await log.load(A) == Loaded(None, number([opening()]) + turn(2, 1))
    assert await log.find_message(A, "m2") is None
    await log.append(A, turn(10, 2))


async def test_a_conversation_begins_at_one(log: EventLog) -> None:
    assert await refusal(log, A, turn(2, 1)) == ("sequence_taken", 0)
    with pytest.raises(NotFound):
        await log.read(A)


async def test_a_message_is_taken_once_under_its_client_id(log: EventLog) -> None:
    await opened(log, A, B)
    await log.append(A, turn(2, 1, "m1"))
    assert await log.find_message(A, "m1") == 2
    assert await refusal(log, A, number([said("m1", "again")], 10)) == ("duplicate_message", 2)
    assert await refusal(log, A, number([said("m2"), said("m1")], 10)) == ("duplicate_message", 2)
    assert await refusal(log, A, number([said("m3"), said("m3")], 10)) == ("duplicate_message", 10)
    assert await log.find_message(A, "m2") is None
    await log.append(B, turn(2, 1, "m1"))
    await log.append(A, number([said("M1"), said("m2")], 10))
    assert await log.find_message(A, "m2") == 11


async def test_a_repeated_message_is_told_before_a_stale_sequence(log: EventLog) -> None:
    await opened(log, A)
    await log.append(A, turn(2, 1, "m1"))
    assert await refusal(log, A, number([said("m1")], 2)) == ("duplicate_message", 2)


@pytest.mark.parametrize(
    "events",
    [
        [],
        number([opening(), opening()]),
        number([said("m1")]),
        [*number([opening()]), *number([said("m1")], 3)],
        [e.Event(1, START.replace(tzinfo=None), opening())],
    ],
    ids=["none", "opened twice", "not opened", "with a gap", "without zone"],
)
async def test_events_that_no_record_can_hold_are_invalid(log: EventLog, events: list[e.Event]) -> None:
    with pytest.raises(Invalid) as caught:
        await log.append(A, events)
    assert caught.value.code == "events"
    with pytest.raises(NotFound):
        await log.read(A)


async def test_a_conversation_is_unanswered_until_its_turn_ends(log: EventLog) -> None:
    await opened(log, A, B, C)
    assert await log.unanswered() == []
    await log.append(B, number([e.SystemNoticed(Silence(1))], 2, START + timedelta(hours=1)))
    await log.append(A, number([said("m1"), said("m2")], 2))
    assert await log.unanswered() == [A, B]
    await log.append(A, number([e.TurnStarted(2)], 4))
    assert await log.unanswered() == [A, B]
    await log.append(A, number([e.TurnEnded(1)], 5))
    assert await log.unanswered() == [A, B], "the second message came after the turn began"
    await log.append(A, number([e.TurnStarted(3), e.TurnEnded(2)], 6))
    assert await log.unanswered() == [B]
    await log.append(B, number([e.TurnStarted(2), e.TurnEnded(1)], 3))
    assert await log.unanswered() == []


async def test_of_many_that_race_for_one_sequence_one_wins(log: EventLog) -> None:
    await opened(log, A)
    racing = [log.append(A, number([said(f"m{index}")], 2)) for index in range(20)]
    outcomes = await asyncio.gather(*racing, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Conflict)} == {"sequence_taken"}
    (_, winner) = await log.read(A)
    assert isinstance(winner.body, e.MessageReceived)
    assert winner.body.client_id == f"m{outcomes.index(None)}"


async def test_appends_to_one_conversation_are_written_in_the_order_they_came(log: EventLog) -> None:
    await opened(log, A)
    await asyncio.gather(*(log.append(A, number([said(f"m{k}")], k)) for k in range(2, 40)))
    assert [event.sequence for event in await log.read(A)] == list(range(1, 40))


async def test_a_refused_append_does_not_sink_its_neighbours(log: EventLog) -> None:
    names = [name(f"n{index}") for index in range(30)]
    await opened(log, *names)
    appends = [log.append(one, turn(2 if index % 3 else 3, 1)) for index, one in enumerate(names)]
    outcomes = await asyncio.gather(*appends, return_exceptions=True)
    for index, one in enumerate(names):
        assert (outcomes[index] is None) == bool(index % 3)
        assert len(await log.read(one)) == (9 if index % 3 else 1)
