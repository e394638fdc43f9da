"""`python -m bench.turn`: what a turn costs inside the process."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.machine import describe, quantile, resident_mb, table
from bench.turn.scripts import SCRIPTS, conversation
from tellerline.app import App, build
from tellerline.domain.event import ConversationId
from tellerline.settings import Settings

HERE = Path(__file__).parent
BUDGET_P50_MS, BUDGET_P99_MS, BUDGET_MB = 5.0, 20.0, 400


async def talk(app: App, number: int) -> list[float]:
    """Have one conversation; return what each turn took, ms."""
    language, lines = conversation(number)
    token = "demo-wangfang" if language == "zh" else "demo-smith"
    opened = await app.counter.open(channel="bench", language=language, customer_token=token)  # type: ignore[arg-type]
    took = []
    for index, line in enumerate(lines):
        began = time.perf_counter()
        await app.counter.answer(opened.id, client_id=f"m{index}", text=line)
        took.append((time.perf_counter() - began) * 1_000)
    return took


async def one_after_another(app: App, conversations: int) -> list[float]:
    """Have conversations one at a time: the latency of a turn."""
    return [took for number in range(conversations) for took in await talk(app, number)]


async def at_once(app: App, conversations: int, width: int) -> float:
    """Have conversations `width` at a time; return turns per second."""
    gate = asyncio.Semaphore(width)

    async def one(number: int) -> int:
        async with gate:
            return len(await talk(app, number))

    began = time.perf_counter()
    turns = sum(await asyncio.gather(*(one(number) for number in range(conversations))))
    return turns / (time.perf_counter() - began)


async def length(app: App, turns: int) -> list[tuple[int, float]]:
    """Have one very long conversation; return the median of a turn at several lengths, ms."""
    opened = await app.counter.open(channel="bench", language="zh", customer_token=None)
    lines = ("三年定期利率多少", "谢谢", "你是真人吗", "深圳南山有网点吗")
    points, window = [], []
    for turn in range(1, turns + 1):
        began = time.perf_counter()
        await app.counter.answer(opened.id, client_id=f"m{turn}", text=lines[turn % len(lines)])
        window.append((time.perf_counter() - began) * 1_000)
        if turn in (20, 100, 300, 1_000):
            points.append((turn, quantile(window[-20:], 0.5)))
    return points


async def stored(app: App, steps: tuple[int, ...]) -> list[tuple[int, float]]:
    """Measure the median turn with more and more conversations in the record, ms."""
    points, count = [], 0
    for step in steps:
        while count < step:
            await asyncio.gather(*(talk(app, count + i) for i in range(50)))
            count += 50
        points.append((count, quantile(await one_after_another(app, 16), 0.5)))
    return points


async def open_many(app: App, count: int) -> float:
    """Leave `count` conversations open in the middle of something; return resident MiB."""
    for number in range(count):
        language, lines = SCRIPTS[number % len(SCRIPTS)]
        token = "demo-wangfang" if language == "zh" else "demo-smith"
        opened = await app.counter.open(channel="bench", language=language, customer_token=token)  # type: ignore[arg-type]
        await app.counter.answer(ConversationId(opened.id), client_id="m0", text=lines[0])
    return resident_mb()


async def measure(conversations: int) -> str:
    """Run everything and return the report."""
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own, as a server's is: what training takes is not what serving takes.
        began = time.perf_counter()
        command = [sys.executable, "-m", "tellerline", "pack", "build", "--data", folder]
        await asyncio.to_thread(subprocess.run, command, check=True)
        built = time.perf_counter() - began
        began = time.perf_counter()
        app = build(Settings(data=Path(folder), silence_s=0))
        again = time.perf_counter() - began
        async with app.open():
            await one_after_another(app, 8)
            took = await one_after_another(app, conversations)
            rate = await at_once(app, conversations, 20)
            memory = await open_many(app, 1_000)
            by_length = await length(app, 1_000)
            by_stored = await stored(app, (200, 1_000, 3_000))
    draw(took, by_length, by_stored)
    p50, p99 = quantile(took, 0.5), quantile(took, 0.99)
    rows = [
        ["turn, p50", f"{p50:.2f} ms", f"≤ {BUDGET_P50_MS:.0f} ms"],
        ["turn, p99", f"{p99:.2f} ms", f"≤ {BUDGET_P99_MS:.0f} ms"],
        ["turn, slowest", f"{max(took):.2f} ms", ""],
        ["turns a second, 20 conversations at once", f"{rate:.0f}", ""],
        ["resident with 1,000 open conversations", f"{memory:.0f} MiB", f"≤ {BUDGET_MB} MiB"],
        ["start, release built before", f"{again:.2f} s", "≤ 3 s"],
        ["building the release, once a change of the pack", f"{built:.0f} s", ""],
        *[
            [f"turn p50 after {turns} turns of one conversation", f"{ms:.2f} ms", "flat"]
            for turns, ms in by_length
        ],
        *[
            [f"turn p50 with {count:,} more conversations stored", f"{ms:.2f} ms", "flat"]
            for count, ms in by_stored
        ],
    ]
    head = f"# One turn, inside the process\n\n{len(took)} turns one after another, SQLite record on disk. {describe()}.\n"
    return (
        f"{head}\n{table(['figure', 'measured', 'budget'], rows)}\n\n![Distribution and growth](turn.png)\n"
    )


def draw(took: list[float], by_length: list[tuple[int, float]], by_stored: list[tuple[int, float]]) -> None:
    """Draw the distribution of a turn and its growth."""
    from matplotlib import pyplot as plt  # only now: it would count in the memory measured

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 3.6))
    left.hist([min(ms, 25) for ms in took], bins=50, color="#1b6b8f")
    left.axvline(BUDGET_P50_MS, color="#c0392b", linestyle="--", label="p50 budget")
    left.set(xlabel="turn, ms", ylabel="turns", title="One turn")
    left.legend()
    middle.plot(*zip(*by_length, strict=True), marker="o", color="#1b6b8f")
    middle.set(xlabel="turns so far", ylabel="turn p50, ms", title="Length of the conversation", ylim=0)
    right.plot(*zip(*by_stored, strict=True), marker="o", color="#1b6b8f")
    right.set(xlabel="conversations stored", title="Conversations stored", ylim=0)
    figure.tight_layout()
    figure.savefig(HERE / "turn.png", dpi=110)


def main() -> None:
    """Measure, print, and write `turn.md`."""
    parser = argparse.ArgumentParser(prog="python -m bench.turn", description=__doc__)
    parser.add_argument("--conversations", type=int, default=400)
    report = asyncio.run(measure(parser.parse_args().conversations))
    (HERE / "turn.md").write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
