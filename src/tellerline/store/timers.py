"""Durable timers in a database: those of the record's own file, or of a PostgreSQL that several machines share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    create_engine,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from tellerline.cases.timers import CLAIM_MAX, LEASE, Timer
from tellerline.store.schema import leases, timers

_KEY = ("conversation", "number", "share")


class SqlTimers:
    """The `Timers` of every node that works on the same database.

    Taking a lease is one statement that the database decides: of two nodes that ask at once, one gets it.
    """

    def __init__(self, engine: Engine, reader: Engine | None = None) -> None:
        """Use the timers behind `engine`; `reader` looks for due ones without waiting for whoever writes."""
        self._engine = engine
        self._reader = reader or engine
        postgresql = engine.dialect.name == "postgresql"
        self._insert = insert_postgresql if postgresql else insert_sqlite

    @classmethod
    def open(cls, url: str) -> SqlTimers:
        """Use timers of their own at a database address, such as `postgresql+psycopg://…`; make the tables where missing."""
        engine = create_engine(url, pool_pre_ping=True)
        timers.metadata.create_all(engine, [timers, leases])
        return cls(engine)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()
        self._reader.dispose()

    async def set(self, given: Sequence[Timer]) -> None:
        """Set timers; one that is set already keeps its place with the new moment."""
        rows = [{name: getattr(timer, name) for name in Timer.__struct_fields__} for timer in given]
        statement = self._insert(timers)
        changed = {name: statement.excluded[name] for name in ("due_at", "case_due_at")}
        put = statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed)

        def write() -> None:
            with self._engine.begin() as connection:
                connection.execute(put, rows)

        if rows:
            await asyncio.to_thread(write)

    async def claim(self, holder: str, *, now: datetime, limit: int = CLAIM_MAX) -> list[Timer]:
        """Take due timers; see `Timers`."""

        def take() -> list[Timer]:
            with self._reader.connect() as connection:
                if not _due(connection, now, 1):
                    return []
            with self._engine.begin() as connection:
                return [
                    timer
                    for timer in _due(connection, now, limit)
                    if self._lease(connection, timer, holder, now)
                ]

        return await asyncio.to_thread(take)

    def _lease(self, connection: Connection, timer: Timer, holder: str, now: datetime) -> bool:
        """Lease a timer that is still there to `holder`, unless another has it."""
        key = {name: getattr(timer, name) for name in _KEY}
        statement = self._insert(leases).values(**key, holder=holder, until=now + LEASE)
        leased = connection.execute(
            statement.on_conflict_do_update(
                index_elements=list(_KEY),
                set_={name: statement.excluded[name] for name in ("holder", "until")},
                where=leases.c.until <= now,
            ).returning(leases.c.holder)
        ).first()
        if leased is None:
            return False
        # Another node may have settled it between the look and the lease.
        there = connection.execute(
            select(func.count()).select_from(timers).where(_is(timers, timer))
        ).scalar_one()
        if not there:
            connection.execute(delete(leases).where(_is(leases, timer)))
        return bool(there)

    async def settle(self, timer: Timer) -> None:
        """Put a timer away; see `Timers`. One that was set anew meanwhile stays."""

        def put_away() -> None:
            with self._engine.begin() as connection:
                connection.execute(delete(timers).where(_is(timers, timer), timers.c.due_at == timer.due_at))
                connection.execute(delete(leases).where(_is(leases, timer)))

        await asyncio.to_thread(put_away)

    async def next_due_at(self) -> datetime | None:
        """Return when the next timer is due."""

        def look() -> datetime | None:
            with self._reader.connect() as connection:
                found = connection.execute(select(timers.c.due_at).order_by(timers.c.due_at).limit(1))
                return found.scalar_one_or_none()

        return await asyncio.to_thread(look)


def _due(connection: Connection, now: datetime, limit: int) -> list[Timer]:
    """Return due timers that nobody holds, the longest due first."""
    same = and_(*(timers.c[name] == leases.c[name] for name in _KEY))
    statement = (
        select(*(timers.c[name] for name in Timer.__struct_fields__))
        .join_from(timers, leases, same, isouter=True)
        .where(timers.c.due_at <= now, or_(leases.c.until.is_(None), leases.c.until <= now))
        .order_by(timers.c.due_at, *(timers.c[name] for name in _KEY))
        .limit(limit)
    )
    return [Timer(*row) for row in connection.execute(statement)]


def _is(table: Table, timer: Timer) -> ColumnElement[bool]:
    return and_(*(table.c[name] == getattr(timer, name) for name in _KEY))
