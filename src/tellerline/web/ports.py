"""What the web needs of the rooms behind it: the counter that serves conversations, and the demonstration bank."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from tellerline.bank.contract import Challenge
from tellerline.domain.data import Record
from tellerline.domain.event import ConversationId, Event
from tellerline.domain.language import Language
from tellerline.domain.remembered import Kind
from tellerline.memory.shown import Shown


class Opened(Protocol):
    """A conversation that was opened; `token` is told only here."""

    @property
    def id(self) -> ConversationId:
        """The conversation."""
        ...

    @property
    def token(self) -> str:
        """The customer's key to it."""
        ...


class Received(Protocol):
    """A message that was taken."""

    @property
    def sequence(self) -> int:
        """Where it stands in the record."""
        ...


class VerificationResult(Protocol):
    """What became of an answer in the secure widget."""

    @property
    def passed(self) -> bool:
        """Whether the answer proved it."""
        ...

    @property
    def level(self) -> int:
        """The identity level of the conversation now."""
        ...

    @property
    def reason(self) -> str:
        """Why it did not pass: wrong, expired, locked, declined, or pending while a device has not answered."""
        ...

    @property
    def tries_left(self) -> int:
        """How many more answers this challenge takes."""
        ...


class Counter(Protocol):
    """Serves conversations. Every method but `open` raises NotFound for a conversation that is not there."""

    async def open(self, *, channel: str, language: Language | None, customer_token: str | None) -> Opened:
        """Open a conversation and greet. Raises: Refused when the customer token is not valid."""
        ...

    async def check_token(self, conversation: ConversationId, token: str) -> None:
        """Let only the holder of the token in. Raises: NotFound, the same for an unknown conversation."""
        ...

    async def receive(self, conversation: ConversationId, *, client_id: str, text: str) -> Received:
        """Take a message, once per client id; it is answered soon. Raises: Conflict when closed."""
        ...

    async def answer(self, conversation: ConversationId, *, client_id: str, text: str) -> Sequence[Event]:
        """Take a message, answer it at once and return the turn's public events. Raises: as `receive`."""
        ...

    async def typing(self, conversation: ConversationId) -> None:
        """Note that the customer is typing."""
        ...

    async def start_verification(self, conversation: ConversationId, method: str) -> Challenge:
        """Begin a verification. Raises: Refused (`locked`, `wrong_order`); Unavailable."""
        ...

    async def check_verification(
        self, conversation: ConversationId, challenge: str, answer: Record
    ) -> VerificationResult:
        """Check what was typed into the secure widget, and let the flow go on."""
        ...

    async def events(self, conversation: ConversationId, *, after: int) -> Sequence[Event]:
        """Return the public events after `after`, in order."""
        ...

    def feed(self, conversation: ConversationId, *, after: int) -> AsyncIterator[Event]:
        """Yield the public events after `after`, and then each as it happens, without gap or repeat."""
        ...

    async def all_events(self, conversation: ConversationId, *, after: int = 0) -> Sequence[Event]:
        """Return the whole record, for those who may see why."""
        ...


class Remembering(Protocol):
    """What is remembered of customers. Every method raises NotFound for a conversation that is not there."""

    async def own(self, conversation: ConversationId) -> list[Shown]:
        """Return what is remembered of the customer. Raises: Refused, code `level_too_low`."""
        ...

    async def prefer(self, conversation: ConversationId, kind: Kind, chosen: str) -> None:
        """Have a preference remembered. Raises: Refused; Conflict when the conversation is closed; Unavailable."""
        ...

    async def forget(self, conversation: ConversationId, item: str | None) -> None:
        """Have one thing forgotten, or everything. Raises: NotFound; Refused; Conflict."""
        ...

    async def viewed(self, conversation: ConversationId, *, person: str, purpose: str) -> list[Shown]:
        """Return what is remembered to staff, masked, and record the look. Raises: Invalid; Refused."""
        ...


class DemoBank(Protocol):
    """The demonstration bank's other side: its customers' phones, its weak spots and its books. Names are {zh, en}.

    A customer is {token, name, story, phone, id_last_four, elder}; a phone's entry is
    {id, at, kind: sms | face, text, code?, state?: pending | approved | declined | expired}, newest first.
    """

    async def customers(self) -> list[Record]:
        """List whom a visitor of the demonstration may sign in as."""
        ...

    async def phone(self, customer_token: str) -> list[Record]:
        """List what arrived on a customer's phone. Raises: NotFound."""
        ...

    async def answer_face(self, customer_token: str, check: str, *, approve: bool) -> None:
        """Answer a face check on the customer's phone. Raises: NotFound; Conflict when it is answered already."""
        ...

    async def faults(self) -> Record:
        """Tell which faults the bank plays."""
        ...

    async def set_faults(self, faults: Record) -> Record:
        """Play other faults; return those played now. Raises: Invalid."""
        ...

    async def state(self, customer_token: str) -> Record:
        """Show a customer's books as the bank holds them. Raises: NotFound."""
        ...
