"""Reading a message as the correction of something said before."""

from __future__ import annotations

import re

from tellerline.dialogue.choices import match_records
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.dialogue.value import ENTITY_OF_SLOT, meant, value_of
from tellerline.domain import command as c
from tellerline.domain.reading import Entity, Reading, Segment
from tellerline.flows.frame import Frame
from tellerline.flows.run import choices_of
from tellerline.flows.spec import Flow, Slot

_CORRECTING = re.compile(
    r"(不是.{1,20}(是|，|,)|改成|改为|换成|应该是|说错|弄错|打错|搞错|更正|不对"
    r"|^no\b.{0,2}\b(?:the one|it'?s|that'?s)\b|\bactually\b|\bi meant\b|\bmake it\b|\bchange (it|that|the)\b|\bsorry\b"
    r"|\bnot\b.{1,20}\b(but|,)|\binstead\b|\bshould be\b)",
    re.IGNORECASE,
)


class Corrections:
    """What a flow knows already, ready to recognise other values for it."""

    def __init__(
        self, reading: Reading, tracker: Tracker, release: Release, frame: Frame | None, flow: Flow | None
    ) -> None:
        self.reading = reading
        self.tracker = tracker
        self.release = release
        self.question = tracker.question
        self.frame = frame
        self.flow = flow

    def in_message(self) -> list[c.Command]:
        """Return the corrections, if the message as a whole gives other values for what was said before."""
        if self.frame is None or self.flow is None or not self._said_so():
            return []
        return self.new_values(self.reading.entities)

    def _said_so(self) -> bool:
        marked = any(self._says(segment, "correct") for segment in self.reading.segments)
        return marked or bool(_CORRECTING.search(self.reading.text))

    def in_clause(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        """Return the corrections a clause makes; at a read-back any other value is one."""
        if self.frame is None or self.flow is None:
            return []
        at_readback = self.question is not None and self.question.what in ("confirm", "change")
        said_so = self._says(segment, "correct") or bool(_CORRECTING.search(text))
        if not (at_readback or said_so):
            return []
        corrected = self.new_values(entities)
        if corrected or not self._says(segment, "correct"):
            return corrected
        named = self._named_slot(text)
        return [c.ReopenSlot(named)] if named else []

    def new_values(self, entities: list[Entity]) -> list[c.Command]:
        """Return corrections for filled slots of which the clause gives another value."""
        assert self.frame is not None
        assert self.flow is not None
        found: list[c.Command] = []
        for name, slot in self.flow.slots.items():
            if name not in self.frame.values:
                continue
            command = (
                self._corrected_choice(name, slot, entities)
                if slot.choices
                else self._corrected(name, slot, entities)
            )
            if command is not None:
                found.append(command)
        return found

    def _corrected(self, name: str, slot: Slot, entities: list[Entity]) -> c.Command | None:
        assert self.frame is not None
        fitting = [x for kind in ENTITY_OF_SLOT.get(slot.type, ()) for x in entities if x.type == kind]
        old = self.frame.values[name]
        entity = meant([x for x in fitting if value_of(x, slot) != old], self.reading)
        return c.CorrectSlot(name, value_of(entity, slot)) if entity else None

    def _corrected_choice(self, name: str, slot: Slot, entities: list[Entity]) -> c.Command | None:
        assert self.frame is not None
        pointed = [x for x in entities if x.type in ("last_four", "name")]
        records = choices_of(slot, {**self.frame.values, "level": self.tracker.level})
        old = self.frame.values[name]
        for entity in pointed:
            matches = match_records(records, {entity.type: entity.value, "text": ""})
            others = [record for record in matches if record != old]
            if others and old not in matches:
                return c.CorrectSlot(name, others[0]) if len(others) == 1 else c.ReopenSlot(name)
        return None

    def _named_slot(self, text: str) -> str | None:
        assert self.frame is not None
        assert self.flow is not None
        copies = self.release.copies[self.flow.flow]
        for name in self.flow.slots:
            key = f"name_{name}"
            if name in self.frame.values and copies.has(self.tracker.language, key):
                rendered = copies.render(key, self.tracker.language, {"language": self.tracker.language})
                if rendered is not None and rendered.text.lower() in text.lower():
                    return name
        return None

    def _says(self, segment: Segment, intent: str) -> bool:
        return segment.top.intent == intent and segment.top.probability >= self.release.thresholds["answer"]
