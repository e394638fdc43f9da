"""The floor: who waits, who can serve, and whom each next conversation rings at. Pure and exact.

Those who wait stand in one order: the more urgent first, among equals whoever asked earlier. Each in turn rings at the least
busy of those who can serve it; nobody behind is rung for who could have served one before. A wait makes more urgent, step by
step, so that nobody waits for ever, but never as urgent as an emergency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

from tellerline.desk.account import AccountName
from tellerline.domain.event import ConversationId

RING = timedelta(seconds=15)
AGEING = timedelta(minutes=10)  # of waiting make one step more urgent
AGED_MIN = 2  # no wait makes as urgent as an emergency (0) or a scam (1)
OVERFLOW = timedelta(
    minutes=2
)  # of waiting for a queue that nobody serves, before the general one is asked to help
GENERAL = "general"
REST_AFTER_DECLINE = timedelta(minutes=2)  # before the same conversation rings again at who declined it

State: TypeAlias = Literal[
    "available", "busy", "wrap_up", "break", "training", "wellbeing", "away", "offline"
]


class Presence(msgspec.Struct, frozen=True):
    """What a person is doing, why, and since when. `connected`: a page of theirs is open."""

    state: State
    reason: str
    since: datetime
    connected: bool = False


class Member(msgspec.Struct, frozen=True):
    """What can be routed to a person."""

    account: AccountName
    queues: frozenset[str]
    languages: frozenset[str]
    licences: frozenset[str]
    capacity: int


class Ask(msgspec.Struct, frozen=True):
    """A conversation that waits. `to`: only for this person, in a transfer; `by`: who transfers it."""

    conversation: ConversationId
    queue: str
    priority: int
    asked_at: datetime
    language: str
    licence: str = ""
    to: str = ""
    by: str = ""


class Offer(msgspec.Struct, frozen=True):
    """A ring."""

    id: str
    conversation: ConversationId
    account: AccountName
    expires_at: datetime
    by: str = ""


class Floor(msgspec.Struct):
    """The state of the floor.

    held:     who has which conversation. refused: who declined which, and when.
    rung_at:  when each was last rung, so that equals take turns.
    """

    members: dict[AccountName, Member] = {}
    presence: dict[AccountName, Presence] = {}
    asks: dict[ConversationId, Ask] = {}
    offers: dict[ConversationId, Offer] = {}
    held: dict[ConversationId, AccountName] = {}
    refused: dict[ConversationId, dict[AccountName, datetime]] = {}
    rung_at: dict[AccountName, datetime] = {}

    def load(self, account: AccountName) -> int:
        """Count what a person has and what rings at them."""
        having = sum(holder == account for holder in self.held.values())
        return having + sum(offer.account == account for offer in self.offers.values())


def urgency(ask: Ask, now: datetime) -> int:
    """Return how urgent a wait is by now; smaller is more urgent."""
    steps = int((now - ask.asked_at) / AGEING)
    return ask.priority if ask.priority <= AGED_MIN else max(AGED_MIN, ask.priority - steps)


def order_of(ask: Ask, now: datetime) -> tuple[int, datetime, str]:
    """Return where a wait stands among the others."""
    return urgency(ask, now), ask.asked_at, ask.conversation


def in_order(asks: Iterable[Ask], now: datetime) -> list[Ask]:
    """Return the waits in their order."""
    return sorted(asks, key=lambda ask: order_of(ask, now))


def can_serve(member: Member, ask: Ask) -> bool:
    """Tell whether a person has the skill, the language and the licence, apart from being free."""
    if ask.to:
        return ask.to == member.account
    return (
        ask.queue in member.queues
        and ask.language in member.languages
        and (not ask.licence or ask.licence in member.licences)
        and ask.by != member.account
    )


def can_help(floor: Floor, member: Member, ask: Ask, now: datetime) -> bool:
    """Tell whether a person of the general queue helps out: it has waited, and nobody of the right one is at work."""
    general = msgspec.structs.replace(ask, queue=GENERAL)
    waited = now - ask.asked_at >= OVERFLOW
    return waited and can_serve(member, general) and not on_duty(floor, ask)


def decide_offers(floor: Floor, now: datetime, name: Callable[[Ask], str]) -> list[Offer]:
    """Decide what rings at whom now, in the order of the waits; `name` gives each ring its id. Changes nothing."""
    loads = _loads(floor)
    free = {
        account: member
        for account, member in floor.members.items()
        if _is_available(floor.presence.get(account)) and loads[account] < member.capacity
    }
    offers: list[Offer] = []
    for ask in in_order(floor.asks.values(), now):
        if not free:
            break
        if ask.conversation in floor.offers:
            continue
        able = [account for account, member in free.items() if can_serve(member, ask)]
        able = able or [account for account, member in free.items() if can_help(floor, member, ask, now)]
        willing = _willing(able, floor.refused.get(ask.conversation, {}), now)
        if not willing:
            continue
        chosen = min(willing, key=lambda account: _turn(floor, loads, account))
        offers.append(Offer(name(ask), ask.conversation, chosen, now + RING, ask.by))
        loads[chosen] += 1
        if loads[chosen] >= free[chosen].capacity:
            del free[chosen]
    return offers


def _loads(floor: Floor) -> dict[AccountName, int]:
    loads = dict.fromkeys(floor.members, 0)
    for account in [*floor.held.values(), *(offer.account for offer in floor.offers.values())]:
        if account in loads:
            loads[account] += 1
    return loads


def _is_available(presence: Presence | None) -> bool:
    return presence is not None and presence.state == "available" and presence.connected


def _willing(
    able: list[AccountName], refused: Mapping[AccountName, datetime], now: datetime
) -> list[AccountName]:
    """Leave out who has just declined it."""
    return [
        account for account in able if account not in refused or now - refused[account] >= REST_AFTER_DECLINE
    ]


def _turn(floor: Floor, loads: Mapping[AccountName, int], account: AccountName) -> tuple[float, float, str]:
    rung_at = floor.rung_at.get(account)
    return (
        loads[account] / max(floor.members[account].capacity, 1),
        rung_at.timestamp() if rung_at is not None else 0.0,
        account,
    )


def ahead_of(floor: Floor, ask: Ask, now: datetime) -> int:
    """Count who is served before `ask` in its queue."""
    own = order_of(ask, now)
    return sum(
        other.queue == ask.queue and other.conversation != ask.conversation and order_of(other, now) < own
        for other in floor.asks.values()
    )


def on_duty(floor: Floor, ask: Ask) -> list[Member]:
    """Return those who are at work and can serve `ask`, free or not."""
    at_work = ("available", "busy", "wrap_up")
    return [
        member
        for account, member in floor.members.items()
        if can_serve(member, ask)
        and (presence := floor.presence.get(account)) is not None
        and presence.connected
        and presence.state in at_work
    ]


def estimate_minutes(
    ahead: int, on_duty_capacity: int, free: int, handled_s: list[float], samples_min: int = 5
) -> int | None:
    """Estimate the wait in whole minutes, or None when too little is known to say it truthfully.

    handled_s: how long the latest conversations took. With k places at work, one comes free every mean/k seconds.
    """
    if ahead < free:
        return 1
    if on_duty_capacity == 0 or len(handled_s) < samples_min:
        return None
    mean_s = sum(handled_s) / len(handled_s)
    return max(1, -(-int((ahead - free + 1) * mean_s / on_duty_capacity) // 60))
