"""A review: drawn, marked blind by two, revealed, released to the person, acknowledged or appealed, decided.

Pure decisions: each takes a review and returns what it becomes, or raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, NewType

import msgspec

from tellerline.domain.errors import Conflict, Invalid, Refused
from tellerline.domain.event import ConversationId
from tellerline.quality.agreement import MARKS, Mark
from tellerline.quality.finding import Finding
from tellerline.quality.rubric import BY_NAME
from tellerline.quality.sample import Stratum

ReviewId = NewType("ReviewId", str)
State = Literal["drawn", "marked", "released", "acknowledged", "appealed", "decided"]
APPEAL_DAYS = 7
MARKERS = 2
APPEALS_MIN = 30
UPHELD_MAX = 0.1
REASON_CHARS_MIN = 4


class Marking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one reviewer marked, without seeing what anybody else did."""

    reviewer: str
    at: datetime
    marks: dict[str, Mark]


class Appeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One indicator's verdict is contested. `due_at`: two working days later. upheld: the person was right."""

    indicator: str
    reason: str
    at: datetime
    due_at: datetime
    by: str
    reviewer: str = ""
    upheld: bool | None = None
    answer: str = ""


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A conversation that people look at, for the work of one person. `who` is "" for the assistant's."""

    id: ReviewId
    conversation: ConversationId
    who: str
    stratum: Stratum
    seed: int
    drawn_at: datetime
    state: State = "drawn"
    markings: list[Marking] = []
    released_at: datetime | None = None
    appeal: Appeal | None = None
    note: str = ""


def machine_marks(findings: Iterable[Finding], who: str) -> dict[str, Mark]:
    """Return what the machine marked of a person's work: an indicator fails when any of its opportunities did."""
    marks: dict[str, Mark] = dict.fromkeys(BY_NAME, "na")
    for one in findings:
        if one.who == who and marks[one.indicator] != "fail":
            marks[one.indicator] = "pass" if one.passed else "fail"
    return marks


def mark(review: Review, reviewer: str, marks: Mapping[str, Mark], at: datetime) -> Review:
    """Add a blind marking. Raises: Refused for one's own work; Conflict when marked by two or by this reviewer."""
    if reviewer == review.who:
        raise Refused("own_work", "nobody marks their own work")
    if review.state not in ("drawn", "marked") or len(review.markings) >= MARKERS:
        raise Conflict("marked", "two reviewers have marked this already")
    if any(one.reviewer == reviewer for one in review.markings):
        raise Conflict("marked", "you have marked this already; a second marking is somebody else's")
    _check_marks(marks)
    markings = [*review.markings, Marking(reviewer, at, dict(marks))]
    state: State = "marked" if len(markings) == MARKERS else "drawn"
    return msgspec.structs.replace(review, markings=markings, state=state)


def visible_to(review: Review, person: str) -> Review:
    """Return the review as `person` may see it: others' marks only once one's own cannot change any more."""
    if review.state != "drawn" or any(one.reviewer == person for one in review.markings):
        return review
    return msgspec.structs.replace(review, markings=[])


def sees_machine(review: Review, person: str) -> bool:
    """Tell whether `person` may see the machine's marks: only after marking, or when both have."""
    return review.state != "drawn" or any(one.reviewer == person for one in review.markings)


def release(review: Review, at: datetime, note: str = "") -> Review:
    """Release a doubly marked review to the person. Where the two differ, `note` says how it was settled.

    Raises: Conflict before two have marked; Invalid without a note on a difference.
    """
    if review.state != "marked":
        raise Conflict("not_marked", "a review is released after two have marked it, once")
    first, second = (one.marks for one in review.markings)
    differing = sorted(name for name in BY_NAME if first.get(name, "na") != second.get(name, "na"))
    if differing and len(note.strip()) < REASON_CHARS_MIN:
        raise Invalid("note", f"say in `note` how you settled {', '.join(differing)}", field="note")
    return msgspec.structs.replace(review, state="released", released_at=at, note=note)


def acknowledge(review: Review, person: str) -> Review:
    """The person has seen it. Raises: Refused for anybody else; Conflict when it is not theirs to answer now."""
    _check_answerable(review, person)
    return msgspec.structs.replace(review, state="acknowledged")


def appeal(
    review: Review, person: str, indicator: str, reason: str, at: datetime, due_at: datetime
) -> Review:
    """Contest an indicator's verdict. Raises: as `acknowledge`; Refused after seven days; Invalid, naming the field."""
    _check_answerable(review, person)
    assert review.released_at is not None
    if at > review.released_at + timedelta(days=APPEAL_DAYS):
        raise Refused("appeal_late", f"a review can be appealed for {APPEAL_DAYS} days after its release")
    if indicator not in BY_NAME:
        raise Invalid("indicator", f"there is no indicator {indicator!r}", field="indicator")
    if len(reason.strip()) < REASON_CHARS_MIN:
        raise Invalid("reason", "say why it is wrong", field="reason")
    return msgspec.structs.replace(
        review, state="appealed", appeal=Appeal(indicator, reason, at, due_at, person)
    )


def decide_appeal(review: Review, reviewer: str, *, upheld: bool, answer: str) -> Review:
    """Decide an appeal, as somebody who neither marked it nor made it. Raises: Conflict; Refused; Invalid."""
    if review.appeal is None or review.state != "appealed":
        raise Conflict("no_appeal", "there is no appeal to decide")
    if reviewer == review.who or any(one.reviewer == reviewer for one in review.markings):
        raise Refused(
            "not_independent", "an appeal is decided by somebody who did not mark it, and not by its maker"
        )
    if len(answer.strip()) < REASON_CHARS_MIN:
        raise Invalid("answer", "give the person your reasons", field="answer")
    decided = msgspec.structs.replace(review.appeal, reviewer=reviewer, upheld=upheld, answer=answer)
    return msgspec.structs.replace(review, state="decided", appeal=decided)


def suspended_by(appeals: Iterable[Appeal]) -> frozenset[str]:
    """Return the indicators of which, over at least 30 decided appeals, more than a tenth were upheld."""
    decided: dict[str, list[bool]] = {}
    for one in appeals:
        if one.upheld is not None:
            decided.setdefault(one.indicator, []).append(one.upheld)
    return frozenset(
        name
        for name, upheld in decided.items()
        if len(upheld) >= APPEALS_MIN and sum(upheld) / len(upheld) > UPHELD_MAX
    )


def _check_marks(marks: Mapping[str, Mark]) -> None:
    unknown = sorted(set(marks) - set(BY_NAME))
    if unknown:
        raise Invalid("marks", f"there are no indicators {', '.join(unknown)}", field="marks")
    wrong = sorted(name for name, value in marks.items() if value not in MARKS)
    if wrong:
        raise Invalid("marks", f"{', '.join(wrong)}: a mark is pass, fail or na", field="marks")


def _check_answerable(review: Review, person: str) -> None:
    if not review.who or person != review.who:
        raise Refused("not_yours", "a review is answered by the person whose work it is about")
    if review.state != "released":
        raise Conflict("not_released", "a review is answered once, after its release")
