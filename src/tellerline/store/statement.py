"""Statements that SQLAlchemy writes once and the driver then runs, because on the way of every turn each layer counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.expression import ClauseElement

STEP_ROWS_MAX = 64
_DIALECT = SQLiteDialect_pysqlite(paramstyle="named")

Values: TypeAlias = Mapping[str, str | int | float | bytes | None]


class Statement:
    """A statement written down in SQL; its values are given by the names of its parameters, as SQLite stores them."""

    def __init__(self, clause: ClauseElement) -> None:
        self.sql = str(clause.compile(dialect=_DIALECT))

    def run(self, connection: Connection, rows: Iterable[Values]) -> None:
        """Run it once for each of `rows`."""
        _driver(connection).executemany(self.sql, rows)

    def fetch(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Return the rows that it finds."""
        return _driver(connection).execute(self.sql, values).fetchall()

    def first(self, connection: Connection) -> tuple[Any, ...] | None:
        """Return the first row that it finds, without looking for another."""
        row: tuple[Any, ...] | None = _driver(connection).execute(self.sql).fetchone()
        return row


class Insertion:
    """Adds many rows in few steps, because the driver lets another thread run at each step and then has to wait for it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._sql: dict[int, str] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[str | int | bytes | None, ...]]) -> None:
        """Add `rows`, whose values stand in the order of the columns."""
        driver = _driver(connection)
        for start in range(0, len(rows), STEP_ROWS_MAX):
            step = rows[start : start + STEP_ROWS_MAX]
            driver.execute(self._write(len(step)), tuple(chain.from_iterable(step)))

    def _write(self, count: int) -> str:
        """One statement for each number of rows; the driver keeps them prepared."""
        if count not in self._sql:
            names = self._table.c.keys()
            row = f"({', '.join('?' * len(names))})"
            rows = ", ".join([row] * count)
            self._sql[count] = f"INSERT INTO {self._table.name} ({', '.join(names)}) VALUES {rows}"  # noqa: S608
        return self._sql[count]


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
