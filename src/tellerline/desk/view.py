"""What the pages see of a conversation: parts, each a pure function of its thread, and replaced whole when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from tellerline.bank.catalogue import OPERATIONS
from tellerline.desk.guided import form_of, label_of, slot_label
from tellerline.desk.pack import DeskPack
from tellerline.desk.permission import Role, may_see
from tellerline.desk.thread import Thread
from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.language import Text

Part: TypeAlias = Any  # JSON, or structs that are written as JSON
View: TypeAlias = dict[str, Part]

LEVEL_TITLES = (
    Text("未核验", "Not verified"),
    Text("已登录或身份要素已核对", "Signed in, or identified by two items"),
    Text("已通过短信验证码", "Confirmed by one-time code"),
    Text("已通过人脸核验", "Confirmed by face check"),
)
WHY = {
    "asked": Text("客户要求人工", "The customer asked for a person"),
    "crisis": Text("客户流露轻生念头，请优先关怀", "The customer may be in danger; care comes first"),
    "scam": Text("疑似诈骗，资金操作已暂停", "Suspected scam; outgoing payments are on hold"),
    "complaint": Text("客户投诉", "The customer complains"),
    "failures": Text("智能客服未能办成", "The assistant did not manage it"),
    "hardship": Text("客户还款困难", "The customer has difficulty repaying"),
    "legal": Text("客户提出法律主张", "The customer invokes a legal right"),
    "policy": Text("该业务须由人工办理", "This business needs a representative"),
}
_SECRET = ("token_digest",)
_PRIVATE: Mapping[str, str] = {"reading": "reading", "snapshot": "reading"}
_NOTES = ("note.written", "copilot.handled")


def event_view(event: e.Event, role: Role) -> dict[str, Part] | None:
    """Return an event as `role` may see it, flat; None when it may not see it at all."""
    kind = e.kind_of(event.body)
    if kind in _NOTES and not may_see(role, "notes"):
        return None
    body = msgspec.structs.asdict(event.body)
    for name in _SECRET:
        body.pop(name, None)
    for name, field in _PRIVATE.items():
        if name in body and not may_see(role, field):
            body.pop(name)
    return {"sequence": event.sequence, "at": event.at, "kind": kind, **body}


def view_of(thread: Thread, release: Release, pack: DeskPack) -> View:
    """Return all parts of a conversation's view."""
    return {
        "status": _status(thread, pack),
        "people": _people(thread),
        "talk": _talk(thread),
        "handover": _handover(thread, release),
        "guided": form_of(thread.tracker, release, thread.prompt),
        "mood": _mood(thread),
        "cases": [msgspec.to_builtins(promise) for promise in thread.promises],
        "files": [_file(attached) for attached in thread.files],
        "wrapped": None if thread.wrapped is None else msgspec.to_builtins(thread.wrapped),
    }


def changes_between(before: View, after: View) -> View:
    """Return the parts that are different now."""
    return {name: part for name, part in after.items() if before.get(name) != part}


def reply_due_at(thread: Thread, pack: DeskPack) -> datetime | None:
    """Return by when the customer is to be answered, if the customer waits."""
    if thread.unanswered_since is None or thread.asked is None or not thread.owner:
        return None
    return thread.unanswered_since + timedelta(seconds=pack.queue(thread.asked.queue).reply_s)


def _status(thread: Thread, pack: DeskPack) -> Part:
    asked = thread.asked
    return {
        "state": thread.state,
        "queue": asked.queue if asked else None,
        "queue_title": pack.queue(asked.queue).title if asked else None,
        "priority": asked.priority if asked else None,
        "reason": asked.reason if asked else None,
        "asked_at": asked.at if asked else None,
        "accepted_at": thread.accepted_at if thread.owner else None,
        "closed": thread.tracker.closed,
        "snoozed_until": thread.snoozed_until,
        "unanswered_since": thread.unanswered_since,
        "reply_due_at": reply_due_at(thread, pack),
    }


def _person(thread: Thread, account: str) -> Part:
    return {"account": account, "shown": thread.shown.get(account)}


def _people(thread: Thread) -> Part:
    offer = thread.offer
    return {
        "owner": _person(thread, thread.owner) if thread.owner else None,
        "before": _person(thread, thread.before) if thread.before else None,
        "joined": [_person(thread, name) for name in thread.joined],
        "watching": [_person(thread, name) for name in thread.watching],
        "offer": None
        if offer is None
        else {
            "id": offer.offer,
            "representative": offer.representative,
            "expires_at": offer.expires_at,
            "by": offer.by or None,
        },
        "transfer": None if thread.transfer is None else msgspec.to_builtins(thread.transfer),
    }


def _talk(thread: Thread) -> Part:
    tracker = thread.tracker
    levels = [
        {
            "level": level,
            "title": title,
            "reached": tracker.level >= level,
            "unlocks": sorted(
                name for name, op in OPERATIONS.items() if op.level == level and op.kind == "action"
            ),
        }
        for level, title in enumerate(LEVEL_TITLES)
    ]
    return {
        "language": tracker.language,
        "channel": tracker.channel,
        "opened_at": thread.opened_at,
        "customer_known": tracker.customer is not None,
        "level": tracker.level,
        "levels": levels,
        "flags": list(thread.flags),
        "intent": thread.intent or None,
    }


def _handover(thread: Thread, release: Release) -> Part:
    asked = thread.asked
    if asked is None:
        return None
    waited_s = (thread.accepted_at - asked.at).total_seconds() if thread.accepted_at is not None else None
    question = thread.tracker.question
    return {
        "why": WHY.get(asked.reason),
        "reason": asked.reason,
        "level": thread.tracker.level,
        "facts": [
            {
                "flow": fact.flow,
                "title": title_of(release, fact.flow),
                "name": fact.name,
                "label": slot_label(release, fact.flow, fact.name),
                "type": release.flows[fact.flow].slots[fact.name].type,
                "value": label_of(fact.value),
                "from": fact.source,
            }
            for fact in thread.facts
            if fact.flow in release.flows and fact.name in release.flows[fact.flow].slots
        ],
        "actions": [
            {
                "action": action.action,
                "title": title_of(release, action.flow),
                "state": action.state,
                "result": action.result,
                "code": action.code or None,
                "at": action.at,
            }
            for action in thread.actions
        ],
        "promises": [msgspec.to_builtins(promise) for promise in thread.promises],
        "question": None if question is None else {"what": question.what, "slot": question.slot or None},
        "mood": {
            "level": thread.tracker.mood.level,
            "trend": thread.tracker.mood.trend,
            "emotion": thread.tracker.emotion,
        },
        "waited_s": waited_s,
    }


def title_of(release: Release, flow: str) -> Text | None:
    """Return what a procedure is called."""
    found = release.flows.get(flow)
    return found.title if found is not None else None


def _mood(thread: Thread) -> Part:
    tracker = thread.tracker
    return {
        "level": tracker.mood.level,
        "trend": tracker.mood.trend,
        "emotion": tracker.emotion,
        "intensity": tracker.intensity,
        "points": [msgspec.to_builtins(mark) for mark in thread.moods],
    }


def _file(attached: e.AttachmentAdded) -> Part:
    return {
        "attachment": attached.attachment,
        "author": attached.author,
        "name": attached.name,
        "media_type": attached.media_type,
        "size_bytes": attached.size_bytes,
    }
