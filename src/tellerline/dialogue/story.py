"""Taking a whole message as the customer's own words, where that is what was asked for."""

from __future__ import annotations

import re

from tellerline.dialogue.polarity import asks_something, polarity_of
from tellerline.dialogue.release import Release
from tellerline.domain import command as c
from tellerline.domain.reading import IntentScore, Reading
from tellerline.flows.spec import Flow, Slot

BARE_ANSWER_CHARS_MAX = 10
_REQUESTS = re.compile(
    r"^(?:帮我|请帮|我要[查看转还办]|我想[查看转还办]|查一?下|看一?下)"
    r"|我要投诉|(?:make|file|register) a complaint|want to complain"
    r"|^(?:can|could|would) you\b|^(?:please |show |check |transfer |send |tell )",
    re.IGNORECASE,
)
_STOPS = frozenset(
    {
        "cancel",
        "talk_to_human",
        "why",
        "explain",
        "repeat",
        "skip",
        "wait",
        "speak_english",
        "speak_chinese",
        "restart",
        "goodbye",
    }
)


def story_for(slot: Slot, name: str, reading: Reading, flow: Flow, release: Release) -> list[c.Command]:
    """Return what a message does for slot `name`; [] when the slot wants no story, or the message is none.

    A bare yes or no is not what was asked for: the question is asked again, or passed over.
    """
    if slot.type != "text" or not reading.segments:
        return []
    top = reading.segments[0].top
    if top.intent in _STOPS and top.probability >= release.thresholds["control"]:
        return []
    if _asks_for_something_else(top, reading, flow, release):
        return []
    leaning = polarity_of(reading.text)
    if leaning is not None and leaning.bare and len(reading.text) <= BARE_ANSWER_CHARS_MAX:
        return [c.CannotHandle("unclear") if leaning.yes else c.SkipQuestion()]
    return [c.SetSlot(name, reading.text)]


def _asks_for_something_else(top: IntentScore, reading: Reading, flow: Flow, release: Release) -> bool:
    """Tell whether the message is surely another request: a story tells, a request asks or says what it wants."""
    intent = release.intents.get(top.intent)
    if intent is None or intent.kind not in ("business", "knowledge") or top.intent in flow.intents:
        return False
    if top.probability < release.thresholds["start_after_answer"]:
        return False
    return asks_something(reading.text) or _REQUESTS.search(reading.text) is not None
