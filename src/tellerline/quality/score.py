"""Scores of abilities: of the opportunities there were, how many were met, and how surely that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt
from typing import Literal

import msgspec

from tellerline.quality.finding import Finding, Side
from tellerline.quality.rubric import ADVISES_ONLY, BY_NAME, WEIGHTS
from tellerline.quality.scorer import Scored

PUBLISHED_MIN = 8
PRIOR_STRENGTH = 4.0  # as many opportunities as the team's rate counts for
Z_95 = 1.959964
Band = Literal["strong", "good", "fair", "weak"]
_BANDS: tuple[tuple[float, Band], ...] = ((0.95, "strong"), (0.85, "good"), (0.7, "fair"), (0.0, "weak"))


class Rate(msgspec.Struct, frozen=True):
    """How many of `count` opportunities were met. rate: smoothed towards the team's; low, high: 95 % interval (Wilson)."""

    passed: int
    count: int
    rate: float
    low: float
    high: float

    @property
    def published(self) -> bool:
        """Whether there were enough opportunities to show it."""
        return self.count >= PUBLISHED_MIN


class AbilityScore(msgspec.Struct, frozen=True):
    """An ability of one subject, with its indicators. `band` is None below `PUBLISHED_MIN` opportunities."""

    ability: int
    rate: Rate
    band: Band | None
    indicators: dict[str, Rate]


class Scorecard(msgspec.Struct, frozen=True):
    """One subject in one period. overall: low and high of the weighted whole, 0..1; None when nothing is published."""

    side: Side
    who: str
    abilities: list[AbilityScore]
    overall: tuple[float, float] | None


def wilson(passed: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) when there was nothing to count."""
    if count == 0:
        return 0.0, 1.0
    share, square = passed / count, Z_95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z_95 * sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate_of(passed: int, count: int, prior: float) -> Rate:
    """Return a rate, smoothed towards `prior`, the rate of the team."""
    smoothed = (passed + PRIOR_STRENGTH * prior) / (count + PRIOR_STRENGTH)
    low, high = wilson(passed, count)
    return Rate(passed, count, round(smoothed, 4), round(low, 4), round(high, 4))


def band_of(rate: Rate) -> Band | None:
    """Return the band of a rate that may be shown."""
    return next(band for least, band in _BANDS if rate.rate >= least) if rate.published else None


def counted(scored: Iterable[Scored]) -> Iterator[Finding]:
    """Yield the findings that count: not those of indicators that only advise in the language of the conversation."""
    for one in scored:
        yield from (found for found in one.findings if found.indicator not in ADVISES_ONLY[one.language])


def score_cards(findings: Iterable[Finding], *, suspended: Iterable[str] = ()) -> list[Scorecard]:
    """Return a card for each subject. The prior of a representative is the representatives', of the assistant its own.

    suspended: indicators that count for nobody until they are restored.
    """
    left_out = frozenset(suspended)
    counts: defaultdict[tuple[Side, str], _Counts] = defaultdict(_new_counts)
    team: defaultdict[Side, _Counts] = defaultdict(_new_counts)
    for one in findings:
        if one.indicator in left_out or one.indicator not in BY_NAME:
            continue
        for tally in (counts[one.side, one.who], team[one.side]):
            tally[one.indicator][0] += one.passed
            tally[one.indicator][1] += 1
    return [_card(side, who, own, team[side]) for (side, who), own in sorted(counts.items())]


_Counts = defaultdict[str, list[int]]


def _new_counts() -> _Counts:
    return defaultdict(lambda: [0, 0])


def _card(
    side: Side, who: str, own: Mapping[str, Sequence[int]], team: Mapping[str, Sequence[int]]
) -> Scorecard:
    abilities = []
    for ability in sorted({BY_NAME[name].ability for name in own}):
        names = [name for name in own if BY_NAME[name].ability == ability]
        indicators = {
            name: rate_of(own[name][0], own[name][1], _share([team[name]])) for name in sorted(names)
        }
        passed, count = (sum(own[name][part] for name in names) for part in (0, 1))
        rate = rate_of(passed, count, _share([team[name] for name in names]))
        abilities.append(AbilityScore(ability, rate, band_of(rate), indicators))
    return Scorecard(side, who, abilities, _overall(abilities))


def _share(tallies: Iterable[Sequence[int]]) -> float:
    both = [(tally[0], tally[1]) for tally in tallies]
    return sum(passed for passed, _ in both) / max(1, sum(count for _, count in both))


def _overall(abilities: Sequence[AbilityScore]) -> tuple[float, float] | None:
    """Weigh the groups' mean intervals; groups of which nothing is published do not count."""
    shown = {one.ability: one.rate for one in abilities if one.rate.published}
    low = high = total = 0.0
    for weight, members in WEIGHTS.values():
        rates = [shown[ability] for ability in members if ability in shown]
        if rates:
            total += weight
            low += weight * sum(one.low for one in rates) / len(rates)
            high += weight * sum(one.high for one in rates) / len(rates)
    return (round(low / total, 3), round(high / total, 3)) if total else None
