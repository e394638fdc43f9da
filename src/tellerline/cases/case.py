"""A case: something the bank owes a customer, with an owner and a clock. It is told by the events of its conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tellerline.domain import event as e

CASES_MAX = 50  # kept of one conversation: the open ones first

SHARES = (50, 80, 100)
"""Per cent of a case's time after which its owner is told that it is still open; with the last one it goes higher."""


class Case(msgspec.Struct):
    """A case as it stands.

    alarms:  when each of `SHARES` of its time are over; alarmed: the shares that were told to its owner.
    """

    number: str
    case_kind: str
    owner: str
    due_at: datetime
    summary: str
    opened_at: datetime | None = None
    stage: e.CaseStage = "received"
    alarms: list[datetime] = []
    alarmed: list[int] = []
    extended: bool = False
    escalated: bool = False
    resolution: str = ""
    answer: str = ""
    frame: str = ""  # the running flow it was opened in

    @property
    def is_open(self) -> bool:
        """Whether something is still owed."""
        return self.stage != "closed"


CaseEvent = e.CaseOpened | e.CaseAdvanced | e.CaseExtended | e.CaseAlarmed | e.CaseEscalated | e.CaseClosed


def clock_of(alarms: Sequence[datetime], due_at: datetime) -> list[tuple[int, datetime]]:
    """Return the shares of a case's time with their moments; a case from before there were alarms has the last one only."""
    return list(zip(SHARES, alarms, strict=True)) if alarms else [(SHARES[-1], due_at)]


def fold_case(cases: list[Case], body: CaseEvent, at: datetime) -> list[Case]:
    """Return the cases of a conversation after `body`, the oldest first; an event of an unknown case changes nothing."""
    if isinstance(body, e.CaseOpened):
        again = next((known for known in cases if known.number == body.number), None)
        begun_at = again.opened_at if again is not None else at
        case = Case(
            body.number,
            body.case_kind,
            body.owner,
            body.due_at,
            body.summary,
            begun_at,
            alarms=list(body.alarms),
            frame=body.frame or "",
        )
        return _within_bounds([*(known for known in cases if known.number != body.number), case])
    for case in cases:
        if case.number == body.number:
            _change(case, body)
    return cases


def _change(case: Case, body: CaseEvent) -> None:
    match body:
        case e.CaseAdvanced(stage=stage):
            case.stage = stage
        case e.CaseExtended(due_at=due_at, alarms=alarms):
            case.due_at, case.alarms, case.alarmed, case.extended = due_at, list(alarms), [], True
        case e.CaseAlarmed(share=share):
            case.alarmed = [*case.alarmed, share]
        case e.CaseEscalated(owner=owner):
            case.owner, case.escalated = owner, True
        case e.CaseClosed(resolution=resolution, answer=answer):
            case.stage, case.resolution, case.answer = "closed", resolution, answer
        case _:
            pass


def _within_bounds(cases: list[Case]) -> list[Case]:
    """Let the oldest closed case go where there are too many, and an open one only if there is no other way."""
    if len(cases) <= CASES_MAX:
        return cases
    least = min(cases, key=lambda case: case.is_open)
    return [case for case in cases if case is not least]
