"""The public fakes of the bank behave like banks, and replay refuses to guess."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tellerline.bank.contract import Prepared
from tellerline.domain import event as e
from tellerline.domain.errors import Conflict, OutcomeUnknown, Refused, Unavailable
from tellerline.domain.party import Caller, CustomerId, Level
from tellerline.testing.bank import EPOCH, Action, Call, RecordedBank, ReplayDiverged, ScriptedBank
from tellerline.testing.clock import VirtualClock

CALLER = Caller(CustomerId("ann"), Level.L2)
FRAME = e.FrameId("f1")
PREPARED = Prepared("transfer.send", {"amount_minor": 1}, {"fee_minor": 0}, EPOCH)


# --- scripted


async def test_a_script_is_followed_and_its_calls_are_kept() -> None:
    bank = ScriptedBank(
        {"accounts.list": [{"id": "a"}], "transfer.send": Action({"fee_minor": 0}, {"receipt": "R"})}
    )
    assert await bank.lookup("accounts.list", {}, caller=CALLER) == [{"id": "a"}]
    prepared = await bank.prepare("transfer.send", {"amount_minor": 1}, caller=CALLER)
    assert prepared.terms == {"fee_minor": 0}
    outcome = await bank.commit(prepared, key="k", caller=CALLER)
    assert await bank.commit(prepared, key="k", caller=CALLER) == outcome == await bank.status("k")
    assert bank.calls[-1] == Call("commit", "transfer.send", {"amount_minor": 1}, "k")


async def test_a_script_may_fail_anywhere() -> None:
    bank = ScriptedBank(
        {"accounts.list": Unavailable("x", "y"), "transfer.send": Action({}, OutcomeUnknown("x", "y"))}
    )
    with pytest.raises(Unavailable):
        await bank.lookup("accounts.list", {}, caller=CALLER)
    prepared = await bank.prepare("transfer.send", {}, caller=CALLER)
    with pytest.raises(OutcomeUnknown):
        await bank.commit(prepared, key="k", caller=CALLER)
    assert await bank.status("k") is None
    with pytest.raises(Refused, match="unknown_operation"):
        await bank.lookup("cards.list", {}, caller=CALLER)


# --- recorded


def recorded(*bodies: e.Body) -> RecordedBank:
    return RecordedBank([e.Event(number, EPOCH, body) for number, body in enumerate(bodies, start=1)])


def committed(key: str = "k") -> e.ActionCommitted:
    return e.ActionCommitted(FRAME, "send", "transfer.send", key, "done", {"receipt": "R"})


def failed(error: str, code: str = "") -> e.ActionFailed:
    return e.ActionFailed(FRAME, "send", "transfer.send", "k", error, code)  # type: ignore[arg-type]


async def test_a_record_is_played_back_in_order() -> None:
    bank = recorded(
        e.LookupDone(FRAME, "accounts", "accounts.list", "accounts", [{"id": "a"}]),
        e.MessageSent("assistant", "between", "en"),
        e.ActionPrepared(
            FRAME, "read", "transfer.send", {}, {"fee_minor": 0}, "d", expires_at=EPOCH + timedelta(minutes=1)
        ),
        committed(),
    )
    assert await bank.lookup("accounts.list", {}, caller=CALLER) == [{"id": "a"}]
    prepared = await bank.prepare("transfer.send", {}, caller=CALLER)
    assert (prepared.terms, prepared.expires_at) == ({"fee_minor": 0}, EPOCH + timedelta(minutes=1))
    assert (await bank.commit(prepared, key="k", caller=CALLER)).result == {"receipt": "R"}
    assert bank.left == 0


@pytest.mark.parametrize(
    ("error", "failure", "code"),
    [("unavailable", Unavailable, "unavailable"), ("refused:card_frozen", Refused, "card_frozen")],
)
async def test_recorded_failures_fail_again(error: str, failure: type[Refused], code: str) -> None:
    bank = recorded(
        e.LookupDone(FRAME, "s", "accounts.list", "a", error=error),
        e.ActionPrepared(FRAME, "s", "transfer.send", {}, {"available_minor": 5}, error=error),
    )
    with pytest.raises(failure) as looked:
        await bank.lookup("accounts.list", {}, caller=CALLER)
    with pytest.raises(failure) as prepared:
        await bank.prepare("transfer.send", {}, caller=CALLER)
    assert looked.value.code == prepared.value.code == code
    assert prepared.value.data == {"available_minor": 5}


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ("refused", Refused),
        ("conflict", Conflict),
        ("unavailable", Unavailable),
        ("outcome_unknown", OutcomeUnknown),
    ],
)
async def test_recorded_commits_fail_again(error: str, failure: type[Refused]) -> None:
    with pytest.raises(failure, match="why"):
        await recorded(failed(error, "why")).commit(PREPARED, key="k", caller=CALLER)


async def test_a_status_is_what_the_record_says_became_of_the_key() -> None:
    outcome = await recorded(committed()).status("k")
    assert outcome is not None
    with pytest.raises(Unavailable):
        await recorded(failed("outcome_unknown")).status("k")
    reconciled = recorded(failed("refused", "not_done"))
    assert await reconciled.status("k") is None
    assert reconciled.left == 0


async def test_after_a_status_of_nothing_the_commit_has_its_own_answer() -> None:
    bank = recorded(failed("refused", "insufficient_funds"))
    assert await bank.status("k") is None
    with pytest.raises(Refused, match="insufficient_funds"):
        await bank.commit(PREPARED, key="k", caller=CALLER)


async def test_a_replay_that_asks_for_something_else_is_stopped() -> None:
    looked = e.LookupDone(FRAME, "s", "accounts.list", "a", [])
    with pytest.raises(ReplayDiverged):
        await recorded(looked).lookup("cards.list", {}, caller=CALLER)
    with pytest.raises(ReplayDiverged):
        await recorded(looked).prepare("transfer.send", {}, caller=CALLER)
    with pytest.raises(ReplayDiverged):
        await recorded(committed("other")).commit(PREPARED, key="k", caller=CALLER)
    with pytest.raises(ReplayDiverged):
        await recorded(looked).status("k")
    for bank in (recorded(), recorded()):
        with pytest.raises(ReplayDiverged):
            await bank.lookup("accounts.list", {}, caller=CALLER)
        with pytest.raises(ReplayDiverged):
            await bank.status("k")


def test_a_virtual_clock_moves_when_told() -> None:
    clock = VirtualClock()
    assert clock.now() == clock.now() == EPOCH
    clock.advance(days=1, hours=1, minutes=1, seconds=1)
    assert clock.now() - EPOCH == timedelta(days=1, hours=1, minutes=1, seconds=1)
    with pytest.raises(AssertionError):
        clock.advance(seconds=-1)
