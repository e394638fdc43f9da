"""A desk's book on a new file."""

from __future__ import annotations

from pathlib import Path

from argon2 import PasswordHasher

from tellerline.desk.account import Account, AccountName
from tellerline.domain.language import Text
from tellerline.store.desk import SqliteDesk

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""As the product's, without its cost."""
PASSWORD = "correct horse battery"


def open_book(folder: Path) -> SqliteDesk:
    return SqliteDesk(folder / "record.sqlite3")


def account(name: str = "lin.yue", role: str = "representative", **more: object) -> Account:
    fields = {"password_hash": QUICK.hash(PASSWORD), "queues": ["general"]} | more
    return Account(AccountName(name), Text("林悦", "Lin Yue"), role, **fields)  # type: ignore[arg-type]
