"""Coaching: two strengths, one priority with three clips, and a test of whether it helped.

Stress (ability 22) is measured here too. It is shown to the person alone and stands in no score, band or ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median

import msgspec
import numpy as np

from tellerline.domain.event import ConversationId
from tellerline.quality.finding import Finding
from tellerline.quality.score import PUBLISHED_MIN, Scorecard, wilson
from tellerline.quality.scorer import Scored

STRENGTHS = 2
HELPED_P_MAX = 0.05
PEAK_SHARE = 0.1
_REPLIES = frozenset({"first_reply", "next_reply"})


class Clip(msgspec.Struct, frozen=True):
    """A passage of a conversation. kind: good and bad are the person's own, better is how a colleague did it."""

    kind: str
    conversation: ConversationId
    sequences: list[int]
    quote: str


class Plan(msgspec.Struct, frozen=True):
    """What to talk about with a person. priority is None when nothing published is below the team."""

    who: str
    strengths: list[str]
    priority: str | None
    clips: list[Clip]


class Effect(msgspec.Struct, frozen=True):
    """An indicator before and after a coaching. p: two-sided exact test (Fisher); helped: better, and not by chance."""

    before: tuple[int, int]
    after: tuple[int, int]
    before_interval: tuple[float, float]
    after_interval: tuple[float, float]
    p: float
    helped: bool


class Stress(msgspec.Struct, frozen=True):
    """How load and abuse show in a person's own replies, median seconds. None where there is too little to tell."""

    usual_s: float | None
    at_peak_s: float | None
    after_abuse_s: float | None


def plan_coaching(card: Scorecard, scored: Sequence[Scored]) -> Plan:
    """Choose strengths, the priority and its clips from a person's card and the period's conversations."""
    rates = {name: rate for one in card.abilities for name, rate in one.indicators.items() if rate.published}
    ranked = sorted(rates, key=lambda name: (rates[name].rate, name))
    failing = [name for name in ranked if rates[name].passed < rates[name].count]
    priority = failing[0] if failing else None
    strengths = [name for name in reversed(ranked) if name != priority][:STRENGTHS]
    return Plan(card.who, strengths, priority, _clips(card.who, priority, scored) if priority else [])


def measure_effect(scored: Iterable[Scored], who: str, indicator: str, coached_at: datetime) -> Effect:
    """Compare a person's indicator before and after `coached_at`."""
    tallies = ([0, 0], [0, 0])
    for one in scored:
        for finding in one.findings:
            if finding.who == who and finding.indicator == indicator:
                tally = tallies[one.closed_at >= coached_at]
                tally[0] += finding.passed
                tally[1] += 1
    (before, all_before), (after, all_after) = tallies
    from scipy.stats import fisher_exact  # noqa: PLC0415  most of SciPy comes with it, and serving needs none

    table = np.array([[before, all_before - before], [after, all_after - after]])
    p = float(fisher_exact(table).pvalue) if all_before and all_after else 1.0
    better = all_after > 0 and all_before > 0 and after / all_after > before / all_before
    return Effect(
        (before, all_before),
        (after, all_after),
        wilson(before, all_before),
        wilson(after, all_after),
        round(p, 4),
        better and p < HELPED_P_MAX,
    )


def measure_stress(scored: Iterable[Scored], who: str) -> Stress:
    """Compare a person's reply times at the busiest tenth of their hours, and after abuse, with their usual ones."""
    replies: list[tuple[datetime, float]] = []
    abused: list[datetime] = []
    for one in scored:
        own = [f for f in one.findings if f.who == who and f.indicator in _REPLIES and f.value is not None]
        replies += [(one.closed_at, f.value) for f in own if f.value is not None]
        if own and one.hostile:
            abused.append(one.closed_at)
    hours: dict[datetime, list[float]] = {}
    for at, took_s in replies:
        hours.setdefault(at.replace(minute=0, second=0, microsecond=0), []).append(took_s)
    busiest = sorted(hours, key=lambda hour: (-len(hours[hour]), hour))
    peak = busiest[: max(1, round(PEAK_SHARE * len(busiest)))] if len(busiest) > 1 else []
    after = [s for at, s in replies if any(0 < (at - abuse).total_seconds() <= 3_600 for abuse in abused)]
    usual = [s for hour in busiest if hour not in peak for s in hours[hour]]
    return Stress(_median(usual), _median([s for hour in peak for s in hours[hour]]), _median(after))


def _median(values: Sequence[float]) -> float | None:
    return round(median(values), 2) if len(values) >= PUBLISHED_MIN else None


def _clips(who: str, indicator: str, scored: Iterable[Scored]) -> list[Clip]:
    """One clip of each kind, the surest of its kind; a colleague is not named."""
    found: dict[str, tuple[float, Clip]] = {}
    for one in scored:
        for finding in one.findings:
            if finding.indicator != indicator or (finding.who != who and not finding.passed):
                continue
            kind = _kind(finding, who)
            known = found.get(kind)
            if known is None or finding.confidence > known[0]:
                clip = Clip(kind, one.conversation, finding.sequences, finding.quote)
                found[kind] = (finding.confidence, clip)
    return [found[kind][1] for kind in ("good", "bad", "better") if kind in found]


def _kind(finding: Finding, who: str) -> str:
    if finding.who != who:
        return "better"
    return "good" if finding.passed else "bad"
