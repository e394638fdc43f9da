"""Signing in and out, and what one is doing."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
from fastapi import APIRouter, Body, Request
from pydantic import JsonValue
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tellerline.desk.account import Account
from tellerline.desk.floor import Presence
from tellerline.desk.permission import check_permission, permissions_of
from tellerline.desk.sign_in import Session
from tellerline.domain.errors import Invalid, NotFound
from tellerline.web.conversation import answer, problems
from tellerline.web.desk import wire
from tellerline.web.desk.access import COOKIE, PREFIX, Desk, Signed, set_cookie
from tellerline.web.own_login import WAY_MAX, OwnLogin
from tellerline.web.rate import address_of
from tellerline.web.site import TheSite
from tellerline.web.wire import Name

WAY_COOKIE = "tellerline_way"
OWN_LOGIN = Name(zh="使用本行账号登录", en="Sign in with the bank's own account")
_ONWARDS = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/desk/"><title>Tellerline</title>'
)
PREFERENCES_BYTES_MAX = 16 * 1024
session_routes = APIRouter(prefix=PREFIX, tags=["desk"])
READ = problems(401, 403, 404, 422, 429, 503)
WRITE = problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)


def me_of(desk: Desk, session: Session) -> dict[str, object]:
    """Return what a person is told of themselves."""
    account = session.account
    presence = desk.room.floor.presence.get(account.account)
    return {
        "account": account.account,
        "shown": account.shown,
        "role": account.role,
        "permissions": permissions_of(account.role),
        "csrf": session.csrf,
        "languages": account.languages,
        "queues": account.queues,
        "licences": account.licences,
        "capacity": account.capacity,
        "skill": account.skill,
        "presence": presence or Presence("offline", "", desk.room.clock.now()),
        "preferences": account.preferences,
    }


@session_routes.get("/session/options", responses=problems(404, 429))
async def list_options(site: TheSite, desk: Desk) -> wire.SignInOptions:
    """Tell how one may sign in; with the demonstration bank, as whom."""
    staff = desk.pack.staff if desk.demo else []
    accounts = [
        wire.ReadyAccount(
            account=person.account,
            shown=Name(zh=person.shown.zh, en=person.shown.en),
            role=person.role,
            password=person.password,
        )
        for person in staff
    ]
    own = wire.OwnLogin(url=f"{PREFIX}/session/oidc", label=OWN_LOGIN) if site.own_login is not None else None
    return wire.SignInOptions(password=True, oidc=own, accounts=accounts)


@session_routes.post("/session", response_model=wire.Me, responses=WRITE)
async def sign_in(request: Request, site: TheSite, desk: Desk, wanted: wire.SignIn) -> Response:
    """Sign in. What was wrong is not told; after five wrong tries the account is locked for a while."""
    await site.rates.check("opening", address_of(request.scope))
    session = await asyncio.to_thread(desk.sign_in.sign_in, wanted.account, wanted.password, wanted.code)
    desk.room.enter(session.account)
    response = answer(me_of(desk, session))
    set_cookie(request, response, session)
    return response


@session_routes.get("/session/oidc", status_code=303, responses=READ)
async def go_to_own_login(request: Request, site: TheSite, desk: Desk) -> Response:
    """Go to the bank's own login."""
    login = access_own_login(site)
    url, way = await login.begin(_return_url(request))
    response = RedirectResponse(url, 303)
    response.set_cookie(
        WAY_COOKIE,
        way,
        max_age=int(WAY_MAX.total_seconds()),
        path=f"{PREFIX}/session/oidc",
        httponly=True,
        samesite="lax",  # it has to come along when the other site sends the browser back
        secure=request.url.scheme == "https",
    )
    return response


@session_routes.get("/session/oidc/return", responses=READ)
async def come_from_own_login(request: Request, site: TheSite, desk: Desk) -> Response:
    """Come back from the bank's own login, and go on to the desk signed in."""
    login = access_own_login(site)
    subject = await login.finish(
        str(request.url), _return_url(request), request.cookies.get(WAY_COOKIE, "")
    )
    session = desk.sign_in.sign_in_as(subject)
    desk.room.enter(session.account)
    # A page of our own in between: a redirect from another site would go without the cookie that is set here.
    response = HTMLResponse(_ONWARDS)
    response.delete_cookie(WAY_COOKIE, path=f"{PREFIX}/session/oidc")
    set_cookie(request, response, session)
    return response


def access_own_login(site: TheSite) -> OwnLogin:
    """Return the bank's own login. Raises: NotFound where there is none."""
    if site.own_login is None:
        raise NotFound("not_found", "Nobody signs in elsewhere here.")
    return site.own_login


def _return_url(request: Request) -> str:
    return str(request.url.replace(path=f"{PREFIX}/session/oidc/return", query="", fragment=""))


@session_routes.get("/session", response_model=wire.Me, responses=READ)
async def show_me(desk: Desk, session: Signed) -> Response:
    """Tell who is signed in, and what they may do."""
    return answer(me_of(desk, session))


@session_routes.delete("/session", status_code=204, responses=WRITE)
async def sign_out(desk: Desk, session: Signed) -> Response:
    """Sign out; the session is ended on the server."""
    desk.sign_in.sign_out(session)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path=PREFIX, httponly=True, samesite="strict")
    return response


@session_routes.put("/presence", response_model=wire.Presence, responses=WRITE)
async def set_presence(desk: Desk, session: Signed, wanted: wire.PresenceRequest) -> Response:
    """Say what I am doing; whoever is available is rung at."""
    check_permission(session.account.role, "desk.serve")
    if wanted.state == "busy" and not wanted.reason.strip():
        raise Invalid("reason", "Say why you are busy.", field="reason")
    return answer(desk.room.set_presence(session.account.account, wanted.state, wanted.reason.strip()))


@session_routes.put("/preferences", status_code=204, responses=WRITE)
async def keep_preferences(
    desk: Desk, session: Signed, preferences: Annotated[dict[str, JsonValue], Body()]
) -> Response:
    """Keep what a person likes: language, theme, panes, keys."""
    if len(msgspec.json.encode(preferences)) > PREFERENCES_BYTES_MAX:
        raise Invalid("preferences", f"Send at most {PREFERENCES_BYTES_MAX} bytes.", field="preferences")
    kept = msgspec.convert(preferences, dict[str, object])

    def change(known: Account) -> Account:
        return msgspec.structs.replace(known, preferences=kept)

    desk.room.book.change(session.account.account, change)
    return Response(status_code=204)
