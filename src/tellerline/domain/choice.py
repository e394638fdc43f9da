"""The button under a message."""

from __future__ import annotations

import msgspec


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button under a message; pressing it sends `value` as the customer's text."""

    label: str
    value: str
