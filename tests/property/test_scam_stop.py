"""A scam stops outgoing money at every step of every flow of the bank: not one way leads past it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellerline.bank.catalogue import OPERATIONS
from tellerline.dialogue.decide import decide
from tellerline.dialogue.draft import CommitEffect, Decision, PrepareEffect
from tellerline.dialogue.release import Intent, Release
from tellerline.dialogue.tracker import Question, Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.language import Text
from tellerline.flows.frame import Frame, Pending
from tellerline.flows.load import load_flows
from tellerline.flows.spec import Flow, Step
from tellerline.reply.copy import CopyBook
from tests.dialogue.toy import INTENTS, NOW, Talk, _Echo
from tests.harbour import PACK

FLOWS, _, PROBLEMS = load_flows(PACK)
STOPPED = {name for name, operation in OPERATIONS.items() if operation.stops_in_scam}
MOVING = [flow for flow in FLOWS.values() if any(step.do in STOPPED for step in flow.steps)]
STEPS = [(flow, step) for flow in MOVING for step in flow.steps]


def release() -> Release:
    """The bank's own flows; what they say is of no account here."""
    scopes = (*FLOWS, "patterns", "chitchat")
    echo = _Echo()
    copies = {name: CopyBook(name, {"zh": echo, "en": echo}) for name in scopes}
    intents = {
        **INTENTS,
        **{
            name: Intent("business", Text(name, name), flow=f.flow)
            for f in FLOWS.values()
            for name in f.intents
        },
    }
    return replace(Talk().release, flows=FLOWS, copies=copies, intents=intents)


RELEASE = release()


def standing(flow: Flow, step: Step, *, confirmed: bool) -> Tracker:
    """A conversation in the middle of `flow`, at `step`: all is proven, and what would be done is prepared."""
    action = step.prepare or step.do or next(s.do for s in flow.steps if s.do in STOPPED)
    before = next((s for s in flow.steps if s.prepare == action), step)
    expires = (NOW + timedelta(minutes=10)).isoformat()
    pending = Pending(before.id, str(action), {}, {"amount_minor": 1}, "digest", expires)
    pending.confirmed = confirmed
    frame = Frame("f1", flow.flow, flow.intents[0] if flow.intents else "undo", step.id)
    frame.pending = pending
    tracker = Tracker(
        conversation="talk", release="r1", customer="u1", level=3, session_level=3, stack=[frame]
    )
    tracker.question = Question("confirm", "f1") if step.confirm else None
    tracker.frame_count = 1
    return tracker


def forbidden(decision: Decision) -> Iterator[str]:
    """What would prepare or do what is to be stopped."""
    for effect in decision.effects:
        if isinstance(effect, PrepareEffect | CommitEffect) and effect.action in STOPPED:
            yield effect.action
    for body in decision.bodies:
        if isinstance(body, e.CommitRequested) and body.action in STOPPED:
            yield body.action


def test_the_bank_has_flows_that_move_money() -> None:
    assert PROBLEMS == []
    assert {"transfer", "repay_credit_card", "term_deposit_withdrawal", "early_repayment"} <= {
        f.flow for f in MOVING
    }
    assert len(STEPS) > 100


@pytest.mark.parametrize(("flow", "step"), STEPS, ids=[f"{f.flow}/{s.id}" for f, s in STEPS])
@pytest.mark.parametrize("confirmed", [False, True])
def test_a_report_of_a_scam_ends_the_flow_where_it_stands(flow: Flow, step: Step, confirmed: bool) -> None:
    """Even with the yes already given, and even when the yes comes in the same message."""
    for commands in (
        [c.ReportFraud("他让我转到安全账户")],
        [c.Confirm(), c.ReportFraud("他让我转到安全账户")],
    ):
        decision = decide(standing(flow, step, confirmed=confirmed), commands, RELEASE, NOW)
        assert list(forbidden(decision)) == []
        ended = [body for body in decision.bodies if isinstance(body, e.FlowEnded) and body.frame == "f1"]
        assert [body.outcome for body in ended] == ["cancelled"]
        assert any(isinstance(body, e.ScamSuspected) for body in decision.bodies)


@given(where=st.sampled_from(STEPS), confirmed=st.booleans(), yes=st.booleans())
def test_no_step_gets_past_an_earlier_sign_of_a_scam(
    where: tuple[Flow, Step], confirmed: bool, yes: bool
) -> None:
    flow, step = where
    tracker = standing(flow, step, confirmed=confirmed)
    tracker.suspected_scam = True
    decision = decide(tracker, [c.Confirm()] if yes and tracker.question else [], RELEASE, NOW)
    assert list(forbidden(decision)) == []


@given(flow=st.sampled_from(MOVING))
def test_no_such_flow_begins_once_a_scam_is_suspected(flow: Flow) -> None:
    tracker = Tracker(conversation="talk", release="r1", customer="u1", level=3, suspected_scam=True)
    intent = flow.intents[0] if flow.intents else "undo"
    decision = decide(tracker, [c.StartFlow(flow.flow, intent)], RELEASE, NOW)
    assert not any(isinstance(body, e.FlowStarted) for body in decision.bodies)
    assert decision.effects == []


def test_without_a_scam_the_same_steps_do_act() -> None:
    """The tests above would see it if they did not look at the right thing."""
    acting = [
        action
        for flow, step in STEPS
        if step.do in STOPPED
        for action in forbidden(decide(standing(flow, step, confirmed=True), [], RELEASE, NOW))
    ]
    assert {"transfer.send", "card.repay", "deposit.withdraw", "limit.raise"} <= set(acting)
