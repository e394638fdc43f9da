"""Keeping accounts: adding and changing them, one's own password and second factor, and reading who did what."""

from __future__ import annotations

import msgspec
import pyotp

from tellerline.desk.account import Account, AccountName
from tellerline.desk.permission import Role, check_permission
from tellerline.desk.ports import AuditEntry, DeskBook
from tellerline.desk.sign_in import SignIn
from tellerline.domain.clock import Clock
from tellerline.domain.data import Record
from tellerline.domain.errors import Conflict, Invalid, Refused
from tellerline.domain.language import Language, Text

ISSUER = "Tellerline"
LIST_MAX = 500


class Wanted(msgspec.Struct, frozen=True):
    """What an account is to be."""

    account: str
    shown: Text
    role: Role
    queues: list[str] = []
    languages: list[Language] = []
    licences: list[str] = []
    capacity: int = 0
    password: str = ""
    subject: str = ""


class SecondFactor(msgspec.Struct, frozen=True):
    """What an authenticator app needs; told once, and in force when the first code was given back."""

    secret: str
    uri: str


class Staffing:
    """See the module's head."""

    def __init__(self, book: DeskBook, sign_in: SignIn, clock: Clock) -> None:
        self._book = book
        self._sign_in = sign_in
        self._clock = clock

    def add(self, by: Account | None, wanted: Wanted) -> Account:
        """Add an account. by: the administrator, or None on the machine itself.

        Raises: Refused; Conflict, code `account_taken`; Invalid, code `password` or `sign_in`.
        """
        if by is not None:
            check_permission(by.role, "accounts.edit")
        if not wanted.password and not wanted.subject:
            raise Invalid(
                "sign_in", "give a password, or who it is to the bank's own login", field="password"
            )
        account = Account(
            AccountName(wanted.account),
            wanted.shown,
            wanted.role,
            queues=wanted.queues,
            languages=wanted.languages or ["zh", "en"],
            licences=wanted.licences,
            capacity=wanted.capacity,
            password_hash=self._sign_in.hash_password(wanted.password) if wanted.password else "",
            subject=wanted.subject,
        )
        if not self._book.add(account):
            raise Conflict("account_taken", "there is an account of this name", field="account")
        self._note(by, "account.added", {"account": wanted.account, "role": wanted.role})
        return account

    def reset_password(self, by: Account | None, name: str, password: str) -> None:
        """Set a new password, and take the second factor and any lock away. Raises: Refused; NotFound; Invalid."""
        if by is not None:
            check_permission(by.role, "accounts.edit")
        hashed = self._sign_in.hash_password(password)
        changed = self._book.change(
            name,
            lambda known: msgspec.structs.replace(
                known, password_hash=hashed, totp_secret="", totp_used=0, tries=0, locks=0, locked_until=None
            ),
        )
        self._book.end_sessions(changed.account)
        self._note(by, "password.reset", {"account": name})

    def change_password(self, who: Account, old: str, new: str) -> None:
        """Change one's own password; all one's sessions end. Raises: SignInRefused; Locked; Invalid."""
        self._sign_in.check_password(who.account, old)
        hashed = self._sign_in.hash_password(new)
        self._book.change(who.account, lambda known: msgspec.structs.replace(known, password_hash=hashed))
        self._book.end_sessions(who.account)
        self._note(who, "password.changed", {})

    def propose_factor(self, who: Account) -> SecondFactor:
        """Return a new second factor; nothing is kept until it is proven."""
        secret = pyotp.random_base32()
        return SecondFactor(secret, pyotp.TOTP(secret).provisioning_uri(name=who.account, issuer_name=ISSUER))

    def set_factor(self, who: Account, secret: str, code: str) -> None:
        """Put a second factor in force, once its first code is right. Raises: Refused, code `wrong_code`."""
        if who.totp_secret:
            raise Refused("factor_set", "there is a second factor already; an administrator can take it away")
        if not (
            secret.isascii() and pyotp.TOTP(secret).verify(code, for_time=self._clock.now(), valid_window=1)
        ):
            raise Refused("wrong_code", "this is not the code of that factor")
        self._book.change(who.account, lambda known: msgspec.structs.replace(known, totp_secret=secret))
        self._note(who, "factor.set", {})

    def accounts(self, by: Account) -> list[Account]:
        """List the accounts. Raises: Refused."""
        check_permission(by.role, "accounts.edit")
        return self._book.accounts()

    def notes(self, by: Account, *, account: str, after: int, limit: int) -> list[AuditEntry]:
        """List who did what, in order. Raises: Refused."""
        check_permission(by.role, "audit.read")
        return self._book.notes(account=account, after=after, limit=min(limit, LIST_MAX))

    def _note(self, by: Account | None, action: str, detail: Record) -> None:
        name = by.account if by is not None else "machine"
        self._book.note(self._clock.now(), name, action, "", detail)
