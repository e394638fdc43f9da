"""The rules of a case's clock: when its owner is alarmed, who gets it when time is up, and what may be done with it. Pure.

Raised alarms, escalations and decisions are events; this module only says what is due and what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from tellerline.cases.calendar import Calendar
from tellerline.cases.case import SHARES, Case, clock_of
from tellerline.domain.language import Text

HIGHER_DESK = "case_desk"
REASON_CHARS_MIN = 4
ANSWER_CHARS_MAX = 2_000


class KindRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for cases of one kind.

    decision:     to close it takes a decision with reasons, and the customer is told of the ways to have it looked at again.
    escalates_to: whose it becomes when it is not closed in time.
    days_max:     the most days from opening to which it may be extended; approved_days_max: with a second person's yes.
    calendar:     the market whose working days its clock keeps; the bank's own, unless told.
    """

    title: Text
    decision: bool = False
    escalates_to: str = HIGHER_DESK
    days_max: int = 0
    approved_days_max: int = 0
    calendar: str = ""


_PLAIN = KindRule(Text("跟进事项", "Follow-up"))


class CaseRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for the cases of a bank. owners: what a customer is told of who has a case."""

    kinds: dict[str, KindRule] = {}
    owners: dict[str, Text] = {}

    def of(self, kind: str) -> KindRule:
        """Return the rule of a kind; what was never written down is a follow-up like any other."""
        return self.kinds.get(kind, _PLAIN)

    def owner(self, owner: str) -> Text:
        """Return what a customer is told of an owner."""
        return self.owners.get(owner, Text("负责的同事", "the colleague in charge"))


class CaseClock(msgspec.Struct, frozen=True):
    """The calendars that the clocks of cases keep. default: the bank's own; None knows no days off."""

    calendars: Mapping[str, Calendar] = {}
    default: Calendar | None = None

    def calendar(self, rule: KindRule) -> Calendar | None:
        """Return the calendar that cases under `rule` keep."""
        return self.calendars.get(rule.calendar, self.default)

    def alarms(self, rule: KindRule, opened_at: datetime, due_at: datetime) -> list[datetime]:
        """Return when each of `SHARES` of the time is over, UTC, ascending.

        An alarm before the last waits for the next hour at which somebody is at work, but never beyond `due_at`.
        """
        calendar = self.calendar(rule)
        moments: list[datetime] = []
        for share in SHARES:
            moment = opened_at + (due_at - opened_at) * share / 100
            if share < SHARES[-1] and calendar is not None:
                moment = min(calendar.at_work(moment), due_at)
            moments.append(moment)
        return moments


def share_due(case: Case, now: datetime) -> int:
    """Return the highest share of an open case's time that is over and was not told; 0 when there is none."""
    if not case.is_open:
        return 0
    due = [share for share, at in clock_of(case.alarms, case.due_at) if at <= now]
    return due[-1] if due and due[-1] not in case.alarmed else 0


def why_not_advance(case: Case, stage: str) -> str:
    """Return the code of what forbids to advance a case, "" when nothing does."""
    if not case.is_open:
        return "case_closed"
    return "case_stage" if case.stage == stage else ""


def why_not_extend(
    case: Case, rule: KindRule, due_at: datetime, reason: str, by: str, approved_by: str, now: datetime
) -> str:
    """Return the code of what forbids to give a case more time, "" when nothing does (E3).

    It must be asked for before the day has come, for a reason, and within the days of its kind; beyond the ordinary ones a
    second person must have agreed.
    """
    if not case.is_open:
        return "case_closed"
    if now >= case.due_at:
        return "case_overdue"
    if due_at <= case.due_at:
        return "case_not_later"
    if len(reason.strip()) < REASON_CHARS_MIN:
        return "case_reason"
    opened_at = case.opened_at or now
    if due_at <= opened_at + timedelta(days=rule.days_max + 1):
        return ""
    if due_at > opened_at + timedelta(days=rule.approved_days_max + 1):
        return "case_too_long"
    return "" if approved_by and approved_by != by else "case_second_person"


def why_not_close(case: Case, rule: KindRule, decision: str, answer: str) -> str:
    """Return the code of what forbids to close a case, "" when nothing does (E6): without an answer nothing is closed."""
    if not case.is_open:
        return "case_closed"
    if len(answer.strip()) < REASON_CHARS_MIN or len(answer) > ANSWER_CHARS_MAX:
        return "case_answer"
    if rule.decision and decision == "kept":
        return "case_decision"
    return ""
