"""Levels are proven in order; codes work once, for a while, for the conversation they were asked in."""

from __future__ import annotations

import re

import pytest

from tellerline.bank.contract import Challenge, Proof
from tellerline.domain.data import Record, Value
from tellerline.domain.errors import NotFound, Refused
from tellerline.domain.party import CustomerId, Level
from tests.bank.world import World

WANG = CustomerId("wangfang")
IDENTITY: Record = {"phone": "13800006021", "id_last_four": "302x"}


async def start(world: World, method: str = "otp", level: int = 1, conversation: str = "c1") -> Challenge:
    caller = world.caller("wangfang" if level else None, level, conversation)
    return await world.bank.start(method, conversation=conversation, caller=caller)


def code_on_the_phone(world: World) -> str:
    message = next(m for m in world.bank.phone.messages(WANG) if m.kind == "code")
    found = re.search(r"\d{6}", message.text)
    assert found is not None
    return found.group()


async def check(world: World, challenge: Challenge, conversation: str = "c1", **answer: Value) -> Proof:
    return await world.bank.check(challenge.id, answer, conversation=conversation)


async def refusal(world: World, challenge: Challenge, conversation: str = "c1", **answer: Value) -> Refused:
    with pytest.raises(Refused) as found:
        await check(world, challenge, conversation, **answer)
    return found.value


# --- L1


async def test_an_app_session_proves_the_first_level(world: World) -> None:
    assert await world.bank.sign_in("demo-wangfang") == Proof(WANG, Level.L1, "app_session")


@pytest.mark.parametrize("token", ["demo-nobody", "wangfang", "", "demo-"])
async def test_a_token_of_nobody(world: World, token: str) -> None:
    with pytest.raises(Refused, match="unknown_token"):
        await world.bank.sign_in(token)


async def test_phone_and_id_digits_prove_the_first_level(world: World) -> None:
    challenge = await start(world, "identify", 0)
    assert await check(world, challenge, **IDENTITY) == Proof(WANG, Level.L1, "identify")


async def test_wrong_digits_are_counted_and_then_lock(world: World) -> None:
    challenge = await start(world, "identify", 0)
    for left in (4, 3, 2, 1):
        wrong = await refusal(world, challenge, phone="13800006021", id_last_four="0000")
        assert (wrong.code, wrong.data["tries_left"]) == ("wrong", left)
    locked = await refusal(world, challenge, phone="13800006021", id_last_four="0000")
    assert locked.code == "locked"
    with pytest.raises(Refused, match="locked"):
        await start(world, "identify", 0)


async def test_another_conversation_gives_no_more_tries_for_the_same_phone(world: World) -> None:
    for number in range(5):
        challenge = await start(world, "identify", 0, f"guess{number}")
        await refusal(world, challenge, f"guess{number}", phone="13800006021", id_last_four="0000")
    challenge = await start(world, "identify", 0, "honest")
    assert (await refusal(world, challenge, "honest", **IDENTITY)).code == "locked"
    world.clock.advance(hours=1)
    challenge = await start(world, "identify", 0, "honest")
    assert await check(world, challenge, "honest", **IDENTITY)


async def test_an_unknown_phone_is_refused_like_wrong_digits(world: World) -> None:
    challenge = await start(world, "identify", 0)
    unknown = await refusal(world, challenge, phone="13899999999", id_last_four="302X")
    other = await start(world, "identify", 0, "c2")
    wrong = await refusal(world, other, "c2", phone="13800006021", id_last_four="0000")
    assert (unknown.code, unknown.data) == (wrong.code, wrong.data)


# --- L2


async def test_a_code_proves_the_second_level_once(world: World) -> None:
    challenge = await start(world)
    assert (challenge.hint, challenge.level, challenge.tries_left) == ("138****6021", Level.L2, 5)
    code = code_on_the_phone(world)
    assert await check(world, challenge, code=f" {code[:3]} {code[3:]}") == Proof(WANG, Level.L2, "otp")
    assert (await refusal(world, challenge, code=code)).code == "expired"


async def test_a_code_is_over_after_five_minutes(world: World) -> None:
    challenge = await start(world)
    world.clock.advance(minutes=5)
    assert (await refusal(world, challenge, code=code_on_the_phone(world))).code == "expired"


async def test_five_wrong_codes_lock_for_an_hour_and_the_customer_is_told(world: World) -> None:
    challenge = await start(world)
    right = code_on_the_phone(world)
    wrong = "000000" if right != "000000" else "111111"
    answers = [await refusal(world, challenge, code=wrong) for _ in range(5)]
    assert [answer.code for answer in answers] == ["wrong"] * 4 + ["locked"]
    assert answers[-1].data["until"] == "2026-11-23T15:00:00+08:00"
    with pytest.raises(Refused, match="locked"):
        await start(world, conversation="c2")
    assert "暂停1小时" in world.bank.phone.messages(WANG)[0].text
    world.clock.advance(hours=1)
    assert await start(world)


async def test_wrong_codes_count_across_challenges(world: World) -> None:
    challenge = await start(world)
    for _ in range(3):
        await refusal(world, challenge, code="x")
    world.clock.advance(minutes=2)
    again = await start(world)
    assert again.tries_left == 2
    await refusal(world, again, code="x")
    assert (await refusal(world, again, code="x")).code == "locked"


async def test_a_right_code_forgives_wrong_ones(world: World) -> None:
    challenge = await start(world)
    await refusal(world, challenge, code="x")
    await check(world, challenge, code=code_on_the_phone(world))
    assert (await start(world, conversation="c2")).tries_left == 5


async def test_asked_twice_within_a_minute_the_first_code_stands(world: World) -> None:
    first, second = await start(world), await start(world)
    assert first == second
    assert len(world.bank.phone.messages(WANG)) == 1
    world.clock.advance(minutes=1)
    third = await start(world)
    assert third.id != first.id
    assert (await refusal(world, first, code="x")).code == "expired"


async def test_only_so_many_codes_a_day(world: World) -> None:
    for _ in range(10):
        await start(world)
        world.clock.advance(minutes=2)
    with pytest.raises(Refused, match="too_many_codes"):
        await start(world)
    world.clock.advance(hours=10)
    assert await start(world)


async def test_a_code_is_worth_nothing_in_another_conversation(world: World) -> None:
    challenge = await start(world)
    assert (await refusal(world, challenge, "c2", code=code_on_the_phone(world))).code == "expired"
    assert await check(world, challenge, code=code_on_the_phone(world))


async def test_the_code_is_nowhere_but_on_the_phone(world: World) -> None:
    challenge = await start(world)
    code = code_on_the_phone(world)
    held = repr(vars(world.bank._identity)) + repr(challenge) + repr(world.bank.snapshot())
    assert code not in held


async def test_codes_speak_the_customers_language(world: World) -> None:
    caller = world.caller("smith", 1)
    await world.bank.start("otp", conversation="c1", caller=caller)
    message = world.bank.phone.messages(CustomerId("smith"))[0]
    assert message.text.startswith("[Harbour Bank] Your code is")


# --- L3


async def test_a_face_check_is_answered_on_the_device(world: World) -> None:
    challenge = await start(world, "face", 2)
    assert (await refusal(world, challenge)).code == "pending"
    world.bank.phone.approve(world.bank.phone.messages(WANG)[0].id)
    assert await check(world, challenge) == Proof(WANG, Level.L3, "face")
    assert (await refusal(world, challenge)).code == "expired"


async def test_a_declined_face_check_proves_nothing(world: World) -> None:
    challenge = await start(world, "face", 2)
    asked = world.bank.phone.messages(WANG)[0]
    world.bank.phone.decline(asked.id)
    assert (await refusal(world, challenge)).code == "declined"
    with pytest.raises(NotFound):
        world.bank.phone.approve(asked.id)


# --- the order


@pytest.mark.parametrize(("method", "level"), [("otp", 0), ("face", 0), ("face", 1)])
async def test_levels_are_proven_in_order(world: World, method: str, level: int) -> None:
    with pytest.raises(Refused, match="wrong_order"):
        await start(world, method, level)


async def test_a_level_without_a_customer_is_no_level(world: World) -> None:
    with pytest.raises(Refused, match="wrong_order"):
        await world.bank.start("otp", conversation="c1", caller=world.caller("nobody", 1))


async def test_there_are_three_methods(world: World) -> None:
    with pytest.raises(Refused, match="unknown_method"):
        await start(world, "password")
