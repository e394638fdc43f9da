"""The copilot's cards follow from the record: what must be said, what comes next, how the customer feels, the wrap-up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tellerline.desk.account import Skill
from tellerline.desk.copilot import Card, Help, help_with
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.reading import Affect, IntentScore, Mood, Reading, Segment
from tellerline.knowledge.answer import Answer
from tellerline.testing.log import MemoryLog
from tests.desk.record import LIN, RELEASE, House, open_house

ANSWER = Answer("一年期1.10%。", [Source("fact", "deposit_rates.term_1y", "2026-05-20")], 0.9)
DISCLOSURE = "请知悉：提前结清可能收取违约金，具体以合同约定为准。"


@pytest.fixture
def house(tmp_path: Path) -> House:
    found = open_house(tmp_path, MemoryLog())
    found.line()
    return found


def help_now(
    house: House, conversation: e.ConversationId, *, skill: Skill = "novice", answer: Answer | None = None
) -> Help:
    thread = house.room.threads[conversation]
    return help_with(thread, RELEASE, house.pack, skill=skill, now=house.clock.now(), answer=answer)


def kinds(found: Help) -> list[str]:
    return [card.kind for card in found.cards]


def check(found: Help, name: str) -> bool:
    return next(item.done for item in found.checklist if item.id == name)


async def say(house: House, conversation: e.ConversationId, text: str) -> None:
    """Let the representative say something."""
    seen = house.room.threads[conversation].sequence
    await house.speaking.send(LIN, conversation, client_id=f"r{seen}", text=text, seen=seen)


async def test_an_answer_is_offered_while_the_customer_waits_for_one(house: House) -> None:
    conversation = await house.attend("c1")
    assert "answer" not in kinds(help_now(house, conversation, answer=ANSWER))
    await house.customer_says(conversation, "一年定期利率多少？", "m1")
    card = help_now(house, conversation, answer=ANSWER).cards[0]
    assert (card.kind, card.insert, card.sources) == ("answer", ANSWER.text, ANSWER.sources)
    await say(house, conversation, "一年期1.10%。")
    assert "answer" not in kinds(help_now(house, conversation, answer=ANSWER)), "its thread has moved on"


async def test_a_card_that_was_used_or_dismissed_stays_away(house: House) -> None:
    conversation = await house.attend("c1")
    await house.customer_says(conversation, "利率？", "m1")
    card = help_now(house, conversation, answer=ANSWER).cards[0]
    await house.record.add(
        conversation, e.CardHandled("lin.yue", card.id, card.kind, "dismissed", "wrong rate")
    )
    assert kinds(help_now(house, conversation, answer=ANSWER)) == []
    await house.customer_says(conversation, "利率多少？", "m2")
    assert kinds(help_now(house, conversation, answer=ANSWER)) == ["answer"], (
        "another question is another card"
    )


async def test_what_must_be_said_is_ticked_by_what_was_said(house: House) -> None:
    conversation = await house.attend("c1")
    await house.record.add(
        conversation, e.GuidedPrompted(DISCLOSURE, "zh", "transfer", "terms", required=True)
    )
    found = help_now(house, conversation)
    (name,) = [item.id for item in found.checklist if item.id.startswith("said-")]
    assert not check(found, name)
    assert found.cards[0].insert == DISCLOSURE
    await say(house, conversation, "好的，我看看。")
    assert not check(help_now(house, conversation), name)
    await say(house, conversation, "跟您说明一下，提前结清可能收取违约金，具体以合同约定为准。")
    assert check(help_now(house, conversation), name)


async def test_a_number_that_was_promised_has_to_be_told(house: House) -> None:
    conversation = await house.attend("c1")
    due = house.clock.now() + timedelta(days=1)
    await house.record.add(conversation, e.CaseOpened(None, "HB1", "callback", "lin.yue", due, "call"))
    found = help_now(house, conversation)
    assert not check(found, "number-HB1")
    assert found.wrap.outcome == "promised"
    await say(house, conversation, "您的编号是HB1。")
    assert check(help_now(house, conversation), "number-HB1")


async def test_a_scam_has_to_be_warned_of_before_anything_else(house: House) -> None:
    conversation = await house.attend("c1")
    await house.record.add(conversation, e.ScamSuspected())
    await house.customer_says(conversation, "他让我转到安全账户", "m1")
    card = help_now(house, conversation, answer=ANSWER).cards[0]
    assert (card.kind, card.title.en) == ("must", "Warn of the scam")
    assert card.insert is not None
    await say(house, conversation, "请不要把钱转到所谓的安全账户。")
    assert check(help_now(house, conversation), "scam_warning")


async def test_how_the_customer_feels_is_said_when_it_changes(house: House) -> None:
    conversation = await house.attend("c1")
    for level in (0.1, 0.3, 0.6):
        await house.record.add(conversation, e.AffectNoticed("anger", level, Mood(level, 0.1, "rising")))
    (card,) = [card for card in help_now(house, conversation).cards if card.kind == "feel"]
    assert "angrier" in str(card.text)
    for level in (0.3, 0.2, 0.1):
        await house.record.add(conversation, e.AffectNoticed("neutral", level, Mood(level, 0.6, "falling")))
    assert "feel" not in kinds(help_now(house, conversation))


async def test_the_procedure_that_the_customer_asks_for_is_prepared(house: House) -> None:
    conversation = await house.attend("c1")
    await house.customer_says(conversation, "查一下余额", "m1")
    reading = Reading("zh", "查一下余额", [Segment(0, 5, [IntentScore("check_balance", 0.95)])], [], Affect())
    last = house.room.threads[conversation].sequence
    await house.record.add(conversation, e.TurnStarted(last, reading), e.TurnEnded(1))
    (card,) = [card for card in help_now(house, conversation).cards if card.kind == "do"]
    assert card.action == {"flow": "balance", "values": {}}


@pytest.mark.parametrize(("skill", "shown", "reasons"), [("novice", True, True), ("skilled", True, False)])
async def test_reasons_are_for_novices(house: House, skill: Skill, shown: bool, reasons: bool) -> None:
    conversation = await house.attend("c1")
    await house.customer_says(conversation, "利率？", "m1")
    (card,) = help_now(house, conversation, skill=skill, answer=ANSWER).cards
    assert (card.kind == "answer", card.why is not None) == (shown, reasons)


async def test_an_expert_is_told_only_what_must_be_and_what_comes_next(house: House) -> None:
    conversation = await house.attend("c1")
    await house.customer_says(conversation, "利率？", "m1")
    assert kinds(help_now(house, conversation, skill="expert", answer=ANSWER)) == []


async def test_the_wrap_up_says_what_was_done_and_what_was_not(house: House) -> None:
    conversation = await house.attend("c1")
    frame = e.FrameId("f1")
    await house.record.add(
        conversation,
        e.FlowStarted(frame, "transfer", "make_transfer"),
        e.ActionPrepared(frame, "pay", "transfer.send", {}, {"amount_minor": 1}),
        e.ActionFailed(frame, "pay", "transfer.send", "k1", "refused", "insufficient_funds"),
    )
    wrap = help_now(house, conversation).wrap
    assert wrap.outcome == "unsolved"
    assert (wrap.area, wrap.reason) == ("payments", "transfer")
    assert "insufficient_funds" in wrap.summary.zh


async def test_an_outcome_that_is_not_known_is_never_ticked(house: House) -> None:
    conversation = await house.attend("c1")
    frame = e.FrameId("f1")
    await house.record.add(
        conversation,
        e.FlowStarted(frame, "transfer", "make_transfer"),
        e.ActionPrepared(frame, "pay", "transfer.send", {}, {"amount_minor": 1}),
        e.ActionFailed(frame, "pay", "transfer.send", "k1", "outcome_unknown", "timeout"),
    )
    assert not check(help_now(house, conversation), "unknown")


def test_cards_hold_nothing_that_sends_itself() -> None:
    assert not {"send", "auto", "at"} & set(Card.__struct_fields__)
