"""Listing what the bank owes its customers, by deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tellerline.cases.book import CaseQuery, CaseRow
from tellerline.cli.record import record_path
from tellerline.domain.clock import SystemClock
from tellerline.domain.errors import Invalid
from tellerline.settings import Settings
from tellerline.store.log import SqliteLog
from tellerline.store.records import PAGE_MAX

STATES = ("open", "closed", "all")


async def read_cases(
    settings: Settings, *, state: str, owner: str | None, due_in_hours: int | None
) -> list[CaseRow]:
    """Return cases, open ones first, then the earliest due.

    Raises: NotFound when there is no record; Invalid, naming the option.
    """
    if state not in STATES:
        raise Invalid(
            "state", f"--state is {', '.join(STATES[:-1])} or {STATES[-1]}, not {state!r}", field="state"
        )
    if due_in_hours is not None and due_in_hours < 0:
        raise Invalid("due_in", "--due-in is a number of hours, 0 or more", field="due_in")
    due_by = (
        None if due_in_hours is None else SystemClock().now().astimezone(UTC) + timedelta(hours=due_in_hours)
    )
    wanted = CaseQuery(
        state="open" if state == "open" else "closed" if state == "closed" else None,
        owner=owner,
        due_by=due_by,
    )
    with SqliteLog(record_path(settings)) as log:
        return await log.records.cases(wanted, limit=PAGE_MAX)


def time_left(row: CaseRow, now: datetime) -> str:
    """Write how much time an open case has left, or by how much it is late."""
    if row.state == "closed":
        return row.resolution or "closed"
    left = row.due_at - now
    days, rest = divmod(abs(left), timedelta(days=1))
    amount = f"{days} d {rest // timedelta(hours=1)} h"
    return f"late by {amount}" if left < timedelta() else amount
