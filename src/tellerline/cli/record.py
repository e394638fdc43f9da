"""Looking at the record from the command line: replay and audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from tellerline.app import shared_encoder
from tellerline.dialogue import pack as packs
from tellerline.dialogue.compare import Changed, changed_answers
from tellerline.dialogue.pack import Progress
from tellerline.dialogue.release import Release
from tellerline.dialogue.releases import Plan, Releases
from tellerline.dialogue.replay import Difference, replay
from tellerline.domain.errors import NotFound
from tellerline.domain.event import ConversationId, ConversationOpened
from tellerline.settings import Settings
from tellerline.store.audit import Finding, verify
from tellerline.store.log import SqliteLog
from tellerline.store.projection import ConversationRow
from tellerline.store.records import PAGE_MAX

EVENTS_MAX = 1_000_000


def record_path(settings: Settings) -> Path:
    """Return where the record lies. Raises: NotFound, naming the remedy, when there is none."""
    path = settings.data / "record.sqlite3"
    if not path.exists():
        raise NotFound("record", f"there is no record in {settings.data}; name its folder with --data")
    return path


async def replay_conversation(settings: Settings, name: str) -> Difference | None:
    """Run a recorded conversation again on the release it had. Raises: NotFound."""
    with SqliteLog(record_path(settings)) as log:
        events = await log.read(ConversationId(name), limit=EVENTS_MAX)
    opened = events[0].body
    assert isinstance(opened, ConversationOpened)
    release = Releases(settings.data / "releases", shared_encoder())[opened.release]
    return await replay(name, events, release)


def candidate(settings: Settings, named: str | None, say: Progress) -> Release:
    """Return the release to compare with: a version on this machine, or that of a pack's folder, built where need be.

    Raises: NotFound; PackRefused, when the pack has errors.
    """
    releases = Releases(settings.data / "releases", shared_encoder(), say=say)
    folder = settings.pack if named is None else Path(named)
    if folder.is_dir():
        return releases[packs.build(folder, settings.data / "releases", shared_encoder(), say=say)]
    releases.pack_of(str(named))
    return releases[str(named)]


async def conversations_since(log: SqliteLog, since: datetime, limit: int) -> list[ConversationId]:
    """Return the conversations opened since then, the newest `limit` of them, the oldest first."""
    found: list[ConversationRow] = []
    last: ConversationRow | None = None
    while len(found) < limit:
        page = await log.records.conversations(before=last, limit=min(PAGE_MAX, limit - len(found)))
        found += [row for row in page if row.opened_at >= since]
        if not page or page[-1].opened_at < since:
            break
        last = page[-1]
    return [row.id for row in reversed(found)]


async def compare_conversations(
    settings: Settings,
    release: Release,
    *,
    conversation: str | None,
    since: datetime | None,
    limit: int,
    progress: Callable[[int, int], None],
) -> tuple[int, list[Changed]]:
    """Take recorded turns again on `release`; return how many conversations that were, and every changed answer.

    progress: told how many conversations are done, and of how many. Raises: NotFound.
    """
    changed: list[Changed] = []
    with SqliteLog(record_path(settings)) as log:
        names = [ConversationId(conversation)] if conversation else []
        if since is not None and not conversation:
            names = await conversations_since(log, since, limit)
        for done, name in enumerate(names):
            progress(done, len(names))
            events = await log.read(name, limit=EVENTS_MAX)
            changed += [found async for found in changed_answers(name, events, release)]
        progress(len(names), len(names))
    return len(names), changed


def difference_rows(difference: Difference) -> dict[str, object]:
    """Return a difference for printing."""
    rows: dict[str, object] = msgspec.to_builtins(difference)
    return rows


def verify_record(settings: Settings, conversation: str | None) -> list[Finding]:
    """Follow the hash chains. Raises: NotFound when there is no record."""
    return verify(record_path(settings), ConversationId(conversation) if conversation else None)


class ReleaseRow(NamedTuple):
    """A release: percent of new conversations that begin with it, and how many open ones did."""

    release: str
    share: int
    open: int
    kept: bool


async def release_rows(settings: Settings) -> list[ReleaseRow]:
    """Return the releases on this machine and those that open conversations began with, those in force first."""
    note = settings.data / "in-force.json"
    releases = Releases(settings.data / "releases", shared_encoder(), note=note)
    plan = releases.noted() or Plan("")
    shares = {plan.stable: 100 - plan.share, plan.candidate: plan.share}
    used: Mapping[str, int] = {}
    if (settings.data / "record.sqlite3").exists():
        with SqliteLog(record_path(settings)) as log:
            used = await log.records.releases_in_use()
    kept = releases.kept()
    rows = [
        ReleaseRow(name, shares.get(name, 0), used.get(name, 0), name in kept) for name in kept | used.keys()
    ]
    return sorted(rows, key=lambda row: (-row.share, -row.open, row.release))
