"""What of the memory helps at the greeting. Pure.

One thing at most is brought up: a promise that is still to be kept, else what was begun lately and not finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tellerline.domain.remembered import Contact, Preference, Promised, Remembered

LATELY = timedelta(days=7)
PROMISED_LATELY = timedelta(days=30)


def helpful(items: Sequence[Remembered], now: datetime) -> list[Remembered]:
    """Return of `items`, the newest first, those that a greeting may use: the preferences, and what is to be brought up.

    With a promise comes the contact in which it was given, which says what it is about.
    """
    found = [item for item in items if isinstance(item.value, Preference)]
    promise = next((item for item in items if _is_due(item, now)), None)
    if promise is not None:
        assert isinstance(promise.value, Promised)
        frame = promise.value.frame
        about = (item for item in items if _is_contact(item, promise.conversation, frame))
        return [*found, promise, *list(about)[:1]]
    latest = next((item for item in items if isinstance(item.value, Contact)), None)
    if latest is not None and _is_unfinished(latest, now):
        found.append(latest)
    return found


def _is_due(item: Remembered, now: datetime) -> bool:
    return isinstance(item.value, Promised) and item.value.is_open and item.at > now - PROMISED_LATELY


def _is_contact(item: Remembered, conversation: str, frame: str | None) -> bool:
    return (
        isinstance(item.value, Contact)
        and item.conversation == conversation
        and frame is not None
        and item.value.frame == frame
    )


def _is_unfinished(item: Remembered, now: datetime) -> bool:
    assert isinstance(item.value, Contact)
    return item.value.outcome in ("open", "failed") and item.at > now - LATELY
