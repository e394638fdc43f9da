"""Scores, reviews and verdicts in the record's file: quality's `QualityBook`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import IntegrityError

from tellerline.domain.errors import Conflict, NotFound
from tellerline.domain.event import ConversationId
from tellerline.quality.ports import Verdict
from tellerline.quality.review import Review, ReviewId, State
from tellerline.quality.scorer import Scored
from tellerline.store.database import InRecord
from tellerline.store.schema import (
    conversations,
    quality_reviews,
    quality_scores,
    quality_steps,
    quality_verdicts,
)

_encode = msgspec.json.Encoder(order="deterministic").encode
_SCORED = msgspec.json.Decoder(Scored)
_REVIEW = msgspec.json.Decoder(Review)
_VERDICT = msgspec.json.Decoder(Verdict)


class SqliteQuality(InRecord):
    """See `QualityBook`. A review is changed under the write lock, so deciding is short."""

    def unscored(
        self, rubric: str, *, since: datetime | None = None, limit: int = 100
    ) -> list[ConversationId]:
        """List closed conversations not scored by `rubric`, the longest closed first."""
        done = (quality_scores.c.conversation == conversations.c.id) & (quality_scores.c.rubric == rubric)
        statement = (
            select(conversations.c.id)
            .where(conversations.c.closed, ~select(quality_scores.c.rubric).where(done).exists())
            .order_by(conversations.c.last_at, conversations.c.id)
            .limit(limit)
        )
        if since is not None:
            statement = statement.where(conversations.c.last_at >= since)
        with self._reader.connect() as connection:
            return [ConversationId(name) for name in connection.execute(statement).scalars()]

    def put(self, scored: Sequence[Scored]) -> None:
        """Keep scores; of a conversation only the last."""
        if not scored:
            return
        statement = insert_or(quality_scores)
        changed = {name: statement.excluded[name] for name in ("rubric", "closed_at", "body")}
        statement = statement.on_conflict_do_update(
            index_elements=[quality_scores.c.conversation], set_=changed
        )
        rows = [
            {
                "conversation": one.conversation,
                "rubric": one.rubric,
                "closed_at": one.closed_at,
                "body": _encode(one),
            }
            for one in scored
        ]
        with self._writer.begin() as connection:
            connection.execute(statement, rows)

    def scored(self, *, since: datetime, until: datetime) -> list[Scored]:
        """List what was closed in the period."""
        within = quality_scores.c.closed_at >= since, quality_scores.c.closed_at < until
        statement = (
            select(quality_scores.c.body)
            .where(*within)
            .order_by(quality_scores.c.closed_at, quality_scores.c.conversation)
        )
        with self._reader.connect() as connection:
            return [_SCORED.decode(body) for body in connection.execute(statement).scalars()]

    def scored_one(self, conversation: ConversationId) -> Scored:
        """Return the score of a conversation. Raises: NotFound, code `score`."""
        statement = select(quality_scores.c.body).where(quality_scores.c.conversation == conversation)
        with self._reader.connect() as connection:
            body = connection.execute(statement).scalar_one_or_none()
        if body is None:
            raise NotFound("score", "this conversation has no score; it gets one after it closes")
        return _SCORED.decode(body)

    def add_reviews(self, reviews: Sequence[Review], person: str, at: datetime) -> None:
        """Keep new reviews; one that was drawn before by the same seed stays as it is."""
        with self._writer.begin() as connection:
            for one in reviews:
                statement = insert_or(quality_reviews).values(_row(one)).on_conflict_do_nothing()
                if connection.execute(statement).rowcount:
                    _note(connection, one.id, person, "drawn", at)

    def review(self, review: ReviewId) -> Review:
        """Return a review. Raises: NotFound, code `review`."""
        with self._reader.connect() as connection:
            return _read(connection, review)

    def reviews(self, states: Sequence[State] = (), *, limit: int = 1_000) -> list[Review]:
        """List reviews in one of `states` (in any, when none is named), the newest first."""
        newest = quality_reviews.c.drawn_at.desc(), quality_reviews.c.id
        statement = select(quality_reviews.c.body).order_by(*newest).limit(limit)
        if states:
            statement = statement.where(quality_reviews.c.state.in_(states))
        with self._reader.connect() as connection:
            return [_REVIEW.decode(body) for body in connection.execute(statement).scalars()]

    def change_review(
        self, review: ReviewId, person: str, step: str, at: datetime, decide: Callable[[Review], Review]
    ) -> Review:
        """Let `decide` see a review and keep what it becomes, in one transaction."""
        with self._writer.begin() as connection:
            after = decide(_read(connection, review))
            statement = insert_or(quality_reviews).values(_row(after))
            connection.execute(
                statement.on_conflict_do_update(index_elements=[quality_reviews.c.id], set_=_row(after))
            )
            _note(connection, review, person, step, at)
        return after

    def steps(self, review: ReviewId) -> list[tuple[str, str]]:
        """Return who did what to a review, in order."""
        columns = quality_steps.c.person, quality_steps.c.step
        statement = select(*columns).where(quality_steps.c.review == review).order_by(quality_steps.c.number)
        with self._reader.connect() as connection:
            return [(person, step) for person, step in connection.execute(statement)]

    def add_verdict(self, verdict: Verdict) -> None:
        """Keep a person's word on an auto-fail. Raises: Conflict, code `decided`, when there is one already."""
        row = {
            "conversation": verdict.conversation,
            "indicator": verdict.indicator,
            "sequence": verdict.sequence,
            "at": verdict.at,
            "body": _encode(verdict),
        }
        try:
            with self._writer.begin() as connection:
                connection.execute(insert(quality_verdicts).values(row))
        except IntegrityError as error:
            raise Conflict("decided", "somebody has decided on this auto-fail already") from error

    def verdicts(self, *, since: datetime) -> list[Verdict]:
        """List the words on auto-fails."""
        statement = select(quality_verdicts.c.body).where(quality_verdicts.c.at >= since)
        with self._reader.connect() as connection:
            return [_VERDICT.decode(body) for body in connection.execute(statement).scalars()]


def _row(review: Review) -> dict[str, object]:
    return {
        "id": review.id,
        "state": review.state,
        "drawn_at": review.drawn_at,
        "body": _encode(review),
    }


def _read(connection: Connection, review: ReviewId) -> Review:
    statement = select(quality_reviews.c.body).where(quality_reviews.c.id == review)
    body = connection.execute(statement).scalar_one_or_none()
    if body is None:
        raise NotFound("review", "there is no such review")
    return _REVIEW.decode(body)


def _note(connection: Connection, review: ReviewId, person: str, step: str, at: datetime) -> None:
    connection.execute(insert(quality_steps).values(review=review, at=at, person=person, step=step))
