"""Coaching shows a person's own clips beside a colleague's, and tells help from chance. Stress is the person's own."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tellerline.domain.event import ConversationId
from tellerline.quality.coaching import measure_effect, measure_stress, plan_coaching
from tellerline.quality.finding import Finding
from tellerline.quality.score import score_cards
from tellerline.quality.scorer import Scored
from tests.quality.talk import START, WHO, Talk

OTHER = "wang.lei"


def scored(
    name: str, findings: list[Finding], *, day: int = 0, hour: int = 0, hostile: bool = False
) -> Scored:
    empty = Talk().scored(name)
    at = START + timedelta(days=day, hours=hour)
    return msgspec.structs.replace(empty, findings=findings, closed_at=at, hostile=hostile)


def finding(
    name: str, *, passed: bool, who: str = WHO, quote: str = "", value: float | None = None
) -> Finding:
    return Finding(name, 1, passed, "representative", who, [3], quote, 0.9, value)


def test_the_priority_is_what_goes_worst_with_clips_good_bad_and_better() -> None:
    own = [finding("acknowledged", passed=n < 3, quote="mine") for n in range(10)]
    strong = [finding(name, passed=True) for name in ("no_blame", "unhurried") for _ in range(20)]
    other = [finding("acknowledged", passed=True, who=OTHER, quote="theirs") for _ in range(10)]
    period = [scored("c1", own + strong), scored("c2", other)]
    cards = score_cards(one for each in period for one in each.findings)
    plan = plan_coaching(next(card for card in cards if card.who == WHO), period)
    assert plan.priority == "acknowledged"
    assert set(plan.strengths) == {"no_blame", "unhurried"}
    assert [(clip.kind, clip.conversation) for clip in plan.clips] == [
        ("good", ConversationId("c1")),
        ("bad", ConversationId("c1")),
        ("better", ConversationId("c2")),
    ]
    assert OTHER not in repr(plan)


def test_nobody_has_a_priority_in_what_was_seen_too_rarely() -> None:
    period = [scored("c1", [finding("acknowledged", passed=False) for _ in range(7)])]
    assert plan_coaching(score_cards(period[0].findings)[0], period).priority is None


@pytest.mark.parametrize(("after", "helped"), [(19, True), (11, False), (5, False)])
def test_a_coaching_helped_when_the_rise_is_no_chance(after: int, *, helped: bool) -> None:
    before = scored("c1", [finding("acknowledged", passed=n < 10) for n in range(20)], day=-3)
    since = scored("c2", [finding("acknowledged", passed=n < after) for n in range(20)], day=3)
    others = scored("c3", [finding("acknowledged", passed=True, who=OTHER) for _ in range(99)], day=3)
    effect = measure_effect([before, since, others], WHO, "acknowledged", START)
    assert (effect.before, effect.after, effect.helped) == ((10, 20), (after, 20), helped)


def test_stress_compares_busy_hours_and_the_time_after_abuse_with_the_rest() -> None:
    calm = [
        scored(f"c{hour}", [finding("next_reply", passed=True, value=10.0)] * 9, hour=hour)
        for hour in range(12)
    ]
    peak = scored("p", [finding("next_reply", passed=True, value=40.0)] * 30, hour=20)
    abused = scored("a", [finding("next_reply", passed=True, value=10.0)], hour=30, hostile=True)
    after = msgspec.structs.replace(
        scored("b", [finding("next_reply", passed=True, value=25.0)] * 8, hour=30),
        closed_at=abused.closed_at + timedelta(minutes=5),
    )
    stress = measure_stress([*calm, peak, abused, after], WHO)
    assert (stress.usual_s, stress.at_peak_s, stress.after_abuse_s) == (10.0, 40.0, 25.0)
    assert measure_stress([*calm, peak], OTHER) == msgspec.structs.replace(
        stress, usual_s=None, at_peak_s=None, after_abuse_s=None
    )
