"""What is read at a glance follows the events."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tellerline.cases.book import CaseQuery, CaseRow
from tellerline.domain import event as e
from tellerline.domain.errors import Invalid, NotFound
from tellerline.store.audit import verify
from tellerline.store.database import open_writer, upgrade
from tellerline.store.log import SqliteLog
from tellerline.store.projection import ConversationRow
from tellerline.store.records import GapRow, HandoverRow
from tellerline.store.timers import SqlTimers
from tests.store.before import take_back
from tests.store.sample import BODIES, FRAME, START, name, number, opening, queued, turn

A, B, C = name("a"), name("b"), name("c")
DAY = timedelta(days=1)


def promise(case: str, days: int) -> e.CaseOpened:
    """Return the body that opens a case due after so many days."""
    return e.CaseOpened(FRAME, case, "dispute", "cards", START + days * DAY, "争议交易")


async def test_a_conversation_is_known_at_a_glance(log: SqliteLog) -> None:
    events = number(BODIES)
    await log.append(A, events[:4])
    row = await log.records.access(A)
    assert row == ConversationRow(
        id=A,
        opened_at=events[0].at,
        last_at=events[3].at,
        release="r1",
        channel="web",
        language="zh",
        customer="C1",
        token_digest="d" * 64,
        last_sequence=4,
        received=3,
        taking=3,
        answered=0,
        closed=False,
        head_hash=row.head_hash,
    )
    await log.append(A, events[4:])
    later = await log.records.access(A)
    assert (later.language, later.answered, later.closed) == ("en", 3, True)
    assert (later.last_at, later.last_sequence) == (events[-1].at, len(events))
    assert later.head_hash != row.head_hash


async def test_whoever_proves_who_they_are_is_known_from_then_on(log: SqliteLog) -> None:
    await log.append(A, number([opening(), e.LevelChanged(1, "channel"), e.LevelChanged(2, "otp", "C9")]))
    await log.append(A, number([e.LevelChanged(0, "decayed")], 4))
    assert (await log.records.access(A)).customer == "C9"
    assert [row.id for row in await log.records.conversations(customer="C9")] == [A]


async def test_there_is_no_glance_at_what_is_not_there(log: SqliteLog) -> None:
    with pytest.raises(NotFound) as caught:
        await log.records.access(A)
    assert caught.value.code == "conversation"


async def test_conversations_are_listed_newest_first_page_by_page(log: SqliteLog) -> None:
    for index in range(7):
        at = START + timedelta(hours=index // 2)  # two at a time open at the same moment
        await log.append(name(f"n{index}"), number([opening(customer=f"C{index % 2}")], 1, at))
    listed: list[str] = []
    page = await log.records.conversations(limit=3)
    while page:
        listed += [row.id for row in page]
        page = await log.records.conversations(limit=3, before=page[-1])
    assert listed == ["n6", "n5", "n4", "n3", "n2", "n1", "n0"]
    assert [row.id for row in await log.records.conversations(customer="C1")] == ["n5", "n3", "n1"]


@pytest.mark.parametrize("limit", [0, -1, 1_001])
async def test_a_page_is_neither_empty_nor_endless(log: SqliteLog, limit: int) -> None:
    with pytest.raises(Invalid) as caught:
        await log.records.gaps(limit=limit)
    assert caught.value.data == {"field": "limit"}


async def test_cases_are_due_until_they_are_closed(log: SqliteLog) -> None:
    await log.append(A, number([opening(customer="C1"), promise("K2", 2), promise("K1", 1)]))
    await log.append(B, number([opening(), promise("K3", 3)]))
    by = START + 2 * DAY
    due = CaseQuery(state="open", due_by=by)
    assert [case.number for case in await log.records.cases(due)] == ["K1", "K2"]
    await log.append(A, number([e.CaseClosed("K1", "upheld")], 4))
    opened_at = START + timedelta(milliseconds=80)
    assert await log.records.cases(due) == [
        CaseRow(
            "K2", A, "dispute", "cards", "争议交易", opened_at, by, "open", "received", 0,
            extended=False, escalated=False, resolution="", customer="C1",
        )
    ]  # fmt: skip
    (closed,) = await log.records.cases(CaseQuery(number="K1"))
    assert (closed.state, closed.stage, closed.resolution) == ("closed", "closed", "upheld")
    assert [case.number for case in await log.records.cases(CaseQuery(customer="C1"))] == ["K2", "K1"]


async def test_a_case_number_drawn_twice_stops_no_conversation(log: SqliteLog) -> None:
    await log.append(A, number([opening(), promise("K1", 1)]))
    await log.append(B, number([opening(), promise("K1", 2)]))
    await log.append(B, number([e.CaseClosed("K1", "withdrawn")], 3))
    drawn = await log.records.cases(CaseQuery(number="K1"))
    assert [(case.conversation, case.state) for case in drawn] == [(A, "open"), (B, "closed")]


async def test_a_case_opened_again_keeps_its_beginning(log: SqliteLog) -> None:
    await log.append(A, number([opening(), promise("K1", 1), e.CaseClosed("K1", "done"), promise("K1", 5)]))
    (case,) = await log.records.cases(CaseQuery(number="K1"))
    assert (case.state, case.due_at) == ("open", START + 5 * DAY)
    assert case.opened_at == START + timedelta(milliseconds=80)


async def test_a_case_tells_how_far_it_has_come(log: SqliteLog) -> None:
    await log.append(A, number([opening(), promise("K1", 2)]))
    later = START + 9 * DAY
    await log.append(
        A,
        number(
            [
                e.CaseAdvanced("K1", "waiting", "lin"),
                e.CaseAlarmed("K1", 50, "cards", START + 2 * DAY),
                e.CaseEscalated("K1", "lead", "asked", "lin"),
            ],
            3,
        ),
    )
    (case,) = await log.records.cases(CaseQuery(owner="lead"))
    assert (case.stage, case.alarmed, case.escalated, case.extended) == ("waiting", 50, True, False)
    await log.append(A, number([e.CaseExtended("K1", later, "why", "lin", [later, later, later])], 6))
    (case,) = await log.records.cases(CaseQuery(kind="dispute"))
    assert (case.alarmed, case.extended, case.due_at) == (0, True, later)


async def test_a_record_of_before_keeps_its_promises(path: Path) -> None:
    """Its open cases get the alarm of their last day; its projections are those of its events."""
    with SqliteLog(path) as log:
        await log.append(
            A, number([opening(), promise("K1", 1), promise("K2", 2), e.CaseClosed("K1", "refunded")])
        )
    take_back(path, "0005")
    assert upgrade(path)
    assert verify(path) == []
    with SqliteLog(path) as log:
        kept = [(case.number, case.stage, case.resolution) for case in await log.records.cases(CaseQuery())]
    assert kept == [("K2", "received", ""), ("K1", "closed", "refunded")]
    timers = SqlTimers(open_writer(path))
    due = await timers.claim("n1", now=START + 2 * DAY)
    timers.close()
    assert [(timer.number, timer.share, timer.due_at) for timer in due] == [("K2", 100, START + 2 * DAY)]


async def test_the_line_is_listed_in_the_order_it_is_served(log: SqliteLog) -> None:
    for index, (one, priority) in enumerate([(A, 5), (B, 1), (C, 5)]):
        asked_at = START + timedelta(minutes=index)
        await log.append(one, number([opening(), queued(priority=priority)], 1, asked_at))
    assert [row.conversation for row in await log.records.waiting("general")] == [B, A, C]
    assert (await log.records.waiting("general", limit=1))[0] == HandoverRow(
        B, "general", 1, START + timedelta(minutes=1, milliseconds=80), "waiting"
    )
    await log.append(B, number([e.ConversationClosed("silence")], 3))
    assert [row.conversation for row in await log.records.waiting("general")] == [A, C]


async def test_questions_without_an_answer_are_kept_as_gaps(log: SqliteLog) -> None:
    await log.append(A, number([opening(), e.KnowledgeMissed("月球网点？", "zh", 0.1)]))
    await log.append(B, number([opening(), e.KnowledgeMissed("Moon?", "en", 0.2)], 1, START + DAY))
    newest = GapRow(B, 2, START + DAY + timedelta(milliseconds=80), "Moon?", "en", 0.2)
    assert [gap.question for gap in await log.records.gaps()] == ["Moon?", "月球网点？"]
    assert await log.records.gaps(since=START + DAY) == [newest]


async def test_a_place_does_not_cost_more_with_the_length_of_the_conversation(log: SqliteLog) -> None:
    await log.append(A, number([opening()]))
    for count in range(30):
        await log.append(A, turn(2 + 8 * count, count), snapshot=b"tracker" if count % 7 == 6 else None)
    loaded = await log.load(A)
    assert loaded.snapshot == b"tracker"
    assert len(loaded.events) == 2 * 8
