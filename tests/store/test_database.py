"""Opening a record: made when new, brought up to date when old, refused when it is none."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import tellerline.store.migrations
from tellerline.domain.errors import NotFound, Refused
from tellerline.store.database import Synchronous, open_reader, open_writer, revision, upgrade
from tellerline.store.log import SqliteLog
from tellerline.store.schema import METADATA, REVISION
from tests.store.sample import BODIES, name, number

UP_TO_DATE_MS_MAX = 50


@contextmanager
def writing(path: Path, synchronous: Synchronous = "NORMAL") -> Iterator[Connection]:
    """Open the connection that the writer has."""
    engine = open_writer(path, synchronous)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def test_a_new_record_is_made_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "50% # record?.sqlite3"
    assert upgrade(path)
    assert not upgrade(path)
    assert revision(path) == REVISION
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    open_reader(path).dispose()


def test_a_record_up_to_date_opens_at_once(path: Path) -> None:
    def open_ms() -> float:
        start = perf_counter()
        upgrade(path)
        return 1_000 * (perf_counter() - start)

    assert min(open_ms() for _ in range(5)) < UP_TO_DATE_MS_MAX


def test_the_migrations_make_the_tables_that_the_program_knows(path: Path) -> None:
    with writing(path) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        made = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
        indexes = {row.name: row.sql for row in made if row.sql}
    assert set(indexes) == {str(index.name) for table in METADATA.sorted_tables for index in table.indexes}
    assert [name for name, sql in indexes.items() if "WHERE" in sql] == [
        "ix_conversations_unanswered",
        "ix_handovers_waiting",
    ]


def test_the_last_migration_is_the_one_the_program_expects() -> None:
    folder = Path(tellerline.store.migrations.__file__).parent
    assert ScriptDirectory(folder).get_heads() == [REVISION]


def test_a_record_of_a_newer_version_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused) as caught:
        SqliteLog(path)
    assert caught.value.code == "record_newer"


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at" * 40, None])
def test_what_is_no_record_is_refused_and_left_alone(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.sqlite3"
    if content is None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE recipes (name TEXT)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(Refused) as caught:
        upgrade(path)
    assert caught.value.code == "record_foreign"
    assert path.read_bytes() == before


def test_a_record_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_reader(tmp_path / "nothing.sqlite3")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("table", ["events", "anchors"])
@pytest.mark.parametrize("change", ["UPDATE {} SET hash = x'00'", "DELETE FROM {}"])
async def test_the_record_refuses_to_be_changed(log: SqliteLog, path: Path, table: str, change: str) -> None:
    await log.append(name("a"), number(BODIES))
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(change.format(table))


def test_the_settings_that_keep_it_safe_are_on(path: Path) -> None:
    def ask(synchronous: Synchronous, *names: str) -> list[object]:
        with writing(path, synchronous) as connection:
            return [connection.exec_driver_sql(f"PRAGMA {one}").scalar_one() for one in names]

    assert ask("NORMAL", "journal_mode", "synchronous", "foreign_keys", "busy_timeout") == [
        "wal",
        1,
        1,
        5_000,
    ]
    assert ask("FULL", "synchronous") == [2]
