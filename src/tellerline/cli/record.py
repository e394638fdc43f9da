"""Looking at the record from the command line: replay and audit."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tellerline.app import shared_encoder
from tellerline.dialogue.releases import Releases
from tellerline.dialogue.replay import Difference, replay
from tellerline.domain.errors import NotFound
from tellerline.domain.event import ConversationId, ConversationOpened
from tellerline.settings import Settings
from tellerline.store.audit import Finding, verify
from tellerline.store.log import SqliteLog


def record_path(settings: Settings) -> Path:
    """Return where the record lies. Raises: NotFound, naming the remedy, when there is none."""
    path = settings.data / "record.sqlite3"
    if not path.exists():
        raise NotFound("record", f"there is no record in {settings.data}; name its folder with --data")
    return path


async def replay_conversation(settings: Settings, name: str) -> Difference | None:
    """Run a recorded conversation again on the release it had. Raises: NotFound."""
    with SqliteLog(record_path(settings)) as log:
        events = await log.read(ConversationId(name), limit=1_000_000)
    opened = events[0].body
    assert isinstance(opened, ConversationOpened)
    release = Releases(settings.data / "releases", shared_encoder())[opened.release]
    return await replay(name, events, release)


def difference_rows(difference: Difference) -> dict[str, object]:
    """Return a difference for printing."""
    rows: dict[str, object] = msgspec.to_builtins(difference)
    return rows


def verify_record(settings: Settings, conversation: str | None) -> list[Finding]:
    """Follow the hash chains. Raises: NotFound when there is no record."""
    return verify(record_path(settings), ConversationId(conversation) if conversation else None)
