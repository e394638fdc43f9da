"""The desk's process killed with -9 while a representative speaks: what was sent is said once, and nobody is signed out."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.harbour import Server

KILLS = 4
PATIENCE_S = 60


class Lin:
    """A representative at a page that sends again until it is answered."""

    def __init__(self, server: Server) -> None:
        self.server, self.cookie, self.csrf = server, "", ""
        signed, headers = self.ask("POST", "session", {"account": "lin.yue", "password": "harbour-lin"})
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        self.csrf = signed["csrf"]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[Any, Any]:
        headers = {"Content-Type": "application/json", "Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.server.port}/api/v1/desk/{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read() or b"null"), answer.headers

    def page(self) -> ClientConnection:
        url = f"ws://127.0.0.1:{self.server.port}/api/v1/desk/feed"
        return connect(url, additional_headers={"Cookie": self.cookie})

    def take(self, conversation: str) -> None:
        """Accept the conversation once it rings."""
        self.ask("PUT", "presence", {"state": "available"})
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for card in self.ask("GET", "work")[0]["ringing"]:
                if card["conversation"] == conversation:
                    self.ask("POST", f"conversations/{conversation}/accept", {"offer": card["offer"]["id"]})
                    return
            time.sleep(0.1)
        raise AssertionError("it does not ring")

    def view(self, conversation: str) -> Any:
        return self.ask("GET", f"conversations/{conversation}")[0]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.mark.timeout(400)
def test_killed_while_somebody_speaks_every_word_is_said_once(server: Server) -> None:
    opened = server.call("POST", "/api/v1/conversations", {"channel": "test", "language": "zh"})
    conversation, token = opened["id"], opened["token"]
    path = f"/api/v1/conversations/{conversation}"
    lin = Lin(server)
    with lin.page():
        server.call("POST", f"{path}/messages?wait=turn", {"client_id": "m1", "text": "转人工"}, token)
        lin.take(conversation)
    said = [f"第{number}句" for number in range(KILLS)]
    for number, text in enumerate(said):
        message = {"client_id": f"r{number}", "text": text, "seen": lin.view(conversation)["sequence"]}
        killer = threading.Timer(0.004 * number, server.kill)
        killer.start()
        first = send(lin, conversation, message)
        killer.join()
        server.start()
        again = send(lin, conversation, message)
        assert again is not None
        assert first in (None, again), "the same act has the same answer"
    view = lin.view(conversation)
    assert view["people"]["owner"]["account"] == "lin.yue"
    events = server.call("GET", f"{path}/events", None, token)["events"]
    spoken = [e["text"] for e in events if e["kind"] == "message.sent" and e["author"] == "representative"]
    assert spoken == said


def send(lin: Lin, conversation: str, message: Any) -> Any:
    """Return the answer, or None when the server died before it could give one."""
    try:
        return lin.ask("POST", f"conversations/{conversation}/messages", message)[0]
    except urllib.error.HTTPError:
        raise
    except (OSError, http.client.HTTPException):
        return None
