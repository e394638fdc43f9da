"""Replay and audit from the command line, on a record a real conversation left."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tellerline.app import build
from tellerline.settings import Settings
from tests.harbour import PACK, link_releases


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tellerline", *words], capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def talked(tmp_path: Path) -> tuple[Path, str]:
    """A data folder with one conversation about a balance and a rate."""
    link_releases(tmp_path)
    return asyncio.run(talk(tmp_path))


async def talk(tmp_path: Path) -> tuple[Path, str]:
    app = build(Settings(data=tmp_path, pack=PACK, silence_s=0))
    async with app.open():
        opened = await app.counter.open(channel="test", language="zh", customer_token="demo-wangfang")
        for number, text in enumerate(("查一下余额", "三年定期利率多少", "转人工")):
            await app.counter.answer(opened.id, client_id=f"m{number}", text=text)
    return tmp_path, opened.id


@pytest.mark.timeout(300)
def test_a_recorded_conversation_replays_to_the_same_events(talked: tuple[Path, str]):
    folder, conversation = talked
    done = run("replay", "--data", str(folder), "--json", "--", conversation)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["difference"] is None


@pytest.mark.timeout(300)
def test_the_audit_finds_one_altered_byte(talked: tuple[Path, str]):
    folder, _ = talked
    assert run("audit", "verify", "--data", str(folder)).returncode == 0
    record = sqlite3.connect(folder / "record.sqlite3")
    with record:
        for trigger in record.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            record.execute(f"drop trigger {trigger[0]}")
        record.execute(
            "update events set body = replace(body, 'message.sent', 'message.sen7')"
            " where sequence = (select min(sequence) from events where kind = 'message.sent')"
        )
    record.close()
    done = run("audit", "verify", "--data", str(folder), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"]


def test_a_missing_record_names_the_remedy(tmp_path: Path):
    done = run("audit", "verify", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "--data" in done.stderr


def test_a_pack_with_an_error_names_file_line_and_remedy(tmp_path: Path):
    import shutil

    broken = tmp_path / "pack"
    shutil.copytree(PACK, broken)
    flow = broken / "flows" / "balance" / "flow.yaml"
    flow.write_text(flow.read_text("utf-8").replace("verify: 1", "verify: one", 1), "utf-8")
    done = run("pack", "build", str(broken), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert "flows/balance/flow.yaml:" in done.stdout
    assert not (tmp_path / "data" / "releases").exists() or not list(
        (tmp_path / "data" / "releases").glob("[0-9a-f]*")
    )
