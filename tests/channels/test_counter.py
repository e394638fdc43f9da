"""Intake, pacing and feeds, on the toy bank."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tellerline.bank.contract import Challenge, Proof
from tellerline.channels.counter import Counter, Pace
from tellerline.channels.feed import Hub
from tellerline.channels.intake import TEXT_MAX, Intake
from tellerline.channels.vault import Vault
from tellerline.dialogue.engine import Engine
from tellerline.dialogue.ports import Loaded
from tellerline.domain import event as e
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused
from tellerline.domain.party import CustomerId, Level
from tellerline.domain.reading import Reading
from tellerline.understanding.redact import redact
from tests.dialogue.toy import Talk, reading

PACE = Pace(quiet_ms=60, typing_ms=150, burst_ms=1_000, silence_s=0, reconcile_s=0)


class Log:
    """Several conversations in memory; every append yields once, as a disk would."""

    def __init__(self) -> None:
        self.events: dict[str, list[e.Event]] = {}

    async def append(self, conversation: str, events: Any, *, snapshot: bytes | None = None) -> None:
        await asyncio.sleep(0)
        kept = self.events.setdefault(conversation, [])
        assert events[0].sequence == len(kept) + 1
        kept += events

    async def load(self, conversation: str) -> Loaded:
        if conversation not in self.events:
            raise NotFound("conversation", "none")
        return Loaded(None, list(self.events[conversation]))

    async def read(self, conversation: str, *, after: int = 0, limit: int = 0) -> list[e.Event]:
        return [event for event in (await self.load(conversation)).events if event.sequence > after]

    async def find_message(self, conversation: str, client_id: str) -> int | None:
        found = self.events.get(conversation, [])
        return next((x.sequence for x in found if getattr(x.body, "client_id", "") == client_id), None)

    async def doubtful(self) -> list[str]:
        return []

    async def unanswered(self) -> list[str]:
        names = []
        for name, events in self.events.items():
            received = max((x.sequence for x in events if isinstance(x.body, e.MessageReceived)), default=0)
            through = max((x.body.through for x in events if isinstance(x.body, e.TurnStarted)), default=0)
            if received > through:
                names.append(name)
        return names


class Widget:
    """An identity provider that knows one code."""

    async def sign_in(self, customer_token: str) -> Proof:
        if customer_token != "app":
            raise Refused("token", "unknown")
        return Proof(CustomerId("u1"), Level.L1, "app")

    async def start(self, method: str, *, conversation: str, caller: Any) -> Challenge:
        return Challenge("c1", "otp", Level.L2)

    async def check(self, challenge: str, answer: Any, *, conversation: str) -> Proof:
        if answer.get("code") != "246810":
            raise Refused("wrong", "wrong code", tries_left=4)
        return Proof(CustomerId("u1"), Level.L2, "otp")


class Anything:
    """Reads everything as thanks, but for what it was told."""

    def __init__(self) -> None:
        self.readings: dict[str, Reading] = {}
        self.read_texts: list[str] = []

    def read(self, text: str, context: Any) -> Reading:
        self.read_texts.append(text)
        if not text.strip():
            return Reading("zh", "")
        return self.readings.get(text, reading("thanks", text=text))


@pytest.fixture
def counter() -> Counter:
    return make_counter(Log())


def make_counter(log: Log) -> Counter:
    talk = Talk()
    reader = Anything()
    object.__setattr__(talk.release, "reader", reader)
    hub = Hub()
    engine = Engine(log, {"r1": talk.release}, talk.effects, talk.clock, hub)
    made = Counter(
        log=log, engine=engine, hub=hub, identity=Widget(), intake=Intake(redact, Vault()), clock=talk.clock,
        current=lambda _: talk.release, pace=PACE,
    )  # fmt: skip
    made.reader, made.log = reader, log  # type: ignore[attr-defined]
    return made


def texts(events: Any, kind: type = e.MessageSent) -> list[str]:
    return [event.body.text for event in events if isinstance(event.body, kind)]


async def opened(counter: Counter, customer: str | None = "app") -> e.ConversationId:
    return (await counter.open(channel="web", language="zh", customer_token=customer)).id


async def test_a_conversation_opens_with_a_greeting_and_a_key_of_its_own(counter: Counter):
    first = await counter.open(channel="web", language="zh", customer_token=None)
    second = await counter.open(channel="web", language="zh", customer_token=None)
    assert texts(await counter.events(first.id, after=0)) == ["<welcome>"]
    await counter.check_token(first.id, first.token)
    for conversation, token in ((first.id, second.token), (e.ConversationId("nobody"), first.token)):
        with pytest.raises(NotFound):
            await counter.check_token(conversation, token)


async def test_the_same_client_id_is_the_same_message_and_the_same_answer(counter: Counter):
    name = await opened(counter)
    first = await counter.answer(name, client_id="m1", text="谢谢")
    again = await counter.answer(name, client_id="m1", text="谢谢")
    assert first == again
    assert texts(first) == ["<thanks>"]
    assert len(texts(await counter.events(name, after=0), e.MessageReceived)) == 1


async def test_a_burst_is_one_turn(counter: Counter):
    name = await opened(counter)
    for number, text in enumerate(("我想", "问一下", "就是那个")):
        await counter.receive(name, client_id=f"m{number}", text=text)
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    assert counter.reader.read_texts[-1] == "我想\n问一下\n就是那个"  # type: ignore[attr-defined]
    assert texts(await counter.events(name, after=0)) == ["<welcome>", "<thanks>"]


async def test_nothing_is_said_while_the_customer_types(counter: Counter):
    name = await opened(counter)
    await counter.receive(name, client_id="m1", text="我想")
    for _ in range(3):
        await counter.typing(name)
        await asyncio.sleep(0.08)
    assert texts(await counter.events(name, after=0)) == ["<welcome>"]
    await asyncio.sleep(0.3)
    assert texts(await counter.events(name, after=0)) == ["<welcome>", "<thanks>"]


async def test_an_emergency_is_answered_at_once(counter: Counter):
    name = await opened(counter)
    counter.reader.readings["卡丢了"] = reading("lost_card", text="卡丢了")  # type: ignore[attr-defined]
    await counter.typing(name)
    await counter.receive(name, client_id="m1", text="卡丢了")
    await asyncio.sleep(0.04)
    assert any("已冻结" in text for text in texts(await counter.events(name, after=0)))


async def test_two_turns_at_once_are_both_answered_one_after_the_other(counter: Counter):
    name = await opened(counter)
    answers = await asyncio.gather(*(counter.answer(name, client_id=f"m{i}", text="谢谢") for i in range(8)))
    assert all(texts(answer) for answer in answers)
    events = counter.log.events[name]  # type: ignore[attr-defined]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))


async def test_a_feed_misses_nothing_and_repeats_nothing(counter: Counter):
    name = await opened(counter)
    seen: list[e.Event] = []

    async def follow() -> None:
        async for event in counter.feed(name, after=0):
            seen.append(event)  # noqa: PERF401  what came so far is looked at while it goes on

    follower = asyncio.create_task(follow())
    for number in range(20):
        await counter.answer(name, client_id=f"m{number}", text="谢谢")
    await asyncio.sleep(0.01)
    follower.cancel()
    assert seen == await counter.events(name, after=0)
    middle = seen[len(seen) // 2].sequence
    assert await counter.events(name, after=middle) == [event for event in seen if event.sequence > middle]


async def test_secrets_never_reach_the_record(counter: Counter):
    name = await opened(counter)
    await counter.answer(name, client_id="m1", text="我的卡号6222 0212 3456 7890 128，密码是889900")
    kept = repr(counter.log.events[name])  # type: ignore[attr-defined]
    assert "889900" not in kept
    assert "6222" not in kept


@pytest.mark.parametrize(
    "pieces",
    [
        ("卡号是6222 0212", "3456 7890 128"),
        ("6222021234", "567890128 帮我查下"),
        ("6222", "0212", "3456", "7890 128"),
    ],
)
async def test_a_card_number_typed_in_two_messages_is_joined(counter: Counter, pieces: tuple[str, ...]):
    name = await opened(counter)
    for number, text in enumerate(pieces):
        await counter.receive(name, client_id=f"m{number}", text=text)
    await asyncio.sleep(0.2)
    last = texts(await counter.events(name, after=0), e.MessageReceived)[-1]
    assert "[card" in last, "what came last was recognised by what came before"
    assert "7890" not in last
    assert any("<secret_in_chat>" in text for text in texts(await counter.events(name, after=0)))


async def test_a_telephone_number_after_words_of_a_card_is_one_still(counter: Counter):
    name = await opened(counter)
    for number, text in enumerate(("I lost my card", "138 0000 8264")):
        await counter.answer(name, client_id=f"m{number}", text=text)
    assert texts(await counter.events(name, after=0), e.MessageReceived)[-1] == "[phone:8264]"


async def test_figures_that_follow_no_fragment_are_left_alone(counter: Counter):
    name = await opened(counter)
    for number, text in enumerate(("转给尾号6222的王伟", "1234", "我的账号是62220212", "5000")):
        await counter.answer(name, client_id=f"m{number}", text=text)
        if text.isdigit():
            assert texts(await counter.events(name, after=0), e.MessageReceived)[-1] == text


async def test_the_widget_lets_the_flow_go_on_and_counts_wrong_codes(counter: Counter):
    name = await opened(counter)
    await counter.answer(name, client_id="m0", text="谢谢")
    challenge = await counter.start_verification(name, "otp")
    wrong = await counter.check_verification(name, challenge.id, {"code": "1"})
    assert (wrong.passed, wrong.tries_left) == (False, 4)
    assert (await counter.check_verification(name, challenge.id, {"code": "246810"})).level == 2


async def test_bad_input_is_answered_or_refused_and_the_state_survives(counter: Counter):
    name = await opened(counter)
    for number, text in enumerate(("", "   ", "🙂", "\x00\x07\ud800", "好" * (TEXT_MAX + 1))):
        assert texts(await counter.answer(name, client_id=f"m{number}", text=text)), repr(text[:10])
    with pytest.raises(Invalid):
        await counter.answer(name, client_id="", text="你好")
    assert texts(await counter.answer(name, client_id="last", text="谢谢")) == ["<thanks>"]


async def test_a_closed_conversation_takes_no_message(counter: Counter):
    name = await opened(counter)
    counter._seats.take(name).conversation.add(e.ConversationClosed("staff"), counter._clock.now())
    with pytest.raises(Conflict):
        await counter.receive(name, client_id="m1", text="你好")


async def test_what_a_crash_left_unanswered_is_answered_after_the_start():
    log = Log()
    before = make_counter(log)
    name = await opened(before)
    await before.receive(name, client_id="m1", text="谢谢")
    await before.close()
    after = make_counter(log)
    assert await after.recover() == 1
    assert texts(await after.events(name, after=0))[-1] == "<thanks>"
