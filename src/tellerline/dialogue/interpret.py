"""The embedded interpreter: a reading, in the light of the tracker, becomes an ordered list of commands.

First what cannot wait (crisis, scam), then clause by clause: a control move, else the answer to the open question, else a
new request. Nothing here acts; `decide` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from tellerline.dialogue.answers import Answers
from tellerline.dialogue.choices import clue_of
from tellerline.dialogue.clause import answers_first, is_social, tidied, with_answer_apart
from tellerline.dialogue.draft import BANK_ZONE
from tellerline.dialogue.ellipsis import complete
from tellerline.dialogue.person import asks_for_person, denies_person
from tellerline.dialogue.polarity import asks_something, polarity_of
from tellerline.dialogue.proxy import speaks_for_another
from tellerline.dialogue.release import Release
from tellerline.dialogue.tracker import Tracker
from tellerline.dialogue.value import slots_from
from tellerline.domain import command as c
from tellerline.domain.data import Record
from tellerline.domain.reading import Entity, IntentScore, Reading, Segment

NAME = "embedded"
CLEARLY = 0.9
OTHERS_MIN = 0.3  # what is left when an impossible move is dropped is not blown up beyond reason
SCAM_INTENTS = {"scam_check", "already_scammed"}
REASONED_ANSWER_WORDS = 10  # a yes or no of so few words rather gives its reason than another request
NAMING_WORDS = 2
SHORT_WORDS = 6  # Chinese characters, or words of other scripts
_LAW = re.compile(
    r"律师|起诉|告到|告你们|法院|法庭|仲裁|银保监|金融监管|监管局|监管部门|12378|12363"
    r"|\b(?:lawyers?|solicitors?|attorney|sue|suing|court|ombudsman|regulators?|legal action)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"再(?:试|来|转|办|还|查|弄)?一?[次遍下]|重试|重新(?:办|转|来)|\b(?:again|once more|retry|one more time)\b",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"再|又|也|\b(?:another|too|as well|also|back to|and)\b", re.IGNORECASE)
_HAS_WORDS = re.compile(r"\w")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")

_CONTROL: dict[str, c.Command] = {
    "cancel": c.CancelFlow(),
    "resume": c.ResumeFlow(),
    "skip": c.SkipQuestion(),
    "undo": c.UndoLast(),
    "repeat": c.RepeatLast(),
    "explain": c.Explain(),
    "why": c.AskWhy(),
    "status": c.AskStatus(),
    "wait": c.Wait(),
    "restart": c.Restart(),
    "finished": c.Finished(),
    "talk_to_human": c.HumanHandoff("asked"),
    "speak_english": c.SwitchLanguage("en", asked=True),
    "speak_chinese": c.SwitchLanguage("zh", asked=True),
}
# Moves that a clause with the very answer to the open question does not make: "那转200算了", "不用找人了".
_GIVES_WAY = {"cancel", "skip", "finished", "restart", "undo", "resume", "repeat", "status", "wait"}
_SAYS_NO_MORE = {"finished", "resume", "skip"}  # than the answer it follows: "no, just that"
_NEEDS_FRAME = {"skip", "why", "resume", "cancel"}


def interpret(reading: Reading, tracker: Tracker, release: Release, now: datetime) -> list[c.Command]:
    """Return the customer's commands, in order; never empty."""
    if not _HAS_WORDS.search(reading.text):
        return [c.CannotHandle("empty")]
    urgent = _urgent(reading, tracker, release)
    if urgent:
        return urgent
    commands: list[c.Command] = _language(reading, tracker)
    if reading.language is None and reading.other and not commands:
        return [c.CannotHandle("language")]
    leaning = complete(reading.text, tracker, release, now.astimezone(BANK_ZONE).date())
    commands += [c.AskKnowledge(leaning)] if leaning else _Turn(reading, tracker, release, now).commands()
    return _without_repeats(commands) or [c.CannotHandle("unclear")]


def _urgent(reading: Reading, tracker: Tracker, release: Release) -> list[c.Command]:
    if tracker.question is not None and any(
        reading.text in (option.label, option.value) for option in tracker.question.options
    ):
        return []  # the words of a button are the bank's own
    if _raised("self_harm", reading, tracker, release):
        return [c.HumanHandoff("crisis")]
    scam_flows = {release.flow_of(intent) for intent in ("scam_check", "already_scammed")}
    in_scam_flow = any(frame.flow in scam_flows for frame in tracker.stack)
    answers_it = _asked_whether_scam(tracker, release) and polarity_of(reading.text) is not None
    if _raised("scam", reading, tracker, release) and not in_scam_flow and not answers_it:
        lost = _tells_of_loss(reading, release)
        about_another = speaks_for_another(reading.text, reading.entities)
        return [c.ReportFraud(reading.text, lost=lost, for_another=about_another)]
    return []


def _tells_of_loss(reading: Reading, release: Release) -> bool:
    """Tell whether money or secrets have already gone to a scammer."""
    return any(
        segment.top.intent == "already_scammed" and segment.top.probability >= release.thresholds["start"]
        for segment in reading.segments
    )


def _asked_whether_scam(tracker: Tracker, release: Release) -> bool:
    """Tell whether a flow that looks out for scams itself waits for a yes or no, which it then acts on."""
    question, frame = tracker.question, tracker.top
    if question is None or frame is None or question.what != "slot":
        return False
    flow = release.flows[frame.flow]
    looks_out = any(step.handover is not None and step.handover.reason == "scam" for step in flow.steps)
    slot = flow.slots.get(question.slot)
    return looks_out and slot is not None and slot.type == "yes_no"


def _raised(flag: str, reading: Reading, tracker: Tracker, release: Release) -> bool:
    """Tell whether a flag stands out. A few words in answer to a question are thin evidence, so they must say it plainly."""
    limit = release.thresholds[flag]
    words = len(_WORD.findall(reading.text))
    if flag == "scam" and tracker.question is not None and words <= NAMING_WORDS:
        return False  # a city, a name, an amount: nobody tells of a scam in two syllables
    if flag == "scam" and _asks_for_business(reading, release):
        limit = max(limit, release.thresholds["scam_in_business"])
    if tracker.question is not None and words <= SHORT_WORDS:
        limit = max(limit, release.thresholds["flag_in_short_answer"])
    if flag == "scam" and tracker.question is not None and tracker.question.what == "verify":
        leaning = polarity_of(reading.text)
        if (
            leaning is not None and not leaning.yes
        ):  # who will not be checked speaks of checks, like a scam does
            limit = max(limit, CLEARLY)
    return reading.flags.get(flag, 0.0) >= limit


def _language(reading: Reading, tracker: Tracker) -> list[c.Command]:
    """Follow the customer into the other language, once they write a whole message in it."""
    if reading.language is None or reading.language == tracker.language or reading.mixed:
        return []
    return [c.SwitchLanguage(reading.language)] if len(reading.text) >= 4 else []


def _without_repeats(commands: Sequence[c.Command]) -> list[c.Command]:
    kept: list[c.Command] = []
    for command in commands:
        if command not in kept:
            kept.append(command)
    return kept


def _asks_for_business(reading: Reading, release: Release) -> bool:
    """Tell whether the message clearly asks for something ordinary, so that it is hardly the report of a scam."""
    for segment in reading.segments:
        intent = release.intents.get(segment.top.intent)
        ordinary = segment.top.intent not in SCAM_INTENTS and intent is not None and intent.kind == "business"
        if ordinary and segment.top.probability >= CLEARLY:
            return True
    return False


def _has_payee(release: Release, flow: str | None) -> bool:
    return flow in release.flows and any(
        slot.type == "payee" for slot in release.flows[str(flow)].slots.values()
    )


def _takes_enquiries(release: Release, intent: str) -> bool:
    """Tell whether a question about a business in general is answered from the articles, and nothing begun for that."""
    flow = release.flows.get(release.flow_of(intent) or "")
    return flow is not None and flow.enquiry


class _Turn:
    """One reading of one turn."""

    def __init__(self, reading: Reading, tracker: Tracker, release: Release, now: datetime) -> None:
        self.reading = reading
        self.tracker = tracker
        self.release = release
        self.answers = Answers(reading, tracker, release, now)
        self.limit = release.thresholds
        self._started = False  # an earlier clause of this message has begun a flow
        self._emergency = False  # and it is one that stops something
        self._clauses = with_answer_apart(reading, self.answers)

    def commands(self) -> list[c.Command]:
        """Read the clauses in order."""
        if asks_for_person(self.reading.text):
            return [c.HumanHandoff("asked")]
        story = self.answers.story()
        if story:
            return story
        corrected = self.answers.corrections.in_message()
        if corrected:
            return corrected
        if self._compares():
            return [c.AskKnowledge(self.reading.text)]
        found: list[c.Command] = []
        for segment in self._clauses:
            found += self._clause(segment)
        rights = self._rights(found)
        if any(
            isinstance(x, c.InvokeRight) and x.right == "legal" for x in rights
        ):  # a person takes it all on
            found = [
                x for x in found if not isinstance(x, c.StartFlow) or self.release.flows[x.flow].emergency
            ]
        found += rights
        return tidied(found, self._answerable, asked=self._waits_for_answer())

    def _waits_for_answer(self) -> bool:
        return self.tracker.question is not None and self.tracker.question.what != "more"

    def _compares(self) -> bool:
        """Tell whether the message as a whole asks to compare; its clauses then name conditions, not requests."""
        if self._asks_for_other_business() or answers_first(
            self._clauses, reading=self.reading, answers=self.answers
        ):
            return False
        language, today = self.tracker.language, self.answers.today
        return self.release.knowledge.compares(self.reading.text, language=language, on=today)

    def _asks_for_other_business(self) -> bool:
        for segment in self.reading.segments:
            intent = self.release.intents.get(segment.top.intent)
            flow = self.release.flow_of(segment.top.intent)
            if (
                segment.top.probability >= CLEARLY
                and flow is not None
                and intent
                and intent.kind != "knowledge"
            ):
                return True
        return any(self._raised(flag) for flag in ("human_wanted", "complaint"))

    def _rights(self, found: Sequence[c.Command]) -> list[c.Command]:
        """Dissatisfaction in plain words is registered, whatever else the message asks for (E1, case 47)."""
        commands: list[c.Command] = []
        asked_for_human = any(isinstance(x, c.HumanHandoff) for x in found)
        wanted = self._raised("human_wanted") and not denies_person(self.reading.text)
        social = any(isinstance(x, c.ChitChat) for x in found)  # "are you a person?", "better than a person"
        if social and self.reading.flags.get("human_wanted", 0.0) < self.limit["flag_in_short_answer"]:
            wanted = False
        if wanted and not asked_for_human:
            commands.append(c.HumanHandoff("asked"))
        open_complaint = (
            any(f.flow == "complaint" for f in self.tracker.stack)
            or any(case.case_kind == "complaint" for case in self.tracker.open_cases)
            or any(isinstance(x, c.StartFlow) and x.flow == "complaint" for x in found)
        )
        if self._threatens_law(found):
            return [*commands, c.InvokeRight("legal", self.reading.text)]
        if self._raised("complaint") and not open_complaint and not commands:
            commands.append(c.InvokeRight("complaint", self.reading.text))
        return commands

    def _threatens_law(self, found: Sequence[c.Command]) -> bool:
        """Tell whether a lawyer, a court or the regulator is brought up by somebody who is dissatisfied (H3)."""
        complains = any(isinstance(x, c.StartFlow) and x.flow == "complaint" for x in found)
        displeased = complains or self._raised("complaint") or self._raised("right_invoked")
        return displeased and _LAW.search(self.reading.text) is not None

    def _raised(self, flag: str) -> bool:
        if self.answers.taken and self.reading.flags.get(flag, 0.0) < self.limit["flag_in_short_answer"]:
            return False  # what was said answers the question; anything more would have to be plain
        return _raised(flag, self.reading, self.tracker, self.release)

    def _clause(self, segment: Segment) -> list[c.Command]:
        text = self.reading.text[segment.start : segment.end].strip()
        entities = [x for x in self.reading.entities if segment.start <= x.start < segment.end]
        segment = self._possible(segment)
        intent, probability = segment.top.intent, segment.top.probability
        leans = self.answers.leans(text)
        gives_way = (
            (
                intent in _GIVES_WAY
                and (self.answers.holds_value(text, entities) or self.answers.says_word(text))
            )
            or (leans and intent in _GIVES_WAY - {"cancel", "restart"})
            or (leans and intent == "talk_to_human" and denies_person(text))
            or (leans and len(_WORD.findall(text)) == 1)  # "要", "yes" says nothing else
        )
        if self._asks_for_outcome(segment):
            return [c.AskStatus()]
        again = self._again(text, entities) if intent == "repeat" and probability < CLEARLY else None
        if again is not None:  # what failed, rather than what was said, is to be done once more
            return [again]
        if intent == "cancel" and self._stops_at_once():
            return []
        if probability >= self.limit["control"] and not gives_way:
            control = self._control(intent)
            if control is not None:
                return [] if self.answers.taken and intent in _SAYS_NO_MORE else [control]
        answered = (
            []
            if is_social(segment, text, entities, self.answers)
            else self.answers.of(text, entities, segment)
        )
        if answered:
            return answered
        return self._request(segment, text, entities)

    def _asks_for_outcome(self, segment: Segment) -> bool:
        """Tell whether a clause asks for an outcome that the bank itself does not know yet ("so did it go out?")."""
        asked = {score.intent: score.probability for score in segment.intents}
        unsure = segment.top.intent == "status" or segment.top.probability < self.limit["start_in_flow"]
        return (
            bool(self.tracker.unknown) and unsure and asked.get("status", 0.0) >= self.limit["clarify_each"]
        )

    def _stops_at_once(self) -> bool:
        """Tell whether a "stop it" means the card or book just reported, nothing else being under way to be called off."""
        return self._emergency and not self._under_way()

    def _possible(self, segment: Segment) -> Segment:
        """Leave out moves that cannot be made now: without a question there is no "why", with nothing begun no "go on"."""
        out = set() if self.tracker.question is not None else {"why", "skip"}
        if not (self.tracker.stack or self.tracker.ended):
            out |= {"resume"}
        kept = [score for score in segment.intents if score.intent not in out]
        total = sum(score.probability for score in kept)
        if not kept or len(kept) == len(segment.intents) or total <= 0:
            return segment
        share = 1 / max(total, OTHERS_MIN)
        scaled = [IntentScore(score.intent, min(1.0, score.probability * share)) for score in kept]
        return Segment(segment.start, segment.end, scaled)

    def _control(self, intent: str) -> c.Command | None:
        command = _CONTROL.get(intent)
        if command is None or (intent in _NEEDS_FRAME and not self._under_way()):
            return c.Finished() if intent == "cancel" else None  # "never mind"
        if (
            intent == "cancel"
            and self.tracker.question is not None
            and self.tracker.question.what in ("more", "clarify")
        ):
            return c.Deny()
        return command

    def _under_way(self) -> bool:
        return bool(self.tracker.stack or self.tracker.question or self.tracker.ended)

    def _request(self, segment: Segment, text: str, entities: list[Entity]) -> list[c.Command]:
        top = segment.top
        kind = self.release.intents[top.intent].kind if top.intent in self.release.intents else "outside"
        if kind in ("business", "knowledge") and top.probability >= self._start_limit(top.intent):
            if kind == "knowledge" and top.intent != "branch_hours" and self._answerable(text):
                return [c.AskKnowledge(text)]
            started = self._start(top.intent, text, entities)
            if isinstance(started, c.StartFlow):
                self._started = True
                self._emergency = self._emergency or self.release.flows[started.flow].emergency
            return [started]
        if kind == "chitchat" and top.probability >= self.limit["chitchat"]:
            again = self._again(text, entities)
            if again is not None:  # "useless. once more"
                return [again]
            if top.intent == "goodbye" and self.tracker.stack:
                return [c.Finished()]  # who leaves is not asked to go on
            asks = top.intent == "what_can_you_do" and self._answerable(text)
            return [c.AskKnowledge(text) if asks else c.ChitChat(top.intent)]
        if top.intent in ("affirm", "deny") and top.probability >= self.limit["answer"]:
            return [c.Confirm() if top.intent == "affirm" else c.Deny()]
        if (
            self.answers.taken or self._started
        ):  # it belongs to what was said before: "对，给我申请", unless it asks
            return [c.AskKnowledge(text)] if asks_something(text) and self._answerable(text) else []
        return [self._unsure(segment, text, entities, kind)]

    def _start_limit(self, intent: str) -> float:
        """Return how sure a new request must be: surer while a question waits, and surest beside the answer to it."""
        has_flow, question = self.release.flow_of(intent) is not None, self.tracker.question
        answered = self.answers.taken and question is not None and question.what != "more"
        beside = self._started and not has_flow  # "…, I need the cash" beside a request
        limits = [self.limit["start_after_answer"] if answered or beside else self.limit["start"]]
        if question is not None and question.frame is not None:
            limits.append(self.limit["start_in_flow" if has_flow else "start_after_answer"])
        if answered and len(_WORD.findall(self.reading.text)) <= REASONED_ANSWER_WORDS:
            limits.append(self.limit["start_after_short_answer"])  # "yes, the card never left me"
        return max(limits)

    def _unsure(self, segment: Segment, text: str, entities: list[Entity], kind: str) -> c.Command:
        """Nothing is clear enough: see whether articles answer it, else ask which is meant, else say so."""
        again = self._again(text, entities)
        if again is not None:
            return again
        top, likely = segment.top, self._likely(segment)
        paying = self._pays(likely, text, entities)
        if paying is not None:
            return paying
        if kind == "outside" and top.probability >= self.limit["outside"]:
            return c.CannotHandle("unsupported")
        in_flow = self.tracker.question is not None and self.tracker.question.frame is not None
        if self._answerable(text) and (not in_flow or asks_something(text)):
            return self._with_way_on(text, likely)
        if self._one_of(likely) and not in_flow:  # in a flow its question is asked again
            return c.Clarify([name for name, _ in likely], clue_of(text, entities))
        if kind == "outside" and top.probability >= self.limit["clarify"]:
            return c.CannotHandle("unsupported")
        return c.CannotHandle("unclear")

    def _one_of(self, likely: list[tuple[str, float]]) -> bool:
        """Tell whether one of the likely businesses is meant: the first may be, or all together are as sure as a request."""
        if not likely:
            return False
        together = sum(probability for _, probability in likely) if len(likely) > 1 else 0.0
        return likely[0][1] >= self.limit["clarify"] or together >= self.limit["start"]

    def _again(self, text: str, entities: list[Entity]) -> c.Command | None:
        """Begin once more what the bank could not do a moment ago ("再转一次", "try that again")."""
        last = self.tracker.ended[-1] if self.tracker.ended and not self.tracker.stack else None
        if last is None:
            return None
        flow = self.release.flows[last.flow]
        fresh = slots_from(flow, entities)
        if last.outcome == "completed" and fresh and flow.intents and _FURTHER.search(text):  # "再降回5万"
            return c.StartFlow(last.flow, flow.intents[0], {**fresh, "clue": clue_of(text, entities)})
        if last.outcome != "failed" or not _AGAIN.search(text):
            return None
        kept = {name: last.values[name] for name in flow.slots if last.values.get(name) is not None}
        if any(entity.type in ("name", "last_four") for entity in entities):  # who or what is said anew
            kept = {name: value for name, value in kept.items() if not isinstance(value, dict)}
        slots = {**kept, **fresh, "clue": clue_of(text, entities)}
        return c.StartFlow(last.flow, flow.intents[0], slots) if flow.intents else None

    def _pays(self, likely: list[tuple[str, float]], text: str, entities: list[Entity]) -> c.Command | None:
        """Of the likely ones, begin the one that pays a person, where a person and an amount are named."""
        if not {"name", "money"} <= {entity.type for entity in entities}:
            return None
        paying = [name for name, _ in likely if _has_payee(self.release, self.release.flow_of(name))]
        return self._start(paying[0], text, entities) if len(paying) == 1 else None

    def _with_way_on(self, text: str, likely: list[tuple[str, float]]) -> c.Command:
        """Answer from articles; what the customer rather wants done is offered too, a person for what has no flow."""
        intent = likely[0][0] if likely and likely[0][1] >= self.limit["clarify"] else ""
        if intent and self.release.flow_of(intent) is None:
            return c.Unsupported(intent, text)
        return c.AskKnowledge(text, intent if _takes_enquiries(self.release, intent) else "")

    def _likely(self, segment: Segment) -> list[tuple[str, float]]:
        """Return up to three businesses the clause may mean."""
        found = [
            (score.intent, score.probability)
            for score in segment.intents
            if score.intent in self.release.intents
            and self.release.intents[score.intent].kind in ("business", "knowledge")
            and score.intent != "product_question"
        ]
        return [pair for pair in found if pair[1] >= self.limit["clarify_each"]][:3]

    def _answerable(self, text: str) -> bool:
        today = self.answers.today
        found, score = self.release.knowledge.answer(text, language=self.tracker.language, on=today)
        return found is not None and score >= self.limit["knowledge_unasked"]

    def _start(self, intent: str, text: str, entities: list[Entity]) -> c.Command:
        flow_name = self.release.flow_of(intent)
        if flow_name is None and intent == "product_question":
            return c.AskKnowledge(text)
        if flow_name is None or flow_name not in self.release.flows:
            return c.Unsupported(intent, text)
        if _takes_enquiries(self.release, intent) and asks_something(text) and self._answerable(text):
            return c.AskKnowledge(text, intent)
        if len(self.reading.segments) == 1:
            entities = self.reading.entities
        slots: Record = slots_from(self.release.flows[flow_name], entities)
        slots["clue"] = clue_of(text, entities)
        slots["intent"] = intent
        if speaks_for_another(self.reading.text, self.reading.entities):
            slots["for_another"] = True
        return c.StartFlow(flow_name, intent, slots)
