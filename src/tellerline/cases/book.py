"""All cases at a glance, whatever conversation they belong to: what customer and staff ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from tellerline.domain.event import CaseStage, ConversationId


class CaseRow(msgspec.Struct, frozen=True):
    """A case at a glance. customer: whose it is, as far as the conversation knows. alarmed: the last share told."""

    number: str
    conversation: ConversationId
    kind: str
    owner: str
    summary: str
    opened_at: datetime
    due_at: datetime
    state: Literal["open", "closed"]
    stage: CaseStage
    alarmed: int
    extended: bool
    escalated: bool
    resolution: str
    customer: str | None = None


class CaseQuery(msgspec.Struct, frozen=True):
    """Which cases are wanted; what is left out does not narrow."""

    customer: str | None = None
    conversation: str | None = None
    number: str | None = None
    owner: str | None = None
    kind: str | None = None
    state: Literal["open", "closed"] | None = None
    due_by: datetime | None = None


class CaseBook(Protocol):
    """Reads cases across conversations."""

    async def cases(self, wanted: CaseQuery, *, limit: int = 50) -> Sequence[CaseRow]:
        """List cases, open ones first, then the earliest due. Raises: Invalid, code `limit`."""
        ...
