"""The clauses of a message beside each other: the answer before a question, small talk, and what is left out of it all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tellerline.dialogue.answers import Answers
from tellerline.dialogue.polarity import asks_something
from tellerline.domain import command as c
from tellerline.domain.reading import Entity, IntentScore, Reading, Segment

SURELY = 0.9
_STOP = re.compile(r"[。!?;]|\.(?=\s)")


def with_answer_apart(reading: Reading, answers: Answers) -> list[Segment]:
    """Return the clauses; an answer before a question in one breath is one of its own: "500 yuan. And what if …?"."""
    first = reading.segments[0]
    text = reading.text[first.start : first.end]
    stop = _STOP.search(text)
    if stop is None:
        return reading.segments
    head, rest = text[: stop.start()].strip(), text[stop.end() :]
    cut = first.start + stop.end()
    entities = [x for x in reading.entities if first.start <= x.start < cut]
    answered = answers.holds_value(head, entities) or answers.leans(head)
    if asks_something(head) or not asks_something(rest) or not answered:
        return reading.segments
    answer = Segment(first.start, cut, [IntentScore("out_of_scope", 1.0)])
    return [answer, Segment(cut, first.end, first.intents), *reading.segments[1:]]


def answers_first(clauses: Sequence[Segment], *, reading: Reading, answers: Answers) -> bool:
    """Tell whether the first of several clauses answers the open question, so that the message does not only ask."""
    first = clauses[0]
    text = reading.text[first.start : first.end].strip()
    entities = [x for x in reading.entities if x.start < first.end]
    return len(clauses) > 1 and not asks_something(text) and answers.holds_value(text, entities)


def is_social(segment: Segment, text: str, entities: list[Entity], answers: Answers) -> bool:
    """Tell whether a clause is surely small talk; "how are you today" names no day, then."""
    intent = answers.release.intents.get(segment.top.intent)
    social = intent is not None and intent.kind == "chitchat" and segment.top.probability >= SURELY
    return social and not answers.leans(text) and not answers.holds_value(text, entities)


def tidied(
    commands: Sequence[c.Command], answerable: Callable[[str], bool], *, asked: bool
) -> list[c.Command]:
    """Leave out what one clause says only because it was read without the others. asked: a question waits."""
    found = list(commands)
    if any(isinstance(x, c.CorrectSlot | c.ReopenSlot) for x in found):  # "no, the other one" corrects
        found = [x for x in found if not isinstance(x, c.Deny)]
    questions = [x for x in found if isinstance(x, c.AskKnowledge)]
    if len(questions) > 1:
        answered = [x for x in questions if answerable(x.question)]
        found = [x for x in found if x not in questions or x in (answered or questions[:1])]
    if not asked and len(found) > 1:  # "ok, bye", "no waffle", "yes, my balance": agrees to nothing
        found = [x for x in found if not isinstance(x, c.Confirm | c.Deny)] or found[:1]
    if len(found) > 1:  # a clause that says nothing does not spoil one that does
        found = [x for x in found if not isinstance(x, c.CannotHandle)] or found[:1]
    return found
