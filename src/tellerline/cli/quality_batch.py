"""Scoring a period on several processes, with the function that scores a conversation as it closes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from pathlib import Path

import msgspec
from threadpoolctl import threadpool_limits

from tellerline.app import shared_encoder
from tellerline.cli.record import record_path
from tellerline.dialogue import pack as packs
from tellerline.domain.clock import SystemClock
from tellerline.domain.event import ConversationId
from tellerline.quality.acts import ActModel, fit_acts
from tellerline.quality.build import build_scorer
from tellerline.quality.office import EVENTS_MAX
from tellerline.quality.rubric import RUBRIC
from tellerline.quality.score import Scorecard, counted, score_cards
from tellerline.quality.scorer import Scored, Scorer
from tellerline.settings import Settings
from tellerline.store.log import SqliteLog
from tellerline.store.quality import SqliteQuality

CHUNK = 50
NAMES_MAX = 10_000_000


class Done(msgspec.Struct, frozen=True):
    """What a batch did."""

    scored: int
    rubric: str
    workers: int
    took_s: float


class _Job(msgspec.Struct, frozen=True):
    """What a worker process needs to begin."""

    record: Path
    pack: Path
    releases: Path
    release: str
    model: ActModel


def score_batch(
    settings: Settings, since: datetime, *, again: bool, workers: int, say: Callable[[str], None]
) -> Done:
    """Score what was closed since then. What a batch has scored is kept, so a batch that was stopped goes on.

    again: also what has a score by this rubric. workers: 0 for one a core. Raises: NotFound when there is no record.
    """
    began = time.perf_counter()
    path = record_path(settings)
    book = SqliteQuality(path)
    try:
        names = book.unscored("" if again else RUBRIC, since=since, limit=NAMES_MAX)
        count = min(workers or os.cpu_count() or 1, max(1, len(names) // CHUNK + 1))
        if names:
            encoder = shared_encoder()
            releases = settings.data / "releases"
            release = packs.build(settings.pack, releases, encoder)
            job = _Job(path, settings.pack, releases, release, fit_acts(encoder))
            for scored in _score(job, names, count):
                book.put(scored)
                say(f"{scored[-1].conversation}: {len(scored)} more of {len(names)}")
    finally:
        book.close()
    return Done(len(names), RUBRIC, count, round(time.perf_counter() - began, 2))


def read_cards(settings: Settings, since: datetime) -> list[Scorecard]:
    """Return the scorecards of a period. Raises: NotFound when there is no record."""
    book = SqliteQuality(record_path(settings))
    try:
        scored = book.scored(since=since, until=SystemClock().now())
    finally:
        book.close()
    return score_cards(counted(scored))


def read_score(settings: Settings, conversation: str) -> Scored:
    """Return what was found in a conversation. Raises: NotFound."""
    book = SqliteQuality(record_path(settings))
    try:
        return book.scored_one(ConversationId(conversation))
    finally:
        book.close()


def _score(job: _Job, names: Sequence[ConversationId], workers: int) -> Iterator[list[Scored]]:
    chunks = [list(names[first : first + CHUNK]) for first in range(0, len(names), CHUNK)]
    if workers == 1:
        scorer = _open(job)
        yield from (_score_chunk(job, scorer, chunk) for chunk in chunks)
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would share the encoder's threads
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(job,)) as pool:
        waiting = [pool.submit(_work, chunk) for chunk in chunks]
        for one in as_completed(waiting):
            yield one.result()


_WORKER: list[tuple[_Job, Scorer]] = []


def _begin(job: _Job) -> None:
    threadpool_limits(1, user_api="blas")
    _WORKER.append((job, _open(job)))


def _work(names: Sequence[ConversationId]) -> list[Scored]:
    job, scorer = _WORKER[0]
    return _score_chunk(job, scorer, names)


def _open(job: _Job) -> Scorer:
    encoder = shared_encoder()
    return build_scorer(job.pack, packs.load(job.releases, job.release, encoder), encoder, model=job.model)


def _score_chunk(job: _Job, scorer: Scorer, names: Sequence[ConversationId]) -> list[Scored]:
    async def read(log: SqliteLog) -> list[Scored]:
        return [scorer.score(name, await log.read(name, limit=EVENTS_MAX)) for name in names]

    with SqliteLog(job.record) as log:
        return asyncio.run(read(log))
