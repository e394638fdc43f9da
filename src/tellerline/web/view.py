"""What the caller may see of the record: events flattened, and only the fields that are the customer's to know."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tellerline.domain.event import PUBLIC_KINDS, Event, kind_of

_FIELDS: dict[str, tuple[str, ...]] = {
    "conversation.opened": ("channel", "language", "level"),
    "message.received": ("author", "client_id", "text", "redacted"),
    "message.sent": ("author", "text", "language", "sources"),
    "verification.requested": ("level", "method"),
    "level.changed": ("level", "method"),
    "case.opened": ("number", "case_kind", "due_at"),
    "case.advanced": ("number", "stage"),
    "case.extended": ("number", "due_at"),
    "case.closed": ("number", "resolution"),
    "handover.requested": ("queue", "position", "staffed"),
    "handover.accepted": ("shown",),
    "handover.returned": ("to",),
    "representative.joined": ("shown",),
    "representative.left": ("shown",),
    "attachment.added": ("author", "attachment", "name", "media_type", "size_bytes"),
    "language.switched": ("language",),
    "turn.ended": ("turn",),
    "conversation.closed": ("reason",),
}
_FIELDS_IF_ANY: dict[str, tuple[str, ...]] = {
    "message.received": ("problem",),
    "message.sent": ("choices", "flow", "step", "case", "widget"),
    "handover.requested": ("wait_minutes", "opens_at"),
}
assert _FIELDS.keys() == PUBLIC_KINDS, "every public kind has its fields"


def view_of(event: Event) -> dict[str, object]:
    """Return a public event as it goes over the wire."""
    kind = kind_of(event.body)
    view: dict[str, object] = {"sequence": event.sequence, "at": event.at, "kind": kind}
    for name in _FIELDS[kind]:
        view[name] = getattr(event.body, name)
    for name in _FIELDS_IF_ANY.get(kind, ()):
        value = getattr(event.body, name)
        if value not in (None, "", []):
            view[name] = value
    return view


def encode_event(event: Event) -> str:
    """Return a public event as one JSON text."""
    return msgspec.json.encode(view_of(event)).decode()


def encode_events(events: Iterable[Event]) -> bytes:
    """Return public events as the JSON body of an answer."""
    return msgspec.json.encode({"events": [view_of(event) for event in events]})
