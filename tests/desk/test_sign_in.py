"""Signing in: what is refused, when it is locked, and how long a session lasts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from tellerline.desk.account import LOCK, TRIES_MAX
from tellerline.desk.sign_in import AGE, IDLE, Locked, SignIn, SignInRefused
from tellerline.domain.errors import Invalid, Refused
from tellerline.store.desk import SqliteDesk
from tellerline.testing.clock import VirtualClock
from tests.desk.book import PASSWORD, QUICK, account, open_book

SECRET = pyotp.random_base32()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[SqliteDesk]:
    found = open_book(tmp_path)
    found.add(account())
    yield found
    found.close()


@pytest.fixture
def sign_in(book: SqliteDesk, clock: VirtualClock) -> SignIn:
    return SignIn(book, clock, b"k" * 32, QUICK)


def refused(sign_in: SignIn, password: str = "wrong", name: str = "lin.yue", code: str | None = None) -> str:
    with pytest.raises(SignInRefused) as refusal:
        sign_in.sign_in(name, password, code)
    return refusal.value.code


def test_the_right_password_opens_a_session_that_its_cookie_names(sign_in: SignIn) -> None:
    session = sign_in.sign_in("lin.yue", PASSWORD, None)
    assert sign_in.session(session.cookie).account.account == "lin.yue"
    assert sign_in.session(session.cookie).csrf == session.csrf


def test_a_wrong_password_and_an_unknown_account_are_told_alike(sign_in: SignIn) -> None:
    assert refused(sign_in) == refused(sign_in, PASSWORD, "nobody") == "sign_in_refused"


def test_too_many_tries_lock_the_account_and_each_lock_lasts_longer(
    sign_in: SignIn, clock: VirtualClock
) -> None:
    for lock_s in (LOCK.total_seconds(), LOCK.total_seconds() * 2):
        for _ in range(TRIES_MAX):
            refused(sign_in)
        with pytest.raises(Locked) as locked:
            sign_in.sign_in("lin.yue", PASSWORD, None)
        assert locked.value.data["retry_after_s"] == lock_s + 1
        clock.advance(seconds=lock_s + 1)
    assert sign_in.sign_in("lin.yue", PASSWORD, None)


def test_a_second_factor_is_needed_and_each_code_is_taken_once(
    sign_in: SignIn, book: SqliteDesk, clock: VirtualClock
) -> None:
    book.add(account("zhou.kai", totp_secret=SECRET))
    code = pyotp.TOTP(SECRET).at(clock.now())
    assert refused(sign_in, PASSWORD, "zhou.kai") == "code_needed"
    assert refused(sign_in, PASSWORD, "zhou.kai", "000000") == "sign_in_refused"
    assert sign_in.sign_in("zhou.kai", PASSWORD, code)
    assert refused(sign_in, PASSWORD, "zhou.kai", code) == "sign_in_refused"


def test_a_session_ends_when_idle_when_old_and_when_signed_out(sign_in: SignIn, clock: VirtualClock) -> None:
    idle = sign_in.sign_in("lin.yue", PASSWORD, None)
    clock.advance(seconds=IDLE.total_seconds() + 1)
    with pytest.raises(SignInRefused):
        sign_in.session(idle.cookie)
    old = sign_in.sign_in("lin.yue", PASSWORD, None)
    for _ in range(int(AGE / IDLE) + 1):
        clock.advance(seconds=IDLE.total_seconds() - 1)
        if clock.now() - VirtualClock().now() < AGE:
            sign_in.session(old.cookie)
    clock.advance(seconds=IDLE.total_seconds() - 1)
    with pytest.raises(SignInRefused):
        sign_in.session(old.cookie)
    out = sign_in.sign_in("lin.yue", PASSWORD, None)
    sign_in.sign_out(out)
    with pytest.raises(SignInRefused):
        sign_in.session(out.cookie)


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "."])
def test_a_made_up_cookie_is_nobodys(sign_in: SignIn, cookie: str) -> None:
    with pytest.raises(SignInRefused):
        sign_in.session(cookie)


def test_a_cookie_of_another_installation_is_nobodys(book: SqliteDesk, clock: VirtualClock) -> None:
    elsewhere = SignIn(book, clock, b"o" * 32, QUICK).sign_in("lin.yue", PASSWORD, None)
    with pytest.raises(SignInRefused):
        SignIn(book, clock, b"k" * 32, QUICK).session(elsewhere.cookie)


def test_a_disabled_account_is_out_at_once(sign_in: SignIn, book: SqliteDesk) -> None:
    session = sign_in.sign_in("lin.yue", PASSWORD, None)
    book.add(account("admin", "administrator"))
    admin = sign_in.sign_in("admin", PASSWORD, None).account
    sign_in.change_account(admin, "lin.yue", {"disabled": True})
    with pytest.raises(SignInRefused):
        sign_in.session(session.cookie)
    assert refused(sign_in, PASSWORD) == "sign_in_refused"


def test_only_an_administrator_changes_accounts(sign_in: SignIn) -> None:
    lin = sign_in.sign_in("lin.yue", PASSWORD, None).account
    with pytest.raises(Refused):
        sign_in.change_account(lin, "lin.yue", {"role": "administrator"})


def test_the_banks_own_login_lets_in_whom_the_desk_knows(sign_in: SignIn, book: SqliteDesk) -> None:
    book.add(account("chen.rui", subject="bank|42", password_hash=""))
    assert sign_in.sign_in_as("bank|42").account.account == "chen.rui"
    with pytest.raises(SignInRefused):
        sign_in.sign_in_as("bank|43")
    assert refused(sign_in, "", "chen.rui") == "sign_in_refused"


def test_a_short_password_is_not_taken(sign_in: SignIn) -> None:
    with pytest.raises(Invalid):
        sign_in.hash_password("short")


def test_who_signed_in_and_who_was_refused_is_written_down_and_linked(
    sign_in: SignIn, book: SqliteDesk
) -> None:
    sign_in.sign_in("lin.yue", PASSWORD, None)
    refused(sign_in)
    assert [note.action for note in book.notes()] == ["sign_in.password", "sign_in.refused"]
    assert book.check_notes() is None
