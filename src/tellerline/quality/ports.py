"""What quality asks of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellerline.domain.event import ConversationId, Event
from tellerline.quality.review import Review, ReviewId, State
from tellerline.quality.scorer import Scored


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's word on an auto-fail that the machine found."""

    conversation: ConversationId
    indicator: str
    sequence: int
    person: str
    at: datetime
    confirmed: bool
    note: str


class Record(Protocol):
    """The record, read only."""

    async def read(
        self, conversation: ConversationId, *, after: int = 0, limit: int = 10_000
    ) -> Sequence[Event]:
        """Return at most `limit` events with sequence > `after`. Raises: NotFound."""
        ...


class QualityBook(Protocol):
    """Keeps scores and reviews. All calls are short and block; who calls from an event loop does so in a thread."""

    def unscored(
        self, rubric: str, *, since: datetime | None = None, limit: int = 100
    ) -> list[ConversationId]:
        """List closed conversations not scored by `rubric`, the longest closed first."""
        ...

    def put(self, scored: Sequence[Scored]) -> None:
        """Keep scores; of a conversation only the last."""
        ...

    def scored(self, *, since: datetime, until: datetime) -> list[Scored]:
        """List what was closed in the period."""
        ...

    def scored_one(self, conversation: ConversationId) -> Scored:
        """Return the score of a conversation. Raises: NotFound, code `score`."""
        ...

    def add_reviews(self, reviews: Sequence[Review], person: str, at: datetime) -> None:
        """Keep new reviews."""
        ...

    def review(self, review: ReviewId) -> Review:
        """Return a review. Raises: NotFound, code `review`."""
        ...

    def reviews(self, states: Sequence[State] = (), *, limit: int = 1_000) -> list[Review]:
        """List reviews in one of `states` (in any, when none is named), the newest first."""
        ...

    def change_review(
        self, review: ReviewId, person: str, step: str, at: datetime, decide: Callable[[Review], Review]
    ) -> Review:
        """Let `decide` see a review and keep what it becomes, in one transaction. Raises: NotFound, and what it raises."""
        ...

    def add_verdict(self, verdict: Verdict) -> None:
        """Keep a person's word on an auto-fail. Raises: Conflict when there is one already."""
        ...

    def verdicts(self, *, since: datetime) -> list[Verdict]:
        """List the words on auto-fails."""
        ...
