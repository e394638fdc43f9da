"""What the customer wants to happen: the one grammar every interpreter emits and the dialogue obeys."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from tellerline.domain.data import Record, Value
from tellerline.domain.language import Language
from tellerline.domain.remembered import Preference

CannotReason = Literal[
    "unclear", "unsupported", "no_evidence", "not_permitted", "too_long", "empty", "language"
]
HumanReason = Literal["asked", "crisis", "scam", "complaint", "failures", "hardship", "legal", "policy"]


class _Command(msgspec.Struct, frozen=True, tag_field="command", tag=True, forbid_unknown_fields=True):
    """Base of all commands; each is written with its class name as `command`."""


class StartFlow(_Command, frozen=True):
    """Begin a flow; `slots` are values given with the request, `intent` is what was understood."""

    flow: str
    intent: str
    slots: dict[str, Value] = {}


class SetSlot(_Command, frozen=True):
    """Fill a slot of the running flow with a new value."""

    slot: str
    value: Value


class CorrectSlot(_Command, frozen=True):
    """Replace a value given before; voids a confirmation already given."""

    slot: str
    value: Value


class ReopenSlot(_Command, frozen=True):
    """The value of a slot was wrong, and the right one is not yet known: ask again."""

    slot: str


class RejectValue(_Command, frozen=True):
    """The customer answered the question, but with a value that cannot be taken; `reason` is a copy key."""

    slot: str
    reason: str
    value: Value = None


class Confirm(_Command, frozen=True):
    """Yes to what was read back."""


class Deny(_Command, frozen=True):
    """No to what was read back or offered."""


class Choose(_Command, frozen=True):
    """Pick one of the offered choices by its value."""

    value: Value


class CancelFlow(_Command, frozen=True):
    """Stop the running flow."""


class ResumeFlow(_Command, frozen=True):
    """Go on with an interrupted flow; None means the latest."""

    flow: str | None = None


class SkipQuestion(_Command, frozen=True):
    """Does not want to, or cannot, answer the pending question."""


class UndoLast(_Command, frozen=True):
    """Take back what was done last."""


class RepeatLast(_Command, frozen=True):
    """Say it again."""


class Explain(_Command, frozen=True):
    """Did not understand what was said or asked."""


class AskWhy(_Command, frozen=True):
    """Why is this asked?"""


class AskStatus(_Command, frozen=True):
    """Where do we stand?"""


class Wait(_Command, frozen=True):
    """The customer needs a moment."""


class Restart(_Command, frozen=True):
    """Start over."""


class SwitchLanguage(_Command, frozen=True):
    """Go on in another language; `asked` when the customer asked for it rather than simply writing in it."""

    language: Language
    asked: bool = False


class Clarify(_Command, frozen=True):
    """Several intents are likely; ask which. At most three. `clue` is what the message told besides."""

    intents: list[str]
    clue: Record = {}


class AskKnowledge(_Command, frozen=True):
    """A question for the articles and facts. `about`: the business it concerns, offered once it is answered."""

    question: str
    about: str = ""


class Unsupported(_Command, frozen=True):
    """Understood, but this business has no flow: answer from knowledge and offer a human."""

    intent: str
    question: str


class ChitChat(_Command, frozen=True):
    """Social talk; `topic` is the chit-chat intent."""

    topic: str


class HumanHandoff(_Command, frozen=True):
    """To a representative."""

    reason: HumanReason


class InvokeRight(_Command, frozen=True):
    """The customer invokes a right; never argued with, always registered."""

    right: Literal["complaint", "privacy", "explanation", "legal"]
    text: str = ""


class ReportFraud(_Command, frozen=True):
    """Signs of a scam: outgoing money stops. `text` is what the customer told; `lost`, that money or secrets have gone."""

    text: str = ""
    lost: bool = False
    for_another: bool = False


class Finished(_Command, frozen=True):
    """Nothing else is wanted."""


class CannotHandle(_Command, frozen=True):
    """No command could be made of the message, and why."""

    reason: CannotReason


# The following come from the system, not from the customer's words.


class OpenConversation(_Command, frozen=True):
    """A conversation begins: label, notice, greeting."""


class Verified(_Command, frozen=True):
    """The secure widget reported a level reached, for whom and how."""

    level: int
    customer: str
    method: str


class VerificationFailed(_Command, frozen=True):
    """The secure widget reported a failure; `final` after the last try."""

    reason: str
    final: bool


class Silence(_Command, frozen=True):
    """The customer has been silent; `count` is how often this was noticed in a row."""

    count: int


class NoteSecret(_Command, frozen=True):
    """The customer typed a secret or a card number into the chat; it was replaced before anything saw it."""


class NoteMemory(_Command, frozen=True):
    """On their page the customer chose something to be remembered of them."""

    value: Preference


class ForgetMemory(_Command, frozen=True):
    """On their page the customer deleted one thing remembered of them, by its id; everything when it is None."""

    item: str | None = None


class Continue(_Command, frozen=True):
    """Take up the work where a crash or a reconciliation left it."""


# The following come from the work on cases: from their clocks, and from the staff.


class CaseTimer(_Command, frozen=True):
    """`share` per cent of the time of a case are over; it was due at `due_at` when the clock was set."""

    number: str
    share: int
    due_at: datetime


class AdvanceCase(_Command, frozen=True):
    """A member of the staff takes a case up, or waits for the customer."""

    number: str
    stage: Literal["working", "waiting"]
    by: str
    note: str = ""


class ExtendCase(_Command, frozen=True):
    """A case needs until `due_at`, for `reason`, which the customer is told; beyond the ordinary, `approved_by`."""

    number: str
    due_at: datetime
    reason: str
    by: str
    approved_by: str = ""


class EscalateCase(_Command, frozen=True):
    """A member of the staff brings a case before a higher desk."""

    number: str
    by: str


class CloseCase(_Command, frozen=True):
    """A case is decided; the customer is told the decision and the answer."""

    number: str
    decision: Literal["kept", "upheld", "partly_upheld", "rejected", "withdrawn"]
    answer: str
    by: str


Command: TypeAlias = (
    StartFlow | SetSlot | CorrectSlot | ReopenSlot | RejectValue | Confirm | Deny | Choose | CancelFlow | ResumeFlow
    | SkipQuestion | UndoLast | RepeatLast | Explain | AskWhy | AskStatus | Wait | Restart | SwitchLanguage | Clarify
    | AskKnowledge | Unsupported | ChitChat | HumanHandoff | InvokeRight | ReportFraud | Finished | CannotHandle
    | OpenConversation | NoteSecret | Verified | VerificationFailed | Silence | Continue | CaseTimer | AdvanceCase
    | ExtendCase | EscalateCase | CloseCase | NoteMemory | ForgetMemory
)  # fmt: skip
