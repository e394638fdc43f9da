"""What the clocks of cases may rely on, whatever keeps their timers."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tellerline.cases.timers import LEASE, Timer
from tellerline.store.database import open_writer, upgrade
from tellerline.store.timers import SqlTimers
from tests.services import POSTGRESQL

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
DUE = START + timedelta(days=7)


def timer(number: str = "K1", share: int = 50, hours: int = 0) -> Timer:
    return Timer("talk", number, share, DUE + timedelta(hours=hours), DUE + timedelta(days=7))


def schema_url(name: str) -> str:
    """Return the address of a schema of its own in the test database, made new."""
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    url = make_url(POSTGRESQL).update_query_dict({"options": f"-csearch_path={name}"})
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services("postgresql"))])
def timers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlTimers]:
    if request.param == "sqlite":
        upgrade(tmp_path / "record.sqlite3")
        opened = SqlTimers(open_writer(tmp_path / "record.sqlite3"))
        yield opened
        opened.close()
        return
    name = f"timers_{uuid.uuid4().hex[:12]}"
    opened = SqlTimers.open(schema_url(name))
    yield opened
    opened.close()
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


async def test_a_timer_waits_for_its_moment(timers: SqlTimers) -> None:
    await timers.set([timer(), timer("K2", hours=1)])
    assert await timers.next_due_at() == DUE
    assert await timers.claim("a", now=DUE - timedelta(seconds=1)) == []
    assert await timers.claim("a", now=DUE) == [timer()]
    assert await timers.claim("a", now=DUE + timedelta(hours=1)) == [timer(), timer("K2", hours=1)]


async def test_what_one_node_holds_no_other_gets_until_the_lease_is_over(timers: SqlTimers) -> None:
    await timers.set([timer()])
    assert await timers.claim("a", now=DUE) == [timer()]
    assert await timers.claim("b", now=DUE + LEASE - timedelta(seconds=1)) == []
    assert await timers.claim("b", now=DUE + LEASE) == [timer()]


async def test_two_nodes_that_ask_at_once_never_get_the_same(timers: SqlTimers) -> None:
    given = [timer(f"K{number}") for number in range(60)]
    await timers.set(given)
    found = await asyncio.gather(*(timers.claim(f"n{node}", now=DUE, limit=10) for node in range(6)))
    claimed = [each.number for part in found for each in part]
    assert len(claimed) == len(set(claimed)) > 0


async def test_a_settled_timer_never_comes_back_even_when_the_clock_is_moved(timers: SqlTimers) -> None:
    await timers.set([timer()])
    (claimed,) = await timers.claim("a", now=DUE)
    await timers.settle(claimed)
    for moved in (timedelta(days=-30), timedelta(), timedelta(days=400)):
        assert await timers.claim("a", now=DUE + moved) == []
    assert await timers.next_due_at() is None


async def test_a_timer_set_anew_while_it_was_acted_on_stays(timers: SqlTimers) -> None:
    await timers.set([timer()])
    (claimed,) = await timers.claim("a", now=DUE)
    await timers.set([timer(hours=48)])
    await timers.settle(claimed)
    assert await timers.next_due_at() == DUE + timedelta(hours=48)


async def test_the_longest_due_come_first_and_no_more_than_asked_for(timers: SqlTimers) -> None:
    await timers.set([timer(f"K{number}", hours=-number) for number in range(9)])
    found = await timers.claim("a", now=DUE, limit=3)
    assert [each.number for each in found] == ["K8", "K7", "K6"]
