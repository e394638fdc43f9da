"""Cases and their timers in memory: the `CaseBook` and `Timers` of a `MemoryLog`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tellerline.cases.book import CaseQuery, CaseRow
from tellerline.cases.case import Case, CaseEvent, clock_of, fold_case
from tellerline.cases.timers import CLAIM_MAX, LEASE, Timer
from tellerline.domain import event as e


class MemoryCases:
    """What the events of all conversations say of cases. `customers` is kept by whoever tells it the events."""

    def __init__(self) -> None:
        self.customers: dict[e.ConversationId, str | None] = {}
        self._cases: dict[e.ConversationId, list[Case]] = {}
        self._leases: dict[tuple[str, str, int], datetime] = {}

    def add(self, conversation: e.ConversationId, event: e.Event) -> None:
        """Fold the next event of a conversation in."""
        body = event.body
        if isinstance(body, e.ConversationOpened) or (
            isinstance(body, e.LevelChanged) and body.customer is not None
        ):
            self.customers[conversation] = body.customer
        elif isinstance(body, CaseEvent):
            self._cases[conversation] = fold_case(self._cases.get(conversation, []), body, event.at)

    async def cases(self, wanted: CaseQuery, *, limit: int = 50) -> Sequence[CaseRow]:
        """List cases; see `CaseBook`."""
        rows = [self._row(name, case) for name, cases in self._cases.items() for case in cases]
        found = [row for row in rows if _fits(row, wanted)]
        return sorted(found, key=lambda row: (row.state == "closed", row.due_at, row.number))[:limit]

    def _row(self, conversation: e.ConversationId, case: Case) -> CaseRow:
        return CaseRow(
            case.number, conversation, case.case_kind, case.owner, case.summary, case.opened_at or case.due_at,
            case.due_at, "open" if case.is_open else "closed", case.stage, max(case.alarmed, default=0),
            case.extended, case.escalated, case.resolution, self.customers.get(conversation),
        )  # fmt: skip

    def _timers(self) -> list[Timer]:
        return sorted(
            (
                Timer(name, case.number, share, at, case.due_at)
                for name, cases in self._cases.items()
                for case in cases
                if case.is_open
                for share, at in clock_of(case.alarms, case.due_at)
                if share > max(case.alarmed, default=0)
            ),
            key=lambda timer: timer.due_at,
        )

    async def claim(self, holder: str, *, now: datetime, limit: int = CLAIM_MAX) -> Sequence[Timer]:
        """Take due timers; see `Timers`."""
        free = [
            timer
            for timer in self._timers()
            if timer.due_at <= now and self._leases.get(_key(timer), now) <= now
        ][:limit]
        self._leases.update({_key(timer): now + LEASE for timer in free})
        return free

    async def settle(self, timer: Timer) -> None:
        """Put a timer away; the case's own events have done so already."""
        self._leases.pop(_key(timer), None)

    async def next_due_at(self) -> datetime | None:
        """Return when the next timer is due."""
        return next((timer.due_at for timer in self._timers()), None)


def _key(timer: Timer) -> tuple[str, str, int]:
    return timer.conversation, timer.number, timer.share


def _fits(row: CaseRow, wanted: CaseQuery) -> bool:
    names = ("customer", "conversation", "number", "owner", "kind", "state")
    asked = {name: getattr(wanted, name) for name in names}
    same = all(value is None or getattr(row, name) == value for name, value in asked.items())
    return same and (wanted.due_by is None or row.due_at <= wanted.due_by)
