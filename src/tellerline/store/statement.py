"""Statements that SQLAlchemy writes once and the driver then runs, because on the way of every turn each layer counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.expression import ClauseElement

_DIALECT = SQLiteDialect_pysqlite(paramstyle="named")

Values: TypeAlias = Mapping[str, str | int | float | bytes | None]


class Statement:
    """A statement written down in SQL; its values are given by the names of its parameters, as SQLite stores them."""

    def __init__(self, clause: ClauseElement) -> None:
        self.sql = str(clause.compile(dialect=_DIALECT))

    def run(self, connection: Connection, rows: Sequence[Values] | Iterable[Values]) -> None:
        """Run it once for each of `rows`."""
        _driver(connection).executemany(self.sql, rows)

    def fetch(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Return the rows that it finds."""
        return _driver(connection).execute(self.sql, values).fetchall()

    def first(self, connection: Connection) -> tuple[Any, ...] | None:
        """Return the first row that it finds, without looking for another."""
        row: tuple[Any, ...] | None = _driver(connection).execute(self.sql).fetchone()
        return row


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
