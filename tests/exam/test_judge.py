"""Every expectation sees what it is about: one scene that meets it, one that does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.exam.judge import judge
from tellerline.exam.scene import Scene, value_at
from tests.exam.scenes import F1, NOW, expected, flow, release, said, scene

RELEASE = release()
CASE = e.CaseOpened(None, "HB1", "complaint", "complaints", NOW + timedelta(days=15), "x")
TOLD = e.CommandsDecided("embedded", [c.StartFlow("balance", "check_balance"), c.Confirm()])


def found(scene_: Scene, **keys: Any) -> list[str]:
    return [finding.expected for finding in judge(expected(**keys), scene_, RELEASE)]


@pytest.mark.parametrize(
    ("bodies", "good", "bad"),
    [
        ([TOLD], {"commands": [{"StartFlow": {"flow": "balance"}}, "Confirm"]}, {"commands": ["Confirm", "StartFlow"]}),
        ([TOLD], {"commands": ["Confirm"]}, {"commands": [{"StartFlow": {"flow": "transfer"}}]}),
        ([TOLD], {"no_commands": ["Deny"]}, {"no_commands": ["Confirm"]}),
        (flow(), {"flow": {"running": "transfer"}}, {"flow": {"running": "balance"}}),
        ([], {"flow": {"idle": True}}, {"flow": {"running": "balance"}}),
        (flow(), {"flow": {"never": ["balance"]}}, {"flow": {"never": ["transfer"]}}),
        (flow(), {"flow": {}}, {"flow": {"idle": True}}),
        ([*flow(), e.FlowEnded(F1, "completed")], {"flow": {"ended": {"transfer": "completed"}}},
         {"flow": {"ended": {"transfer": "cancelled"}}}),
        ([*flow(), e.FlowInterrupted(F1), *flow("balance", "tell", "f2")], {"flow": {"waiting": ["transfer"]}},
         {"flow": {"waiting": ["balance"]}}),
        ([*flow(), e.FlowQueued("balance", "x")], {"flow": {"waiting": ["balance"]}}, {"flow": {"waiting": ["human"]}}),
        ([*flow(), e.SlotSet(F1, "payee", {"name": "李娜"})], {"slots": {"transfer.payee.name": "李娜"}},
         {"slots": {"transfer.payee.name": "王伟"}}),
        ([*flow(), e.SlotSet(F1, "amount", 5)], {"slots": {"transfer.amount": "*"}}, {"slots": {"transfer.amount": None}}),
        ([*flow()], {"slots": {"transfer.amount": None}}, {"slots": {"transfer.amount": "*"}}),
        ([*flow(), e.SlotSet(F1, "payees", [{"id": "p1"}])], {"slots": {"transfer.payees.0.id": "p1"}},
         {"slots": {"transfer.payees.1.id": "p1"}}),
        ([e.QuestionAsked(None, "more")], {"question": {"what": "more"}}, {"question": {"what": "none"}}),
        ([], {"question": {"what": "none"}}, {"question": {"what": "slot"}}),
        ([e.QuestionAsked(F1, "slot", "payee", [e.Choice("a", "a")])],
         {"question": {"what": "slot", "slot": "payee", "options_min": 1}},
         {"question": {"what": "slot", "slot": "payee", "options_min": 2}}),
        ([e.QuestionAsked(F1, "slot", "payee", [e.Choice("a", "a")])], {"question": {"what": "slot", "options_max": 1}},
         {"question": {"what": "slot", "options_max": 0}}),
        ([], {"level": 1}, {"level": 2}),
        ([], {"language": "zh"}, {"language": "en"}),
        ([e.ConversationClosed("silence")], {"closed": True}, {"closed": False}),
        ([e.ScamSuspected()], {"events": ["scam.suspected"]}, {"no_events": ["scam.suspected"]}),
        ([e.TurnEnded(1)], {"turns": 1}, {"turns": 2}),
        ([CASE], {"case": {"kind": "complaint", "owner": "complaints", "due_on": "2026-12-08"}},
         {"case": {"kind": "complaint", "due_on": "2026-12-09"}}),
        ([CASE], {"case": {"kind": "complaint"}}, {"case": {"kind": "dispute"}}),
        ([e.HandoverRequested("crisis", "crisis", 0, 1, True)], {"handover": {"reason": "crisis", "queue": "crisis"}},
         {"handover": {"reason": "asked"}}),
        ([], {}, {"handover": {"reason": "asked"}}),
    ],
)  # fmt: skip
def test_an_expectation(bodies: list[e.Body], good: dict[str, Any], bad: dict[str, Any]) -> None:
    assert found(scene(*bodies), **good) == []
    assert found(scene(*bodies), **bad) != []


COMMITTED = [
    *flow(),
    e.LookupDone(F1, "accounts", "accounts.list", "accounts", []),
    e.ActionPrepared(F1, "readback", "transfer.send", {}, {}, "d"),
    e.CommitRequested(F1, "send", "transfer.send", "k", "d"),
    e.ActionCommitted(F1, "send", "transfer.send", "k", "receipt", {"reference": "R1"}),
]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ({"committed": ["transfer.send"]}, {"committed": []}),
        ({"committed": ["transfer.send"]}, {"committed": ["transfer.send", "transfer.send"]}),
        ({"not_committed": ["card.freeze"]}, {"not_committed": ["transfer.send"]}),
        ({"prepared": ["transfer.send"]}, {"prepared": ["card.freeze"]}),
        ({"looked_up": ["accounts.list"]}, {"not_looked_up": ["accounts.list"]}),
        ({"state": {"cards.0.status": "frozen"}}, {"state": {"cards.0.status": "active"}}),
        ({}, {"unknown": ["transfer.send"]}),
    ],
)
def test_the_bank(good: dict[str, Any], bad: dict[str, Any]) -> None:
    seen = scene(*COMMITTED, books={"cards": [{"status": "frozen"}]})
    assert found(seen, bank=good) == []
    assert found(seen, bank=bad) != []


def test_what_was_asked_of_the_bank_counts_as_committed_until_known() -> None:
    asked = scene(*COMMITTED[:5], e.ActionFailed(F1, "send", "transfer.send", "k", "outcome_unknown"))
    assert found(asked, bank={"committed": [], "unknown": ["transfer.send"]}) == []
    assert found(asked, bank={"not_committed": ["transfer.send"]}) != []


MESSAGE = said(
    "尾号6688的卡已冻结，余额1,234.50元。还有事吗？", choices=[e.Choice("是", "是")], flow="freeze", step="done",
    widget="otp", sources=[
        Source("copy", "freeze/done", "r1"), Source("fact", "fees.loss", "2026"),
        Source("article", "lost-card#what", "2026"),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ({"flow": "freeze", "step": "done"}, {"flow": "transfer"}),
        ({"step": "done"}, {"step": "later"}),
        ({"copy": ["freeze/done"]}, {"copy": ["freeze/later"]}),
        ({"no_copy": ["freeze/later"]}, {"no_copy": ["freeze/done"]}),
        ({"has_source": ["fact"]}, {"has_source": ["bank"]}),
        ({"no_source": ["bank"]}, {"no_source": ["fact"]}),
        ({"facts": ["fees.loss"]}, {"facts": ["fees.gain"]}),
        ({"articles": ["lost-card"]}, {"articles": ["found-card"]}),
        ({"language": "zh"}, {"language": "en"}),
        ({"choices_min": 1}, {"choices_min": 2}),
        ({"widget": "otp"}, {"widget": "face"}),
        ({"max_chars": 40}, {"max_chars": 10}),
        ({"questions_max": 1}, {"questions_max": 0}),
        ({"acknowledges": False}, {"acknowledges": True}),
        ({"mentions": ["1234.50", "６６８８"]}, {"mentions": ["1,234.05"]}),
        ({"not_mentions": ["9999"]}, {"not_mentions": ["6688"]}),
    ],
)
def test_the_reply(good: dict[str, Any], bad: dict[str, Any]) -> None:
    assert found(scene(MESSAGE), reply=good) == []
    assert found(scene(MESSAGE), reply=bad) != []


def test_an_acknowledgement_is_noted_and_comes_first() -> None:
    first = said("卡丢了确实着急。\n\n哪张卡？", sources=[Source("copy", "freeze/acknowledge", "r1")])
    assert found(scene(e.Acknowledged("freeze"), first), reply={"acknowledges": True}) == []
    assert found(scene(e.Acknowledged("freeze"), said()), reply={"acknowledges": True}) != []


def test_a_repeated_message_is_not_fresh() -> None:
    assert found(scene(said("甲"), said("乙"), before=1), reply={"fresh": True}) == []
    assert found(scene(said("甲"), said("甲"), before=1), reply={"fresh": True}) != []


def test_a_mention_is_filled_from_slots_cases_and_books() -> None:
    bodies = [*flow(), e.SlotSet(F1, "amount", 123450), CASE, said("转1,234.50元，编号HB1，尾号6688。")]
    seen = scene(*bodies, books={"cards": [{"last_four": "6688"}]})
    mentions = ["{{ transfer.amount | money }}", "{{ case.number }}", "{{ books.cards[0].last_four }}"]
    assert found(seen, reply={"mentions": mentions}) == []
    assert found(seen, reply={"mentions": ["{{ transfer.nothing }}"]}) == ["mentions {{ transfer.nothing }}"]
    assert found(seen, reply={"not_mentions": ["{{ case.number }}"]}) == ["does not mention HB1"]


def test_a_path_leads_to_nothing_rather_than_nowhere() -> None:
    assert value_at({"a": [{"b": 1}]}, "a.0.b") == 1
    assert value_at({"a": [{"b": 1}]}, "a.1.b") is None
    assert value_at({"a": 1}, "a.b") is None
