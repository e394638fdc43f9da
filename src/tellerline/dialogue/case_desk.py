"""The staff's work on cases: seeing them, taking them up, giving them time, bringing them higher, deciding them.

What is done is a turn of the case's conversation, so that the customer is told in the same transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from tellerline.cases import rules
from tellerline.cases.book import CaseBook, CaseQuery, CaseRow
from tellerline.cases.case import Case
from tellerline.cases.receipt import Receipt, make_receipt
from tellerline.dialogue.ports import EventLog
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused

Notice = Callable[[e.ConversationId, c.Command], Awaitable[None]]
Load = Callable[[e.ConversationId], Awaitable[Tracker]]
_OF_CASE = (
    e.CaseOpened,
    e.CaseAdvanced,
    e.CaseExtended,
    e.CaseAlarmed,
    e.CaseEscalated,
    e.CaseClosed,
)
OWN_MAX = 100  # cases of one customer shown at once
_HISTORY_MAX = 100_000  # events of a conversation looked through

_STATE = {"case_closed", "case_overdue", "case_stage"}
_WHY = {
    "case_closed": "the case is closed",
    "case_overdue": "its day has come; a case is extended before that",
    "case_stage": "it is at that stage already",
    "case_not_later": "the new day must be later than the old one",
    "case_reason": "say why, in words the customer can be told",
    "case_too_long": "no case of this kind may take that long",
    "case_second_person": "this long needs the approval of a second person: name who approved in approved_by",
    "case_answer": "answer in 4 to 2,000 characters; it is what the customer is told",
    "case_decision": "decide it: upheld, partly_upheld, rejected or withdrawn",
}
_FIELD = {
    "case_not_later": "due_at",
    "case_too_long": "due_at",
    "case_reason": "reason",
    "case_answer": "answer",
    "case_decision": "decision",
}


class CaseShown(msgspec.Struct, frozen=True):
    """A case with its history."""

    case: CaseRow
    events: list[e.Event]


class CaseDesk:
    """See the module's head."""

    def __init__(
        self,
        book: CaseBook,
        log: EventLog,
        *,
        load: Load,
        notice: Notice,
        current: Callable[[], Release],
        clock: Clock,
    ) -> None:
        self._book = book
        self._log = log
        self._load = load
        self._notice = notice
        self._current = current
        self._clock = clock

    async def cases(self, wanted: CaseQuery, *, limit: int = 50) -> Sequence[CaseRow]:
        """List cases, open ones first, then the earliest due."""
        return await self._book.cases(wanted, limit=limit)

    async def show(self, number: str) -> CaseShown:
        """Return a case with its history. Raises: NotFound."""
        row = await self._row(number)
        events = await self._log.read(row.conversation, limit=_HISTORY_MAX)
        return CaseShown(row, [x for x in events if isinstance(x.body, _OF_CASE) and x.body.number == number])

    async def own(self, conversation: e.ConversationId) -> tuple[Sequence[CaseRow], bool]:
        """List a customer's cases: all of them once it is known who asks, else those of this conversation; and which."""
        tracker = await self._load(conversation)
        known = tracker.customer is not None and tracker.level >= 1
        wanted = CaseQuery(customer=tracker.customer) if known else CaseQuery(conversation=conversation)
        return await self._book.cases(wanted, limit=OWN_MAX), known

    def shown(self, row: CaseRow) -> dict[str, object]:
        """Return what a customer may see of a case."""
        case_rules = self._current().cases
        return {
            "number": row.number,
            "kind": row.kind,
            "title": case_rules.of(row.kind).title,
            "summary": row.summary,
            "owner": case_rules.owner(row.owner),
            "stage": row.stage,
            "opened_at": row.opened_at,
            "due_at": row.due_at,
            "overdue": row.state == "open" and row.due_at <= self._clock.now(),
        }

    async def receipt(self, conversation: e.ConversationId, number: str) -> Receipt:
        """Return the receipt of a customer's own case. Raises: NotFound, the same for another's and for none."""
        rows, _ = await self.own(conversation)
        row = next((row for row in rows if row.number == number), None)
        if row is None:
            raise NotFound("case", "There is no such case among those you may see.")
        release = self._current()
        return make_receipt(row, release.cases, release.bank)

    async def advance(self, number: str, person: str, stage: str, note: str) -> CaseRow:
        """Take a case up (`working`), or wait for the customer (`waiting`). Raises: NotFound, Conflict."""
        row, case = await self._case(number)
        _check(rules.why_not_advance(case, stage))
        command = c.AdvanceCase(number, "waiting" if stage == "waiting" else "working", person, note)
        return await self._do(row, command)

    async def extend(
        self, number: str, person: str, due_at: datetime, reason: str, approved_by: str = ""
    ) -> CaseRow:
        """Give a case more time. Raises: NotFound; Conflict; Invalid; Refused, code `case_second_person`."""
        row, case = await self._case(number)
        rule, now = self._current().cases.of(row.kind), self._clock.now()
        _check(rules.why_not_extend(case, rule, due_at, reason, person, approved_by, now))
        return await self._do(row, c.ExtendCase(number, due_at, reason, person, approved_by))

    async def escalate(self, number: str, person: str) -> CaseRow:
        """Bring a case before a higher desk. Raises: NotFound, Conflict."""
        row, case = await self._case(number)
        _check("" if case.is_open else "case_closed")
        return await self._do(row, c.EscalateCase(number, person))

    async def close(self, number: str, person: str, decision: str, answer: str) -> CaseRow:
        """Decide a case and tell the customer.

        Raises: NotFound; Conflict; Invalid; Refused, code `answer_rule`, when the answer breaks a rule of the house.
        """
        row, case = await self._case(number)
        release = self._current()
        _check(rules.why_not_close(case, release.cases.of(row.kind), decision, answer))
        language = (await self._load(row.conversation)).language
        broken = release.check_reply(answer, language)
        if broken is not None:
            raise Refused("answer_rule", f"The answer breaks rule {broken}; say it otherwise.", rule=broken)
        command = msgspec.convert(
            {"command": "CloseCase", "number": number, "decision": decision, "answer": answer, "by": person},
            c.CloseCase,
        )
        return await self._do(row, command)

    async def _do(self, row: CaseRow, command: c.Command) -> CaseRow:
        await self._notice(row.conversation, command)
        return await self._row(row.number)

    async def _case(self, number: str) -> tuple[CaseRow, Case]:
        row = await self._row(number)
        case = (await self._load(row.conversation)).case(number)
        if case is None:
            raise NotFound("case", "There is no such case.")
        return row, case

    async def _row(self, number: str) -> CaseRow:
        found = await self._book.cases(CaseQuery(number=number), limit=1)
        if not found:
            raise NotFound("case", "There is no such case.")
        return found[0]


def _check(code: str) -> None:
    """Raise what the code of a rule means. Raises: Conflict, Refused, Invalid."""
    if not code:
        return
    if code in _STATE:
        raise Conflict(code, _WHY[code])
    if code == "case_second_person":
        raise Refused(code, _WHY[code])
    raise Invalid(code, _WHY[code], field=_FIELD[code])
