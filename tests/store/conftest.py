"""Records to test on: made once, then copied, because making one takes longer than most tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tellerline.store.database import upgrade
from tellerline.store.log import SqliteLog


@pytest.fixture(scope="session")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a record without events; not to be written to."""
    path = tmp_path_factory.mktemp("record") / "empty.sqlite3"
    upgrade(path)
    return path


@pytest.fixture
def path(empty_record: Path, tmp_path: Path) -> Path:
    """Give an empty record of the test's own."""
    return Path(shutil.copy(empty_record, tmp_path / "record.sqlite3"))


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    """Give a log on that record."""
    with SqliteLog(path) as opened:
        yield opened
