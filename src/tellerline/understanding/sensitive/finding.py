"""What a finder of sensitive values reports."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal[
    "secret", "email", "id", "card", "phone", "passport", "account", "cvv", "expiry", "password", "code"
]


class Finding(msgspec.Struct, frozen=True):
    """A sensitive value and where it stands in the shadow.

    value:     what is kept: the digits for `card`, `phone` (E.164), …; "" for secrets of which nothing may be kept.
    certainty: 3 checked by its own check digits, 2 by its form, 1 by the words around it only.
    """

    kind: Kind
    start: int
    end: int
    value: str = ""
    certainty: int = 2


_RANK: dict[Kind, int] = {
    "secret": 12, "email": 11, "id": 10, "card": 9, "phone": 8, "passport": 7, "cvv": 6, "expiry": 5, "password": 4,
    "code": 3, "account": 2,
}  # fmt: skip


def choose_findings(findings: list[Finding]) -> list[Finding]:
    """Return findings that do not overlap, in order: the surer first, then the graver kind, then the longer."""
    best = sorted(findings, key=lambda f: (f.certainty, _RANK[f.kind], f.end - f.start), reverse=True)
    covered = bytearray(max((finding.end for finding in findings), default=0))
    taken: list[Finding] = []
    for finding in best:
        if not any(covered[finding.start : finding.end]):
            covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
            taken.append(finding)
    return sorted(taken, key=lambda f: f.start)
