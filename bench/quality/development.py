"""The labelled development set: excerpts of conversations as events, and two markings of each.

The first marking is in dev/zh.yaml and dev/en.yaml, the second in dev/second.yaml: id → what failed and what passed,
marked on the shuffled texts without their labels, by the same hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from tellerline.domain import event as e
from tellerline.domain.language import LANGUAGES, Language, Text
from tellerline.quality.agreement import Mark

DEV = Path(__file__).parent / "dev"
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WHO = "rep"
OCCASION = (
    "acknowledged",
    "promise_dated",
    "alternative_offered",
    "cause_named",
    "scam_warned",
    "next_step_offered",
)
"""Indicators that need an occasion: of these the set says too when there was one and it was met."""
MEASURED = (
    "conclusion_first", "plain_words", "one_request", "heard_at_once", "told_once", "claim_supported", "steady_tone",
    "no_blame", "language_matched", "sum_right", "no_false_claim", "way_left_open", "polite_address", "unhurried",
    "status_true", "no_secret_asked", "question_asked_once", "acknowledged_once", *OCCASION,
)  # fmt: skip


class Excerpt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """turns: "c …" by the customer, "r …" by the representative, "e" an action that was carried out."""

    id: str
    turns: list[str]
    fail: dict[str, str] = {}
    passed: list[str] = msgspec.field(default=[], name="pass")


class Marks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the second marking says of an excerpt."""

    fail: list[str] = []
    passed: list[str] = msgspec.field(default=[], name="pass")


def load_excerpts() -> dict[Language, list[Excerpt]]:
    """Return the excerpts of each language."""
    return {
        one: msgspec.yaml.decode((DEV / f"{one}.yaml").read_bytes(), type=list[Excerpt]) for one in LANGUAGES
    }


def load_second() -> dict[str, Marks]:
    """Return the second marking, by id."""
    return msgspec.yaml.decode((DEV / "second.yaml").read_bytes(), type=dict[str, Marks])


def mark_of(indicator: str, fail: Sequence[str] | Mapping[str, str], passed: Sequence[str]) -> Mark:
    """Return an excerpt's mark. Indicators without an occasion of their own either failed or did not."""
    if indicator in fail:
        return "fail"
    return "pass" if indicator not in OCCASION or indicator in passed else "na"


def make_events(turns: Sequence[str], language: Language) -> list[e.Event]:
    """Return an excerpt as the record would hold it: a representative has accepted, and each speaks after 20 s."""
    bodies: list[e.Body] = [
        e.ConversationOpened("web", language, "dev", "d" * 64),
        e.HandoverAccepted(WHO, Text("李", "Li")),
    ]
    for number, turn in enumerate(turns):
        speaker, _, text = turn.partition(" ")
        bodies.append(_body(speaker, text, number, language))
    return [e.Event(n, START + timedelta(seconds=20 * n), body) for n, body in enumerate(bodies, start=1)]


def _body(speaker: Literal["c", "r", "e"] | str, text: str, number: int, language: Language) -> e.Body:
    if speaker == "c":
        return e.MessageReceived(f"m{number}", text)
    if speaker == "r":
        spoken: Language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"
        return e.MessageSent("representative", text, spoken, representative=WHO)
    assert speaker == "e", f"a turn begins with c, r or e, not {speaker!r}"
    return e.ActionCommitted(e.FrameId("f1"), "do", "card.freeze", f"k{number}", "receipt", {})
