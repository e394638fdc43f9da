"""Reading a clause as the answer to the open question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from tellerline.dialogue.choices import (
    begins_in,
    clue_of,
    is_pointed,
    match_option,
    match_records,
    record_labels,
)
from tellerline.dialogue.correction import Corrections
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.polarity import asks_something, polarity_of
from tellerline.dialogue.release import Release
from tellerline.dialogue.story import story_for
from tellerline.dialogue.tracker import Question, Tracker
from tellerline.dialogue.value import ENTITY_OF_SLOT, meant, slots_from, value_of, without_negated
from tellerline.domain import command as c
from tellerline.domain.data import Value
from tellerline.domain.expression import evaluate
from tellerline.domain.reading import Entity, Reading, Segment
from tellerline.flows.frame import Frame
from tellerline.flows.run import choices_of
from tellerline.flows.spec import Flow, Slot

ELSEWHERE_MIN = 0.9  # how surely a question is about other business, for none of its words to answer this one
_FOUR_DIGITS = re.compile(r"\s*(\d{4})[\s。.,;!]*")
_WHOLE = re.compile(
    r"全部|全额|所有|都分|都取|都还|最多|\b(?:all(?! right)|everything|whole|full|maximum|max)\b",
    re.IGNORECASE,
)
_INDIFFERENT = re.compile(
    r"随便|无所谓|都行|都可以|哪个都|你定|你看着办|听你的"
    r"|\b(?:whatever|whichever|any(?: of them| one)?(?: is fine| will do)?$|either|doesn'?t matter|don'?t mind"
    r"|up to you|you (?:choose|decide|pick))",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"记不得|不记得|记不清|忘了|忘记|不知道|不晓得|说不上来|找不到了"
    r"|\b(?:can'?t remember|don'?t remember|forgot|forgotten|don'?t know|not sure|no idea|no clue|can'?t recall)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"^(?:那|就|先)?(?:不用|不要|不必|不需要|用不着|算)了|\b(?:no thanks|no thank you|don'?t bother|no need)\b",
    re.IGNORECASE,
)
_CALLED_OFF = re.compile(
    r"(?:不|别|甭)(?:想|要|用)?(?:转|办|弄|取|还|存|分|查|冻|搞|做|撤|调|申请|登记)了|取消|停下"
    r"|\b(?:cancel|stop|forget|drop|never mind|nevermind|leave it)\b",
    re.IGNORECASE,
)


class Answers:
    """The open question and the running flow, ready to recognise answers."""

    def __init__(self, reading: Reading, tracker: Tracker, release: Release, now: datetime) -> None:
        self.reading = reading
        self.tracker = tracker
        self.release = release
        self.today: date = now.astimezone(BANK_ZONE).date()
        self.question: Question | None = tracker.question
        self.frame: Frame | None = tracker.frame(self.question.frame) if self.question else tracker.top
        self.flow: Flow | None = release.flows.get(self.frame.flow) if self.frame else None
        self.limit = release.thresholds
        self.corrections = Corrections(reading, tracker, release, self.frame, self.flow)
        self._open = self.question is not None

    def story(self) -> list[c.Command]:
        """Return the message as the value of a slot that wants the customer's own words; [] when it is something else."""
        slot = self._slot()
        if slot is None or self.question is None or self.flow is None:
            return []
        return story_for(slot, self.question.slot, self.reading, self.flow, self.release)

    def _slot(self) -> Slot | None:
        if self.question is None or self.question.what != "slot" or self.flow is None:
            return None
        return self.flow.slots.get(self.question.slot)

    # --- clauses

    def of(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        """Return the commands if the clause answers the question or corrects a value; [] when it does neither."""
        if self.question is not None and self._open:
            answered = _BY_WHAT[self.question.what](self, text, entities, segment)
            if answered:
                self._open = False
                return answered
        return self.corrections.in_clause(text, entities, segment) or self._ahead(entities)

    def _ahead(self, entities: list[Entity]) -> list[c.Command]:
        """Take a value that a later question of the running flow would have asked for."""
        asked = self._slot()
        if asked is None or self.flow is None or self.frame is None:
            return []
        kinds = set(ENTITY_OF_SLOT.get(asked.type, ()))
        rest = [entity for entity in entities if entity.type not in kinds]
        return [
            c.SetSlot(name, value)
            for name, value in slots_from(self.flow, rest).items()
            if name not in self.frame.values
        ]

    def holds_value(self, text: str, entities: list[Entity]) -> bool:
        """Tell whether the clause gives a value of the kind the open question asks for, and does not call it off."""
        slot = self._slot()
        if slot is None or self.question is None or not self._open or _CALLED_OFF.search(text):
            return False
        if any(text.strip() in (option.label, option.value) for option in self.question.options):
            return True
        if slot.options:
            return bool(self._option(slot, text, entities))
        if slot.whole and _WHOLE.search(text):
            return True
        if slot.type == "last_four" and _FOUR_DIGITS.fullmatch(text):
            return True
        kinds = ENTITY_OF_SLOT.get(slot.type, ())
        if slot.choices:
            kinds = ("last_four", "name", "ordinal")
        return any(entity.type in kinds for entity in entities)

    def says_word(self, text: str) -> bool:
        """Tell whether the clause answers a yes or no with words of the slot's own ("先不补")."""
        slot = self._slot()
        if slot is None or not self._open or slot.type != "yes_no":
            return False
        return any(word.lower() in text.lower() for word in (*slot.affirmed, *slot.denied))

    def leans(self, text: str) -> bool:
        """Tell whether the open question is to be answered with yes or no, and the clause begins with one of them."""
        slot = self._slot()
        asked = slot is not None and slot.type == "yes_no"
        asked = asked or (self.question is not None and self.question.what in ("confirm", "verify"))
        return asked and self._open and polarity_of(text) is not None

    @property
    def taken(self) -> bool:
        """Whether an earlier clause of this message has answered the open question."""
        return self.question is not None and not self._open

    def _says(self, segment: Segment, *intents: str) -> bool:
        return segment.top.intent in intents and segment.top.probability >= self.limit["answer"]

    def _slot_answer(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        slot = self._slot()
        if slot is None or self.question is None:
            return []
        if (
            slot.type != "yes_no"
            and _INDIFFERENT.search(text)
            and not any(e.type == "ordinal" for e in entities)
        ):
            return [c.AskWhy()]  # it is theirs to decide; the reason says so
        return self._by_type(slot, text, entities, segment) or self._unknown(slot, text)

    def _unknown(self, slot: Slot, text: str) -> list[c.Command]:
        """Whoever does not know it cannot answer: there may be another way, or the reason helps to choose."""
        if not _UNKNOWN.search(text) or asks_something(text):
            return []
        return [c.AskWhy() if slot.choices or slot.options else c.SkipQuestion()]

    def _by_type(self, slot: Slot, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        if slot.type == "yes_no":
            return self._yes_no(slot, text, segment)
        if slot.options:
            return self._option(slot, text, entities)
        if slot.choices:
            return self._choice(slot, text, entities, segment)
        return self._value(slot, text, entities)

    def _yes_no(self, slot: Slot, text: str, segment: Segment) -> list[c.Command]:
        assert self.question is not None
        said = text.lower()
        told = [
            value
            for value, words in ((True, slot.affirmed), (False, slot.denied))
            if not asks_something(text) and any(word.lower() in said for word in words)
        ]
        leaning = polarity_of(text)
        if len(told) == 1 and not (told[0] and leaning is not None and not leaning.yes):
            return [c.SetSlot(self.question.slot, told[0])]  # "none of those were me" is a no all the same
        if self._says(segment, "affirm") and (leaning is None or leaning.yes):
            return [c.SetSlot(self.question.slot, True)]
        if self._says(segment, "deny", "none_of_these", "finished"):
            return [c.SetSlot(self.question.slot, False)]
        return [c.SetSlot(self.question.slot, leaning.yes)] if leaning is not None else []

    def _option(self, slot: Slot, text: str, entities: list[Entity]) -> list[c.Command]:
        assert self.question is not None
        said = text.lower()
        for option in slot.options:
            words = [option.label.zh, option.label.en, str(option.value), *option.words]
            if any(word.lower() == said for word in words):
                return [c.SetSlot(self.question.slot, option.value)]
        if slot.type in ("periods", "number"):
            for entity in entities:
                if entity.type in ("periods", "number"):
                    return self._offered(slot, value_of(entity, slot))
        chosen = match_option(self.question.options, text, _ordinal(without_negated(entities, self.reading)))
        if chosen is None and _asks_elsewhere(text, self.reading, self.flow, self.release):
            return []  # the words of a question about something else: "when do you open?"
        if chosen is None:
            contained = [
                o for o in slot.options if any(begins_in(w, said) for w in (o.label.zh, o.label.en, *o.words))
            ]
            return [c.SetSlot(self.question.slot, contained[0].value)] if len(contained) == 1 else []
        return [
            c.SetSlot(self.question.slot, next(o.value for o in slot.options if str(o.value) == chosen.value))
        ]

    def _offered(self, slot: Slot, value: Value) -> list[c.Command]:
        assert self.question is not None
        if any(option.value == value for option in slot.options):
            return [c.SetSlot(self.question.slot, value)]
        return [c.RejectValue(self.question.slot, "not_offered", value)]

    def _choice(self, slot: Slot, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        assert self.question is not None
        assert self.frame is not None
        records = choices_of(slot, {**self.frame.values, "level": self.tracker.level})
        narrowed = self.frame.values.get("clue")
        if isinstance(narrowed, dict) and is_pointed(narrowed):
            records = match_records(records, narrowed) or records
        exact = [record for record in records if text.strip() in record_labels(record)]
        if len(exact) == 1:
            return [c.SetSlot(self.question.slot, exact[0])]
        clue = clue_of(text, without_negated(entities, self.reading))
        if self._says(segment, "none_of_these", "deny") and not is_pointed(clue):
            return [c.SkipQuestion()]
        found = match_records(records, clue)
        if len(found) == 1:
            return [c.SetSlot(self.question.slot, found[0])]
        if len(found) > 1:
            return [c.SetSlot("clue", clue)]
        if "last_four" in clue or "name" in clue or "ordinal" in clue:
            return [
                c.RejectValue(
                    self.question.slot,
                    "choice_not_found",
                    str(clue.get("name") or clue.get("last_four") or ""),
                )
            ]
        return []

    def _value(self, slot: Slot, text: str, entities: list[Entity]) -> list[c.Command]:
        assert self.question is not None
        entity = meant(
            [x for kind in ENTITY_OF_SLOT.get(slot.type, ()) for x in entities if x.type == kind],
            self.reading,
        )
        if entity is not None:
            return [c.SetSlot(self.question.slot, value_of(entity, slot))]
        digits = _FOUR_DIGITS.fullmatch(text) if slot.type == "last_four" else None
        if digits is not None:
            return [c.SetSlot(self.question.slot, digits[1])]
        if slot.whole and self.frame is not None and _WHOLE.search(text) and not asks_something(text):
            return [c.SetSlot(self.question.slot, evaluate(slot.whole, dict(self.frame.values)))]
        return []

    def _confirm(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        corrected = self.corrections.in_clause(text, entities, segment)
        if corrected:
            return corrected
        leaning = polarity_of(text)
        if (_CALLED_OFF.search(text) or _REFUSED.search(text)) and not self._says(segment, "affirm"):
            return [c.Deny() if self._goes_on_without() else c.CancelFlow()]
        if self._says(segment, "affirm") and (leaning is None or leaning.yes):
            return [c.Confirm()]
        if self._says(segment, "deny", "correct", "none_of_these"):
            return [c.Deny()]
        if leaning is None or (leaning.yes and not leaning.bare):
            return []  # money moves on a plain yes only
        return [c.Confirm() if leaning.yes else c.Deny()]

    def _goes_on_without(self) -> bool:
        """Whether the flow has a way on for a no to what was read back; else there is nothing left of it."""
        assert self.frame is not None
        assert self.flow is not None
        return "denied" in self.flow.step(self.frame.step).on

    def _resume(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        if self._says(segment, "affirm", "resume"):
            return [c.Choose("resume")]
        if self._says(segment, "deny", "cancel", "finished"):
            return [c.Choose("cancel")]
        assert self.question is not None
        chosen = match_option(self.question.options, text, _ordinal(entities))
        if chosen is not None:
            return [c.Choose(chosen.value)]
        leaning = polarity_of(text)
        return (
            [c.Choose("resume" if leaning.yes else "cancel")] if leaning is not None and leaning.bare else []
        )

    def _clarify(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        assert self.question is not None
        options = self.question.options
        if self._says(segment, "none_of_these", "deny", "finished"):
            return [c.Deny()]
        chosen = match_option(options, text, _ordinal(entities))
        leaning = polarity_of(text) if len(options) == 1 else None
        if leaning is not None and leaning.bare and not leaning.yes:
            return [c.Deny()]
        if (
            chosen is None
            and len(options) == 1
            and (self._says(segment, "affirm") or (leaning and leaning.bare))
        ):
            chosen = options[0]
        if chosen is None:
            chosen = next((o for o in options if self._says(segment, o.value)), None)
        if chosen is None:
            return []
        return [c.HumanHandoff("asked")] if chosen.value == "talk_to_human" else [c.Choose(chosen.value)]

    def _change(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        assert self.question is not None
        corrected = self.corrections.new_values(entities)
        if corrected:
            return corrected
        chosen = match_option(self.question.options, text, _ordinal(entities))
        chosen = chosen or next((o for o in self.question.options if o.label.lower() in text.lower()), None)
        if chosen:
            return [c.Choose(chosen.value)]
        return [c.Deny()] if self._says(segment, "deny", "cancel", "finished", "none_of_these") else []

    def _verify(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        leaning = polarity_of(text)
        if self._says(segment, "affirm") or (leaning is not None and leaning.yes and leaning.bare):
            return [c.Confirm()]
        if self._says(segment, "deny", "skip") or (leaning is not None and not leaning.yes):
            return [c.Deny()]
        if "[code" in text or "[password" in text:
            return [c.RejectValue("verify", "secret_in_chat")]
        return []

    def _more(self, text: str, entities: list[Entity], segment: Segment) -> list[c.Command]:
        if self._says(segment, "deny", "finished", "goodbye", "none_of_these"):
            return [c.Finished()]
        leaning = polarity_of(text)
        if leaning is not None and leaning.bare and not leaning.yes:
            return [c.Finished()]
        return [c.Confirm()] if self._says(segment, "affirm") else []


def _asks_elsewhere(text: str, reading: Reading, flow: Flow | None, release: Release) -> bool:
    """Tell whether a text asks a question that surely belongs to other business than this flow's."""
    own = flow.intents if flow else []
    kinds = [
        release.intents[segment.top.intent].kind
        for segment in reading.segments
        if segment.top.probability >= ELSEWHERE_MIN
        and segment.top.intent in release.intents
        and segment.top.intent not in own
    ]
    return asks_something(text) and any(kind in ("business", "knowledge") for kind in kinds)


def _ordinal(entities: Sequence[Entity]) -> int | None:
    return next((int(x.value) for x in entities if x.type == "ordinal"), None)


_BY_WHAT: dict[str, Callable[[Answers, str, list[Entity], Segment], list[c.Command]]] = {
    "slot": Answers._slot_answer,
    "confirm": Answers._confirm,
    "resume": Answers._resume,
    "clarify": Answers._clarify,
    "change": Answers._change,
    "verify": Answers._verify,
    "more": Answers._more,
}
