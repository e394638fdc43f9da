"""While a representative speaks the flows run on, and the assistant keeps silent; on the toy bank."""

from __future__ import annotations

import pytest

from tellerline.dialogue.draft import Draft
from tellerline.dialogue.progress import ELDER, EMERGENCY, ORDINARY, VULNERABLE, priority_of
from tellerline.dialogue.replay import replay
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.language import Text
from tests.dialogue.toy import Talk, entity, reading

TO_WANG = entity("name", "王伟")
FIVE_HUNDRED = entity("money", 50000, unit="CNY")


async def attended(*, asking: bool = True) -> Talk:
    """A conversation that a representative has taken over in the midst of a payment."""
    talk = Talk()
    if asking:
        await talk.say(reading("make_transfer", entities=(TO_WANG, FIVE_HUNDRED)))
    await add(talk, e.HandoverAccepted("lin.yue", Text("林悦", "Lin Yue")))
    return talk


async def add(talk: Talk, *bodies: e.Body) -> None:
    for body in bodies:
        talk.held.add(body, talk.clock.now())
    await talk.engine.save(talk.held)


async def fill(talk: Talk, *commands: c.Command) -> list[str]:
    """Let the representative fill in the form."""
    for command in commands:
        talk.held.add(e.SystemNoticed(command, "lin.yue"), talk.clock.now())
    return await talk.turn()


def prompts(talk: Talk) -> list[str]:
    return [x.body.text for x in talk.log.events if isinstance(x.body, e.GuidedPrompted)]


async def chosen(talk: Talk) -> c.SetSlot:
    """The second of the payees asked about."""
    frame, question = talk.tracker.top, talk.tracker.question
    assert frame is not None
    assert question is not None
    payees = frame.values["payees"]
    assert isinstance(payees, list)
    return c.SetSlot(question.slot, payees[0])


async def test_the_assistant_answers_nothing_and_every_turn_is_still_understood() -> None:
    talk = await attended()
    assert await talk.say(reading("check_balance")) == []
    assert talk.tracker.answered == talk.tracker.received
    assert [f.flow for f in talk.tracker.stack] == ["transfer"]
    last = [x.body for x in talk.log.events if isinstance(x.body, e.TurnStarted)][-1]
    assert last.reading is not None


async def test_the_form_runs_on_and_what_would_be_asked_is_a_prompt() -> None:
    talk = await attended(asking=False)
    assert await fill(talk, c.StartFlow("transfer", "make_transfer")) == []
    assert prompts(talk) != []
    assert talk.tracker.question is not None
    assert talk.tracker.question.what == "slot"


async def test_the_read_back_goes_to_the_customer_who_alone_confirms_and_is_told() -> None:
    talk = await attended()
    (read_back,) = await fill(talk, await chosen(talk))
    assert "500.00元，确认吗？" in read_back
    assert talk.bank.commits == 0
    assert await fill(talk, c.CannotHandle("unclear")) != [] or talk.bank.commits == 0
    said = await talk.say(reading("affirm", text="是的"))
    assert talk.bank.commits == 1
    assert said[0].startswith("已转出")


async def test_a_yes_to_something_else_confirms_nothing() -> None:
    talk = await attended()
    await talk.say(reading("affirm", text="是的"))
    assert talk.bank.commits == 0
    assert talk.tracker.question is not None
    assert talk.tracker.question.what == "slot"


async def test_a_scam_stops_the_money_even_then() -> None:
    talk = await attended()
    await talk.say(reading("scam_check", flags={"scam": 0.99}))
    assert talk.tracker.suspected_scam
    assert [f.flow for f in talk.tracker.stack] == []


async def test_asking_for_a_person_again_queues_for_nobody() -> None:
    talk = await attended()
    await fill(talk, c.HumanHandoff("asked"))
    assert "handover.requested" not in talk.kinds()


@pytest.mark.parametrize("given_back", [False, True])
async def test_what_was_recorded_runs_again_to_the_same_events(given_back: bool) -> None:
    talk = await attended()
    await fill(talk, await chosen(talk))
    said = e.MessageSent("representative", "请您确认。", "zh", representative="lin.yue", client_id="r1")
    await add(talk, said, e.NoteWritten("lin.yue", "ok"))
    await talk.say(reading("affirm", text="是的"))
    if given_back:
        await add(talk, e.HandoverReturned("lin.yue", "assistant", "given_back"))
        await talk.say(reading("check_balance"))
    assert await replay("talk", talk.log.events, talk.release) is None


def urgency(talk: Talk, reason: str) -> int:
    return priority_of(Draft(talk.tracker, talk.release, talk.clock.now()), reason)


async def test_how_urgent_a_wait_is_follows_from_reason_business_and_person() -> None:
    talk = Talk()
    assert urgency(talk, "asked") == ORDINARY
    assert (urgency(talk, "crisis"), urgency(talk, "scam"), urgency(talk, "complaint")) == (0, 1, 3)
    await talk.say(reading("make_transfer", entities=(TO_WANG, FIVE_HUNDRED)))
    frame = talk.tracker.top
    assert frame is not None
    frame.values["profile"] = {"elder": True}
    assert urgency(talk, "asked") == ELDER
    talk.tracker.vulnerable = 0.99
    assert (urgency(talk, "asked"), urgency(talk, "crisis")) == (VULNERABLE, 0)
    frame.flow = "freeze"
    assert urgency(talk, "asked") == EMERGENCY
