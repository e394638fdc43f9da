"""Accounts: who adds and changes them, one's own password and second factor, and who reads what was done."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyotp
import pytest

from tellerline.desk.sign_in import SignIn, SignInRefused
from tellerline.desk.staffing import Staffing, Wanted
from tellerline.domain.errors import Conflict, Invalid, Refused
from tellerline.domain.language import Text
from tellerline.store.desk import SqliteDesk
from tellerline.testing.clock import VirtualClock
from tests.desk.book import PASSWORD, QUICK, account, open_book

KAI = Wanted("zhou.kai", Text("周凯", "Zhou Kai"), "representative", ["general"], password="a long password")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[SqliteDesk]:
    found = open_book(tmp_path)
    found.add(account())
    found.add(account("admin", "administrator"))
    found.add(account("he.ping", "compliance"))
    yield found
    found.close()


@pytest.fixture
def sign_in(book: SqliteDesk, clock: VirtualClock) -> SignIn:
    return SignIn(book, clock, b"k" * 32, QUICK)


@pytest.fixture
def staffing(book: SqliteDesk, sign_in: SignIn, clock: VirtualClock) -> Staffing:
    return Staffing(book, sign_in, clock)


def test_an_administrator_adds_who_can_then_sign_in(
    staffing: Staffing, sign_in: SignIn, book: SqliteDesk
) -> None:
    admin = book.account("admin")
    staffing.add(admin, KAI)
    assert sign_in.sign_in("zhou.kai", KAI.password, None).account.queues == ["general"]
    with pytest.raises(Conflict):
        staffing.add(admin, KAI)
    for bad in (msgspec.structs.replace(KAI, password="short"), msgspec.structs.replace(KAI, password="")):
        with pytest.raises(Invalid):
            staffing.add(admin, msgspec.structs.replace(bad, account="other"))


def test_nobody_else_adds_resets_lists_or_reads(staffing: Staffing, book: SqliteDesk) -> None:
    lin, ping = book.account("lin.yue"), book.account("he.ping")
    assert lin is not None
    assert ping is not None
    for act in (
        lambda: staffing.add(lin, KAI),
        lambda: staffing.reset_password(lin, "admin", "another password"),
        lambda: staffing.accounts(ping),
        lambda: staffing.notes(lin, account="", after=0, limit=10),
    ):
        with pytest.raises(Refused):
            act()
    assert staffing.notes(ping, account="", after=0, limit=10) == []


def test_a_changed_password_ends_every_session(staffing: Staffing, sign_in: SignIn, book: SqliteDesk) -> None:
    session = sign_in.sign_in("lin.yue", PASSWORD, None)
    with pytest.raises(SignInRefused):
        staffing.change_password(session.account, "wrong", "another password")
    staffing.change_password(session.account, PASSWORD, "another password")
    with pytest.raises(SignInRefused):
        sign_in.session(session.cookie)
    assert sign_in.sign_in("lin.yue", "another password", None)


def test_a_second_factor_is_in_force_once_proven_and_taken_away_by_a_reset(
    staffing: Staffing, sign_in: SignIn, clock: VirtualClock, book: SqliteDesk
) -> None:
    lin = sign_in.sign_in("lin.yue", PASSWORD, None).account
    factor = staffing.propose_factor(lin)
    assert "lin.yue" in factor.uri
    with pytest.raises(Refused):
        staffing.set_factor(lin, factor.secret, "000000")
    staffing.set_factor(lin, factor.secret, pyotp.TOTP(factor.secret).at(clock.now()))
    with pytest.raises(SignInRefused):
        sign_in.sign_in("lin.yue", PASSWORD, None)
    clock.advance(seconds=30)
    again = sign_in.sign_in("lin.yue", PASSWORD, pyotp.TOTP(factor.secret).at(clock.now())).account
    with pytest.raises(Refused, match="factor_set"):
        staffing.set_factor(again, factor.secret, "123456")
    staffing.reset_password(book.account("admin"), "lin.yue", "another password")
    assert sign_in.sign_in("lin.yue", "another password", None)


def test_the_first_administrator_is_added_on_the_machine(tmp_path: Path) -> None:
    words = [
        "staff",
        "add",
        "root",
        "--role",
        "administrator",
        "--zh",
        "管理员",
        "--en",
        "Administrator",
        "--password",
    ]
    command = [sys.executable, "-m", "tellerline", *words, "a long password", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    again = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert again.returncode == 2
    book = SqliteDesk(tmp_path / "record.sqlite3")
    found = book.account("root")
    assert found is not None
    assert found.role == "administrator"
    assert "a long password" not in str(book.notes())
    assert (tmp_path / "desk.key").stat().st_mode & 0o077 == 0
    book.close()
