"""Who signs in: a password and, where there is one, a second factor; or whom the bank's own login vouches for.

A session is a random key that only its cookie holds; the server keeps its hash and can end it. The cookie is signed, so
that a made-up one costs no look into the record. What guards a form against other sites follows from the same key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec
import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from tellerline.desk.account import Account, AccountName, failed, locked_for_s, succeeded
from tellerline.desk.pack import DemoAccount
from tellerline.desk.permission import check_permission
from tellerline.desk.ports import DeskBook
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record
from tellerline.domain.errors import Invalid, ServiceError, Unavailable

IDLE = timedelta(minutes=30)
AGE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # a session's last use is noted no more often
PASSWORD_CHARS_MIN = 12
PASSWORD_CHARS_MAX = 256
CODE_STEP_S = 30


class SignInRefused(ServiceError):
    """Nobody is signed in: code `sign_in_refused`, `code_needed` or `signed_out`."""

    status: ClassVar[int] = 401


class Locked(Unavailable):
    """Too many wrong passwords. `data` holds retry_after_s."""

    status: ClassVar[int] = 429


class Session(msgspec.Struct, frozen=True):
    """A session. `cookie` is told to nobody but the browser."""

    account: Account
    digest: bytes
    cookie: str
    csrf: str


class SignIn:
    """See the module's head. `key` signs cookies; it is the installation's own."""

    def __init__(
        self, book: DeskBook, clock: Clock, key: bytes, hasher: PasswordHasher | None = None
    ) -> None:
        self._book = book
        self._clock = clock
        self._key = key
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(
            secrets.token_hex(16)
        )  # checked in place of an account that is not there

    # --- accounts

    def hash_password(self, password: str) -> str:
        """Return the hash that is kept. Raises: Invalid, code `password`."""
        if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
            detail = f"a password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters"
            raise Invalid("password", detail, field="password")
        return self._hasher.hash(password)

    def add_demo(self, staff: list[DemoAccount]) -> None:
        """Add the demonstration's accounts that are not there yet."""
        for person in staff:
            if self._book.account(person.account) is None:
                account = Account(
                    AccountName(person.account),
                    person.shown,
                    person.role,
                    queues=person.queues,
                    languages=person.languages,
                    licences=person.licences,
                    capacity=person.capacity,
                    skill=person.skill,
                    password_hash=self._hasher.hash(person.password),
                )
                self._book.add(account)

    # --- signing in

    def sign_in(self, name: str, password: str, code: str | None) -> Session:
        """Sign in. Takes tens of milliseconds of processor, so not on an event loop.

        Raises: Locked; SignInRefused, code `sign_in_refused`, which does not tell what was wrong, or `code_needed`.
        """
        account = self.check_password(name, password)
        step = self._check_code(account, code, self._clock.now())
        account = self._book.change(name, lambda known: succeeded(known, totp_used=step))
        return self._open(account, "sign_in.password")

    def check_password(self, name: str, password: str) -> Account:
        """Return the account whose password this is. Raises: Locked; SignInRefused."""
        now = self._clock.now()
        account = self._book.account(name)
        if account is not None and (wait_s := locked_for_s(account, now)):
            self._note(name, "sign_in.locked")
            raise Locked("locked", "too many wrong passwords; wait and try again", retry_after_s=wait_s)
        right = self._is_right(account, password)
        if account is None or not right or account.disabled:
            if account is not None:
                self._book.change(name, lambda known: failed(known, now))
            self._note(name, "sign_in.refused")
            raise SignInRefused("sign_in_refused", "account and password do not fit together")
        return account

    def sign_in_as(self, subject: str) -> Session:
        """Sign in whom the bank's own login vouches for. Raises: SignInRefused when they have no account."""
        account = self._book.account_of(subject)
        if account is None or account.disabled:
            self._note(subject, "sign_in.unknown_subject")
            raise SignInRefused("sign_in_refused", "the bank's login knows you, the desk does not")
        return self._open(account, "sign_in.oidc")

    def _is_right(self, account: Account | None, password: str) -> bool:
        """Compare, taking the same time for an account that is not there."""
        kept = account.password_hash if account is not None and account.password_hash else self._nobody
        try:
            self._hasher.verify(kept, password[:PASSWORD_CHARS_MAX])
        except (VerifyMismatchError, InvalidHashError):
            return False
        return account is not None and kept == account.password_hash

    def _check_code(self, account: Account, code: str | None, now: datetime) -> int:
        """Return the time step of a right code, 0 without a second factor. A code is taken once."""
        if not account.totp_secret:
            return 0
        if not code:
            raise SignInRefused("code_needed", "send the code of your second factor as well")
        totp = pyotp.TOTP(account.totp_secret)
        present = int(now.timestamp()) // CODE_STEP_S
        for step in (present, present - 1, present + 1):
            fits = hmac.compare_digest(totp.at(step * CODE_STEP_S).encode(), code.encode())
            if fits and step > account.totp_used:
                return step
        self._book.change(account.account, lambda known: failed(known, now))
        self._note(account.account, "sign_in.wrong_code")
        raise SignInRefused("sign_in_refused", "account, password and code do not fit together")

    # --- sessions

    def _open(self, account: Account, how: str) -> Session:
        key = secrets.token_urlsafe(32)
        digest = hashlib.sha256(key.encode()).digest()
        self._book.open_session(digest, account.account, self._clock.now())
        self._note(account.account, how)
        return Session(account, digest, f"{key}.{self._sign('session', key)}", self._sign("csrf", key))

    def session(self, cookie: str) -> Session:
        """Return whose session a cookie names. Raises: SignInRefused, code `signed_out`."""
        key, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", key).encode()):
            raise _signed_out()
        digest = hashlib.sha256(key.encode()).digest()
        found = self._book.session(digest)
        now = self._clock.now()
        if found is None:
            raise _signed_out()
        name, opened_at, seen_at = found
        account = self._book.account(name)
        if account is None or account.disabled or now - seen_at > IDLE or now - opened_at > AGE:
            self._book.end_session(digest)
            raise _signed_out()
        if now - seen_at > TOUCH:
            self._book.touch_session(digest, now)
        return Session(account, digest, cookie, self._sign("csrf", key))

    def sign_out(self, session: Session) -> None:
        """End a session."""
        self._book.end_session(session.digest)
        self._note(session.account.account, "sign_out")

    def change_account(self, who: Account, name: str, changes: Mapping[str, object]) -> Account:
        """Change an account as an administrator; whoever loses something by it has to sign in again.

        Raises: Refused; NotFound.
        """
        check_permission(who.role, "accounts.edit")
        changed = self._book.change(name, lambda known: msgspec.structs.replace(known, **changes))
        self._book.end_sessions(changed.account)
        detail: Record = {"account": name, "fields": ", ".join(sorted(changes))}
        self._book.note(self._clock.now(), who.account, "account.changed", "", detail)
        return changed

    def _sign(self, purpose: str, key: str) -> str:
        return hmac.new(self._key, f"{purpose}:{key}".encode(), hashlib.sha256).hexdigest()

    def _note(self, name: str, action: str) -> None:
        self._book.note(self._clock.now(), name[:80], action, "", {})


def _signed_out() -> SignInRefused:
    return SignInRefused("signed_out", "nobody is signed in here; sign in")
