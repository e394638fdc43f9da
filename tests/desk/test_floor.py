"""The order in which those who wait are served is exact, whoever is there and whatever happens in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tellerline.desk.account import AccountName
from tellerline.desk.floor import (
    AGEING,
    OVERFLOW,
    REST_AFTER_DECLINE,
    Ask,
    Floor,
    Member,
    Offer,
    Presence,
    ahead_of,
    can_help,
    can_serve,
    decide_offers,
    estimate_minutes,
    in_order,
    order_of,
    urgency,
)
from tellerline.domain.event import ConversationId

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
QUEUES = ("general", "cards", "fraud")


def member(
    name: str, *, capacity: int = 1, queues: tuple[str, ...] = QUEUES, **more: frozenset[str]
) -> Member:
    known = {"languages": frozenset({"zh", "en"}), "licences": frozenset[str]()} | more
    return Member(AccountName(name), frozenset(queues), capacity=capacity, **known)


def ask(number: int, *, minutes: float = 0, priority: int = 5, queue: str = "general", **more: str) -> Ask:
    fields = {"language": "zh"} | more
    asked_at = NOW - timedelta(minutes=minutes)
    return Ask(ConversationId(f"c{number:03d}"), queue, priority, asked_at, **fields)


def floor(members: list[Member], asks: list[Ask]) -> Floor:
    presence = {m.account: Presence("available", "", NOW, connected=True) for m in members}
    return Floor({m.account: m for m in members}, presence, {a.conversation: a for a in asks})


def offers_of(state: Floor, now: datetime = NOW) -> list[Offer]:
    numbers = count(1)
    return decide_offers(state, now, lambda _: f"o{next(numbers)}")


asks_drawn = st.lists(
    st.builds(
        ask,
        st.integers(0, 400),
        minutes=st.integers(0, 90),
        priority=st.integers(0, 5),
        queue=st.sampled_from(QUEUES),
        language=st.sampled_from(["zh", "en"]),
        licence=st.sampled_from(["", "wealth"]),
    ),
    max_size=40,
    unique_by=lambda drawn: drawn.conversation,
)
members_drawn = st.lists(
    st.builds(
        lambda number, capacity, queues, languages, licences: Member(
            AccountName(f"r{number:02d}"), queues, languages, licences, capacity
        ),
        st.integers(0, 30),
        st.integers(0, 3),
        st.frozensets(st.sampled_from(QUEUES)),
        st.frozensets(st.sampled_from(["zh", "en"])),
        st.frozensets(st.sampled_from(["wealth"])),
    ),
    max_size=12,
    unique_by=lambda drawn: drawn.account,
)


@given(asks_drawn, members_drawn)
def test_nobody_is_rung_for_while_somebody_before_could_have_been(
    asks: list[Ask], members: list[Member]
) -> None:
    state = floor(members, asks)
    before = msgspec.msgpack.encode(state)
    offers = offers_of(state)
    assert msgspec.msgpack.encode(state) == before, "deciding changes nothing"
    offered = {offer.conversation: offer.account for offer in offers}
    assert len(offered) == len(offers), "each rings at one place"
    loads = {m.account: 0 for m in members}
    for offer in offers:
        loads[offer.account] += 1
        chosen, wait = state.members[offer.account], state.asks[offer.conversation]
        assert can_serve(chosen, wait) or can_help(state, chosen, wait, NOW)
    assert all(loads[m.account] <= m.capacity for m in members)
    for passed in (a for a in asks if a.conversation not in offered):
        for m in (m for m in members if can_serve(m, passed) or can_help(state, m, passed, NOW)):
            assert loads[m.account] == m.capacity, "a free person is left idle"
            later = [c for c, a in offered.items() if a == m.account and _after(state.asks[c], passed)]
            assert not later, "somebody behind was served first"


def _after(one: Ask, other: Ask) -> bool:
    return order_of(one, NOW) > order_of(other, NOW)


@given(asks_drawn, members_drawn, st.data())
def test_serving_one_after_another_follows_the_order_of_each_queue(
    asks: list[Ask], members: list[Member], data: st.DataObject
) -> None:
    """One person who can serve everything: whoever comes free takes exactly the next in order."""
    alone = [member("r1", licences=frozenset({"wealth"}))]
    state = floor(alone, asks)
    served: list[Ask] = []
    while state.asks:
        (offer,) = offers_of(state)
        served.append(state.asks.pop(offer.conversation))
    assert served == in_order(asks, NOW)


def test_equals_are_served_in_the_order_of_asking() -> None:
    state = floor([member("r1")], [ask(1, minutes=1), ask(2, minutes=3), ask(3, minutes=2)])
    assert [offer.conversation for offer in offers_of(state)] == ["c002"]


def test_an_emergency_goes_before_whoever_has_waited_for_hours() -> None:
    state = floor([member("r1")], [ask(1, minutes=600), ask(2, priority=0)])
    assert [offer.conversation for offer in offers_of(state)] == ["c002"]


def test_a_wait_makes_more_urgent_and_never_as_urgent_as_a_scam() -> None:
    waited = ask(1, minutes=AGEING.total_seconds() / 60 * 2)
    assert urgency(waited, NOW) == 3
    assert urgency(ask(2, minutes=10_000), NOW) == 2
    assert urgency(ask(3, minutes=10_000, priority=1), NOW) == 1


def test_skill_language_and_licence_are_all_needed() -> None:
    wealth = ask(1, queue="cards", licence="wealth", language="en")
    assert not can_serve(member("r", queues=("general",)), wealth)
    assert not can_serve(member("r"), wealth)
    assert not can_serve(member("r", licences=frozenset({"wealth"}), languages=frozenset({"zh"})), wealth)
    assert can_serve(member("r", licences=frozenset({"wealth"})), wealth)


def test_who_declined_is_left_alone_for_a_while_and_the_next_is_rung() -> None:
    state = floor([member("r1"), member("r2")], [ask(1)])
    state.refused[ConversationId("c001")] = {AccountName("r1"): NOW}
    assert [offer.account for offer in offers_of(state)] == ["r2"]
    del state.members[AccountName("r2")]
    assert offers_of(state) == []
    assert [offer.account for offer in offers_of(state, NOW + REST_AFTER_DECLINE)] == ["r1"]


def test_nobody_is_rung_at_who_is_not_there() -> None:
    state = floor([member("r1")], [ask(1)])
    for presence in (
        Presence("available", "", NOW, connected=False),
        Presence("break", "", NOW, connected=True),
        Presence("away", "ring_unanswered", NOW, connected=True),
    ):
        state.presence[AccountName("r1")] = presence
        assert offers_of(state) == []


def test_the_least_busy_is_rung_and_equals_take_turns() -> None:
    state = floor([member("r1", capacity=2), member("r2", capacity=2)], [ask(1)])
    state.held[ConversationId("other")] = AccountName("r1")
    assert [offer.account for offer in offers_of(state)] == ["r2"]
    del state.held[ConversationId("other")]
    state.rung_at[AccountName("r1")] = NOW
    assert [offer.account for offer in offers_of(state)] == ["r2"]


def test_a_transfer_rings_at_the_person_named_and_at_nobody_else() -> None:
    state = floor([member("r1"), member("r2", queues=())], [ask(1, to="r2", by="r1")])
    assert [offer.account for offer in offers_of(state)] == ["r2"]


def test_the_general_queue_helps_out_where_nobody_is_at_work_and_only_after_a_while() -> None:
    state = floor([member("r1", queues=("general",))], [ask(1, queue="fraud")])
    assert offers_of(state) == []
    later = NOW + OVERFLOW
    assert [offer.account for offer in offers_of(state, later)] == ["r1"]
    expert = member("r2", queues=("fraud",))
    state.members[expert.account] = expert
    state.presence[expert.account] = Presence("busy", "", NOW, connected=True)
    assert offers_of(state, later) == [], "who knows it is at work and comes back"


def test_a_place_counts_who_is_served_before() -> None:
    state = floor([], [ask(1, minutes=5), ask(2, minutes=1), ask(3, priority=0), ask(4, queue="cards")])
    assert ahead_of(state, ask(9), NOW) == 3
    assert ahead_of(state, ask(9, priority=0), NOW) == 1


def test_a_wait_is_told_only_when_enough_is_known() -> None:
    assert estimate_minutes(0, 3, 1, []) == 1
    assert estimate_minutes(2, 3, 0, [300.0] * 4) is None
    assert estimate_minutes(2, 3, 0, [300.0] * 5) == 5
    assert estimate_minutes(2, 0, 0, [300.0] * 5) is None
