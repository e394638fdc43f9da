"""Who of the staff asks: the holder of a session's cookie, and for every change the key against other sites' forms as well."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import APIKeyCookie
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import Response

from tellerline.desk.house import StaffDesk
from tellerline.desk.permission import check_permission
from tellerline.desk.sign_in import AGE, Session, SignInRefused
from tellerline.domain.errors import NotFound, Refused
from tellerline.web.site import Site, TheSite

COOKIE = "tellerline_desk"
PREFIX = "/api/v1/desk"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_Cookie = Annotated[
    str | None, Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="A session of the staff."))
]
Csrf = Annotated[str, Header(alias="X-CSRF-Token", max_length=200, description="`csrf` of *Me*.")]


def access_desk(site: Site) -> StaffDesk:
    """Return the desk. Raises: NotFound where there is none."""
    if site.desk is None:
        raise NotFound("not_found", "This counter has no desk.")
    return site.desk


async def _desk(site: TheSite) -> StaffDesk:
    return access_desk(site)


Desk = Annotated[StaffDesk, Depends(_desk)]


async def _session(request: Request, desk: Desk, cookie: _Cookie, token: Csrf = "") -> Session:
    """Return whose session it is. Raises: SignInRefused; Refused, code `csrf`, for a change without the key."""
    session = find_session(desk, cookie)
    if request.method not in SAFE_METHODS and not hmac.compare_digest(
        token.encode("utf-8", "surrogateescape"), session.csrf.encode()
    ):
        raise Refused("csrf", "Send the session's `csrf` as X-CSRF-Token.")
    check_permission(session.account.role, "desk.enter")
    return session


Signed = Annotated[Session, Depends(_session)]


def find_session(desk: StaffDesk, cookie: str | None) -> Session:
    """Return whose session a cookie names. Raises: SignInRefused, code `signed_out`."""
    if not cookie:
        raise SignInRefused("signed_out", "Nobody is signed in here; sign in.")
    return desk.sign_in.session(cookie)


def is_signed(site: Site, headers: Headers) -> bool:
    """Tell whether a request comes from somebody signed in, before anything of its body is read."""
    cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE)
    if site.desk is None or not cookie:
        return False
    try:
        site.desk.sign_in.session(cookie)
    except SignInRefused:
        return False
    return True


def set_cookie(request: HTTPConnection, response: Response, session: Session) -> None:
    """Give the browser its session. A page's script cannot read it, and other sites cannot send it."""
    response.set_cookie(
        COOKIE,
        session.cookie,
        max_age=int(AGE.total_seconds()),
        path=PREFIX,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme in ("https", "wss"),
    )
