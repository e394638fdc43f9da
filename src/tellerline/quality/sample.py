"""Which conversations a person looks at: four strata, drawn by a seed, so that anybody can draw them again.

Only the random stratum estimates quality; the others are chosen for what is in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from random import Random
from typing import Literal

import msgspec

from tellerline.domain.errors import Invalid
from tellerline.domain.event import ConversationId
from tellerline.quality.rubric import BY_NAME
from tellerline.quality.scorer import Scored

Stratum = Literal["random", "doubtful", "risk", "new"]
SHARES: tuple[tuple[Stratum, int], ...] = (("random", 40), ("doubtful", 30), ("risk", 20), ("new", 10))
DOUBTFUL = 0.6
SAMPLE_MAX = 1_000


class Drawn(msgspec.Struct, frozen=True):
    """A conversation of the sample, and why it is in it."""

    conversation: ConversationId
    stratum: Stratum


def draw_sample(
    scored: Iterable[Scored], count: int, seed: int, *, newcomers: Collection[str] = ()
) -> list[Drawn]:
    """Draw `count` conversations, no conversation twice; what a stratum lacks is drawn at random.

    newcomers: accounts of representatives who are new. Raises: Invalid, naming `count`.
    """
    if not 1 <= count <= SAMPLE_MAX:
        raise Invalid("count", f"draw 1 to {SAMPLE_MAX} conversations", field="count")
    every = sorted(scored, key=lambda one: one.conversation)
    random, taken = Random(seed), list[Drawn]()  # noqa: S311  auditable, not secret
    left = {one.conversation: one for one in every}

    def take(stratum: Stratum, names: list[ConversationId], wanted: int) -> None:
        for name in random.sample(names, min(wanted, len(names))):
            taken.append(Drawn(name, stratum))
            del left[name]

    # The random part is drawn first and from all, or it would estimate only what the others left over.
    for stratum, share in SHARES:
        wanted = round(count * share / 100)
        names = [name for name, one in left.items() if _belongs(one, stratum, newcomers)]
        take(stratum, names, wanted)
    take("random", list(left), count - len(taken))
    return taken[:count]


def _belongs(one: Scored, stratum: Stratum, newcomers: Collection[str]) -> bool:
    if stratum == "doubtful":
        return any(finding.confidence < DOUBTFUL for finding in one.findings)
    if stratum == "risk":
        return any(not finding.passed and BY_NAME[finding.indicator].serious for finding in one.findings)
    if stratum == "new":
        return any(finding.who in newcomers for finding in one.findings if finding.who)
    return True
