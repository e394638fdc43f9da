"""What the desk keeps beside the record of conversations: accounts, sessions, drafts, phrases, files, and who did what."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from tellerline.desk.account import Account, AccountName
from tellerline.desk.ports import AuditEntry, Draft, Phrase
from tellerline.domain.data import Record
from tellerline.domain.errors import NotFound
from tellerline.store.database import InRecord
from tellerline.store.moment import read_moment, write_moment
from tellerline.store.schema import (
    desk_accounts,
    desk_audit,
    desk_drafts,
    desk_files,
    desk_phrases,
    desk_sessions,
)

AUDIT_GENESIS = hashlib.sha256(b"tellerline desk audit").digest()
_encode = msgspec.json.Encoder(order="deterministic").encode


class SqliteDesk(InRecord):
    """The `DeskBook` in the record's file. Every call is one short transaction."""

    # --- accounts

    def account(self, name: str) -> Account | None:
        """Return an account."""
        with self._reader.connect() as connection:
            return _account(connection, name)

    def account_of(self, subject: str) -> Account | None:
        """Return the account of somebody the bank's own login knows as `subject`."""
        statement = select(desk_accounts.c.body).where(desk_accounts.c.subject == subject)
        with self._reader.connect() as connection:
            body = connection.execute(statement).scalar_one_or_none()
        return None if body is None else msgspec.json.decode(body, type=Account)

    def accounts(self) -> list[Account]:
        """List all, by name."""
        statement = select(desk_accounts.c.body).order_by(desk_accounts.c.account)
        with self._reader.connect() as connection:
            return [
                msgspec.json.decode(body, type=Account) for body in connection.execute(statement).scalars()
            ]

    def change(self, name: str, change: Callable[[Account], Account]) -> Account:
        """Change an account under the write lock. Raises: NotFound, code `account`."""
        with self._writer.begin() as connection:
            before = _account(connection, name)
            if before is None:
                raise NotFound("account", "there is no such account")
            after = change(before)
            if after != before:
                row = _row(after)
                connection.execute(update(desk_accounts).where(desk_accounts.c.account == name).values(row))
        return after

    def add(self, account: Account) -> bool:
        """Keep a new account; False when there is one of this name."""
        with self._writer.begin() as connection:
            added = connection.execute(
                insert_or(desk_accounts).values(_row(account)).on_conflict_do_nothing()
            )
            return added.rowcount == 1

    # --- sessions

    def open_session(self, digest: bytes, account: AccountName, at: datetime) -> None:
        """Keep a session."""
        values = {"digest": digest, "account": account, "opened_at": at, "seen_at": at}
        with self._writer.begin() as connection:
            connection.execute(insert(desk_sessions).values(values))

    def session(self, digest: bytes) -> tuple[AccountName, datetime, datetime] | None:
        """Return whose session it is, when it was opened and when it was last used."""
        columns = desk_sessions.c.account, desk_sessions.c.opened_at, desk_sessions.c.seen_at
        with self._reader.connect() as connection:
            found = connection.execute(select(*columns).where(desk_sessions.c.digest == digest)).one_or_none()
        return None if found is None else (AccountName(found[0]), found[1], found[2])

    def touch_session(self, digest: bytes, at: datetime) -> None:
        """Note that it was used."""
        with self._writer.begin() as connection:
            connection.execute(
                update(desk_sessions).where(desk_sessions.c.digest == digest).values(seen_at=at)
            )

    def end_session(self, digest: bytes) -> None:
        """Forget it."""
        with self._writer.begin() as connection:
            connection.execute(delete(desk_sessions).where(desk_sessions.c.digest == digest))

    def end_sessions(self, account: AccountName) -> None:
        """Forget all of a person's."""
        with self._writer.begin() as connection:
            connection.execute(delete(desk_sessions).where(desk_sessions.c.account == account))

    # --- drafts

    def draft(self, conversation: str, account: str) -> Draft | None:
        """Return what `account` has not sent yet."""
        columns = desk_drafts.c.text, desk_drafts.c.form, desk_drafts.c.saved_at
        with self._reader.connect() as connection:
            found = connection.execute(select(*columns).where(*_here(conversation, account))).one_or_none()
        return None if found is None else Draft(*found)

    def keep_draft(self, conversation: str, account: str, draft: Draft | None) -> None:
        """Keep it, or drop it."""
        with self._writer.begin() as connection:
            connection.execute(delete(desk_drafts).where(*_here(conversation, account)))
            if draft is not None:
                values = {"conversation": conversation, "account": account, **msgspec.structs.asdict(draft)}
                connection.execute(insert(desk_drafts).values(values))

    # --- who did what

    def note(self, at: datetime, account: str, action: str, conversation: str, detail: Record) -> None:
        """Write down who did what, linked to what was written before."""
        last = select(desk_audit.c.number, desk_audit.c.hash).order_by(desk_audit.c.number.desc()).limit(1)
        with self._writer.begin() as connection:
            number, previous = connection.execute(last).one_or_none() or (0, AUDIT_GENESIS)
            row = {
                "number": number + 1,
                "at": write_moment(at),
                "account": account,
                "action": action,
                "conversation": conversation,
                "detail": _encode(detail),
            }
            values = {**row, "previous": previous, "hash": _link(previous, row)}
            connection.execute(insert(desk_audit).values(values))

    def notes(self, *, account: str = "", after: int = 0, limit: int = 100) -> list[AuditEntry]:
        """List what was written down, in order."""
        statement = select(desk_audit).where(desk_audit.c.number > after).order_by(desk_audit.c.number)
        if account:
            statement = statement.where(desk_audit.c.account == account)
        with self._reader.connect() as connection:
            return [
                AuditEntry(
                    row.number,
                    read_moment(row.at),
                    row.account,
                    row.action,
                    row.conversation,
                    msgspec.json.decode(row.detail),
                )
                for row in connection.execute(statement.limit(limit))
            ]

    def check_notes(self) -> int | None:
        """Return the number of the first entry that does not follow from the one before; None when all do."""
        previous, expected = AUDIT_GENESIS, 1
        with self._reader.connect() as connection:
            for row in connection.execute(select(desk_audit).order_by(desk_audit.c.number)):
                entry = {
                    name: getattr(row, name)
                    for name in ("number", "at", "account", "action", "conversation", "detail")
                }
                linked = row.previous == previous and row.hash == _link(previous, entry)
                if row.number != expected or not linked:
                    return expected
                previous, expected = row.hash, expected + 1
        return None

    # --- phrases and files

    def phrases(self) -> list[Phrase]:
        """List the canned replies that the staff brought."""
        with self._reader.connect() as connection:
            bodies = connection.execute(select(desk_phrases.c.body).order_by(desk_phrases.c.id)).scalars()
            return [msgspec.json.decode(body, type=Phrase) for body in bodies]

    def keep_phrases(self, phrases: Sequence[Phrase]) -> None:
        """Keep these, in place of those with the same ids."""
        if not phrases:
            return
        statement = insert_or(desk_phrases)
        put = statement.on_conflict_do_update(
            index_elements=[desk_phrases.c.id], set_={"body": statement.excluded.body}
        )
        rows = [{"id": phrase.id, "body": _encode(phrase)} for phrase in phrases]
        with self._writer.begin() as connection:
            connection.execute(put, rows)

    def keep_file(self, digest: bytes, data: bytes) -> None:
        """Keep a file once."""
        with self._writer.begin() as connection:
            connection.execute(
                insert_or(desk_files).values(digest=digest, data=data).on_conflict_do_nothing()
            )

    def file(self, digest: bytes) -> bytes | None:
        """Return a file."""
        with self._reader.connect() as connection:
            data: bytes | None = connection.execute(
                select(desk_files.c.data).where(desk_files.c.digest == digest)
            ).scalar_one_or_none()
            return data


def _account(connection: Connection, name: str) -> Account | None:
    statement = select(desk_accounts.c.body).where(desk_accounts.c.account == name)
    body = connection.execute(statement).scalar_one_or_none()
    return None if body is None else msgspec.json.decode(body, type=Account)


def _row(account: Account) -> dict[str, object]:
    return {"account": account.account, "body": _encode(account), "subject": account.subject or None}


def _here(conversation: str, account: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return desk_drafts.c.conversation == conversation, desk_drafts.c.account == account


def _link(previous: bytes, row: dict[str, object]) -> bytes:
    """Return the hash of an entry: over the one before and every field, each with its length."""
    hashed = hashlib.sha256(previous)
    for name in ("number", "at", "account", "action", "conversation", "detail"):
        value = row[name]
        data = value if isinstance(value, bytes) else str(value).encode()
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.digest()
