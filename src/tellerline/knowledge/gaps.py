"""What customers asked and the bank had no answer to, gathered by subject, so that its editors see what to write next.

Questions come in order and join the group they are nearest to, or open one of their own; so the same record gives the same
groups, and a new question costs one comparison with each group. Groups hold both languages: nearness is that of meaning,
of the concepts of the pack's term list, which are shared, and within a language of words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
import numpy as np

from tellerline.domain.language import Language
from tellerline.knowledge.analyse import Analyser, Analysis
from tellerline.knowledge.index import Floats
from tellerline.models.contract import SentenceEncoder

EXAMPLES_MAX = 5
# Chosen on the development questions: of two that ask different things fewer than 2 in 100 come this near, of a question
# and its translation more than half do.
_CONCEPTS, _WORDS, _NEAR = 0.5, 0.3, 0.5
_CONCEPTS_ALONE = 0.8  # without an encoder
_MEMBERS_COMPARED = 8  # of a group: its first questions stand for it, so that a group does not wander


class Gap(msgspec.Struct, frozen=True):
    """A question without an answer. score: how probable the best that was found seemed."""

    question: str
    language: Language
    at: datetime
    score: float = 0.0


class GapGroup(msgspec.Struct, frozen=True):
    """Questions about one thing, however often and in whatever language they came.

    examples: different wordings, the most frequent first.
    """

    count: int
    languages: dict[Language, int]
    first_at: datetime
    last_at: datetime
    examples: list[str]


class _Member(msgspec.Struct):
    """What a question is compared by."""

    language: Language
    meaning: Floats | None
    concepts: frozenset[str]
    words: frozenset[str]


class _Group:
    def __init__(self) -> None:
        self.members: list[_Member] = []
        self.gaps: list[Gap] = []

    def add(self, gap: Gap, member: _Member) -> None:
        self.gaps.append(gap)
        if len(self.members) < _MEMBERS_COMPARED:
            self.members.append(member)

    def shown(self) -> GapGroup:
        wordings = Counter(gap.question.strip() for gap in self.gaps)
        return GapGroup(
            count=len(self.gaps),
            languages=dict(Counter(gap.language for gap in self.gaps)),
            first_at=self.gaps[0].at,
            last_at=self.gaps[-1].at,
            examples=[question for question, _ in wordings.most_common(EXAMPLES_MAX)],
        )


class GapLog:
    """Groups of unanswered questions, fed one after another."""

    def __init__(self, analyser: Analyser, encoder: SentenceEncoder | None = None) -> None:
        """Take what questions are compared by. Without an encoder only words and concepts count."""
        self._analyser = analyser
        self._encoder = encoder
        self._groups: list[_Group] = []

    def add(self, gap: Gap) -> None:
        """Put a question with those that ask the same."""
        member = self._member(gap, self._analyser.analyse(gap.question, gap.language))
        scores = [(_nearness(member, group.members), number) for number, group in enumerate(self._groups)]
        best, number = max(scores, default=(0.0, -1), key=lambda one: (one[0], -one[1]))
        if best < _NEAR:
            self._groups.append(_Group())
            number = -1
        self._groups[number].add(gap, member)

    def groups(self) -> list[GapGroup]:
        """Return the groups, the largest first, then the one asked last."""
        shown = [group.shown() for group in self._groups]
        return sorted(shown, key=lambda group: (-group.count, -group.last_at.timestamp()))

    def _member(self, gap: Gap, analysis: Analysis) -> _Member:
        meaning = self._encoder.encode([gap.question])[0] if self._encoder is not None else None
        return _Member(gap.language, meaning, frozenset(analysis.concepts), frozenset(analysis.words))


def group_gaps(
    gaps: Iterable[Gap], analyser: Analyser, encoder: SentenceEncoder | None = None
) -> list[GapGroup]:
    """Return the groups that `gaps` form when they come in the order of their time."""
    log = GapLog(analyser, encoder)
    for gap in sorted(gaps, key=lambda gap: (gap.at, gap.question)):
        log.add(gap)
    return log.groups()


def _nearness(one: _Member, others: Sequence[_Member]) -> float:
    return max((_near(one, other) for other in others), default=0.0)


def _near(one: _Member, other: _Member) -> float:
    """Return how near two questions are; those of the same words are always near enough."""
    concepts = _dice(one.concepts, other.concepts)
    if one.meaning is None or other.meaning is None:
        near = _CONCEPTS_ALONE * concepts
    else:
        near = _CONCEPTS * concepts + float(np.dot(one.meaning, other.meaning))
    if one.language == other.language:
        if one.words == other.words and one.concepts == other.concepts:
            return 1.0
        near += _WORDS * _dice(one.words, other.words)
    return near


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    together = len(one) + len(other)
    return 2 * len(one & other) / together if together else 0.0
