"""The state of a conversation as a fold of its events. Bounded: it does not grow with the length of the conversation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from tellerline.cases.case import Case, CaseEvent, fold_case
from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.command import (
    AdvanceCase,
    AskKnowledge,
    CaseTimer,
    CloseCase,
    Continue,
    EscalateCase,
    ExtendCase,
    Silence,
)
from tellerline.domain.data import Record
from tellerline.domain.language import Language
from tellerline.domain.reading import Mood
from tellerline.domain.remembered import Remembered
from tellerline.flows.frame import Frame, Pending

_ONLY_DIGITS = re.compile(r"[\d\s-]+")
ENDED_MAX = 6  # finished flows kept for "where do we stand", "undo" and earlier answers
SAID_MAX = 4  # messages kept for "say it again"
TYPED_MAX = 64  # characters kept of the customer's last message: a card number may go on in the next one


_BEHIND = (CaseTimer, AdvanceCase, ExtendCase, EscalateCase, CloseCase, Continue)  # no sign of the customer


class Question(msgspec.Struct):
    """What the assistant waits for."""

    what: str
    frame: str | None = None
    slot: str = ""
    options: list[e.Choice] = []
    level: int = 0
    clue: Record = {}


class Queued(msgspec.Struct):
    """A request that waits for its turn."""

    flow: str
    intent: str
    values: Record = {}


class Ended(msgspec.Struct):
    """A flow that left the stack, with what may still be asked about it."""

    flow: str
    outcome: str
    values: Record
    origins: dict[str, str]
    committed: list[str]


class Waiting(msgspec.Struct):
    """The conversation is queued for a representative."""

    reason: str
    queue: str
    priority: int
    position: int
    staffed: bool
    wait_minutes: int | None = None


class Unknown(msgspec.Struct):
    """An action whose outcome is not known."""

    frame: str
    step: str
    action: str
    key: str
    into: str = ""


class Tracker(msgspec.Struct):
    """A conversation as the dialogue needs it. `sequence` is that of the last event folded in."""

    sequence: int = 0
    at: datetime | None = None
    conversation: str = ""
    release: str = ""
    channel: str = ""
    language: Language = "zh"
    token_digest: str = ""
    customer: str | None = None
    level: int = 0
    session_level: int = 0  # what the channel itself vouches for; a higher level decays to it
    decayed: bool = False  # a proven level fell after idling, and has not been asked for again yet
    turn: int = 0
    frame_count: int = 0
    received: int = 0  # sequence of the last message or notice received
    answered: int = 0  # sequence up to which turns have been answered
    taking: int = 0  # sequence up to which the open turn takes messages
    typed: str = ""  # how the customer's last message ended, as it was kept
    turn_open: bool = False
    ended_at: datetime | None = None  # when the last turn was answered in which the customer did something
    heard: bool = False  # the customer has done something since then
    stack: list[Frame] = []
    queue: list[Queued] = []
    ended: list[Ended] = []
    question: Question | None = None
    said: list[e.MessageSent] = []
    emotion: str = "neutral"
    intensity: float = 0.0
    vulnerable: float = 0.0  # how surely the last message tells of illness, loss or not coping
    mood: Mood = Mood()
    acknowledged: list[str] = []
    misses: int = 0
    clarifications: int = 0
    suspected_scam: bool = False
    waiting: Waiting | None = None
    asked: Waiting | None = None  # the last request for a representative, waiting or attended
    owner: str = ""  # the representative who speaks; "" while the assistant does
    cases: list[Case] = []
    unknown: list[Unknown] = []
    sources: list[Source] = []
    inquired: str = ""  # the customer's question of the last turn that articles and facts answered
    recalled: list[Remembered] = []  # of earlier conversations, when this one began
    silences: int = 0  # times in a row that the customer's silence was noticed
    closed: bool = False

    @property
    def top(self) -> Frame | None:
        """The running flow, if any."""
        return self.stack[-1] if self.stack else None

    def frame(self, frame_id: str | None) -> Frame | None:
        """Return the frame `frame_id` while it is on the stack."""
        return next((frame for frame in self.stack if frame.id == frame_id), None)

    def case(self, number: str) -> Case | None:
        """Return the case `number` of this conversation."""
        return next((case for case in self.cases if case.number == number), None)

    @property
    def open_cases(self) -> list[Case]:
        """The cases in which something is still owed, the oldest first."""
        return [case for case in self.cases if case.is_open]

    def copy(self) -> Tracker:
        """Return a deep copy."""
        return msgspec.msgpack.decode(msgspec.msgpack.encode(self), type=Tracker)


def fold(tracker: Tracker, event: e.Event) -> None:
    """Bring `tracker` up to date with the next event, in place.

    Raises: AssertionError when the event is not the next one.
    """
    assert event.sequence == tracker.sequence + 1, (event.sequence, tracker.sequence)
    tracker.sequence = event.sequence
    tracker.at = event.at
    handler = _FOLDS.get(type(event.body))
    if handler is not None:
        handler(tracker, event.body)


def _opened(t: Tracker, b: e.ConversationOpened) -> None:
    t.channel, t.language, t.release = b.channel, b.language, b.release
    t.token_digest, t.customer, t.level, t.session_level = b.token_digest, b.customer, b.level, b.level


def _received(t: Tracker, b: e.MessageReceived | e.SystemNoticed) -> None:
    t.received = t.sequence
    command = b.command if isinstance(b, e.SystemNoticed) else None
    if isinstance(command, Silence):
        t.silences += 1
    elif not isinstance(command, _BEHIND):
        t.silences, t.heard = 0, True
    if isinstance(b, e.MessageReceived):
        before = (
            f"{t.typed} " if _ONLY_DIGITS.fullmatch(b.text) else ""
        )  # one group of a number after another
        t.typed = (before + b.text)[-TYPED_MAX:]


def _turn_started(t: Tracker, b: e.TurnStarted) -> None:
    t.turn_open, t.taking = True, b.through
    if b.reading is not None:
        t.vulnerable = b.reading.flags.get("vulnerability", 0.0)


def _commands_decided(t: Tracker, b: e.CommandsDecided) -> None:
    asked = [command.question for command in b.commands if isinstance(command, AskKnowledge)]
    t.inquired = asked[-1] if asked else ""


def _turn_ended(t: Tracker, b: e.TurnEnded) -> None:
    t.turn, t.turn_open, t.answered = b.turn, False, t.taking
    if t.heard:  # to be asked "are you there?" is to be idle still
        t.ended_at, t.heard = t.at, False


def _scam(t: Tracker, b: e.ScamSuspected) -> None:
    t.suspected_scam = True


def _acknowledged(t: Tracker, b: e.Acknowledged) -> None:
    t.acknowledged = [*t.acknowledged[-9:], b.situation]


def _language(t: Tracker, b: e.LanguageSwitched) -> None:
    t.language = b.language


def _affect(t: Tracker, b: e.AffectNoticed) -> None:
    t.emotion, t.intensity, t.mood = b.emotion, b.intensity, b.mood


def _flow_started(t: Tracker, b: e.FlowStarted) -> None:
    t.frame_count += 1
    t.stack.append(Frame(b.frame, b.flow, b.intent, "", dict(b.values), started_turn=t.turn + 1))
    t.question = None
    t.misses = t.clarifications = 0
    if t.queue and t.queue[0].flow == b.flow:
        t.queue.pop(0)


def _flow_queued(t: Tracker, b: e.FlowQueued) -> None:
    t.queue.append(Queued(b.flow, b.intent, dict(b.values)))


def _flow_interrupted(t: Tracker, b: e.FlowInterrupted) -> None:
    frame = t.frame(b.frame)
    if frame is not None:
        frame.interrupted = True


def _flow_resumed(t: Tracker, b: e.FlowResumed) -> None:
    frame = t.frame(b.frame)
    if frame is not None:
        frame.interrupted = False
        t.stack.remove(frame)
        t.stack.append(frame)
    t.question = None


def _flow_ended(t: Tracker, b: e.FlowEnded) -> None:
    frame = t.frame(b.frame)
    if frame is None:
        return
    t.stack.remove(frame)
    t.ended = [
        *t.ended[-(ENDED_MAX - 1) :],
        Ended(frame.flow, b.outcome, frame.values, frame.origins, frame.committed),
    ]
    if t.question is not None and t.question.frame == b.frame:
        t.question = None


def _step_entered(t: Tracker, b: e.StepEntered) -> None:
    frame = t.frame(b.frame)
    if frame is None:
        return
    asked = t.question is not None and t.question.what == "slot" and t.question.frame == b.frame
    if asked and b.step != frame.step:
        t.question = None  # it was asked at the step that is left
    frame.step, frame.failure, frame.failure_code = b.step, "", ""


def _slot_set(t: Tracker, b: e.SlotSet) -> None:
    frame = t.frame(b.frame)
    if frame is None:
        return
    frame.values[b.slot] = b.value
    if b.source in ("bank", "computed"):
        frame.origins[b.slot] = f"{b.source}@{t.sequence}"
    if isinstance(b.value, dict):  # one of the records the bank listed: it has the list's origin
        for name, origin in list(frame.origins.items()):
            listed = frame.values.get(name)
            if isinstance(listed, list) and b.value in listed:
                frame.origins[b.slot] = origin
    if t.question is not None and t.question.frame == b.frame and t.question.slot == b.slot:
        t.question = None
    t.misses = 0


def _slot_cleared(t: Tracker, b: e.SlotCleared) -> None:
    frame = t.frame(b.frame)
    if frame is not None:
        for slot in b.slots:
            frame.values.pop(slot, None)
            frame.origins.pop(slot, None)
    if b.reason == "corrected" and t.question is not None and t.question.what == "change":
        t.question = None


def _asked(t: Tracker, b: e.QuestionAsked) -> None:
    t.question = Question(b.what, b.frame, b.slot, list(b.options), b.level, b.clue)
    if b.what == "clarify":
        t.clarifications += 1


def _attempt(t: Tracker, b: e.AttemptFailed) -> None:
    frame = t.frame(b.frame)
    if frame is None:
        t.misses += 1
    else:
        frame.attempts[b.about] = frame.attempts.get(b.about, 0) + 1


def _confirmed(t: Tracker, b: e.ConfirmationGiven) -> None:
    frame = t.frame(b.frame)
    if frame is not None and frame.pending is not None:
        frame.pending.confirmed = True
    t.question = None


def _voided(t: Tracker, b: e.ConfirmationVoided) -> None:
    frame = t.frame(b.frame)
    if frame is not None:
        frame.pending = None
    if t.question is not None and t.question.what == "confirm":
        t.question = None


def _level(t: Tracker, b: e.LevelChanged) -> None:
    t.level = b.level
    t.decayed = b.method == "idle"
    if b.customer is not None:
        t.customer = b.customer
    if t.question is not None and t.question.what == "verify":
        t.question = None


def _verification_asked(t: Tracker, b: e.VerificationRequested) -> None:
    t.decayed = False


def _looked_up(t: Tracker, b: e.LookupDone) -> None:
    frame = t.frame(b.frame)
    if frame is None:
        return
    if b.error:
        frame.failure, _, frame.failure_code = b.error.partition(":")
        return
    frame.values[b.into] = b.result
    frame.origins[b.into] = f"{b.operation}@{t.sequence}"


def _prepared(t: Tracker, b: e.ActionPrepared) -> None:
    frame = t.frame(b.frame)
    if frame is None:
        return
    if b.error:
        frame.failure, _, frame.failure_code = b.error.partition(":")
        frame.values["refusal"] = b.terms
        return
    expires = b.expires_at.isoformat() if b.expires_at else ""
    frame.pending = Pending(b.step, b.action, b.arguments, b.terms, b.digest, expires)
    frame.values["terms"] = b.terms
    frame.origins["terms"] = f"{b.action}@{t.sequence}"


def _commit_requested(t: Tracker, b: e.CommitRequested) -> None:
    frame = t.frame(b.frame)
    if frame is not None:
        frame.keys[b.step] = b.key


def _committed(t: Tracker, b: e.ActionCommitted) -> None:
    t.unknown = [unknown for unknown in t.unknown if unknown.key != b.key]
    frame = t.frame(b.frame)
    if frame is None:
        return
    frame.committed.append(b.action)
    frame.pending = None
    frame.keys.pop(b.step, None)
    if b.into:
        frame.values[b.into] = b.result
        frame.origins[b.into] = f"{b.action}@{t.sequence}"


def _action_failed(t: Tracker, b: e.ActionFailed) -> None:
    t.unknown = [unknown for unknown in t.unknown if unknown.key != b.key]
    if b.error == "outcome_unknown":
        t.unknown.append(Unknown(b.frame, b.step, b.action, b.key))
    frame = t.frame(b.frame)
    if frame is None:
        return
    frame.keys.pop(b.step, None)
    frame.failure = "unknown" if b.error == "outcome_unknown" else b.error
    frame.failure_code = b.code


def _case(t: Tracker, b: CaseEvent) -> None:
    assert t.at is not None
    t.cases = fold_case(t.cases, b, t.at)
    if not isinstance(b, e.CaseOpened) or not b.into:
        return
    frame = t.frame(b.frame)
    if frame is not None:
        frame.values[b.into] = {"number": b.number, "due_at": b.due_at.isoformat(), "kind": b.case_kind}
        frame.origins[b.into] = f"case@{t.sequence}"


def _recalled(t: Tracker, b: e.MemoryRecalled) -> None:
    t.recalled = b.items


def _forgotten(t: Tracker, b: e.MemoryForgotten) -> None:
    t.recalled = []


def _answered(t: Tracker, b: e.KnowledgeAnswered) -> None:
    t.sources, t.misses = b.sources, 0


def _handover(t: Tracker, b: e.HandoverRequested) -> None:
    t.waiting = t.asked = Waiting(b.reason, b.queue, b.priority, b.position, b.staffed, b.wait_minutes)


def _accepted(t: Tracker, b: e.HandoverAccepted) -> None:
    t.owner, t.waiting = b.representative, None


def _returned(t: Tracker, b: e.HandoverReturned) -> None:
    t.owner, t.waiting = "", None
    if b.to == "queue":
        asked = t.asked or Waiting("asked", "general", 5, 1, staffed=False)
        t.waiting = t.asked = msgspec.structs.replace(asked, queue=b.queue or asked.queue)


def _sent(t: Tracker, b: e.MessageSent) -> None:
    t.said = [*t.said[-(SAID_MAX - 1) :], b]


def _closed(t: Tracker, b: e.ConversationClosed) -> None:
    t.closed = True


_FOLDS: dict[type, Callable[[Tracker, Any], None]] = {
    e.ConversationOpened: _opened,
    e.MessageReceived: _received,
    e.SystemNoticed: _received,
    e.TurnStarted: _turn_started,
    e.CommandsDecided: _commands_decided,
    e.TurnEnded: _turn_ended,
    e.ScamSuspected: _scam,
    e.Acknowledged: _acknowledged,
    e.LanguageSwitched: _language,
    e.AffectNoticed: _affect,
    e.FlowStarted: _flow_started,
    e.FlowQueued: _flow_queued,
    e.FlowInterrupted: _flow_interrupted,
    e.FlowResumed: _flow_resumed,
    e.FlowEnded: _flow_ended,
    e.StepEntered: _step_entered,
    e.SlotSet: _slot_set,
    e.SlotCleared: _slot_cleared,
    e.QuestionAsked: _asked,
    e.AttemptFailed: _attempt,
    e.ConfirmationGiven: _confirmed,
    e.ConfirmationVoided: _voided,
    e.LevelChanged: _level,
    e.VerificationRequested: _verification_asked,
    e.LookupDone: _looked_up,
    e.ActionPrepared: _prepared,
    e.CommitRequested: _commit_requested,
    e.ActionCommitted: _committed,
    e.ActionFailed: _action_failed,
    **dict.fromkeys(
        (e.CaseOpened, e.CaseAdvanced, e.CaseExtended, e.CaseAlarmed, e.CaseEscalated, e.CaseClosed), _case
    ),
    e.MemoryRecalled: _recalled,
    e.MemoryForgotten: _forgotten,
    e.KnowledgeAnswered: _answered,
    e.HandoverRequested: _handover,
    e.HandoverAccepted: _accepted,
    e.HandoverReturned: _returned,
    e.MessageSent: _sent,
    e.ConversationClosed: _closed,
}
