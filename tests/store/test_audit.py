"""Whatever is not as it was written is found, and named."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tellerline.domain.errors import NotFound
from tellerline.store import audit
from tellerline.store.audit import Anchor, Finding, last_anchor, verify
from tellerline.store.log import SqliteLog
from tests.store.sample import BODIES, name, number, opening, turn

A, B, C, D = name("a"), name("b"), name("c"), name("d")


async def fill(path: Path) -> None:
    """Write four conversations in eleven appends."""
    with SqliteLog(path) as log:
        for one in (A, B, C):
            await log.append(one, number([opening()]))
            await log.append(one, turn(2, 1), snapshot=b"tracker of " + one.encode())
            await log.append(one, turn(10, 2))
        await log.append(D, number(BODIES[:10]))
        await log.append(D, number(BODIES)[10:], snapshot=b"tracker of d")


@pytest.fixture(scope="module")
def original(empty_record: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give that record; not to be written to."""
    path = Path(shutil.copy(empty_record, tmp_path_factory.mktemp("audit")))
    asyncio.run(fill(path))
    return path


@pytest.fixture
def filled(original: Path, tmp_path: Path) -> Path:
    """Give that record, to be tampered with."""
    return Path(shutil.copy(original, tmp_path))


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file as somebody would who means to change it, and knows how."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("events", "anchors"):
            for change in ("update", "delete"):
                connection.execute(f"DROP TRIGGER IF EXISTS {table}_refuse_{change}")
        yield connection


def tamper(path: Path, statement: str) -> None:
    """Change the file."""
    with tampering(path) as connection:
        assert connection.execute(statement).rowcount > 0


def told(findings: list[Finding]) -> list[tuple[str, str | None, int | None]]:
    """Return what was found where, without the words."""
    return [(finding.what, finding.conversation, finding.sequence) for finding in findings]


def test_a_record_as_it_was_written_has_no_findings(filled: Path) -> None:
    heard: list[tuple[int, int]] = []
    assert verify(filled, progress=lambda done, total: heard.append((done, total))) == []
    assert heard == [(0, 116), (116, 116)]
    assert verify(filled, B) == []


def test_an_empty_record_has_none_either(path: Path) -> None:
    assert verify(path) == []
    assert last_anchor(path) is None


def test_what_is_not_there_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        verify(tmp_path / "nothing.sqlite3")


@pytest.mark.parametrize(
    "change",
    [
        "at = '2026-11-23T01:30:00.570001Z'",
        "kind = 'message.sent '",
        "body = CAST(replace(CAST(body AS TEXT), '1234', '1235') AS BLOB)",
        "body = CAST(replace(CAST(body AS TEXT), 'assistant', 'Assistant') AS BLOB)",
        "body = x''",
        "hash = zeroblob(32)",
        "previous = zeroblob(32)",
        "hash = 'text', at = x'ff', kind = 7, body = 1.5",
    ],
)
def test_one_altered_event_is_named_and_no_other(filled: Path, change: str) -> None:
    tamper(filled, f"UPDATE events SET {change} WHERE conversation = 'b' AND sequence = 8")
    assert told(verify(filled)) == [("altered", "b", 8)]
    assert told(verify(filled, B)) == [("altered", "b", 8)]
    assert verify(filled, A) == []


def test_an_event_altered_with_its_hash_breaks_the_chain_behind_it(filled: Path) -> None:
    with tampering(filled) as connection:
        rows = connection.execute(
            "SELECT previous, at, kind FROM events WHERE conversation = 'b' AND sequence = 8"
        ).fetchall()
        body = b'{"kind":"scam.suspected"}'
        forged = audit.chain.link(rows[0][0], "b", 8, rows[0][1], rows[0][2], body)
        connection.execute(
            "UPDATE events SET body = ?, hash = ? WHERE conversation = 'b' AND sequence = 8", [body, forged]
        )
    assert told(verify(filled)) == [("altered", "b", 9)]


def test_a_missing_event_is_named(filled: Path) -> None:
    tamper(filled, "DELETE FROM events WHERE conversation = 'b' AND sequence BETWEEN 3 AND 5")
    findings = verify(filled)
    assert told(findings) == [("missing", "b", 3)]
    assert findings[0].detail == "events 3 to 5 are missing"


def test_an_event_put_twice_is_named(filled: Path) -> None:
    with tampering(filled) as connection:
        connection.execute("ALTER TABLE events RENAME TO old")
        connection.execute("CREATE TABLE events AS SELECT * FROM old")
        connection.execute("INSERT INTO events SELECT * FROM old WHERE conversation = 'b' AND sequence = 3")
        connection.execute("DROP TABLE old")
    assert ("duplicated", "b", 3) in told(verify(filled))


def test_a_truncated_conversation_is_named(filled: Path) -> None:
    tamper(filled, "DELETE FROM events WHERE conversation = 'b' AND sequence > 9")
    tamper(filled, "UPDATE conversations SET last_sequence = 9 WHERE id = 'b'")
    findings = verify(filled)
    assert told(findings) == [("truncated", "b", 10)]
    assert findings[0].detail == "events 10 to 17 are missing"


def test_a_deleted_conversation_is_named(filled: Path) -> None:
    for table in ("events", "messages", "snapshots"):
        tamper(filled, f"DELETE FROM {table} WHERE conversation = 'b'")
    tamper(filled, "DELETE FROM conversations WHERE id = 'b'")
    assert told(verify(filled)) == [("deleted", "b", None)]
    assert told(verify(filled, B)) == [("deleted", "b", None)]


def test_events_that_no_append_wrote_are_named(filled: Path) -> None:
    with tampering(filled) as connection:
        connection.execute("DELETE FROM anchors WHERE number = (SELECT max(number) FROM anchors)")
    assert told(verify(filled)) == [("snapshot", "d", len(BODIES)), ("unsealed", "d", 11)]
    with tampering(filled) as connection:
        connection.execute("DELETE FROM anchors WHERE number = (SELECT max(number) FROM anchors)")
    assert ("unsealed", "d", None) in told(verify(filled))


@pytest.mark.parametrize(
    "change",
    [
        "head = zeroblob(32)",
        "hash = zeroblob(32)",
        "previous = zeroblob(32)",
        "sequence = 8",
        "snapshot = NULL",
    ],
)
def test_an_altered_anchor_is_named(filled: Path, change: str) -> None:
    tamper(filled, f"UPDATE anchors SET {change} WHERE conversation = 'b' AND sequence = 9")
    findings = verify(filled)
    assert {finding.what for finding in findings} <= {"anchor", "snapshot"}
    assert "anchor 5 was altered" in {finding.detail for finding in findings}


def test_a_missing_anchor_is_named(filled: Path) -> None:
    tamper(filled, "DELETE FROM anchors WHERE number IN (4, 5)")
    assert "anchors 4 to 5 are missing" in {finding.detail for finding in verify(filled)}


@pytest.mark.parametrize(
    "change", ["body = body || 'x'", "digest = zeroblob(32)", "sequence = 5", "body = 'x', digest = 'y'"]
)
def test_an_altered_snapshot_is_named(filled: Path, change: str) -> None:
    tamper(filled, f"UPDATE snapshots SET {change} WHERE conversation = 'b'")
    assert [finding[:2] for finding in told(verify(filled))] == [("snapshot", "b")]


def test_a_record_cut_off_with_its_anchors_is_found_by_a_witness(filled: Path) -> None:
    noted = last_anchor(filled)
    assert noted == Anchor(11, noted.hash if noted else "")
    assert verify(filled, witness=noted) == []
    tamper(filled, "DELETE FROM anchors WHERE number = 11")
    for table in ("events", "snapshots"):
        tamper(filled, f"DELETE FROM {table} WHERE conversation = 'd' AND sequence > 10")
    audit_without = [finding.what for finding in verify(filled)]
    assert set(audit_without) <= {"projection"}
    assert "anchor 11 is not the one that was noted" in {f.detail for f in verify(filled, witness=noted)}


async def test_a_witness_of_an_earlier_day_still_holds(filled: Path) -> None:
    noted = last_anchor(filled)
    with SqliteLog(filled) as log:
        await log.append(A, turn(18, 3))
        assert verify(filled, witness=noted) == [], "while the record is open"
    assert verify(filled, witness=noted) == []
    assert verify(filled, witness=Anchor(11, "00" * 32)) != []


def test_an_event_of_an_unknown_kind_is_named_unreadable(filled: Path) -> None:
    with tampering(filled) as connection:
        head = connection.execute("SELECT number, hash FROM anchors ORDER BY number DESC").fetchone()
        start = audit.chain.genesis("x")
        event = ("x", 1, "2026-11-23T01:30:00.000000Z", "moon.landed", b'{"kind":"moon.landed"}')
        link = audit.chain.link(start, *event)
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", [*event, start, link])
        seal = audit.chain.seal(head[1], head[0] + 1, "x", 1, link, None)
        connection.execute(
            "INSERT INTO anchors VALUES (?, 'x', 1, ?, NULL, ?, ?)", [head[0] + 1, link, head[1], seal]
        )
    assert told(verify(filled)) == [("unreadable", "x", 1)]


def test_a_damaged_file_is_told_not_raised(filled: Path) -> None:
    content = bytearray(filled.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 64] = b"\xa5" * 64
    filled.write_bytes(content)
    assert "damaged" in {finding.what for finding in verify(filled)}
    filled.write_bytes(b"nothing like a database" * 500)
    assert [finding.what for finding in verify(filled)] == ["damaged"]


def test_findings_end_where_nobody_would_read_on(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "FINDINGS_MAX", 3)
    tamper(filled, "UPDATE events SET hash = zeroblob(32)")
    assert [finding.what for finding in verify(filled)] == ["altered"] * 3 + ["more"]
