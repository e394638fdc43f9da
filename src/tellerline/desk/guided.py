"""The running flow as a form: the same flow, at the same step, filled in by a representative in place of the customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.interpret import interpret
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.data import Value
from tellerline.domain.errors import Conflict, Invalid
from tellerline.domain.language import LANGUAGES, Text
from tellerline.domain.reading import Context
from tellerline.flows.frame import Frame
from tellerline.flows.spec import Flow

TEXT_MAX = 2_000


def slot_label(release: Release, flow: str, slot: str) -> Text:
    """Return what a slot is called: the flow's own name for it, or its identifier in words."""
    book = release.copies.get(flow)
    plain = slot.replace("_", " ")
    named: dict[str, str] = {}
    for language in LANGUAGES:
        key = f"name_{slot}"
        rendered = book.render(key, language, {}) if book is not None and book.has(language, key) else None
        named[language] = rendered.text if rendered is not None else plain
    return Text(named["zh"], named["en"])


def label_of(value: Value) -> Value:
    """Return what a value is called: of a record of the bank, its label."""
    if isinstance(value, dict):
        return value.get("label") or value.get("name") or value.get("last_four") or value.get("id") or value
    return value


def form_of(tracker: Tracker, release: Release, prompt: e.GuidedPrompted | None) -> dict[str, Any] | None:
    """Return the running flow as a form, or None when none runs."""
    frame = tracker.top
    if frame is None or frame.flow not in release.flows:
        return None
    flow = release.flows[frame.flow]
    return {
        "frame": frame.id,
        "flow": flow.flow,
        "title": flow.title,
        "step": frame.step,
        "question": _question(tracker, release, flow, frame),
        "filled": [
            {
                "slot": name,
                "label": slot_label(release, flow.flow, name),
                "type": flow.slots[name].type,
                "value": value if not isinstance(value, dict) else value.get("id"),
                "shown": label_of(value),
                "from": frame.origins.get(name, "").partition("@")[0] or "customer",
            }
            for name, value in frame.values.items()
            if name in flow.slots
        ],
        "prepared": _prepared(frame),
        "prompt": None if prompt is None else {"text": prompt.text, "language": prompt.language},
        "others": [
            {"frame": other.id, "flow": other.flow, "title": release.flows[other.flow].title}
            for other in tracker.stack[:-1]
            if other.flow in release.flows
        ],
    }


def _question(tracker: Tracker, release: Release, flow: Flow, frame: Frame) -> dict[str, Any] | None:
    question = tracker.question
    if question is None or question.frame not in (frame.id, None):
        return None
    slot = flow.slots.get(question.slot)
    return {
        "what": question.what,
        "slot": question.slot or None,
        "label": slot_label(release, flow.flow, question.slot) if question.slot else None,
        "type": slot.type if slot is not None else None,
        "options": [msgspec.to_builtins(option) for option in question.options],
        "attempts": frame.attempts.get(question.slot, 0),
        "level": question.level or None,
        "skippable": slot.skippable if slot is not None else False,
    }


def _prepared(frame: Frame) -> dict[str, Any] | None:
    """Return what the bank said the prepared action would do: before and after, where the terms tell both."""
    pending = frame.pending
    if pending is None:
        return None
    before = {k.removeprefix("from_"): v for k, v in pending.terms.items() if k.startswith("from_")}
    after = {k.removeprefix("to_"): v for k, v in pending.terms.items() if not k.startswith("from_")}
    return {
        "action": pending.action,
        "before": before,
        "after": after,
        "terms": pending.terms,
        "confirmed": pending.confirmed,
        "expires_at": pending.expires_at or None,
    }


def answer_of(
    tracker: Tracker, release: Release, now: datetime, *, frame: str, slot: str, value: str
) -> list[c.Command]:
    """Return what the flow is told when a representative answers its question with `value`.

    It is read as the customer's own words would be, so that "三千" and "3000" mean the same to both.
    Raises: Conflict, code `question_gone`; Invalid, code `value`, with what can be answered.
    """
    question = tracker.question
    if question is None or question.frame != frame or question.what != "slot" or question.slot != slot:
        raise Conflict("question_gone", "this is no longer what the procedure asks", frame=frame, slot=slot)
    text = value.strip()
    if not text or len(text) > TEXT_MAX:
        raise Invalid("value", f"write 1 to {TEXT_MAX} characters", field="value")
    chosen = next((option for option in question.options if text == option.value), None)
    reading = release.reader.read(
        chosen.label if chosen is not None else text,
        Context(tracker.language, now.astimezone(BANK_ZONE).date()),
    )
    told: list[c.Command] = [
        command for command in interpret(reading, tracker, release, now) if isinstance(command, _ANSWERS)
    ]
    if not told:
        options = [option.label for option in question.options]
        remedy = f"choose one of: {', '.join(options)}" if options else "say it in other words"
        raise Invalid("value", f"this is no answer to the question; {remedy}", field="value", options=options)
    return told


_ANSWERS = (c.SetSlot, c.CorrectSlot, c.RejectValue, c.Choose, c.SkipQuestion)
