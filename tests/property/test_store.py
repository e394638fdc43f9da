"""Any history of appends leaves the record that a list would, and any altered bit of it is found."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tellerline.dialogue.ports import EventLog, Loaded
from tellerline.domain import event as e
from tellerline.domain.errors import Conflict, NotFound
from tellerline.store.audit import verify
from tellerline.store.database import rebuild, upgrade
from tellerline.store.log import SqliteLog
from tellerline.testing.log import MemoryLog
from tests.store.sample import BODIES, name, number, opening, said, turn

EXAMPLES = itertools.count()


class Model:
    """The record as three plain containers."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []
        self.messages: dict[str, int] = {}
        self.snapshot: tuple[int, bytes | None] = (0, None)

    def append(self, events: list[e.Event], snapshot: bytes | None) -> tuple[str, int] | None:
        """Take `events`, or return code and sequence of the refusal."""
        messages = dict(self.messages)
        for event in events:
            if isinstance(event.body, e.MessageReceived):
                if event.body.client_id in messages:
                    return "duplicate_message", messages[event.body.client_id]
                messages[event.body.client_id] = event.sequence
        if events[0].sequence != len(self.events) + 1:
            return "sequence_taken", len(self.events)
        self.events += events
        self.messages = messages
        if snapshot is not None:
            self.snapshot = len(self.events), snapshot
        return None


bodies = st.one_of(
    st.sampled_from(["m1", "m2", "m3", "M3", ""]).map(said),
    st.sampled_from(BODIES[2:]),
    st.builds(e.KnowledgeMissed, st.text(), st.sampled_from(["zh", "en"]), st.floats(0, 1)),
)
attempts = st.tuples(
    st.integers(0, 2),  # which conversation
    st.sampled_from([0, 0, 0, 0, -1, 1]),  # how far beside the sequence that follows
    st.lists(bodies, min_size=1, max_size=4),
    st.none() | st.binary(max_size=8),
)
histories = st.lists(st.lists(attempts, min_size=1, max_size=4), max_size=6)
"""Groups of appends; those of one group are on their way at the same time."""


def write_down(model: Model, beside: int, drawn: list[e.Body]) -> list[e.Event]:
    """Make events of `drawn` that follow the last of `model`, or stand `beside`."""
    first = max(len(model.events) + 1 + beside, 1)
    return number([opening(), *drawn] if first == 1 else drawn, first)


async def play(log: EventLog, history: list[list[Any]], models: dict[e.ConversationId, Model]) -> None:
    """Append to `log` and to the models, and compare each outcome."""
    names = list(models)
    for group in history:
        given_events, expected = [], []
        for which, beside, drawn, snapshot in group:
            model = models[names[which]]
            events = write_down(model, beside, drawn)
            given_events.append((names[which], events, snapshot))
            expected.append(model.append(events, snapshot))
        outcomes = await asyncio.gather(
            *(log.append(own, events, snapshot=snapshot) for own, events, snapshot in given_events),
            return_exceptions=True,
        )
        assert [_told(outcome) for outcome in outcomes] == expected


def _told(outcome: BaseException | None) -> object:
    return (outcome.code, outcome.data["sequence"]) if isinstance(outcome, Conflict) else outcome


async def compare(log: EventLog, models: dict[e.ConversationId, Model]) -> None:
    """Compare what is stored with the models."""
    for own, model in models.items():
        for client_id in ("m1", "m2", "m3", "M3", "", "never"):
            assert await log.find_message(own, client_id) == model.messages.get(client_id)
        if not model.events:
            with pytest.raises(NotFound):
                await log.load(own)
            continue
        sequence, snapshot = model.snapshot
        assert await log.load(own) == Loaded(snapshot, model.events[sequence:])
        assert await log.read(own, after=1, limit=3) == model.events[1:4]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one record for all examples; each has conversations of its own."""
    path = tmp_path_factory.mktemp("property") / "record.sqlite3"
    upgrade(path)
    return path


@settings(max_examples=60)
@given(histories)
def test_any_history_leaves_what_a_list_would_hold(shared: Path, history: list[list[Any]]) -> None:
    example = next(EXAMPLES)

    async def hold(log: EventLog) -> dict[e.ConversationId, Model]:
        models = {name(f"{example}-{index}"): Model() for index in range(3)}
        await play(log, history, models)
        await compare(log, models)
        return models

    asyncio.run(hold(MemoryLog()))
    with SqliteLog(shared) as log:
        models = asyncio.run(hold(log))
    with SqliteLog(shared) as log:
        asyncio.run(compare(log, models))


def test_all_those_histories_verify_and_rebuild_to_the_same(shared: Path) -> None:
    assert verify(shared) == []
    rebuild(shared)
    assert verify(shared) == []


@pytest.fixture(scope="module")
def written(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a record whose rows are to be altered and put right again."""
    path = tmp_path_factory.mktemp("altered") / "record.sqlite3"
    upgrade(path)

    async def fill() -> None:
        with SqliteLog(path) as log:
            for one in ("conversation-one", "conversation-two"):
                await log.append(name(one), number([opening()]))
                for count in range(3):
                    await log.append(name(one), turn(2 + 8 * count, count), snapshot=b"tracker" * 9)
            await log.append(name("another"), number(BODIES))

    asyncio.run(fill())
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("events", "anchors"):
            connection.execute(f"DROP TRIGGER {table}_refuse_update")
    return path


COLUMNS = {
    "events": ["conversation", "at", "kind", "body", "previous", "hash"],
    "anchors": ["conversation", "head", "snapshot", "previous", "hash"],
    "snapshots": ["body", "digest"],
    "conversations": ["token_digest", "release", "head_hash"],
}


@settings(max_examples=100)
@given(st.data())
def test_one_flipped_bit_of_any_row_is_found(written: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([*COLUMNS, "events", "events", "events"]))
    column = data.draw(st.sampled_from(COLUMNS[table]))
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        rows = connection.execute(
            f"SELECT rowid, CAST({column} AS BLOB), typeof({column}) FROM {table} WHERE {column} IS NOT NULL"
        ).fetchall()
        row, before, kind = data.draw(st.sampled_from(rows))
        bit = data.draw(st.integers(0, 8 * len(before) - 1))
        after = bytearray(before)
        after[bit // 8] ^= 1 << bit % 8
        change = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE rowid = ?"
        connection.execute(change, [bytes(after), row])
        try:
            findings = verify(written)
        finally:
            connection.execute(change, [before, row])
    assert findings


@settings(max_examples=60)
@given(st.data())
def test_one_flipped_bit_in_the_file_is_found(written: Path, data: st.DataObject) -> None:
    with closing(sqlite3.connect(written)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        column = data.draw(st.sampled_from(["hash", "previous", "body"]))
        rows = connection.execute(f"SELECT {column} FROM events WHERE length(body) < 400").fetchall()
    (sought,) = data.draw(st.sampled_from(rows))
    content = written.read_bytes()
    places = [at for at in range(len(content)) if content.startswith(sought, at)]
    place = data.draw(st.sampled_from(places)) + data.draw(st.integers(0, len(sought) - 1))
    altered = Path(shutil.copy(written, written.with_name("flipped.sqlite3")))
    with altered.open("r+b") as file:
        file.seek(place)
        file.write(bytes([content[place] ^ 1 << data.draw(st.integers(0, 7))]))
    assert verify(altered)


def test_put_right_again_it_verifies(written: Path) -> None:
    assert verify(written) == []
