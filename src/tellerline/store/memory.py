"""What is remembered of customers, read from the record's tables; what nobody can recall any more is removed here."""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
from sqlalchemy import and_, bindparam, delete, literal, or_, select

from tellerline.domain.remembered import Remembered, Remembrance
from tellerline.memory.book import UNCLAIMED_KEPT
from tellerline.memory.fold import in_force
from tellerline.store.database import InRecord
from tellerline.store.moment import Moment
from tellerline.store.remember import before_line
from tellerline.store.schema import memories

RECALLED_MAX = 200
_VALUE: msgspec.json.Decoder[Remembrance] = msgspec.json.Decoder(Remembrance)
_RECALL = (
    select(
        memories.c.value, memories.c.conversation, memories.c.sequence, memories.c.at, memories.c.expires_at
    )
    .where(memories.c.customer == bindparam("of_customer"), ~before_line())
    .order_by(memories.c.kind.in_(("contact", "promise")), memories.c.at.desc())
    .limit(RECALLED_MAX)
)


class SqliteMemory(InRecord):
    """Implements `Memory` over the record's file. Only what nobody can recall any more is ever removed here."""

    async def recall(self, customer: str, *, at: datetime) -> list[Remembered]:
        """See `Memory.recall`. Looks at the preferences and the newest of the rest, which is `RECALLED_MAX` in all."""
        with self._reader.connect() as connection:
            rows = connection.execute(_RECALL, {"of_customer": customer}).all()
        return in_force((Remembered(_VALUE.decode(value), *rest) for value, *rest in rows), at)

    async def purge(self, *, at: datetime) -> int:
        """See `Memory.purge`; also removes what was noted in conversations of which nobody ever learned whose they are."""
        return await asyncio.to_thread(self._purge, at)

    def _purge(self, at: datetime) -> int:
        unclaimed = and_(memories.c.customer == "", memories.c.at <= literal(at - UNCLAIMED_KEPT, Moment))
        ended = memories.c.expires_at <= literal(at, Moment)
        with self._writer.begin() as connection:
            return connection.execute(delete(memories).where(or_(ended, unclaimed, before_line()))).rowcount
