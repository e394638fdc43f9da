"""Releases in real processes: published by two persons beside a running server, finished on, taken back, compared."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harbour import PACK, Server

LIN, ZHAO = "demo-staff-lin", "demo-staff-zhao"
TAKEN_UP_S = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data")
    made.start()
    yield made
    made.kill()


def run(server: Server, *words: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "tellerline", *words, "--data", str(server.data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def open_talk(server: Server) -> tuple[str, str]:
    wanted = {"channel": "test", "language": "en", "customer_token": "demo-smith"}
    opened = server.call("POST", "/api/v1/conversations", wanted)
    return f"/api/v1/conversations/{opened['id']}", opened["token"]


def says(server: Server, talk: tuple[str, str], number: int, text: str) -> str:
    body = {"client_id": f"m{number}", "text": text}
    answer = server.call("POST", f"{talk[0]}/messages?wait=turn", body, talk[1])
    return "\n".join(event["text"] for event in answer["events"] if event["kind"] == "message.sent")


def greeting(server: Server, talk: tuple[str, str]) -> str:
    events = server.call("GET", f"{talk[0]}/events", None, talk[1])["events"]
    return next(str(event["text"]) for event in events if event["kind"] == "message.sent")


def refusal(server: Server, path: str, token: str) -> tuple[int, str]:
    try:
        server.call("GET", path, None, token)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["code"]
    raise AssertionError("it was not refused")


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TAKEN_UP_S
    while not true():
        assert time.monotonic() < deadline, "the running server did not take it up"
        time.sleep(0.5)


def edited(tmp_path: Path, old: str, new: str) -> Path:
    pack = tmp_path / "edited" / "harbour"
    shutil.copytree(PACK, pack)
    texts = pack / "phrases" / "patterns.en.yaml"
    said = texts.read_text("utf-8")
    assert old in said
    texts.write_text(said.replace(old, new), "utf-8")
    return pack


@pytest.mark.timeout(900)
def test_a_pack_is_published_beside_a_running_server_and_taken_back(server: Server, tmp_path: Path) -> None:
    early = open_talk(server)
    pack = edited(tmp_path, "How can I help you today?", "What can I do for you today?")
    said = run(server, "pack", "publish", str(pack), "--title", "New greeting", "--token", LIN, "--json")
    proposal: dict[str, Any] = json.loads(said)["proposal"]
    approve = ["knowledge", "approve", proposal["id"], "--digest", proposal["digest"], "--token"]
    run(server, *approve, LIN, code=2)  # who made it
    assert "How can I help you" in greeting(server, open_talk(server))
    run(server, *approve, ZHAO)
    until(lambda: "What can I do for you" in greeting(server, open_talk(server)))
    assert "balance" in says(server, early, 1, "what's my balance").lower()  # on the release it began with

    changed = json.loads(
        run(server, "replay", "--since", "2026-01-01", "--release", str(PACK), "--json", code=1)
    )
    befores = {each["before"] for each in changed["changed"]}
    assert all("What can I do for you" in text for text in befores)
    assert changed["conversations"] >= 3

    run(server, "pack", "rollback", "--reason", "the old one was better", "--token", ZHAO)
    until(lambda: "How can I help you" in greeting(server, open_talk(server)))
    rows = json.loads(run(server, "pack", "status", "--json"))
    assert [row["share"] for row in rows if row["share"]] == [100]


@pytest.mark.timeout(900)
def test_a_pack_with_an_error_is_not_published_and_says_where(server: Server, tmp_path: Path) -> None:
    pack = edited(tmp_path, "go_ahead: Of course, please go ahead.", "go_ahead: Of course, {{ please")
    said = run(server, "pack", "publish", str(pack), "--title", "Broken", "--token", LIN, code=1)
    assert "phrases/patterns.en.yaml:" in said
    assert "go_ahead" in said
    assert "How can I help you" in greeting(server, open_talk(server))


@pytest.mark.timeout(300)
def test_what_is_remembered_outlives_the_process(server: Server) -> None:
    talk = open_talk(server)
    says(server, talk, 1, "you can just call me Emma from here on")
    server.kill()
    server.start()
    talk = open_talk(server)
    assert "Hello Emma" in greeting(server, talk)
    kept = server.call("GET", f"{talk[0]}/memory", None, talk[1])["items"]
    assert [item["kind"] for item in kept].count("address") == 1
    assert all(item["purpose"] and item["until"] > item["since"] for item in kept)
    shown = server.call("GET", f"/api/v1/memory/{talk[0].rpartition('/')[2]}?purpose=serving", None, LIN)[
        "items"
    ]
    assert len(shown) == len(kept)
    assert "Emma" not in json.dumps(shown)
    assert (
        refusal(server, f"/api/v1/memory/{talk[0].rpartition('/')[2]}?purpose=curiosity", LIN)[1] == "purpose"
    )
    assert refusal(server, f"/api/v1/memory/{talk[0].rpartition('/')[2]}?purpose=serving", "x")[0] == 403
    stranger = server.call("POST", "/api/v1/conversations", {"channel": "test", "language": "en"})
    path = f"/api/v1/conversations/{stranger['id']}/memory"
    assert refusal(server, path, stranger["token"]) == (403, "level_too_low")
    left = server.call("DELETE", f"{talk[0]}/memory/address", None, talk[1])["items"]
    assert "address" not in {item["kind"] for item in left}
    server.kill()
    server.start()
    assert "Emma" not in greeting(server, open_talk(server))
