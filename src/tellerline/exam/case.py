"""The form of an exam case: who the customer is, what they do turn by turn, and what must be true after each turn.

Nothing here looks at a whole reply as text: commands, slots, bank actions, evidence, events and figures are checked
where they stand. `docs/guides/build/exam.md` explains every key.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal, TypeAlias

import msgspec

from tellerline.bank.catalogue import KNOWN
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.citation import SourceKind
from tellerline.domain.data import Value
from tellerline.domain.language import Language
from tellerline.domain.remembered import Kind
from tellerline.exam.ability import ABILITIES

Method = Literal["identify", "otp", "face"]
Fault = Literal["unavailable", "unknown_done", "unknown_not_done", "duplicate_ack", "status_unavailable"]
"""Nothing happens; it happens and the answer is lost; the request is lost; it is delivered twice; nobody can tell."""
Outcome = Literal["completed", "cancelled", "failed", "handed_over"]
CommandPattern: TypeAlias = str | dict[str, dict[str, Value]]
"""A command's name, or its name with some of its fields: `StartFlow: {flow: balance}`."""

COMMAND_NAMES = frozenset(kind.__name__ for kind in c.Command.__args__)
EVENT_KINDS = frozenset(str(kind.__struct_config__.tag) for kind in e.Body.__args__)
WAIT_MINUTES_MAX = 7 * 24 * 60
ANYTHING = "*"
"""As the value of a slot: filled, with whatever."""


def _check_names(kind: str, names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"there is no {kind} {name!r}")


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base: an unknown key is an error."""


class Start(_Form, frozen=True):
    """How the conversation begins.

    customer: the app session's token of a demonstration customer; None is a stranger.
    level:    0 not signed in (`customer` is then who will be, in the secure widget), 1 the app session, 2 with a code.
    faults:   how an operation of the bank fails until a turn says otherwise.
    at:       the moment; Monday 2026-11-23, ten in the morning, when it is not given.
    """

    customer: str | None = None
    level: Literal[0, 1, 2] = 0
    language: Language | None = None
    faults: dict[str, Fault] = {}
    at: datetime | None = None

    def __post_init__(self) -> None:
        _check_names("operation", self.faults, KNOWN)
        if self.level > 0 and self.customer is None:
            raise ValueError("level 1 and 2 need a customer")
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError("the moment needs its offset, as in 2026-11-23T10:00:00+08:00")


class Verify(_Form, frozen=True):
    """What the customer does in the secure widget."""

    method: Method
    answer: Literal["right", "wrong"] = "right"


class Again(_Form, frozen=True):
    """The customer comes back in another conversation; what is not said is as the case begins.

    customer: "" is a stranger. level, language: as in `Start`; "theirs" names no language, so that it is the one remembered.
    """

    customer: str | None = None
    level: Literal[0, 1, 2] | None = None
    language: Language | Literal["theirs"] | None = None


class FlowExpected(_Form, frozen=True):
    """Where the flows stand.

    running: the one on top. idle: none is. ended: how, in this conversation. waiting: interrupted or queued.
    never:   not started at any time in this conversation.
    """

    running: str | None = None
    idle: bool | None = None
    ended: dict[str, Outcome] = {}
    waiting: list[str] = []
    never: list[str] = []


class BankExpected(_Form, frozen=True):
    """What the bank was asked and what it did, in the whole conversation so far.

    committed: done exactly as often as named. unknown: asked for, and the outcome is not known yet.
    state:     values of the bank's own books, by path: `cards.0.status`.
    """

    committed: list[str] | None = None
    not_committed: list[str] = []
    prepared: list[str] = []
    looked_up: list[str] = []
    not_looked_up: list[str] = []
    unknown: list[str] = []
    state: dict[str, Value] = {}

    def __post_init__(self) -> None:
        for names in (
            self.committed or [], self.not_committed, self.prepared, self.looked_up, self.not_looked_up, self.unknown
        ):  # fmt: skip
            _check_names("operation", names, KNOWN)


class QuestionExpected(_Form, frozen=True):
    """What the assistant waits for; `none` when it waits for nothing."""

    what: Literal["slot", "confirm", "verify", "resume", "clarify", "change", "more", "none"]
    slot: str | None = None
    options_min: int = 0
    options_max: int | None = None


class ReplyExpected(_Form, frozen=True):
    """The messages of the turn together.

    copy, no_copy: approved texts used or not, as `scope/key`. facts, articles: ids that are cited.
    questions_max: question marks. acknowledges: the customer's situation is named, before anything else.
    fresh:         no message of the turn was said before, word for word.
    mentions:      figures and names, digit for digit; `{{ … }}` is filled from facts, slots and results.
    """

    flow: str | None = None
    step: str | None = None
    copy: list[str] = []
    no_copy: list[str] = []
    has_source: list[SourceKind] = []
    no_source: list[SourceKind] = []
    facts: list[str] = []
    articles: list[str] = []
    language: Language | None = None
    choices_min: int | None = None
    widget: Method | None = None
    max_chars: int | None = None
    questions_max: int | None = None
    acknowledges: bool | None = None
    fresh: bool = False
    mentions: list[str] = []
    not_mentions: list[str] = []


class MemoryExpected(_Form, frozen=True):
    """What is remembered of the case's customer after the turn, by kind, exactly as often as named.

    values: fields of what is remembered, by kind: `{address: {form: teacher}}`; of several, the newest.
    """

    kinds: list[Kind] | None = None
    not_kinds: list[Kind] = []
    values: dict[Kind, dict[str, Value]] = {}


class CaseExpected(_Form, frozen=True):
    """A case opened in this turn."""

    kind: str
    owner: str | None = None
    due_on: date | None = None


class HandoverExpected(_Form, frozen=True):
    """The queue joined in this turn."""

    reason: c.HumanReason
    queue: str | None = None


class Expected(_Form, frozen=True):
    """What must be true after a turn. Everything is optional.

    commands: among those of the turn, in this order. events, no_events: kinds in this turn's part of the record.
    blocked:  rules by which the guard must hold a text back; otherwise none may be. turns: how often the assistant answered.
    alarm:    a scam or crisis alarm would be right, even where none is demanded; elsewhere a false one is a failure.
    """

    commands: list[CommandPattern] = []
    no_commands: list[str] = []
    flow: FlowExpected | None = None
    slots: dict[str, Value] = {}
    bank: BankExpected | None = None
    level: int | None = None
    question: QuestionExpected | None = None
    reply: ReplyExpected | None = None
    events: list[str] = []
    no_events: list[str] = []
    case: CaseExpected | None = None
    handover: HandoverExpected | None = None
    memory: MemoryExpected | None = None
    language: Language | None = None
    closed: bool | None = None
    blocked: list[str] = []
    turns: int | None = None
    alarm: bool = False

    def __post_init__(self) -> None:
        _check_names("event", [*self.events, *self.no_events], EVENT_KINDS)
        for pattern in self.commands:
            if not isinstance(pattern, str) and len(pattern) != 1:
                raise ValueError("one command for each item of the list")
        names = [pattern if isinstance(pattern, str) else next(iter(pattern)) for pattern in self.commands]
        _check_names("command", [*names, *self.no_commands], COMMAND_NAMES)


class Turn(_Form, frozen=True):
    """One thing the customer does, and what must be true afterwards. `faults` replace those of the bank before it.

    say: a message, or several typed in a burst. choose: a button of the last message, by label or position (from 1).
    again: another conversation begins, and its greeting is judged.
    """

    say: str | list[str] | None = None
    verify: Verify | None = None
    wait: int | None = None
    choose: str | int | None = None
    again: Again | None = None
    faults: dict[str, Fault] | None = None
    expect: Expected = Expected()

    def __post_init__(self) -> None:
        given = [
            name for name in ("say", "verify", "wait", "choose", "again") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise ValueError(
                f"a turn is one of say, verify, wait, choose and again, not {len(given)} of them"
            )
        if self.wait is not None and not 0 < self.wait <= WAIT_MINUTES_MAX:
            raise ValueError(f"wait is 1 to {WAIT_MINUTES_MAX} minutes")
        if self.say == []:
            raise ValueError("a burst holds at least one message")
        _check_names("operation", self.faults or {}, KNOWN)


class Case(_Form, frozen=True):
    """A conversation. `secrets` are typed by the customer and may be kept in no form; `opening` judges the greeting.

    unpleasant: the customer is angry, vague, hurried, wrong, mixes languages, changes their mind or is interrupted.
    """

    id: str
    title: str
    turns: list[Turn]
    ability: int | None = None
    unpleasant: bool = False
    start: Start = Start()
    secrets: list[str] = []
    opening: Expected = Expected()

    def __post_init__(self) -> None:
        if not self.turns:
            raise ValueError("a case has at least one turn")
        if self.ability is not None and self.ability not in ABILITIES:
            raise ValueError(f"ability {self.ability} is not one of 1 to {len(ABILITIES)}")
