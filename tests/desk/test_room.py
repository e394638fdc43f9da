"""What happens at the desk by itself: rings, silence, absence, what was put off; and what survives a restart."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tellerline.desk.account import AccountName
from tellerline.desk.duties import Duties
from tellerline.desk.floor import RING
from tellerline.desk.ground import Ground
from tellerline.desk.pack import load_desk_pack
from tellerline.desk.queue import LiveDesk
from tellerline.desk.watch import CALL_BACK, OFFLINE, SILENT
from tellerline.desk.words import Words
from tellerline.domain import event as e
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused
from tellerline.store.log import SqliteLog
from tellerline.testing.log import MemoryLog
from tests.desk.book import account
from tests.desk.record import LIN, ZHAO, House, drain, open_house
from tests.harbour import PACK

KAI = account("zhou.kai", queues=["general"], capacity=2)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(tmp_path, MemoryLog())


def employ(house: House, *people: object) -> None:
    for person in people:
        house.book.add(person)  # type: ignore[arg-type]
        house.room.enter(person)  # type: ignore[arg-type]


async def kinds(house: House, conversation: e.ConversationId) -> list[str]:
    return [e.kind_of(event.body) for event in await house.record.all_events(conversation)]


async def test_a_ring_that_nobody_answers_goes_to_the_next_and_who_did_not_answer_is_away(
    house: House,
) -> None:
    employ(house, KAI)
    house.line()
    conversation = await house.record.open("c1")
    await house.ask(conversation)
    await house.look()
    ring = house.offer(conversation)
    assert ring is not None
    assert (ring.representative, ring.expires_at) == ("lin.yue", house.clock.now() + RING)
    house.line(KAI)
    house.pass_time(RING.total_seconds())
    await house.look()
    assert house.presence().state == "away"
    second = house.offer(conversation)
    assert second is not None
    assert second.representative == "zhou.kai"
    with pytest.raises(Conflict, match="offer_over"):
        await house.taking.accept(LIN, conversation, ring.offer)
    await house.taking.accept(KAI, conversation, second.offer)
    assert house.room.threads[conversation].owner == "zhou.kai"


async def test_a_ring_is_answered_once_however_often_it_is_pressed(house: House) -> None:
    house.line()
    conversation = await house.attend("c1")
    before = await kinds(house, conversation)
    await house.taking.accept(LIN, conversation, "whatever")
    assert await kinds(house, conversation) == before


async def test_who_declines_is_passed_over_and_the_wait_keeps_its_place(house: House) -> None:
    house.line()
    first, second = await house.record.open("c1"), await house.record.open("c2")
    await house.ask(first)
    house.pass_time(5)
    await house.ask(second)
    await house.look()
    ring = house.offer(first)
    assert ring is not None
    await house.taking.decline(LIN, first, ring.offer, "no card licence")
    assert house.room.floor.asks[first].asked_at < house.room.floor.asks[second].asked_at
    await house.look()
    assert house.offer(first) is None
    assert house.offer(second) is not None


async def test_a_silent_person_who_is_not_there_loses_the_conversation_after_a_minute(house: House) -> None:
    line = house.line()
    conversation = await house.attend("c1")
    await house.customer_says(conversation, "在吗？", "m1")
    house.room.close_line(line)
    house.pass_time(OFFLINE.total_seconds())
    await house.look()
    assert house.presence().state == "offline"
    assert house.room.threads[conversation].owner == "lin.yue"
    house.pass_time(SILENT.total_seconds() - OFFLINE.total_seconds())
    await house.look()
    thread = house.room.threads[conversation]
    assert (thread.owner, thread.state) == ("", "waiting")
    told = (await house.record.all_events(conversation))[-1].body
    assert isinstance(told, e.MessageSent)
    assert told.author == "system"


async def test_a_busy_person_keeps_it_unless_somebody_is_free(house: House) -> None:
    employ(house, KAI)
    house.line()
    conversation = await house.attend("c1")
    house.room.set_presence(LIN.account, "busy", "on the phone")
    await house.customer_says(conversation, "在吗？", "m1")
    house.pass_time(SILENT.total_seconds())
    await house.look()
    assert house.room.threads[conversation].owner == "lin.yue"
    house.line(KAI)
    await house.look()
    ring = house.offer(conversation)
    assert ring is not None
    assert ring.representative == "zhou.kai"


async def test_nobody_is_silent_who_has_answered(house: House) -> None:
    line = house.line()
    conversation = await house.attend("c1")
    await house.customer_says(conversation, "在吗？", "m1")
    seen = house.room.threads[conversation].sequence
    await house.speaking.send(LIN, conversation, client_id="a", text="在的", seen=seen)
    house.room.close_line(line)
    house.pass_time(600)
    await house.look()
    assert house.room.threads[conversation].owner == "lin.yue"


async def test_capacity_is_a_limit_and_its_release_takes_the_oldest(house: House) -> None:
    house.line()
    conversations = [await house.record.open(f"c{number}") for number in range(5)]
    for conversation in conversations:
        house.pass_time(1)
        await house.ask(conversation)
    await house.look()
    rung = [name for name in conversations if house.offer(name) is not None]
    assert rung == conversations[: LIN.capacity]
    for name in rung:
        ring = house.offer(name)
        assert ring is not None
        await house.taking.accept(LIN, name, ring.offer)
    await house.look()
    assert house.offer(conversations[3]) is None
    seen = house.room.threads[rung[1]].sequence
    await house.taking.give_back(LIN, rung[1], seen, "")
    await house.look()
    assert house.offer(conversations[3]) is not None
    assert house.offer(conversations[4]) is None


async def test_what_is_put_off_comes_back_at_its_time_or_when_the_customer_writes(house: House) -> None:
    duties = Duties(Ground(house.room, Words(house.pack, lambda text: text)))
    house.line()
    for number, customer_writes in enumerate((False, True)):
        conversation = await house.attend(f"c{number}")
        until = house.clock.now() + timedelta(minutes=10)
        await duties.snooze(LIN, conversation, until, "")
        assert [card["conversation"] for card in house.room.work("lin.yue").snoozed] == [conversation]
        assert conversation not in house.room.floor.held
        if customer_writes:
            await house.customer_says(conversation, "还在吗", "m1")
        else:
            house.pass_time(600)
        await house.look()
        assert house.room.threads[conversation].state == "attended"
    with pytest.raises(Invalid):
        await duties.snooze(LIN, conversation, house.clock.now(), "")


async def test_a_restart_knows_who_waits_and_who_is_attended_to(tmp_path: Path) -> None:
    house = open_house(tmp_path, SqliteLog(tmp_path / "record.sqlite3"))
    log = house.record.log
    assert isinstance(log, SqliteLog)
    house.line()
    attended = await house.attend("c1")
    waiting = await house.record.open("c2")
    house.room.set_presence(LIN.account, "break")
    await house.ask(waiting)
    again = House(log, house.book, house.clock, house.pack)
    for name in await log.records.at_the_desk():
        await again.room.thread(name)
    assert again.room.floor.held == {attended: "lin.yue"}
    assert again.room.floor.asks == house.room.floor.asks
    log.close()


async def test_the_order_holds_with_many_customers_and_people_at_once(tmp_path: Path) -> None:
    """Concurrent customers, ten people who accept and let go as fast as they can: nobody is passed over."""
    log = SqliteLog(tmp_path / "record.sqlite3")
    house = open_house(tmp_path, log)
    people = [account(f"rep{number}", queues=["general"], capacity=2) for number in range(10)]
    employ(house, *people)
    for person in people:
        house.line(person)
    luck = Random(7)
    served: list[e.ConversationId] = []
    asked: list[e.ConversationId] = []

    async def customer(number: int) -> None:
        conversation = await house.record.open(f"c{number:03d}")
        await asyncio.sleep(luck.random() * 0.05)
        house.pass_time(0.001)
        await house.ask(conversation)
        asked.append(conversation)

    async def serve() -> None:
        while len(served) < 120:
            await house.look()
            offers = sorted(house.room.floor.offers.values(), key=lambda o: o.conversation)
            luck.shuffle(offers)
            for offer in offers:
                who = next(p for p in people if p.account == offer.account)
                await house.taking.accept(who, offer.conversation, offer.id)
                served.append(offer.conversation)
                thread = house.room.threads[offer.conversation]
                await house.taking.give_back(who, offer.conversation, thread.sequence, "")
            await asyncio.sleep(0)

    await asyncio.gather(serve(), *(customer(number) for number in range(120)))
    assert sorted(served) == sorted(asked)
    await in_exact_order(log, served)
    log.close()


async def in_exact_order(log: SqliteLog, served: list[e.ConversationId]) -> None:
    """At every ring, nobody who had asked before was still waiting without one."""
    asked_at, rung_at = {}, {}
    for name in served:
        for event in await log.read(name):
            if isinstance(event.body, e.HandoverRequested):
                asked_at[name] = event.at
            elif isinstance(event.body, e.HandoverOffered):
                rung_at[name] = event.at
    by_asking = sorted(served, key=lambda name: (asked_at[name], name))
    by_ring = [rung_at[name] for name in by_asking]
    assert by_ring == sorted(by_ring)


async def test_a_customer_is_told_the_place_they_are_served_in(house: House) -> None:
    opens = house.clock.now() + timedelta(hours=2)
    desk = LiveDesk(house.room, lambda _: opens)
    conversation = await house.record.open("c1")
    nobody = await desk.place(conversation, queue="general", priority=5)
    assert (nobody.position, nobody.staffed, nobody.wait_minutes) == (1, False, None)
    assert nobody.opens_at == opens.isoformat()
    house.line()
    somebody = await desk.place(conversation, queue="general", priority=5)
    assert (somebody.staffed, somebody.wait_minutes, somebody.opens_at) == (True, 1, "")
    house.room.set_presence(AccountName("lin.yue"), "break")
    assert not (await desk.place(conversation, queue="general", priority=5)).staffed


async def test_a_call_is_promised_once_where_nobody_is_there_and_kept_by_whoever_takes_it(
    house: House,
) -> None:
    conversation = await house.record.open("c1")
    await house.ask(conversation)
    await house.look()
    assert house.room.threads[conversation].promises == []
    for _ in range(2):
        house.pass_time(CALL_BACK.total_seconds())
        await house.look()
    (promise,) = house.room.threads[conversation].promises
    assert (promise.kind, promise.owner) == ("callback", "general")
    told = (await house.record.all_events(conversation))[-1].body
    assert isinstance(told, e.MessageSent)
    assert promise.number in told.text
    house.line()
    await house.look()
    ring = house.offer(conversation)
    assert ring is not None, "the place in the queue is kept as well"
    await house.taking.accept(LIN, conversation, ring.offer)
    (promise,) = house.room.threads[conversation].promises
    assert (promise.state, promise.resolution) == ("closed", "attended")


async def test_mentions_and_whispers_reach_whom_they_are_meant_for(house: House) -> None:
    mine, hers = house.line(), house.line(ZHAO)
    conversation = await house.attend("c1")
    drain(mine), drain(hers)
    await house.speaking.note(
        LIN, conversation, client_id="n1", text="@zhao.min 请看一下", form="note", to=[]
    )
    (mention,) = [m for m in drain(hers) if m["kind"] == "mention"]
    assert (mention["by"], mention["form"]) == ("lin.yue", "note")
    await house.speaking.note(ZHAO, conversation, client_id="w1", text="先安抚", form="whisper", to=[])
    assert [m["form"] for m in drain(mine) if m["kind"] == "mention"] == ["whisper"]
    with pytest.raises(Refused):
        await house.speaking.note(LIN, conversation, client_id="w2", text="x", form="whisper", to=[])


async def test_a_supervisor_reads_along_joins_and_takes_over_and_the_customer_is_told(house: House) -> None:
    house.line(), house.line(ZHAO)
    conversation = await house.attend("c1")
    with pytest.raises(Refused):
        await house.speaking.watch(LIN, conversation, on=True)
    await house.speaking.watch(ZHAO, conversation, on=True)
    before = [k for k in await kinds(house, conversation) if k == "message.sent"]
    seen = house.room.threads[conversation].sequence
    with pytest.raises(Refused, match="not_owner"):
        await house.speaking.send(ZHAO, conversation, client_id="z", text="您好", seen=seen)
    await house.speaking.join(ZHAO, conversation, on=True)
    seen = house.room.threads[conversation].sequence
    await house.speaking.send(ZHAO, conversation, client_id="z", text="您好", seen=seen)
    seen = house.room.threads[conversation].sequence
    await house.taking.take_over(ZHAO, conversation, seen, "customer is very upset")
    thread = house.room.threads[conversation]
    assert (thread.owner, thread.before, thread.joined, thread.watching) == ("zhao.min", "lin.yue", [], [])
    sent = [k for k in await kinds(house, conversation) if k == "message.sent"]
    assert len(sent) - len(before) == 3  # joined, the words, taken over
    with pytest.raises(Refused, match="not_owner"):
        await house.speaking.send(LIN, conversation, client_id="y", text="您好", seen=thread.sequence)
    assert [note.action for note in house.book.notes()] == ["conversation.takeover"]


async def test_a_cold_transfer_goes_at_once_and_keeps_the_place_in_time(house: House) -> None:
    employ(house, account("chen.rui", queues=["cards"]))
    house.line()
    conversation = await house.attend("c1")
    asked_at = house.room.threads[conversation].asked
    seen = house.room.threads[conversation].sequence
    house.pass_time(60)
    await house.taking.transfer(LIN, conversation, to="", queue="cards", warm=False, note="盗刷", seen=seen)
    ask = house.room.floor.asks[conversation]
    assert asked_at is not None
    assert (ask.queue, ask.asked_at) == ("cards", asked_at.at)
    assert conversation not in house.room.floor.held
    with pytest.raises(Invalid, match="queue"):
        await house.taking.transfer(LIN, conversation, to="", queue="moon", warm=False, note="", seen=seen)


async def test_a_warm_transfer_leaves_nobody_alone_until_the_other_has_taken_it(house: House) -> None:
    employ(house, KAI)
    house.line(), house.line(KAI)
    house.room.set_presence(KAI.account, "break")
    conversation = await house.attend("c1")
    seen = house.room.threads[conversation].sequence
    await house.taking.transfer(
        LIN, conversation, to="zhou.kai", queue="", warm=True, note="请接手", seen=seen
    )
    await house.look()
    assert house.offer(conversation) is None
    house.room.set_presence(KAI.account, "available")
    await house.look()
    ring = house.offer(conversation)
    assert ring is not None
    assert (ring.representative, ring.by) == ("zhou.kai", "lin.yue")
    assert house.room.threads[conversation].owner == "lin.yue"
    await house.taking.accept(KAI, conversation, ring.offer)
    thread = house.room.threads[conversation]
    assert (thread.owner, thread.before, thread.transfer) == ("zhou.kai", "lin.yue", None)


async def test_what_is_not_theirs_is_not_there_for_others(house: House) -> None:
    employ(house, KAI)
    house.line()
    conversation = await house.attend("c1")
    for act in (
        house.speaking.send(KAI, conversation, client_id="x", text="hi", seen=99),
        house.taking.give_back(KAI, conversation, 99, ""),
        house.speaking.note(KAI, conversation, client_id="x", text="hi", form="note", to=[]),
        house.taking.give_back(KAI, e.ConversationId("made-up"), 0, ""),
    ):
        with pytest.raises(NotFound):
            await act


def test_the_packs_words_and_queues_are_whole() -> None:
    pack = load_desk_pack(PACK)
    assert {"general", "crisis", "fraud"} <= pack.queues.keys()
    assert pack.reason_of("lost_card") == ("cards", "lost_card")
    assert pack.reason_of("no such flow") == ("service", "other")
