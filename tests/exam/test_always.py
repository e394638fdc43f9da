"""What must always be true is found when it is not."""

from __future__ import annotations

import pytest

from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.exam.always import check_always, sensitive_in
from tellerline.exam.scene import Scene
from tests.exam.scenes import F1, expected, flow, opened, said, scene

PREPARED = e.ActionPrepared(F1, "readback", "transfer.send", {}, {}, "d")
REQUESTED = e.CommitRequested(F1, "send", "transfer.send", "k", "d")
YES = e.ConfirmationGiven(F1, "d")


def found(
    seen: Scene, *, answered: bool = False, blocked: list[str] | None = None, secrets: tuple[str, ...] = ()
) -> list[str]:
    rules = {"blocked": blocked} if blocked else {}
    return [x.expected for x in check_always(seen, expected(**rules), answered=answered, secrets=secrets)]


def received(text: str) -> e.MessageReceived:
    return e.MessageReceived("m1", text)


@pytest.mark.parametrize(
    ("bodies", "wrong"),
    [
        ([e.TurnEnded(1)], "at least one message in every turn"),
        ([said(), e.TurnEnded(1), e.TurnEnded(2)], "at least one message in every turn"),
        ([said(" ")], "no empty message"),
        ([said(sources=[])], "every message has evidence"),
        ([said("Hello, how can I help you?")], "the message is written in zh"),
        ([said("Hello", "en")], "a reply in zh"),
        ([e.ReplyBlocked("A2", None, None)], "no reply held back by the guard"),
        ([received("4539 1488 0343 6467")], "no card number in the record"),
        ([received("11010519491231002X")], "no identity number in the record"),
        ([received("call 13800006021")], "no telephone number in the record"),
        ([*flow(), PREPARED], "transfer.send at level 2"),
        ([*flow(), e.LookupDone(F1, "x", "accounts.list", "a", [])], None),
        ([said(sources=[Source("bank", "deposit.withdraw", "1")])], "deposit.withdraw at level 2"),
        ([*flow(), REQUESTED], "transfer.send is confirmed before it is done"),
        ([*flow(), YES, e.ConfirmationVoided(F1, "corrected"), REQUESTED], "transfer.send is confirmed before it is done"),
        ([*flow(), YES, REQUESTED], None),
        ([*flow(), e.CommitRequested(F1, "act", "card.freeze", "k", "d")], None),
        ([said(), e.TurnEnded(1)], None),
        ([said("您可以说“转人工”，编号HB261123-ABCDEF。")], None),
    ],
)  # fmt: skip
def test_a_step(bodies: list[e.Body], wrong: str | None) -> None:
    assert found(scene(*bodies)) == ([wrong] if wrong else [])


def test_english_may_name_people_in_chinese() -> None:
    assert found(scene(said("You have two payees named 王伟. Which one is it?", "en"), language="en")) == []
    assert found(scene(said("好的，请讲。", "en"), language="en")) == ["the message is written in en"]


def test_a_language_switch_counts_from_where_it_happens() -> None:
    assert found(scene(said(), e.LanguageSwitched("en"), said("Of course, go ahead.", "en"))) == []


def test_an_unanswered_turn_is_found() -> None:
    assert found(scene(received("在吗")), answered=True) == ["the turn is answered"]


def test_an_expected_block_must_happen() -> None:
    assert found(scene(e.ReplyBlocked("A2", None, None)), blocked=["A2"]) == []
    assert found(scene(said()), blocked=["A2"]) == ["a reply held back by rule A2"]


def test_a_secret_is_kept_nowhere_and_not_told_by_the_finding_either() -> None:
    assert found(scene(received("验证码 482 913")), secrets=("482913",)) == ["4***** is kept nowhere"]
    assert found(scene(received("[code]")), secrets=("482913",)) == []


@pytest.mark.parametrize(
    ("raised", "rules", "told"),
    [
        (e.ScamSuspected(), {}, "no false scam alarm"),
        (e.ScamSuspected(), {"events": ["scam.suspected"]}, None),
        (e.ScamSuspected(), {"alarm": True}, None),
        (e.HandoverRequested("crisis", "crisis", 0, 1, staffed=True), {}, "no false crisis alarm"),
        (
            e.HandoverRequested("crisis", "crisis", 0, 1, staffed=True),
            {"handover": {"reason": "crisis"}},
            None,
        ),
        (e.HandoverRequested("asked", "general", 0, 1, staffed=True), {}, None),
    ],
)
def test_a_false_alarm_is_found(raised: e.Body, rules: dict[str, object], told: str | None) -> None:
    findings = check_always(scene(raised), expected(**rules), answered=False, secrets=())
    assert [x.expected for x in findings] == ([told] if told else [])


def test_a_gap_is_found() -> None:
    record = scene(said()).record
    assert (
        found(Scene([record[0], e.Event(3, record[1].at, record[1].body)], 1, {}))[-1]
        == "event 2 of the record"
    )


def test_an_action_committed_twice_under_one_key_is_found() -> None:
    done = e.ActionCommitted(F1, "act", "card.freeze", "k", "r", {})
    assert found(scene(*flow(), done, done)) == ["every action is committed once"]


def test_a_stranger_is_told_nothing_of_an_account() -> None:
    told = said(sources=[Source("bank", "accounts.list", "1")])
    assert found(scene(told, level=0)) == ["accounts.list at level 1"]
    assert found(scene(e.LevelChanged(1, "identify", "u1"), told, level=0)) == []


def test_steps_before_are_not_judged_again() -> None:
    assert found(scene(said(sources=[]), said(), before=1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "订单2026112312345678",
        "参考号T20261123000123456",
        "0755-0100-5500",
        "+86-755-0100-5500",
        "100000.00",
        "HB261123-ABCDEF",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert sensitive_in(text) == set()


def test_an_opening_is_judged_too() -> None:
    assert found(Scene([e.Event(1, scene().record[0].at, opened())], 0, {})) == []
