"""Completing a question that leans on the one before: "那信用卡呢", "and for three years?"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain.reading import Context, Entity

_CHINESE = re.compile(r"^(?:那么?|还有|要是|如果是|换成|换|改成)?[,，\s]*(?P<rest>.{1,12}?)呢[?？!！。\s]*$")
_ENGLISH = re.compile(
    r"^(?:(?:and|but|or|ok|okay|so)[,\s]+)*"
    r"(?:(?:what|how) about|what if (?:it'?s|it is)|and|same for|(?:and )?(?:for|with|in|on|at))\s+"
    r"(?:for |with |in |on |at )?(?P<rest>[^?]{1,40}?)[?!.\s]*$",
    re.IGNORECASE,
)


def complete(text: str, tracker: Tracker, release: Release, today: date) -> str:
    """Return the last question with what `text` puts into it, where that has an answer of its own; else ""."""
    asked, question = tracker.inquired, tracker.question
    part = leaning_part(text)
    if not asked or not part or (question is not None and question.frame is not None):
        return ""
    context = Context(tracker.language, today)
    values, old = (release.reader.read_values(each, context).entities for each in (part, asked))
    before, _ = release.knowledge.answer(asked, language=tracker.language, on=today)
    for completed in completions(part, values, asked, old):
        found, score = release.knowledge.answer(completed, language=tracker.language, on=today)
        if found is not None and found != before and score >= release.thresholds["knowledge_unasked"]:
            return completed
    return ""


def leaning_part(text: str) -> str:
    """Return what a message puts in the place of a part of the last question; "" when it stands by itself."""
    match = _CHINESE.match(text.strip()) or _ENGLISH.match(text.strip())
    return match["rest"].strip() if match else ""


def completions(
    part: str, values: Sequence[Entity], asked: str, asked_values: Sequence[Entity]
) -> Iterator[str]:
    """Yield the last question with `part` in it, likeliest first: in the place of a value of its kind, else beside it.

    A part without any value ("what about you?") is not known to belong to the question: nothing is yielded.
    values: those found in `part`; asked_values: those found in `asked`.
    """
    for value in values:
        for old in asked_values:
            if old.type == value.type and old.value != value.value:
                yield f"{asked[: old.start]}{value.text}{asked[old.end :]}"
    if values:
        yield f"{part} {asked}"
