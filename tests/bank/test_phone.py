"""The demonstration phone tells the customer what the bank did, in the customer's language."""

from __future__ import annotations

import pytest

from tellerline.bank.adapters.simulator.actions import PLANS
from tellerline.bank.adapters.simulator.phone import MESSAGES_MAX, notice_fields
from tellerline.bank.catalogue import OPERATIONS
from tellerline.domain.errors import NotFound
from tellerline.domain.language import LANGUAGES
from tellerline.domain.party import CustomerId
from tests.bank.world import CREDIT, World, seed

WANG, SMITH = CustomerId("wangfang"), CustomerId("smith")


async def test_a_freeze_is_told_at_once(world: World) -> None:
    done = await world.do("card.freeze", card=CREDIT)
    message = world.bank.phone.messages(WANG)[0]
    assert message.kind == "notice"
    assert str(done.result["receipt"]) in message.text
    assert "尾号8866" in message.text


async def test_a_card_reported_by_a_stranger_is_told_to_its_owner(world: World) -> None:
    stranger = world.caller(None, 0)
    report = {"phone": "13800007305", "last_four": "5209"}
    prepared = await world.bank.prepare("card.freeze_reported", {**report}, caller=stranger)
    await world.bank.commit(prepared, key="k", caller=stranger)
    assert "was reported lost" in world.bank.phone.messages(SMITH)[0].text


@pytest.mark.parametrize(("customer", "words"), [("wangfang", "验证码是"), ("smith", "Your code is")])
async def test_a_message_is_in_the_language_of_the_customers_record(
    world: World, customer: str, words: str
) -> None:
    caller = world.caller(customer, 1)
    await world.bank.start("otp", conversation="c1", caller=caller)
    assert words in world.bank.phone.messages(CustomerId(customer))[0].text


async def test_an_effect_is_told_once_however_often_its_key_comes(world: World) -> None:
    caller = world.caller()
    prepared = await world.bank.prepare("card.freeze", {"card": CREDIT}, caller=caller)
    for _ in range(3):
        await world.bank.commit(prepared, key="k", caller=caller)
    assert len(world.bank.phone.messages(WANG)) == 1


async def test_messages_are_newest_first_and_not_kept_for_ever(world: World) -> None:
    for number in range(MESSAGES_MAX + 5):
        world.bank.phone.send(WANG, "locked", {"hours": number}, world.clock.now())
    messages = world.bank.phone.messages(WANG)
    assert len(messages) == MESSAGES_MAX
    assert f"{MESSAGES_MAX + 4}小时" in messages[0].text


def test_face_checks_are_found_among_other_messages_and_phones(world: World) -> None:
    phone, now = world.bank.phone, world.clock.now()
    phone.send(SMITH, "locked", {"hours": 1}, now)
    asked = {customer: phone.ask_face(customer, now) for customer in (SMITH, WANG)}
    phone.approve(asked[WANG])
    assert phone.face_state(asked[WANG]) == "approved"
    assert phone.face_state(asked[SMITH]) == "waiting"


def test_what_has_no_text_is_not_sent(world: World) -> None:
    world.bank.phone.send(WANG, "no.such.text", {}, world.clock.now())
    assert world.bank.phone.messages(WANG) == []


def test_a_face_check_that_was_never_asked(world: World) -> None:
    with pytest.raises(NotFound):
        world.bank.phone.approve("message-7")
    assert world.bank.phone.face_state("message-7") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", PLANS)
def test_every_action_has_a_text_whose_fields_it_fills(action: str, language: str) -> None:
    operation = OPERATIONS[action]
    record = {name: _sample(name) for name in (*operation.terms, *operation.returns)}
    text = seed().sms[action].in_(language)  # type: ignore[arg-type]
    assert "{" not in text.format_map(notice_fields(record, language))  # type: ignore[arg-type]


def _sample(name: str) -> object:
    if name.endswith("_minor"):
        return 1_00
    return "2026-11-23T14:00:00+08:00" if name.endswith(("_on", "_at", "at")) else "x"


def test_fields_are_written_as_a_customer_reads_them() -> None:
    record = {
        "amount_minor": 1234_50,
        "currency": "CNY",
        "reply_by_on": "2026-12-08",
        "label": {"zh": "卡", "en": "Card"},
    }
    assert notice_fields({**record}, "en")["amount"] == "CNY 1,234.50"
    assert notice_fields({**record}, "zh")["reply_by_on"] == "2026年12月8日"
    assert notice_fields({**record}, "en")["label"] == "Card"
