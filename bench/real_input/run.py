"""Run 600 real messages through the assistant, one conversation each, and write what became of them to report.md.

python -m bench.real_input.run --data <folder of the open sets>
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from bench.real_input.accept import FOLDER, Acceptance
from bench.real_input.evidence import Evidence
from bench.real_input.outcome import Judge, Judgement, describe, parts_of
from bench.real_input.report import render
from bench.real_input.sample import draw
from bench.real_input.trial import Message, Tried, load_reviews
from tellerline.app import App, build
from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.knowledge.load import load_library
from tellerline.settings import Settings, default_pack

CUSTOMERS: dict[Language, str] = {"en": "demo-smith", "zh": "demo-wangfang"}


def flows_of(release: Release) -> dict[str, str]:
    """Return the flow of each intent that has one."""
    found = {intent: release.flow_of(intent) for intent in release.intents}
    return {intent: flow for intent, flow in found.items() if flow is not None}


def messages(acceptance: Acceptance, data: Path | None) -> list[Message]:
    """Return the messages: the 500 of the open sets when they are there, and the 100 Chinese ones."""
    found: list[Message] = []
    for row in draw(data) if data else []:
        accepted = acceptance.of_row(row)
        wanted = sorted(accepted.outcomes)
        found.append(Message(row.id, row.set, "en", row.text, Judge(accepted), wanted))
    listed: dict[str, Any] = yaml.safe_load((FOLDER / "zh.yaml").read_text(encoding="utf-8"))
    for item in listed["messages"]:
        judge = Judge(acceptance.of(item["accept"]), acceptance.of(item["also"]) if "also" in item else None)
        found.append(Message(item["id"], "chinese", "zh", item["text"], judge, item["accept"]))
    return found


async def try_all(app: App, todo: Sequence[Message], evidence: Evidence) -> list[Tried]:
    """Send each message in a conversation of its own."""
    reviews = load_reviews()
    return [reviews.apply(await _try(app, message, evidence)) for message in todo]


async def _try(app: App, message: Message, evidence: Evidence) -> Tried:
    head = (message.id, message.set, message.language, message.text, message.wanted)
    try:
        customer = CUSTOMERS[message.language]
        opened = await app.counter.open(channel="web", language=message.language, customer_token=customer)
        await app.counter.answer(opened.id, client_id="1", text=message.text)
        record = list(await app.counter.all_events(opened.id))
    except Exception:  # boundary: a crash is one of the things this looks for
        judgement = Judgement("wrong", "declined", "silent")
        return Tried(*head, "crash", [], judgement, judgement, crash=traceback.format_exc(limit=-3))
    turn = [event for event in record if event.sequence > opened.sequence]
    parts = parts_of(turn)
    judgement = message.judge.judge(parts)
    replies = [
        x.body.text for x in turn if isinstance(x.body, e.MessageSent) and x.body.author == "assistant"
    ]
    found = evidence.check(record, turn)
    return Tried(*head, describe(parts), replies, judgement, judgement, shortcomings=found)


async def run(data: Path | None, settings: Settings, releases: Path) -> tuple[list[Tried], str]:
    """Put the assistant together and try everything; return also the name of the release that answered."""
    app = build(settings, releases=releases)
    library, _ = load_library(settings.pack)
    release = app.releases.current
    async with app.open():
        todo = messages(Acceptance(flows_of(release)), data)
        return await try_all(app, todo, Evidence(release, library)), release.version


def main() -> int:
    """Run, print the figures, write report.md and, when asked, everything in full."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, help="folder of the open sets; without it only the Chinese messages run"
    )
    parser.add_argument("--state", type=Path, help="keep the compiled pack here between runs")
    parser.add_argument(
        "--full", type=Path, help="write every message with its replies to this file (JSON lines)"
    )
    parser.add_argument("--no-report", action="store_true", help="print only; leave report.md as it is")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pack = Path(scratch, "pack")  # a copy, so that nothing changes under way
        shutil.copytree(default_pack(), pack)
        settings = Settings(data=Path(scratch), pack=pack, silence_s=0, rate_limits=False)
        tried, release = asyncio.run(run(given.data, settings, given.state or Path(scratch, "releases")))
    text = render(tried, load_reviews(), release)
    if given.full:
        given.full.write_bytes(b"\n".join(msgspec.json.encode(one) for one in tried))
    if given.data and not given.no_report:
        (FOLDER / "report.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text.partition("## The wrong ones")[0])
    return int(any(one.crash or one.shortcomings for one in tried))


if __name__ == "__main__":
    sys.exit(main())
