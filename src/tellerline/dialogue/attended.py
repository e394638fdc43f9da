"""The dialogue while a representative speaks with the customer: the flows run on, and the assistant keeps silent.

A representative fills in the running flow as a form. What the assistant would have said becomes a prompt that nobody but
the representative sees. What is the customer's alone, to confirm and to prove who they are, still goes between the flow
and the customer: the read-back, the secure widget, and what follows from the customer's own answer to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tellerline.dialogue.draft import Utterance
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.language import Language

PROVING = ("confirm", "verify")  # questions that only the customer can answer
SCAM_INTENTS = ("scam_check", "already_scammed")
_ALWAYS = (c.NoteSecret, c.SwitchLanguage, c.ReportFraud)


class Divided(NamedTuple):
    """What is said to the customer, and what the representative may say."""

    said: list[Utterance]
    prompted: list[Utterance]


def obeyed(commands: Sequence[c.Command], notices: Sequence[c.Command], tracker: Tracker) -> list[c.Command]:
    """Return those of a turn's commands that hold while a representative speaks.

    All notices; of the customer's words a warning about secrets or a scam, another language, and the answer to a read-back.
    A scam is noted however it is spoken of: it stops the money, whoever speaks.
    """
    confirming = tracker.question is not None and tracker.question.what == "confirm"
    kept: list[c.Command] = []
    for command in commands:
        if command not in notices and isinstance(command, c.StartFlow) and command.intent in SCAM_INTENTS:
            kept.append(c.ReportFraud(lost=command.intent == "already_scammed"))
        elif (
            command in notices
            or isinstance(command, _ALWAYS)
            or (confirming and isinstance(command, c.Confirm | c.Deny))
        ):
            kept.append(command)
    return kept


def divide(said: Sequence[Utterance], tracker: Tracker, *, by_customer: bool) -> Divided:
    """Divide what a turn would say. by_customer: the customer's own act, not the representative's, led to it."""
    question = tracker.question
    proving = question is not None and question.what in PROVING
    divided = Divided([], [])
    for number, utterance in enumerate(said, start=1):
        asks = question is not None and not proving and number == len(said)
        own = utterance.widget is not None or (proving and bool(utterance.choices))
        (divided.said if own or (by_customer and not asks) else divided.prompted).append(utterance)
    return divided


def prompt_of(utterance: Utterance, language: Language, release: Release) -> e.GuidedPrompted:
    """Return what the assistant would have said as a prompt for the representative."""
    return e.GuidedPrompted(
        utterance.text,
        language,
        utterance.flow,
        utterance.step,
        utterance.choices,
        utterance.sources,
        _is_disclosed(utterance, release),
    )


def _is_disclosed(utterance: Utterance, release: Release) -> bool:
    flow = release.flows.get(utterance.flow or "")
    return flow is not None and any(
        step.id == utterance.step and step.disclose is not None for step in flow.steps
    )
