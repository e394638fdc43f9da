"""A person of the staff: who they are, what they know, and how often somebody has tried their password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NewType

import msgspec

from tellerline.desk.permission import Role
from tellerline.domain.data import Record
from tellerline.domain.language import LANGUAGES, Language, Text

AccountName = NewType("AccountName", str)
Skill = Literal["novice", "skilled", "expert"]

TRIES_MAX = 5  # wrong passwords or codes in a row before the account is locked
LOCK = timedelta(minutes=5)  # the first lock; each further one lasts twice as long
LOCK_MAX = timedelta(hours=1)


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account of the staff.

    queues, languages, licences: what is routed to them; capacity: conversations at a time.
    skill:         how much the copilot explains.
    password_hash: argon2id; "" where only the bank's own login is used.
    totp_secret:   base32; "" without a second factor. totp_used: the last time step whose code was taken.
    subject:       who they are to the bank's own login.
    tries, locks:  wrong passwords since the last right one, and how often that led to a lock.
    """

    account: AccountName
    shown: Text
    role: Role
    queues: list[str] = []
    languages: list[Language] = msgspec.field(default_factory=lambda: list(LANGUAGES))
    licences: list[str] = []
    capacity: int = 3
    skill: Skill = "skilled"
    password_hash: str = ""
    totp_secret: str = ""
    totp_used: int = 0
    subject: str = ""
    disabled: bool = False
    tries: int = 0
    locks: int = 0
    locked_until: datetime | None = None
    preferences: Record = {}


def locked_for_s(account: Account, now: datetime) -> int:
    """Return for how many more seconds nobody can sign in; 0 when one can."""
    if account.locked_until is None or account.locked_until <= now:
        return 0
    return int((account.locked_until - now).total_seconds()) + 1


def failed(account: Account, now: datetime) -> Account:
    """Return the account after a wrong password or code."""
    tries = account.tries + 1
    if tries < TRIES_MAX:
        return msgspec.structs.replace(account, tries=tries)
    lock = min(LOCK * 2**account.locks, LOCK_MAX)
    return msgspec.structs.replace(account, tries=0, locks=min(account.locks + 1, 8), locked_until=now + lock)


def succeeded(account: Account, *, totp_used: int = 0) -> Account:
    """Return the account after somebody signed in."""
    used = max(totp_used, account.totp_used)
    return msgspec.structs.replace(account, tries=0, locks=0, locked_until=None, totp_used=used)
