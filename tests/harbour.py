"""The demonstration bank, compiled once for all tests that need the real thing."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tellerline.app import shared_encoder
from tellerline.dialogue import pack

ROOT = Path(__file__).parents[1]
PACK = ROOT / "packs" / "harbour"
RELEASES = ROOT / "data" / "releases"
START_S = 90


def ready_releases() -> Path:
    """Return the folder of compiled releases, Harbour Bank's current one among them; the first caller compiles it."""
    RELEASES.mkdir(parents=True, exist_ok=True)
    with (RELEASES / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pack.build(PACK, RELEASES, shared_encoder())
    return RELEASES


def link_releases(data: Path) -> None:
    """Let a server on the data folder `data` find what is compiled."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "releases").symlink_to(ready_releases(), target_is_directory=True)


class Server:
    """A counter in a process of its own, on a data folder that outlives it."""

    def __init__(self, data: Path) -> None:
        link_releases(data)
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "tellerline",
            "serve",
            "--port",
            str(self.port),
            "--data",
            str(self.data),
        ]
        environment = {**os.environ, "TELLERLINE_SILENCE_S": "0"}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            try:
                if self.call("GET", "/ready")["ready"]:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        headers = {
            "content-type": "application/json",
            **({"authorization": f"Bearer {token}"} if token else {}),
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")
