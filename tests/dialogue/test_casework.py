"""What a turn does about a case: alarms, extensions, escalations and decisions, each told once and to the right person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tellerline.domain import command as c
from tellerline.domain import event as e
from tests.dialogue.toy import NOW, Talk, reading

DAY = timedelta(days=1)
LATER = NOW + 30 * DAY


async def complain(talk: Talk) -> str:
    """Register a complaint, due in three days; return its number."""
    await talk.say(reading("complaint", text="我要投诉"))
    await talk.say(reading("out_of_scope", text="柜台把我的名字录错了两次"))
    (case,) = talk.tracker.open_cases
    return case.number


@pytest.fixture
async def talk() -> Talk:
    return Talk()


def timer(number: str, share: int, due_at: datetime = NOW + 3 * DAY) -> c.CaseTimer:
    return c.CaseTimer(number, share, due_at)


def bodies(talk: Talk, kind: type) -> list[e.Body]:
    return [event.body for event in talk.log.events if isinstance(event.body, kind)]


async def test_a_case_is_opened_with_its_alarms(talk: Talk) -> None:
    number = await complain(talk)
    case = talk.tracker.case(number)
    assert case is not None
    assert case.alarms == [NOW + 1.5 * DAY, NOW + 2.4 * DAY, NOW + 3 * DAY]
    assert (case.stage, case.opened_at) == ("received", NOW)


async def test_the_owner_is_alarmed_and_the_customer_left_in_peace(talk: Talk) -> None:
    number = await complain(talk)
    talk.clock.time = NOW + 1.5 * DAY
    assert await talk.notice(timer(number, 50)) == []
    assert bodies(talk, e.CaseAlarmed) == [e.CaseAlarmed(number, 50, "care", NOW + 3 * DAY)]


async def test_the_same_timer_again_rings_no_second_time(talk: Talk) -> None:
    number = await complain(talk)
    talk.clock.time = NOW + 2 * DAY
    for _ in range(3):
        await talk.notice(timer(number, 50))
    assert len(bodies(talk, e.CaseAlarmed)) == 1


async def test_a_timer_before_its_time_rings_nothing(talk: Talk) -> None:
    """A node whose clock ran ahead claimed it; the clock that decides is this one's."""
    number = await complain(talk)
    assert await talk.notice(timer(number, 50)) == []
    assert bodies(talk, e.CaseAlarmed) == []


async def test_what_went_by_unseen_is_told_once_by_the_last(talk: Talk) -> None:
    number = await complain(talk)
    talk.clock.time = NOW + 10 * DAY
    said = await talk.notice(timer(number, 50))
    assert said == ["<case_overdue>"]
    await talk.notice(timer(number, 80))
    await talk.notice(timer(number, 100))
    assert [alarm.share for alarm in bodies(talk, e.CaseAlarmed)] == [100]
    assert bodies(talk, e.CaseEscalated) == [e.CaseEscalated(number, "case_desk", "overdue")]


async def test_a_closed_case_rings_nothing(talk: Talk) -> None:
    number = await complain(talk)
    await talk.notice(c.CloseCase(number, "kept", "名字已更正。", "lin"))
    talk.clock.time = NOW + 9 * DAY
    assert await talk.notice(timer(number, 100)) == []
    assert bodies(talk, e.CaseAlarmed) == []


async def test_more_time_is_told_and_sets_the_clock_anew(talk: Talk) -> None:
    from dataclasses import replace

    from tellerline.cases.rules import CaseRules, KindRule
    from tellerline.domain.language import Text

    rule = KindRule(Text("投诉", "Complaint"), days_max=30, approved_days_max=60)
    talk.engine._releases["r1"] = replace(talk.release, cases=CaseRules({"complaint": rule}))  # type: ignore[index]
    number = await complain(talk)
    talk.clock.time = NOW + 2 * DAY
    await talk.notice(timer(number, 50))
    assert await talk.notice(c.ExtendCase(number, NOW + 20 * DAY, "等对方银行回复。", "lin")) == [
        "<case_extended>"
    ]
    case = talk.tracker.case(number)
    assert case is not None
    assert (case.due_at, case.alarmed, case.alarms[0]) == (NOW + 20 * DAY, [], NOW + 11 * DAY)
    talk.clock.time = NOW + 4 * DAY
    await talk.notice(timer(number, 100))  # of the old clock
    assert [alarm.share for alarm in bodies(talk, e.CaseAlarmed)] == [50]
    assert await talk.notice(c.ExtendCase(number, NOW + 50 * DAY, "还要更久", "lin")) == []
    assert await talk.notice(c.ExtendCase(number, NOW + 50 * DAY, "还要更久", "lin", "lin")) == []
    assert await talk.notice(c.ExtendCase(number, NOW + 50 * DAY, "还要更久", "lin", "zhao")) == [
        "<case_extended>"
    ]


async def test_how_it_stands_follows_the_case(talk: Talk) -> None:
    number = await complain(talk)
    assert await talk.notice(c.AdvanceCase(number, "working", "lin")) == ["<case_advanced>"]
    assert await talk.notice(c.AdvanceCase(number, "working", "zhao")) == []
    assert (await talk.say(reading("status", text="怎么样了")))[0].startswith("<status_case>")
    assert await talk.notice(c.EscalateCase(number, "lin")) == ["<case_escalated>"]
    assert await talk.notice(c.CloseCase(number, "kept", "名字已更正。", "lin")) == ["<case_closed>"]
    assert talk.tracker.open_cases == []
    assert (await talk.say(reading("status", text="怎么样了")))[0].startswith("<status_case>")
    told = [
        body
        for body in bodies(talk, e.MessageSent)
        if isinstance(body, e.MessageSent) and body.case == number
    ]
    assert {body.author for body in told} == {"assistant", "system"}


async def test_nothing_is_closed_without_an_answer(talk: Talk) -> None:
    number = await complain(talk)
    assert await talk.notice(c.CloseCase(number, "kept", "  ", "lin")) == []
    assert bodies(talk, e.CaseClosed) == []


async def test_a_clock_does_not_count_as_a_sign_of_the_customer(talk: Talk) -> None:
    number = await complain(talk)
    await talk.notice(c.Silence(1))
    talk.clock.time = NOW + 2 * DAY
    await talk.notice(timer(number, 50))
    assert talk.tracker.silences == 1
