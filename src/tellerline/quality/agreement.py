"""How far two markings agree beyond chance, for each indicator and language; and what a calibration says of reviewers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

Mark = Literal["pass", "fail", "na"]
MARKS: tuple[Mark, ...] = ("pass", "fail", "na")
KAPPA_MIN = 0.6
CALIBRATION_COUNT = 5


class Agreement(msgspec.Struct, frozen=True):
    """kappa is None when all marks of both are the same one: there is nothing to tell apart."""

    count: int
    agreed: int
    kappa: float | None


class Calibrated(msgspec.Struct, frozen=True):
    """A reviewer beside the expert. strictness: share failed more often (above 0) or less often than by the expert."""

    reviewer: str
    agreed: float
    kappa: float | None
    strictness: float


def agree(one: Sequence[Mark], other: Sequence[Mark]) -> Agreement:
    """Compare two markings of the same things. Cohen's κ (1960)."""
    agreed = sum(a == b for a, b in zip(one, other, strict=True))
    if len({*one, *other}) < 2:
        return Agreement(len(one), agreed, None)
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415  scikit-learn takes seconds to import, and serving needs none

    return Agreement(len(one), agreed, round(float(cohen_kappa_score(one, other)), 3))


def calibrate(expert: Mapping[str, Mark], reviewers: Mapping[str, Mapping[str, Mark]]) -> list[Calibrated]:
    """Compare reviewers with an expert over the same items (conversation and indicator); what one left out is "na"."""
    found = []
    for reviewer, marks in sorted(reviewers.items()):
        own: list[Mark] = [marks.get(item, "na") for item in expert]
        result = agree(list(expert.values()), own)
        failed = own.count("fail") - list(expert.values()).count("fail")
        count = max(1, result.count)
        found.append(
            Calibrated(reviewer, round(result.agreed / count, 3), result.kappa, round(failed / count, 3))
        )
    return found
