"""A person's work as a list of cards, in the order that counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from tellerline.desk.floor import Floor, Presence, can_serve, in_order
from tellerline.desk.pack import DeskPack
from tellerline.desk.thread import Promise, Thread
from tellerline.desk.view import reply_due_at
from tellerline.dialogue.release import Release
from tellerline.domain.language import Text

LAST_CHARS_MAX = 120
Lookup = Callable[[Thread], tuple[Release, Text | None]]
"""Returns the release of a conversation, and the customer's name as it may be shown (masked), if known."""

Card = dict[str, Any]


class Work(msgspec.Struct):
    """My work. The order within each list is the server's."""

    version: int
    at: datetime
    presence: Presence
    capacity: dict[str, int]
    queue: dict[str, Any]
    ringing: list[Card] = []
    active: list[Card] = []
    waiting: list[Card] = []
    promises: list[Card] = []
    snoozed: list[Card] = []
    watching: list[Card] = []


def card_of(thread: Thread, pack: DeskPack, lookup: Lookup, promise: Promise | None = None) -> Card:
    """Return a conversation as a card."""
    release, customer = lookup(thread)
    tracker, offer = thread.tracker, thread.offer
    intent = release.intents.get(thread.intent)
    flow = release.flows.get(tracker.top.flow) if tracker.top is not None else None
    last = thread.last
    return {
        "conversation": tracker.conversation,
        "sequence": thread.sequence,
        "state": thread.state,
        "channel": tracker.channel,
        "language": tracker.language,
        "customer": customer,
        "intent": flow.title if flow is not None else intent.title if intent is not None else None,
        "queue": thread.asked.queue if thread.asked is not None else None,
        "level": tracker.level,
        "flags": list(thread.flags),
        "mood": {"level": tracker.mood.level, "trend": tracker.mood.trend},
        "emotion": tracker.emotion,
        "last": None
        if last is None
        else {"author": last.author, "text": last.text[:LAST_CHARS_MAX], "at": last.at},
        "unanswered_since": thread.unanswered_since,
        "reply_due_at": reply_due_at(thread, pack),
        "offer": None
        if offer is None
        else {"id": offer.offer, "expires_at": offer.expires_at, "by": offer.by or None},
        "promise": None if promise is None else msgspec.to_builtins(promise),
        "snoozed_until": thread.snoozed_until,
    }


def work_of(
    account: str, threads: Iterable[Thread], floor: Floor, pack: DeskPack, lookup: Lookup, now: datetime
) -> Work:
    """Return the work of `account`, of the conversations it has to do with."""
    member = next((m for name, m in floor.members.items() if name == account), None)
    presence = next((p for name, p in floor.presence.items() if name == account), None)
    servable = [
        ask for ask in in_order(floor.asks.values(), now) if member is not None and can_serve(member, ask)
    ]
    work = Work(
        0,
        now,
        presence or Presence("offline", "", now),
        {
            "used": floor.load(member.account) if member is not None else 0,
            "most": member.capacity if member is not None else 0,
        },
        {
            "depth": len(servable),
            "waiting_since": min((ask.asked_at for ask in servable), default=None),
            "next_due_at": None,
        },
    )
    for thread in sorted(threads, key=lambda thread: _order(thread, now)):
        _place(work, account, thread, pack, lookup)
    work.promises.sort(key=lambda card: card["promise"]["due_at"])
    dues = [card["reply_due_at"] for card in work.active if card["reply_due_at"] is not None]
    dues += [datetime.fromisoformat(card["promise"]["due_at"]) for card in work.promises]
    work.queue["next_due_at"] = min(dues, default=None)
    return work


def _place(work: Work, account: str, thread: Thread, pack: DeskPack, lookup: Lookup) -> None:
    """Put a conversation into the lists it belongs to."""
    offered = thread.offer is not None and thread.offer.representative == account
    if offered:
        work.ringing.append(card_of(thread, pack, lookup))
    elif thread.owner == account and not thread.tracker.closed:
        card = card_of(thread, pack, lookup)
        if thread.snoozed_until is not None:
            work.snoozed.append(card)
        else:
            (work.active if thread.unanswered_since is not None else work.waiting).append(card)
    elif account in thread.joined or account in thread.watching:
        work.watching.append(card_of(thread, pack, lookup))
    for promise in thread.promises:
        if promise.owner == account and promise.state == "open":
            work.promises.append(card_of(thread, pack, lookup, promise))


def _order(thread: Thread, now: datetime) -> tuple[int, datetime, str]:
    """The more urgent first, then who has waited longest."""
    priority = thread.asked.priority if thread.asked is not None else 9
    since = thread.unanswered_since or thread.snoozed_until or (thread.last.at if thread.last else now)
    return priority, since, thread.tracker.conversation
