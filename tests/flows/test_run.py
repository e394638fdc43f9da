"""The next move of a flow, step by step."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tellerline.domain.data import Record
from tellerline.domain.errors import Invalid
from tellerline.flows import run
from tellerline.flows.frame import Frame, Pending
from tellerline.flows.spec import Flow

FLOW: dict[str, Any] = {
    "flow": "pay",
    "title": {"zh": "付款", "en": "Payment"},
    "intents": [],
    "slots": {
        "payee": {"type": "payee", "ask": "ask_payee", "choices": "payees"},
        "amount": {
            "type": "money",
            "ask": "ask_amount",
            "check": [{"bad": "amount > account.available_minor", "say": "too_high"}],
        },
        "account": {
            "type": "choice",
            "ask": "ask_account",
            "choices": "accounts",
            "default": "(accounts | selectattr('available_minor', 'ge', amount) | list)[0]",
            "check": [{"bad": "amount > account.available_minor", "say": "too_low"}],
        },
    },
    "steps": [
        {"id": "identify", "verify": 1},
        {"id": "payees", "lookup": "payees.list", "into": "payees", "on": {"unavailable": "sorry"}},
        {"id": "payee", "ask": "payee", "on": {"empty": "sorry"}},
        {"id": "amount", "ask": "amount"},
        {"id": "account", "ask": "account"},
        {
            "id": "sum",
            "compute": "sum_minor",
            "with": {"rows": "accounts", "field": "'available_minor'"},
            "into": "sum",
        },
        {
            "id": "read",
            "confirm": "read_back",
            "prepare": "transfer.send",
            "with": {"amount_minor": "amount", "note": "note"},
        },
        {
            "id": "send",
            "do": "transfer.send",
            "into": "sent",
            "on": {"insufficient_funds": "sorry", "refused": "finish"},
        },
        {"id": "case", "promise": {"kind": "k", "owner": "o", "due": {"days": 1}, "summary": "s"}},
        {
            "id": "big",
            "branch": [{"when": "amount > 100", "go": "person"}, {"when": "nothing.here > 1", "go": "sorry"}],
        },
        {"id": "freeze", "do": "card.freeze", "with": {"card": "card.id"}, "into": "frozen"},
        {"id": "tell", "disclose": "told", "next": "finish"},
        {"id": "person", "handover": {"reason": "asked", "queue": "general"}},
        {"id": "sorry", "say": "sorry"},
        {"id": "finish", "end": "completed"},
    ],
}
PAYEES: list[Any] = [{"id": "p1", "label": "王伟"}, {"id": "p2", "label": "李静"}]
ACCOUNTS: list[Any] = [{"id": "a1", "available_minor": 100}, {"id": "a2", "available_minor": 900}]
flow = msgspec.convert(FLOW, Flow)


def move(step: str, values: Record | None = None, *, level: int = 3, **frame: Any) -> run.Move:
    held = Frame("f1", "pay", "", step, dict(values or {}), **frame)
    return run.advance(flow, held, {"level": level, "language": "zh", **held.values})


def test_a_flow_that_has_run_off_its_end_is_complete() -> None:
    assert move("") == run.End("completed")


def test_verification_is_asked_for_only_below_the_level() -> None:
    assert move("identify", level=0) == run.NeedLevel("identify", 1)
    assert move("identify", level=2) == run.Enter("payees")


def test_a_lookup_is_done_once() -> None:
    assert move("payees") == run.Lookup("payees", "payees.list", {}, "payees")
    assert move("payees", {"payees": []}) == run.Enter("payee")


def test_a_proof_that_has_expired_is_asked_for_again() -> None:
    assert move("payees", level=0) == run.NeedLevel("payees", 1)
    assert move("read", {"amount": 5}, level=1) == run.NeedLevel("read", 2)
    assert move("send", level=1) == run.NeedLevel("send", 2)
    assert move("send", {"sent": {"receipt": "r"}}, level=0) == run.Enter("case")


def test_a_choice_is_asked_when_there_are_several() -> None:
    assert move("payee", {"payees": PAYEES}) == run.AskSlot("payee", "payee", PAYEES)


def test_the_only_choice_is_taken() -> None:
    assert move("payee", {"payees": PAYEES[:1]}) == run.FillSlot("payee", PAYEES[0], "bank")


def test_nothing_to_choose_from_leads_where_the_flow_says() -> None:
    assert move("payee", {"payees": []}) == run.Enter("sorry")
    assert move("account", {"accounts": []}) == run.Failed("account", "empty", "")


def test_a_filled_slot_is_passed() -> None:
    assert move("payee", {"payees": PAYEES, "payee": PAYEES[1]}) == run.Enter("amount")


def test_a_value_that_came_too_early_is_checked_where_it_is_asked() -> None:
    asked = move("amount", {"amount": 500, "account": ACCOUNTS[0]})
    assert asked == run.AskSlot("amount", "amount", [], "too_high")


def test_a_default_is_taken_and_renewed_when_it_no_longer_fits() -> None:
    assert move("account", {"accounts": ACCOUNTS, "amount": 50}) == run.FillSlot(
        "account", ACCOUNTS[0], "default"
    )
    corrected = {"accounts": ACCOUNTS, "amount": 500, "account": ACCOUNTS[0]}
    assert move("account", corrected) == run.FillSlot("account", ACCOUNTS[1], "default")


def test_the_only_choice_stands_even_if_it_fails_a_check() -> None:
    only = {"accounts": ACCOUNTS[:1], "amount": 500, "account": ACCOUNTS[0]}
    assert move("account", only) == run.Enter("sum")


def test_a_default_that_finds_nothing_leads_to_the_question() -> None:
    assert isinstance(move("account", {"accounts": ACCOUNTS, "amount": 5_000}), run.AskSlot)


def test_a_calculation_is_made_once() -> None:
    assert move("sum", {"accounts": ACCOUNTS}) == run.FillSlot("sum", 1_000, "computed")
    assert move("sum", {"sum": 7}) == run.Enter("read")


def test_an_action_is_prepared_read_back_and_committed() -> None:
    assert move("read", {"amount": 5}) == run.Prepare("read", "transfer.send", {"amount_minor": 5})
    pending = Pending("read", "transfer.send", {"amount_minor": 5}, {}, "d", "")
    assert move("read", {"amount": 5}, pending=pending) == run.ReadBack("read", "read_back")
    assert isinstance(move("read", {"amount": 6}, pending=pending), run.Prepare)
    pending.confirmed = True
    assert move("read", {"amount": 5}, pending=pending) == run.Enter("send")
    assert move("send", pending=pending) == run.Commit("send", "transfer.send", "sent")
    assert move("send", {"sent": {}}) == run.Enter("case")


def test_a_protective_action_is_committed_without_reading_back() -> None:
    values: Record = {"card": {"id": "c1"}}
    assert move("freeze", values) == run.Prepare("freeze", "card.freeze", {"card": "c1"})
    pending = Pending("freeze", "card.freeze", {"card": "c1"}, {}, "d", "")
    assert move("freeze", values, pending=pending) == run.Commit("freeze", "card.freeze", "frozen")


def test_speaking_promising_branching_and_leaving() -> None:
    assert move("tell") == run.Speak("tell", "told", "finish")
    assert move("case") == run.OpenCase("case", "big")
    assert move("big", {"amount": 101}) == run.Enter("person")
    assert move("big", {"amount": 99}) == run.Enter("freeze")
    assert move("person") == run.HandOver("person", "asked", "general")
    assert move("finish") == run.End("completed")


@pytest.mark.parametrize(
    ("failure", "code", "expected"),
    [
        ("refused", "insufficient_funds", run.Enter("sorry")),
        ("refused", "over_daily_limit", run.Enter("finish")),
        ("unknown", "", run.Failed("send", "unknown", "")),
    ],
)
def test_a_failure_leads_where_the_flow_says(failure: str, code: str, expected: run.Move) -> None:
    assert move("send", failure=failure, failure_code=code) == expected


def test_the_key_of_an_effect_depends_on_conversation_frame_step_and_terms() -> None:
    frame = Frame("f1", "pay", "", "send")
    key = run.idempotency_key("c1", frame, "send", "digest")
    assert key == run.idempotency_key("c1", frame, "send", "digest")
    others = {
        run.idempotency_key("c2", frame, "send", "digest"),
        run.idempotency_key("c1", Frame("f2", "pay", "", "send"), "send", "digest"),
        run.idempotency_key("c1", frame, "again", "digest"),
        run.idempotency_key("c1", frame, "send", "other"),
    }
    assert key not in others
    assert len(others) == 4


def test_the_dialogue_may_hand_in_functions() -> None:
    branches = msgspec.convert(
        {
            **FLOW,
            "steps": [{"id": "find", "compute": "branches", "with": {"place": "'深圳'"}, "into": "found"}],
        },
        Flow,
    )
    scope = {"level": 0, "functions": {"branches": lambda place: {"text": place}}}
    found = run.advance(branches, Frame("f1", "pay", "", "find"), scope)
    assert found == run.FillSlot("found", {"text": "深圳"}, "computed")
    with pytest.raises(Invalid, match="there is no calculation"):
        run.advance(branches, Frame("f1", "pay", "", "find"), {"level": 0})
