"""What is remembered, as it is shown: to its customer whole, to staff without the name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from tellerline.domain.language import Text
from tellerline.domain.remembered import (
    Address,
    Contact,
    ElderMode,
    Kind,
    Promised,
    Reached,
    Remembered,
    Remembrance,
    Speaks,
)
from tellerline.memory.kind import RULES, Ground

Describe = Callable[[Remembrance, datetime], Text]
"""Writes what is remembered, and since when, for a customer."""


class Shown(NamedTuple):
    """One thing remembered, as it is shown; `value` is what was chosen or became of it."""

    id: str
    kind: Kind
    label: dict[str, str]
    purpose: str
    ground: Ground
    since: datetime
    until: datetime
    conversation: str
    sequence: int
    value: str


def show(item: Remembered, describe: Describe, *, masked: bool = False) -> Shown:
    """Return an item as it is shown. masked: without the customer's name."""
    value = _masked(item.value) if masked else item.value
    label, rule = describe(value, item.at), RULES[item.kind]
    return Shown(
        item.id,
        item.kind,
        {"zh": label.zh, "en": label.en},
        rule.purpose,
        rule.ground,
        item.at,
        item.expires_at,
        item.conversation,
        item.sequence,
        _chosen(value),
    )


def _masked(value: Remembrance) -> Remembrance:
    """Return a value without the customer's name."""
    if not isinstance(value, Address):
        return value
    return msgspec.structs.replace(value, zh=f"{value.zh[:1]}*", en=f"{value.en.split(' ')[0][:3]} *")


def _chosen(value: Remembrance) -> str:
    match value:
        case Contact(outcome=outcome):
            return outcome
        case Promised(is_open=is_open):
            return "open" if is_open else "settled"
        case Address(form=form):
            return form
        case Speaks(language=language):
            return language
        case Reached(by=by):
            return by
        case ElderMode(on=on):
            return "on" if on else "off"
