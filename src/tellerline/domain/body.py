"""What all events of the record have in common, and the button that several of them hold."""

from __future__ import annotations

import msgspec


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button under a message; pressing it sends `value` as the customer's text."""

    label: str
    value: str


class EventBody(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of all event bodies."""
