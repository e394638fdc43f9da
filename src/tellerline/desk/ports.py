"""What the desk needs of the rooms around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellerline.desk.account import Account, AccountName
from tellerline.dialogue.tracker import Tracker
from tellerline.domain import command as c
from tellerline.domain import event as e
from tellerline.domain.data import Record


class Conversations(Protocol):
    """The counter, as the desk uses it. Every method raises NotFound for a conversation that is not there."""

    async def record(
        self, conversation: e.ConversationId, decide: Callable[[Tracker], Sequence[e.Body]]
    ) -> list[e.Event]:
        """Append what `decide` makes of the conversation as it stands; nothing happens in between."""
        ...

    async def notice(self, conversation: e.ConversationId, *commands: c.Command, by: str = "") -> None:
        """Take a turn for commands that are not the customer's message."""
        ...

    async def tracker(self, conversation: e.ConversationId) -> Tracker:
        """Return where a conversation stands."""
        ...

    async def all_events(self, conversation: e.ConversationId, *, after: int = 0) -> Sequence[e.Event]:
        """Return the whole record of a conversation."""
        ...


class Draft(msgspec.Struct, frozen=True):
    """What somebody has not sent yet."""

    text: str
    form: str
    saved_at: datetime


class AuditEntry(msgspec.Struct, frozen=True):
    """Who of the staff did what."""

    number: int
    at: datetime
    account: str
    action: str
    conversation: str
    detail: Record


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A canned reply: one text in both languages, with words to find it by."""

    id: str
    title_zh: str
    title_en: str
    zh: str
    en: str
    tags: list[str] = []


class AccountBook(Protocol):
    """The accounts of the staff. Calls are short and may block for a moment."""

    def account(self, name: str) -> Account | None:
        """Return an account."""
        ...

    def account_of(self, subject: str) -> Account | None:
        """Return the account of somebody the bank's own login knows as `subject`."""
        ...

    def accounts(self) -> list[Account]:
        """List all."""
        ...

    def change(self, name: str, change: Callable[[Account], Account]) -> Account:
        """Change an account under a lock. Raises: NotFound."""
        ...

    def add(self, account: Account) -> bool:
        """Keep a new account; False when there is one of this name."""
        ...


class SessionBook(Protocol):
    """Open sessions, by the hash of their key."""

    def open_session(self, digest: bytes, account: AccountName, at: datetime) -> None:
        """Keep a session."""
        ...

    def session(self, digest: bytes) -> tuple[AccountName, datetime, datetime] | None:
        """Return whose session it is, when it was opened and when it was last used."""
        ...

    def touch_session(self, digest: bytes, at: datetime) -> None:
        """Note that it was used."""
        ...

    def end_session(self, digest: bytes) -> None:
        """Forget it."""
        ...

    def end_sessions(self, account: AccountName) -> None:
        """Forget all of a person's."""
        ...


class DraftBook(Protocol):
    """What is being written."""

    def draft(self, conversation: str, account: str) -> Draft | None:
        """Return what `account` has not sent yet."""
        ...

    def keep_draft(self, conversation: str, account: str, draft: Draft | None) -> None:
        """Keep it, or drop it."""
        ...


class AuditBook(Protocol):
    """Who did what. It only grows."""

    def note(self, at: datetime, account: str, action: str, conversation: str, detail: Record) -> None:
        """Write it down."""
        ...

    def notes(self, *, account: str = "", after: int = 0, limit: int = 100) -> list[AuditEntry]:
        """List what was written down, in order."""
        ...


class PhraseBook(Protocol):
    """Canned replies that the staff brought."""

    def phrases(self) -> list[Phrase]:
        """List all."""
        ...

    def keep_phrases(self, phrases: Sequence[Phrase]) -> None:
        """Keep these, in place of those with the same ids."""
        ...


class FileBook(Protocol):
    """Attachments by the SHA-256 of their content."""

    def keep_file(self, digest: bytes, data: bytes) -> None:
        """Keep a file once."""
        ...

    def file(self, digest: bytes) -> bytes | None:
        """Return a file."""
        ...


class DeskBook(AccountBook, SessionBook, DraftBook, AuditBook, PhraseBook, FileBook, Protocol):
    """All that the desk keeps beside the record of conversations."""
