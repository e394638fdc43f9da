"""What a turn does about a case: its clock, the staff's work on it, and what the customer is told of either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tellerline.cases import rules
from tellerline.cases.case import SHARES, Case
from tellerline.dialogue.draft import Draft
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.data import Record


def told_of(draft: Draft, case: Case) -> Record:
    """Return what texts may say of a case."""
    language = draft.tracker.language
    return {
        "number": case.number,
        "title": draft.release.cases.of(case.case_kind).title.in_(language),
        "summary": case.summary,
        "due_at": case.due_at.isoformat(),
        "stage": case.stage,
        "owner": draft.release.cases.owner(case.owner).in_(language),
        "overdue": case.is_open and case.due_at <= draft.now,
        "resolution": case.resolution,
        "answer": case.answer,
    }


def tell(draft: Draft, key: str, case: Case, **extra: str) -> None:
    """Tell the customer something of a case, in the bank's name rather than the assistant's."""
    told: Record = {"case": told_of(draft, case), **extra}
    draft.say(key, book="patterns", extra=told, case=case.number, author="system")


def _timer(draft: Draft, command: c.CaseTimer) -> None:
    """Alarm the owner, once for each share of the time; with the last one the case goes higher and the customer is told.

    Of several shares that went by unseen, only the last is told.
    """
    case = draft.tracker.case(command.number)
    if case is None:  # too old to be remembered; the alarm still must not ring twice
        draft.emit(e.CaseAlarmed(command.number, command.share, "", command.due_at))
        return
    share = rules.share_due(case, draft.now)
    if share < command.share or command.due_at != case.due_at:
        return
    draft.emit(e.CaseAlarmed(case.number, share, case.owner, case.due_at))
    if share == SHARES[-1] and not case.escalated:
        higher = draft.release.cases.of(case.case_kind).escalates_to
        draft.emit(e.CaseEscalated(case.number, higher, "overdue"))
        tell(draft, "case_overdue", _again(draft, case))


def _again(draft: Draft, case: Case) -> Case:
    found = draft.tracker.case(case.number)
    assert found is not None, case.number
    return found


def _advance(draft: Draft, command: c.AdvanceCase) -> None:
    case = draft.tracker.case(command.number)
    if case is None or rules.why_not_advance(case, command.stage):
        return
    draft.emit(e.CaseAdvanced(case.number, command.stage, command.by, command.note))
    tell(draft, "case_advanced", _again(draft, case))


def _extend(draft: Draft, command: c.ExtendCase) -> None:
    case = draft.tracker.case(command.number)
    if case is None:
        return
    rule = draft.release.cases.of(case.case_kind)
    reason, by, approved_by = command.reason, command.by, command.approved_by
    if rules.why_not_extend(case, rule, command.due_at, reason, by, approved_by, draft.now):
        return
    alarms = draft.release.clock.alarms(rule, draft.now, command.due_at)
    draft.emit(e.CaseExtended(case.number, command.due_at, reason, by, alarms, approved_by))
    tell(draft, "case_extended", _again(draft, case), reason=reason.strip().rstrip("。."))


def _escalate(draft: Draft, command: c.EscalateCase) -> None:
    case = draft.tracker.case(command.number)
    if case is None or not case.is_open or case.escalated:
        return
    higher = draft.release.cases.of(case.case_kind).escalates_to
    draft.emit(e.CaseEscalated(case.number, higher, "asked", command.by))
    tell(draft, "case_escalated", _again(draft, case))


def _close(draft: Draft, command: c.CloseCase) -> None:
    case = draft.tracker.case(command.number)
    if case is None:
        return
    rule = draft.release.cases.of(case.case_kind)
    if rules.why_not_close(case, rule, command.decision, command.answer):
        return
    answer = command.answer.strip()
    draft.emit(e.CaseClosed(case.number, command.decision, command.by, answer))
    tell(draft, "case_decided" if rule.decision else "case_closed", _again(draft, case))


CASEWORK: dict[type, Callable[[Draft, Any], None]] = {
    c.CaseTimer: _timer,
    c.AdvanceCase: _advance,
    c.ExtendCase: _extend,
    c.EscalateCase: _escalate,
    c.CloseCase: _close,
}
