"""What flows look up in the counter's own record rather than at the bank: the customer's cases."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tellerline.bank.catalogue import OWN_LOOKUPS
from tellerline.bank.contract import check_access
from tellerline.cases.book import CaseBook, CaseQuery, CaseRow
from tellerline.cases.rules import CaseRules
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record
from tellerline.domain.errors import Refused
from tellerline.domain.party import Caller

ROWS_MAX = 20


class OwnLookups:
    """Answers `OWN_LOOKUPS` under the same identity levels as the bank answers its operations."""

    def __init__(self, book: CaseBook, rules: Callable[[], CaseRules], clock: Clock) -> None:
        self._book = book
        self._rules = rules
        self._clock = clock

    async def lookup(self, operation: str, arguments: Record, *, caller: Caller) -> list[Record]:
        """Return the rows of `operation`. Raises: Refused below its level."""
        check_access(OWN_LOOKUPS[operation], caller)
        if caller.customer is None:
            raise Refused("level_too_low", f"{operation} needs to know the customer", operation=operation)
        wanted = CaseQuery(customer=caller.customer, kind=_text(arguments.get("kind")))
        return [self._row(row) for row in await self._book.cases(wanted, limit=ROWS_MAX)]

    def _row(self, row: CaseRow) -> Record:
        rules = self._rules()
        return {
            "number": row.number,
            "kind": row.kind,
            "title": msgspec.to_builtins(rules.of(row.kind).title),
            "summary": row.summary,
            "owner": msgspec.to_builtins(rules.owner(row.owner)),
            "stage": row.stage,
            "opened_at": row.opened_at.isoformat(),
            "due_at": row.due_at.isoformat(),
            "overdue": row.state == "open" and row.due_at <= self._clock.now(),
            "open": row.state == "open",
        }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
