"""Whatever is promised to a customer becomes a case, once, unless a case keeps it already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tellerline.cases.calendar import load_calendar
from tellerline.cases.rules import CaseClock
from tellerline.dialogue.promising import cases_of
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker, fold
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tests.dialogue.toy import NOW, Talk
from tests.harbour import PACK

CALENDAR = load_calendar(PACK / "calendar" / "cn.yaml")


@pytest.fixture
def release() -> Release:
    return replace(Talk().release, clock=CaseClock({}, CALENDAR))


def tracker(*bodies: e.Body) -> Tracker:
    made = Tracker(conversation="talk")
    for sequence, body in enumerate(
        [e.ConversationOpened("web", "zh", "r1", "x", "u1", 1), *bodies], start=1
    ):
        fold(made, e.Event(sequence, NOW, body))
    return made


def said(text: str, author: e.Author = "representative", **rest: object) -> e.MessageSent:
    return e.MessageSent(author, text, "zh", **rest)  # type: ignore[arg-type]


def test_a_representative_s_promise_is_theirs_to_keep(release: Release) -> None:
    (case,) = cases_of(tracker(), release, said("好的，我明天下午三点给您回电。"), NOW, owner="lin.yue")
    assert (case.owner, case.case_kind, case.summary) == (
        "lin.yue",
        "call_back",
        "好的，我明天下午三点给您回电。",
    )
    assert case.due_at.isoformat() == "2026-11-24T07:00:00+00:00"
    assert len(case.alarms) == 3


def test_a_promise_without_a_time_has_one_all_the_same(release: Release) -> None:
    (case,) = cases_of(tracker(), release, said("我会全程跟进您的申请。"), NOW, owner="lin.yue")
    assert (case.case_kind, case.due_at.isoformat()) == ("promise", "2026-11-24T10:00:00+00:00")


def test_what_is_no_promise_opens_nothing(release: Release) -> None:
    for text in (
        "我不能保证什么时候有结果。",
        "需要我们明天给您回电吗？",
        "对方说“明天退款给您”，请不要相信。",
    ):
        assert cases_of(tracker(), release, said(text), NOW) == []


def test_the_same_promise_again_is_the_same_case(release: Release) -> None:
    text = "我会在周五前给您回电话。"
    (case,) = cases_of(tracker(), release, said(text), NOW, owner="lin")
    assert cases_of(tracker(case), release, said(text), NOW + timedelta(minutes=5), owner="lin") == []


def test_what_a_case_keeps_already_opens_no_other(release: Release) -> None:
    opened = e.CaseOpened(None, "HB1", "complaint", "care", NOW + timedelta(days=15), "投诉")
    told = "已登记，投诉编号HB1，我们最晚12月8日前答复您。"
    assert cases_of(tracker(opened), release, said(told), NOW) == []
    assert cases_of(tracker(), release, said("我们12月8日前答复您。", case="HB1"), NOW) == []


def test_of_the_assistant_s_texts_only_a_day_that_nobody_keeps_is_taken_up(release: Release) -> None:
    promised = said("我们会在周五前给您答复。", "assistant")
    assert [case.owner for case in cases_of(tracker(), release, promised, NOW)] == ["service"]
    case = e.CaseOpened(None, "HB1", "dispute", "cards", NOW + timedelta(days=4), "争议")
    assert cases_of(tracker(), release, promised, NOW, opened=[case]) == []
    assert cases_of(tracker(), release, said("我马上为您查。", "assistant"), NOW) == []
    article = Source("article", "complaints#times", "2026-01-01")
    quoted = said("我们会在15天内答复您。", "assistant", sources=[article])
    assert cases_of(tracker(), release, quoted, NOW) == []
    assert cases_of(tracker(), release, said("我们会在周五前给您答复。", "system"), NOW) == []
