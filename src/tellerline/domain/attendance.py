"""What happens between a conversation and the representatives: offered, accepted, noted, given back, wrapped up.

`representative` is the name of an account. What a customer sees of it is only `shown`, the name at the counter.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from tellerline.domain.choice import Choice
from tellerline.domain.citation import Source
from tellerline.domain.language import Language, Text

AcceptedBy = Literal["offer", "transfer", "takeover"]
ReturnedTo = Literal["assistant", "queue", "callback"]
NoteForm = Literal["note", "question", "answer", "whisper"]


class _Body(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of all event bodies."""


class HandoverOffered(_Body, frozen=True, tag="handover.offered"):
    """It rings at a representative until `expires_at`. `by`: who transfers it to them, while nobody lets go of it."""

    representative: str
    offer: str
    expires_at: datetime
    by: str = ""


class HandoverOfferEnded(_Body, frozen=True, tag="handover.offer_ended"):
    """The ring was declined, not answered in time, or taken back; whoever waits keeps their place."""

    representative: str
    offer: str
    reason: Literal["declined", "unanswered", "withdrawn"]


class HandoverAccepted(_Body, frozen=True, tag="handover.accepted"):
    """A representative speaks with the customer from here on; the assistant is silent.

    how: a ring answered, a transfer taken, or taken over from `before`.
    """

    representative: str
    shown: Text
    how: AcceptedBy = "offer"
    before: str = ""


class HandoverReturned(_Body, frozen=True, tag="handover.returned"):
    """The representative let go: to the assistant, back to a queue, or to be called back.

    reason: given_back | transferred | silent | away | nobody_there | wrapped.
    """

    representative: str
    to: ReturnedTo
    reason: str
    queue: str = ""
    note: str = ""


class TransferRequested(_Body, frozen=True, tag="transfer.requested"):
    """A conversation is to go to another queue or person. Warm: who has it stays until the other has taken it."""

    representative: str
    warm: bool
    queue: str = ""
    to: str = ""
    note: str = ""


class RepresentativeJoined(_Body, frozen=True, tag="representative.joined"):
    """A second representative or a supervisor speaks too. The customer is told."""

    representative: str
    shown: Text


class RepresentativeLeft(_Body, frozen=True, tag="representative.left"):
    """Who had joined has left."""

    representative: str
    shown: Text


class WatchStarted(_Body, frozen=True, tag="watch.started"):
    """A supervisor reads along. The customer was told at the opening that this may happen."""

    representative: str


class WatchEnded(_Body, frozen=True, tag="watch.ended"):
    """The supervisor reads no longer."""

    representative: str


class NoteWritten(_Body, frozen=True, tag="note.written"):
    """Words that no customer sees.

    form: a note for all, a question to a colleague and its answer, or a supervisor's whisper to who speaks.
    to:   the accounts mentioned, who are told.
    """

    representative: str
    text: str
    form: NoteForm = "note"
    to: list[str] = []
    client_id: str = ""


class GuidedPrompted(_Body, frozen=True, tag="guided.prompted"):
    """What the assistant would have said now; the representative may say it, or say it in words of their own.

    required: a rule demands that it is said.
    """

    text: str
    language: Language
    flow: str | None = None
    step: str | None = None
    choices: list[Choice] = []
    sources: list[Source] = []
    required: bool = False


class CardHandled(_Body, frozen=True, tag="copilot.handled"):
    """What a representative did with a card of the copilot. `edited`: how much of the text was changed, 0..1."""

    representative: str
    card: str
    card_kind: str
    outcome: Literal["inserted", "edited", "dismissed"]
    reason: str = ""
    edited: float = 0.0


class FieldRevealed(_Body, frozen=True, tag="field.revealed"):
    """A masked field was shown to a representative, for a reason, until `until`. The value is not kept."""

    representative: str
    field: str
    reason: str
    until: datetime


class ConversationSnoozed(_Body, frozen=True, tag="conversation.snoozed"):
    """The representative takes it up again at `until`, or when the customer writes."""

    representative: str
    until: datetime
    reason: str = ""


class SnoozeEnded(_Body, frozen=True, tag="conversation.woken"):
    """It is taken up again: its time has come, the customer wrote, or the representative asked."""

    reason: Literal["due", "customer", "representative"]


class AttachmentAdded(_Body, frozen=True, tag="attachment.added"):
    """A file came with the conversation. `digest` is the SHA-256 of its content, under which it is kept."""

    author: Literal["customer", "representative"]
    attachment: str
    name: str
    media_type: str
    size_bytes: int
    digest: str
    representative: str = ""


class WrappedUp(_Body, frozen=True, tag="conversation.wrapped"):
    """What it was about and how it ended, as the representative left it. `drafted` is what was proposed.

    area, reason: the two levels of the reason. took_s: from the end of the talk to this.
    """

    representative: str
    outcome: Literal["solved", "promised", "unsolved", "wrong_place", "abandoned"]
    area: str
    reason: str
    summary: str
    drafted: str = ""
    took_s: float = 0.0
