"""Scoring a conversation: the same function for one that has just closed and for a month in batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from tellerline.domain.event import ConversationId, Event
from tellerline.domain.language import Language
from tellerline.quality.finding import Finding
from tellerline.quality.indicators.wording import is_hostile
from tellerline.quality.opportunity import Tools
from tellerline.quality.rubric import RUBRIC, find_all
from tellerline.quality.transcript import Read, ReadActs, make_transcript


class Scored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rubric found in a conversation.

    intent, language, channel: what scores are compared within. hostile: the customer attacked somebody in it.
    """

    conversation: ConversationId
    rubric: str
    opened_at: datetime
    closed_at: datetime
    language: Language
    channel: str
    intent: str
    hostile: bool
    findings: list[Finding]


class Scorer:
    """Scores conversations with one set of tools. Pure: the same events give the same findings."""

    def __init__(self, read: Read, read_acts: ReadActs, tools: Tools) -> None:
        self._read = read
        self._read_acts = read_acts
        self._tools = tools

    def score(self, conversation: ConversationId, events: Sequence[Event]) -> Scored:
        """Score a conversation by all its events."""
        transcript = make_transcript(conversation, events, self._read, self._read_acts)
        return Scored(
            conversation,
            RUBRIC,
            events[0].at,
            (transcript.closed or events[-1]).at,
            transcript.language,
            transcript.opened.channel,
            transcript.intent,
            any(is_hostile(one) for one in transcript.customers()),
            list(find_all(transcript, self._tools)),
        )
