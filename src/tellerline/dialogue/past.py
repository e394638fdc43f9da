"""What the record says of the past to those who change what is said from now on; the store answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellerline.domain.event import ConversationId


class Cited(msgspec.Struct, frozen=True):
    """A message that rests on a version of a fact or an article."""

    conversation: ConversationId
    sequence: int
    kind: str
    source: str
    version: str
    at: datetime


class Past(Protocol):
    """Finds messages and conversations."""

    async def citing(self, kind: str, source: str, version: str, *, limit: int = 50) -> Sequence[Cited]:
        """List messages that rest on `version` of a source, the newest first."""
        ...

    async def holding(self, kind: str, *, since: datetime, limit: int = 50) -> Sequence[ConversationId]:
        """List the conversations opened since then in which an event of `kind` happened, the newest first."""
        ...
