"""Run 600 real messages through the assistant, one conversation each, and write what became of them to report.md.

    python -m bench.real_input.run --data <folder of the open sets>
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from bench.real_input.accept import FOLDER, Acceptance, Accepted
from bench.real_input.evidence import Evidence, Shortcoming
from bench.real_input.outcome import Judge, Judgement, Part, Verdict, describe, parts_of
from bench.real_input.report import render
from bench.real_input.sample import draw
from tellerline.app import App, build
from tellerline.dialogue.release import Release
from tellerline.domain import event as e
from tellerline.domain.language import Language
from tellerline.knowledge.load import load_library
from tellerline.settings import Settings

CUSTOMERS: dict[Language, str] = {"en": "demo-smith", "zh": "demo-wangfang"}


class Message(msgspec.Struct, frozen=True):
    """A message to be tried, and what would be right."""

    id: str
    set: str
    language: Language
    text: str
    judge: Judge
    wanted: list[str]


class Tried(msgspec.Struct, frozen=True):
    """What became of a message. `automatic` is the verdict before a person read the reply; `reason` is theirs."""

    id: str
    set: str
    language: Language
    text: str
    wanted: list[str]
    did: str
    replies: list[str]
    automatic: Judgement
    judgement: Judgement
    reviewed: bool = False
    reason: str = ""
    shortcomings: list[Shortcoming] = []
    crash: str = ""


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reader's verdict on a reply. It holds only as long as the assistant does what it did then (`did`)."""

    did: str
    verdict: Verdict
    reason: str
    cause: str = ""


def flows_of(release: Release) -> dict[str, str]:
    """Return the flow of each intent that has one."""
    found = {intent: release.flow_of(intent) for intent in release.intents}
    return {intent: flow for intent, flow in found.items() if flow is not None}


def messages(acceptance: Acceptance, data: Path | None) -> list[Message]:
    """Return the messages: the 500 of the open sets when they are there, and the 100 Chinese ones."""
    found: list[Message] = []
    for row in draw(data) if data else []:
        accepted = acceptance.of_row(row)
        found.append(Message(row.id, row.set, "en", row.text, Judge(accepted), _sorted(accepted)))
    listed: dict[str, Any] = yaml.safe_load((FOLDER / "zh.yaml").read_text(encoding="utf-8"))
    for item in listed["messages"]:
        accepted = acceptance.of(item["accept"])
        also = acceptance.of(item["also"]) if "also" in item else None
        found.append(Message(item["id"], "chinese", "zh", item["text"], Judge(accepted, also), _sorted(accepted)))
    return found


def _sorted(accepted: Accepted) -> list[str]:
    return sorted(accepted.outcomes)


def load_reviews() -> dict[str, Review]:
    """Read reviewed.yaml."""
    listed = yaml.safe_load((FOLDER / "reviewed.yaml").read_text(encoding="utf-8")) or {}
    return msgspec.convert(listed, dict[str, Review])


async def try_all(app: App, todo: Sequence[Message], evidence: Evidence) -> list[Tried]:
    """Send each message in a conversation of its own."""
    reviews = load_reviews()
    found: list[Tried] = []
    for message in todo:
        tried = await _try(app, message, evidence)
        found.append(_reviewed(tried, reviews.get(message.id)))
    return found


async def _try(app: App, message: Message, evidence: Evidence) -> Tried:
    def became(did: str, judgement: Judgement, **more: Any) -> Tried:  # noqa: ANN401
        head = (message.id, message.set, message.language, message.text, message.wanted)
        return Tried(*head, did, more.pop("replies", []), judgement, judgement, **more)

    try:
        opened = await app.counter.open(
            channel="web", language=message.language, customer_token=CUSTOMERS[message.language]
        )
        await app.counter.answer(opened.id, client_id="1", text=message.text)
        record = list(await app.counter.all_events(opened.id))
    except Exception:  # boundary: a crash is what this looks for
        return became("crash", Judgement("wrong", "declined", "silent"), crash=traceback.format_exc(limit=-3))
    turn = [event for event in record if event.sequence > opened.sequence]
    parts: list[Part] = parts_of(turn)
    replies = [x.body.text for x in turn if isinstance(x.body, e.MessageSent) and x.body.author == "assistant"]
    judgement = message.judge.judge(parts)
    return became(describe(parts), judgement, replies=replies, shortcomings=evidence.check(record, turn))


def _reviewed(tried: Tried, review: Review | None) -> Tried:
    if review is None or review.did != tried.did:
        return tried
    cause = "" if review.verdict == "right" else (review.cause or tried.automatic.cause)
    judgement = Judgement(review.verdict, tried.automatic.kind, cause)
    return msgspec.structs.replace(tried, judgement=judgement, reviewed=True, reason=review.reason)


async def run(data: Path | None, settings: Settings) -> list[Tried]:
    """Put the assistant together in memory and try everything."""
    app = build(settings)
    library, _ = load_library(settings.pack)
    evidence = Evidence(app.release, library.articles, library.tables)
    async with app.open():
        return await try_all(app, messages(Acceptance(flows_of(app.release)), data), evidence)


def main() -> int:
    """Run, print the table, write report.md and, when asked, everything in full."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the open sets; without it only the Chinese messages run")
    parser.add_argument("--state", type=Path, help="keep the compiled pack here between runs")
    parser.add_argument("--full", type=Path, help="write every message with its replies to this file (JSON lines)")
    parser.add_argument("--no-report", action="store_true", help="print only; leave report.md as it is")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data=given.state or Path(scratch), silence_s=0, rate_limits=False)
        tried = asyncio.run(run(given.data, settings))
    text = render(tried, whole=given.data is not None)
    if given.full:
        given.full.write_bytes(b"\n".join(msgspec.json.encode(one) for one in tried))
    if given.data and not given.no_report:
        (FOLDER / "report.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text.partition("## Wrong")[0])
    return int(any(one.crash or one.shortcomings for one in tried))


if __name__ == "__main__":
    sys.exit(main())
