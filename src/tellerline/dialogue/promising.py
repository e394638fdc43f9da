"""Keeping what was said: a promise in a message to the customer becomes a case, whoever wrote it.

The assistant's approved texts promise what a flow's own case keeps; of theirs only a day that no case keeps is taken up.
Whatever a representative promises, with or without a day, is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from tellerline.cases.number import case_number
from tellerline.cases.promise import FoundPromise, find_promises
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import event as e

OWNER = "service"  # of what was promised by nobody in particular
PROMISES_MAX = 3  # of one message
_CALLS = re.compile(r"回电|致电|打给|打过去|打电话|电话联系|\b(?:call|phone|ring)\b", re.IGNORECASE)


def cases_of(
    tracker: Tracker,
    release: Release,
    message: e.MessageSent,
    now: datetime,
    *,
    owner: str = "",
    opened: Sequence[e.CaseOpened] = (),
) -> list[e.CaseOpened]:
    """Return the cases that keep the promises of `message` which no case keeps yet.

    owner: the representative who wrote it. opened: cases opened in the same turn, which keep what its messages say.
    """
    calendar = release.clock.default
    if calendar is None or message.author == "system" or _is_kept(tracker, message, opened):
        return []
    found = find_promises(message.text, message.language, now, calendar)
    if message.author == "assistant":
        found = [] if any(source.kind == "article" for source in message.sources) else _timed(found)
    kept = {case.summary for case in tracker.open_cases} | {case.due_at for case in tracker.open_cases}
    fresh = [promise for promise in found if promise.what not in kept and promise.due_at not in kept]
    return [
        _case(tracker, release, promise, owner or OWNER, now, index)
        for index, promise in enumerate(fresh[:PROMISES_MAX])
    ]


def _is_kept(tracker: Tracker, message: e.MessageSent, opened: Sequence[e.CaseOpened]) -> bool:
    """Tell whether the message itself says which case keeps it."""
    if message.case or (message.author == "assistant" and opened):
        return True
    return any(case.number in message.text for case in tracker.open_cases)


def _timed(found: Sequence[FoundPromise]) -> list[FoundPromise]:
    return [promise for promise in found if promise.timed]


def _case(
    tracker: Tracker, release: Release, promise: FoundPromise, owner: str, now: datetime, index: int
) -> e.CaseOpened:
    kind = "call_back" if _CALLS.search(promise.what) else "promise"
    number = case_number(
        f"{tracker.conversation}/said/{tracker.sequence}/{index}", now.astimezone(BANK_ZONE).date()
    )
    alarms = release.clock.alarms(release.cases.of(kind), now, promise.due_at)
    return e.CaseOpened(None, number, kind, owner, promise.due_at, promise.what, alarms=alarms)
