"""The record: immutable facts of a conversation, in order. Everything else is a fold of them.

Each body is written with its `kind`; unknown kinds and unknown fields are errors, so an old reader never half-understands
a newer record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NewType, TypeAlias

import msgspec

from tellerline.domain.attendance import AttachmentAdded as AttachmentAdded
from tellerline.domain.attendance import CardHandled as CardHandled
from tellerline.domain.attendance import ConversationSnoozed as ConversationSnoozed
from tellerline.domain.attendance import FieldRevealed as FieldRevealed
from tellerline.domain.attendance import GuidedPrompted as GuidedPrompted
from tellerline.domain.attendance import HandoverAccepted as HandoverAccepted
from tellerline.domain.attendance import HandoverOffered as HandoverOffered
from tellerline.domain.attendance import HandoverOfferEnded as HandoverOfferEnded
from tellerline.domain.attendance import HandoverReturned as HandoverReturned
from tellerline.domain.attendance import NoteWritten as NoteWritten
from tellerline.domain.attendance import RepresentativeJoined as RepresentativeJoined
from tellerline.domain.attendance import RepresentativeLeft as RepresentativeLeft
from tellerline.domain.attendance import SnoozeEnded as SnoozeEnded
from tellerline.domain.attendance import TransferRequested as TransferRequested
from tellerline.domain.attendance import WatchEnded as WatchEnded
from tellerline.domain.attendance import WatchStarted as WatchStarted
from tellerline.domain.attendance import WrappedUp as WrappedUp
from tellerline.domain.choice import Choice as Choice
from tellerline.domain.citation import Source
from tellerline.domain.command import CannotReason, Command, HumanReason
from tellerline.domain.data import Record, Value
from tellerline.domain.language import Language
from tellerline.domain.reading import Mood, Reading
from tellerline.domain.remembered import Preference, Remembered

ConversationId = NewType("ConversationId", str)
Author = Literal["customer", "assistant", "representative", "system"]
FrameId = NewType("FrameId", str)


class _Body(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of all event bodies."""


class ConversationOpened(_Body, frozen=True, tag="conversation.opened"):
    """The first event. `token_digest` is the SHA-256 of the customer's key to this conversation."""

    channel: str
    language: Language
    release: str
    token_digest: str
    customer: str | None = None
    level: int = 0


class MessageReceived(_Body, frozen=True, tag="message.received"):
    """A customer's message, redacted at the edge. `redacted` names the kinds of secrets that were replaced."""

    client_id: str
    text: str
    redacted: list[str] = []
    author: Author = "customer"
    problem: Literal["", "empty", "too_long"] = ""


class SystemNoticed(_Body, frozen=True, tag="system.noticed"):
    """Something other than a message that starts a turn: a verification result, silence, recovery, the opening.

    by: the representative who filled in the form of the running flow, if one did.
    """

    command: Command
    by: str = ""


class TurnStarted(_Body, frozen=True, tag="turn.started"):
    """The messages up to `through` are taken together as one turn."""

    through: int
    reading: Reading | None = None


class CommandsDecided(_Body, frozen=True, tag="commands.decided"):
    """What the interpreter made of the turn."""

    interpreter: str
    commands: list[Command]


class LanguageSwitched(_Body, frozen=True, tag="language.switched"):
    """From here on the assistant speaks `language`."""

    language: Language


class AffectNoticed(_Body, frozen=True, tag="affect.noticed"):
    """How the customer feels in this turn, and where the mood of the conversation is going."""

    emotion: str
    intensity: float
    mood: Mood = Mood()


class Acknowledged(_Body, frozen=True, tag="affect.acknowledged"):
    """The assistant acknowledged the customer's situation; it does so once for each."""

    situation: str


class ScamSuspected(_Body, frozen=True, tag="scam.suspected"):
    """Signs of a scam: from here on no flow of this conversation moves money."""


class FlowStarted(_Body, frozen=True, tag="flow.started"):
    """A flow's running instance is put on the stack."""

    frame: FrameId
    flow: str
    intent: str
    values: Record = {}


class FlowQueued(_Body, frozen=True, tag="flow.queued"):
    """A second request of the same message, to be started when the first is done."""

    flow: str
    intent: str
    values: Record = {}


class FlowInterrupted(_Body, frozen=True, tag="flow.interrupted"):
    """Another flow was put above this one."""

    frame: FrameId


class FlowResumed(_Body, frozen=True, tag="flow.resumed"):
    """An interrupted flow is on top again."""

    frame: FrameId


class FlowEnded(_Body, frozen=True, tag="flow.ended"):
    """A flow left the stack."""

    frame: FrameId
    outcome: Literal["completed", "cancelled", "failed", "handed_over"]


class StepEntered(_Body, frozen=True, tag="step.entered"):
    """A frame stands at `step` now."""

    frame: FrameId
    step: str


class SlotSet(_Body, frozen=True, tag="slot.set"):
    """A slot or a computed value of a frame. `source` says where the value came from."""

    frame: FrameId
    slot: str
    value: Value
    source: Literal["customer", "bank", "computed", "default", "earlier"] = "customer"


class SlotCleared(_Body, frozen=True, tag="slot.cleared"):
    """Values of a frame are void: they, or what they rested on, were corrected."""

    frame: FrameId
    slots: list[str]
    reason: Literal["corrected", "rejected", "restarted", "changed"]


class QuestionAsked(_Body, frozen=True, tag="question.asked"):
    """The assistant waits for an answer.

    what:    slot | confirm | verify | resume | clarify | change (which value is wrong?) | more (anything else?).
    options: what "the second" and "neither" refer to: value and label of each.
    clue:    what was told before the question had to be asked, so that it is not asked for again.
    """

    frame: FrameId | None
    what: Literal["slot", "confirm", "verify", "resume", "clarify", "change", "more"]
    slot: str = ""
    options: list[Choice] = []
    level: int = 0
    clue: Record = {}


class AttemptFailed(_Body, frozen=True, tag="attempt.failed"):
    """An answer could not be used; `about` is the slot or step, or `turn` when nothing was understood."""

    frame: FrameId | None
    about: str
    reason: str


class ConfirmationGiven(_Body, frozen=True, tag="confirmation.given"):
    """The customer said yes to exactly what `digest` covers."""

    frame: FrameId
    digest: str


class ConfirmationVoided(_Body, frozen=True, tag="confirmation.voided"):
    """What was confirmed changed; it must be read back again."""

    frame: FrameId
    reason: Literal["corrected", "denied", "changed", "expired", "interrupted"]


class VerificationRequested(_Body, frozen=True, tag="verification.requested"):
    """The secure widget opens for `level`."""

    frame: FrameId | None
    level: int
    method: str


class LevelChanged(_Body, frozen=True, tag="level.changed"):
    """The identity level moved: proven by `method`, or decayed."""

    level: int
    method: str
    customer: str | None = None


class LookupDone(_Body, frozen=True, tag="bank.looked_up"):
    """The bank answered a question. A failure has `error` and no result."""

    frame: FrameId
    step: str
    operation: str
    into: str
    result: Value = None
    error: str = ""


class ActionPrepared(_Body, frozen=True, tag="action.prepared"):
    """The bank said what an action would do; nothing happened yet. `digest` covers action, arguments and terms."""

    frame: FrameId
    step: str
    action: str
    arguments: Record
    terms: Record = {}
    digest: str = ""
    error: str = ""
    expires_at: datetime | None = None


class CommitRequested(_Body, frozen=True, tag="action.commit_requested"):
    """Written before the bank is asked to act, so that no crash can make it act twice."""

    frame: FrameId
    step: str
    action: str
    key: str
    digest: str


class ActionCommitted(_Body, frozen=True, tag="action.committed"):
    """The bank did it, once."""

    frame: FrameId
    step: str
    action: str
    key: str
    into: str
    result: Record


class ActionFailed(_Body, frozen=True, tag="action.failed"):
    """The bank did not do it (`refused`, `unavailable`, `conflict`), or may have (`outcome_unknown`)."""

    frame: FrameId
    step: str
    action: str
    key: str
    error: Literal["refused", "unavailable", "conflict", "outcome_unknown"]
    code: str = ""


CaseStage = Literal["received", "working", "waiting", "closed"]
"""waiting: for something the customer has to bring."""


class CaseOpened(_Body, frozen=True, tag="case.opened"):
    """A promise with a clock: somebody owns it until `due_at`.

    alarms: when a half, four fifths and all of the time are over, moved to when somebody is there to act on it.
    """

    frame: FrameId | None
    number: str
    case_kind: str
    owner: str
    due_at: datetime
    summary: str
    into: str = ""
    alarms: list[datetime] = []


class CaseAdvanced(_Body, frozen=True, tag="case.advanced"):
    """Work on a case went on. `note` is for the staff; the customer is told the stage."""

    number: str
    stage: CaseStage
    by: str
    note: str = ""


class CaseExtended(_Body, frozen=True, tag="case.extended"):
    """A case needs longer; the customer is told why and until when, before the old day has come."""

    number: str
    due_at: datetime
    reason: str
    by: str
    alarms: list[datetime] = []
    approved_by: str = ""


class CaseAlarmed(_Body, frozen=True, tag="case.alarmed"):
    """`share` per cent of a case's time are over and it is still open: its owner is told, once."""

    number: str
    share: int
    owner: str
    due_at: datetime


class CaseEscalated(_Body, frozen=True, tag="case.escalated"):
    """A case goes to a higher desk: it was not closed in time, or somebody asked for it."""

    number: str
    owner: str
    reason: Literal["overdue", "asked"]
    by: str = ""


class CaseClosed(_Body, frozen=True, tag="case.closed"):
    """A promise was kept, or there was nothing left to keep. `answer` is what the customer was told."""

    number: str
    resolution: str
    by: str = ""
    answer: str = ""


class MemoryRecalled(_Body, frozen=True, tag="memory.recalled"):
    """What is remembered of the customer that helps at the greeting, as it was when the conversation began."""

    items: list[Remembered]


class MemoryNoted(_Body, frozen=True, tag="memory.noted"):
    """The customer asked that this be remembered of them."""

    value: Preference


class MemoryForgotten(_Body, frozen=True, tag="memory.forgotten"):
    """The customer asked that this be forgotten: one item, by its id, or None for everything noted until now."""

    item: str | None = None


class MemoryViewed(_Body, frozen=True, tag="memory.viewed"):
    """Somebody of the staff looked at what is remembered of the customer, and said what for."""

    person: str
    purpose: str


class KnowledgeAnswered(_Body, frozen=True, tag="knowledge.answered"):
    """A question was answered from passages and facts in force."""

    question: str
    sources: list[Source]
    score: float


class KnowledgeMissed(_Body, frozen=True, tag="knowledge.missed"):
    """A question had no answer with enough evidence; kept as a gap."""

    question: str
    language: Language
    score: float


class HandoverRequested(_Body, frozen=True, tag="handover.requested"):
    """The conversation waits for a representative. The estimate is what the customer was told."""

    reason: HumanReason
    queue: str
    priority: int
    position: int
    staffed: bool
    wait_minutes: int | None = None
    opens_at: str = ""
    summary: str = ""


class CannotHandleNoticed(_Body, frozen=True, tag="turn.not_handled"):
    """The turn could not be handled, and why."""

    reason: CannotReason


class MessageSent(_Body, frozen=True, tag="message.sent"):
    """A message to the customer, with its evidence. A representative's is taken once under its `client_id`."""

    author: Author
    text: str
    language: Language
    choices: list[Choice] = []
    sources: list[Source] = []
    flow: str | None = None
    step: str | None = None
    case: str | None = None
    widget: str | None = None  # the secure widget to open: identify | otp | face
    representative: str = ""
    client_id: str = ""


class ReplyBlocked(_Body, frozen=True, tag="reply.blocked"):
    """The guard held a text back; the text itself is not kept."""

    rule: str
    flow: str | None
    step: str | None


class TurnEnded(_Body, frozen=True, tag="turn.ended"):
    """The turn is answered."""

    turn: int


class ConversationClosed(_Body, frozen=True, tag="conversation.closed"):
    """No more messages are taken."""

    reason: Literal["finished", "silence", "staff"]


Body: TypeAlias = (
    ConversationOpened | MessageReceived | SystemNoticed | TurnStarted | CommandsDecided | LanguageSwitched
    | AffectNoticed | Acknowledged | ScamSuspected | FlowStarted | FlowQueued | FlowInterrupted | FlowResumed
    | FlowEnded | StepEntered | SlotSet | SlotCleared | QuestionAsked | AttemptFailed | ConfirmationGiven
    | ConfirmationVoided | VerificationRequested | LevelChanged | LookupDone | ActionPrepared | CommitRequested
    | ActionCommitted | ActionFailed | CaseOpened | CaseAdvanced | CaseExtended | CaseAlarmed | CaseEscalated
    | CaseClosed | MemoryRecalled | MemoryNoted | MemoryForgotten | MemoryViewed | KnowledgeAnswered | KnowledgeMissed
    | HandoverRequested | CannotHandleNoticed | MessageSent | ReplyBlocked | TurnEnded | ConversationClosed
    | HandoverOffered | HandoverOfferEnded | HandoverAccepted | HandoverReturned | TransferRequested
    | RepresentativeJoined | RepresentativeLeft | WatchStarted | WatchEnded | NoteWritten | GuidedPrompted
    | CardHandled | FieldRevealed | ConversationSnoozed | SnoozeEnded | AttachmentAdded | WrappedUp
)  # fmt: skip


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the record. `sequence` starts at 1 and has no gaps within a conversation."""

    sequence: int
    at: datetime
    body: Body


PUBLIC_KINDS: frozenset[str] = frozenset(
    {
        "conversation.opened",
        "message.received",
        "message.sent",
        "verification.requested",
        "level.changed",
        "case.opened",
        "case.advanced",
        "case.extended",
        "case.closed",
        "handover.requested",
        "handover.accepted",
        "handover.returned",
        "representative.joined",
        "representative.left",
        "attachment.added",
        "language.switched",
        "turn.ended",
        "conversation.closed",
    }
)
"""Kinds a customer may see of their own conversation."""


def kind_of(body: Body) -> str:
    """Return the kind that `body` is written with."""
    return str(body.__struct_config__.tag)
