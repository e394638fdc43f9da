"""`python -m bench.http`: full turns a second over HTTP, with the client in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from bench.machine import describe, quantile, table
from bench.turn.scripts import conversation

HERE = Path(__file__).parent
BUDGET = 300


class Line:
    """One keep-alive connection, speaking just enough HTTP to cost the client little."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def open(self) -> None:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def call(self, method: str, path: str, body: object = None, token: str = "") -> bytes:
        """Make a call and return the body of its answer."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(content)}\r\n"
        head += "content-type: application/json\r\n" + (f"authorization: Bearer {token}\r\n" if token else "")
        self.writer.write(head.encode() + b"\r\n" + content)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        status = int(answer[9:12])
        fields = dict(
            line.split(": ", 1) for line in answer.decode().lower().split("\r\n")[1:] if ": " in line
        )
        payload = await self.reader.readexactly(int(fields.get("content-length", "0")))
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {payload[:300]!r}")
        return payload


async def talk(line: Line, number: int) -> list[float]:
    """Have one conversation; return what each turn took, ms."""
    language, lines = conversation(number)
    customer = "demo-wangfang" if language == "zh" else "demo-smith"
    wanted = {"channel": "bench", "language": language, "customer_token": customer}
    opened = json.loads(await line.call("POST", "/api/v1/conversations", wanted))
    path, took = f"/api/v1/conversations/{opened['id']}/messages?wait=turn", []
    for index, text in enumerate(lines):
        began = time.perf_counter()
        answer = await line.call("POST", path, {"client_id": f"m{index}", "text": text}, opened["token"])
        took.append((time.perf_counter() - began) * 1_000)
        assert b"message.sent" in answer, answer[:200]
    return took


async def drive(port: int, conversations: int, width: int) -> tuple[float, list[float]]:
    """Have conversations over `width` connections; return turns a second and each turn's ms."""
    numbers = iter(range(conversations))
    took: list[float] = []

    async def worker() -> None:
        line = Line(port)
        await line.open()
        for number in numbers:
            took.extend(await talk(line, number))

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(width)))
    return len(took) / (time.perf_counter() - began), took


async def drive_floor(port: int, calls: int, width: int) -> float:
    """Call the empty endpoint; return calls a second."""
    numbers = iter(range(calls))

    async def worker() -> None:
        line = Line(port)
        await line.open()
        for _ in numbers:
            await line.call("GET", "/health")

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(width)))
    return calls / (time.perf_counter() - began)


def client(port: int, conversations: int, results: multiprocessing.Queue[object]) -> None:
    """Run in the client's process."""
    rows = []
    for width in (1, 4, 16, 64):
        rate, took = asyncio.run(drive(port, conversations, width))
        rows.append((width, rate, quantile(took, 0.5), quantile(took, 0.99)))
    results.put((rows, asyncio.run(drive_floor(port, 3_000, 16))))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(port: int) -> float:
    """Wait for the server's first answer; return the seconds it took."""
    began = time.perf_counter()
    while time.perf_counter() - began < 120:
        try:
            asyncio.run(drive(port, 1, 1))
        except (OSError, RuntimeError, asyncio.IncompleteReadError):
            time.sleep(0.02)
        else:
            return time.perf_counter() - began
    raise RuntimeError("the server did not come up")


def main() -> None:
    """Measure, print, and write `http.md`."""
    parser = argparse.ArgumentParser(prog="python -m bench.http", description=__doc__)
    parser.add_argument("--conversations", type=int, default=240)
    conversations = parser.parse_args().conversations
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TELLERLINE_RATE_LIMITS": "false", "TELLERLINE_SILENCE_S": "0"}
        built = [sys.executable, "-m", "tellerline", "pack", "build", "--data", folder]
        subprocess.run(
            built, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        port = free_port()
        command = [sys.executable, "-m", "tellerline", "serve", "--port", str(port), "--data", folder]
        server = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            first = wait_until_ready(port)
            results: multiprocessing.Queue[object] = multiprocessing.Queue()
            process = multiprocessing.Process(target=client, args=(port, conversations, results))
            process.start()
            rows, floor = results.get()  # type: ignore[misc]
            process.join()
        finally:
            server.terminate()
            server.wait()
    report = write_report(rows, floor, first)
    print(report)


def write_report(rows: list[tuple[int, float, float, float]], floor: float, first: float) -> str:
    """Write `http.md` and its plot; return the text."""
    lines = [[str(width), f"{rate:.0f}", f"{p50:.1f}", f"{p99:.1f}"] for width, rate, p50, p99 in rows]
    report = "\n".join(
        [
            "# Full turns over HTTP",
            "",
            f"`POST …/messages?wait=turn`, SQLite record on disk, server and client each a process. {describe()}.",
            "",
            table(["conversations at once", "turns/s", "p50 ms", "p99 ms"], lines),
            "",
            f"Budget: ≥ {BUDGET} turns/s. Floor: the same server answers {floor:.0f} empty calls (`/health`) a second.",
            f"Start to first answer, release built before: {first:.2f} s (budget 3 s).",
            "",
            "![Turns a second by conversations at once](http.png)",
            "",
        ]
    )
    (HERE / "http.md").write_text(report, encoding="utf-8")
    figure, axis = plt.subplots(figsize=(6, 3.4))
    axis.plot([row[0] for row in rows], [row[1] for row in rows], marker="o", color="#1b6b8f")
    axis.axhline(BUDGET, color="#c0392b", linestyle="--", label="budget")
    axis.set(xscale="log", xlabel="conversations at once", ylabel="turns a second", ylim=0)
    axis.legend()
    figure.tight_layout()
    figure.savefig(HERE / "http.png", dpi=110)
    return report


if __name__ == "__main__":
    main()
