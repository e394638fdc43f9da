"""A fresh bank for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bank.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """Give a bank with Wang Fang, Li Jun and Emma Smith, in memory."""
    world = World()
    yield world
    world.bank.close()


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[World]:
    """Give a bank whose journal is a file."""
    world = World(path=tmp_path / "core.sqlite")
    yield world
    world.bank.close()
