"""Showing what customers asked and the bank had no answer to, gathered by subject."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tellerline.cli.record import record_path
from tellerline.domain.clock import SystemClock
from tellerline.domain.errors import Invalid
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.gaps import Gap, GapGroup, group_gaps
from tellerline.knowledge.terms import Terms, read_terms
from tellerline.models.adapters.encoder import load_encoder
from tellerline.settings import Settings
from tellerline.store.log import SqliteLog
from tellerline.store.records import PAGE_MAX


async def read_gaps(settings: Settings, *, days: int) -> list[GapGroup]:
    """Return the groups of questions of the last `days` days, of the newest there are room for.

    Raises: NotFound when there is no record; Invalid when `days` is not positive.
    """
    if days < 1:
        raise Invalid("days", "--days is a whole number above 0", field="days")
    since = SystemClock().now().astimezone(UTC) - timedelta(days=days)
    with SqliteLog(record_path(settings)) as log:
        rows = await log.records.gaps(since=since, limit=PAGE_MAX)
    gaps = [Gap(row.question, row.language, row.at, row.score) for row in rows]
    return group_gaps(gaps, Analyser(Terms(read_terms(settings.pack, []))), load_encoder() if gaps else None)


def day_of(at: datetime) -> str:
    """Write the day of a moment."""
    return at.date().isoformat()
