"""One socket for everything a page of the desk has to hear, with the session's cookie and from the server's own pages only."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from tellerline.desk.house import StaffDesk
from tellerline.desk.lines import FOLLOWED_MAX, Line
from tellerline.desk.permission import may
from tellerline.desk.sign_in import Session, SignInRefused
from tellerline.domain.errors import NotFound, ServiceError
from tellerline.domain.event import ConversationId
from tellerline.web.conversation import KEY_PATTERN, SEQUENCE_MAX
from tellerline.web.desk.access import COOKIE, PREFIX, access_desk, find_session
from tellerline.web.desk.session import me_of
from tellerline.web.site import access_site
from tellerline.web.socket import Close, Closed, receive_notes, run_together

NOTES_PER_SECOND_MAX = 50
LINES_MAX = 8  # pages of one person
CHECK_S = 60.0  # how often a session is looked at again while its page is open
_Name = Annotated[str, msgspec.Meta(pattern=KEY_PATTERN.pattern, max_length=128)]
_Sequence = Annotated[int, msgspec.Meta(ge=0, le=SEQUENCE_MAX)]


class _Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """Base of what a page sends."""


class _Follow(_Note, frozen=True, tag="follow"):
    conversation: _Name
    after: _Sequence = 0


class _Unfollow(_Note, frozen=True, tag="unfollow"):
    conversation: _Name


class _Acknowledge(_Note, frozen=True, tag="acknowledge"):
    conversation: _Name
    sequence: _Sequence


class _Typing(_Note, frozen=True, tag="typing"):
    conversation: _Name


class _Ping(_Note, frozen=True, tag="ping"):
    at: float | str | None = None


_Notes = _Follow | _Unfollow | _Acknowledge | _Typing | _Ping
_DECODER = msgspec.json.Decoder(_Notes)


async def desk_feed(websocket: WebSocket) -> None:
    """Serve one page until either side goes."""
    await websocket.accept()
    try:
        desk, session = _enter(websocket)
    except Closed as closed:
        await websocket.close(closed.code)
        return
    line = Line(session.account.account, session.account.role, session.digest)
    desk.room.enter(session.account)
    desk.room.open_line(line)
    line.send(
        {
            "kind": "hello",
            "at": desk.room.clock.now(),
            "me": me_of(desk, session),
            "work": desk.room.work(line.account),
        }
    )
    try:
        await run_together(
            websocket,
            _send(websocket, line),
            _take(websocket, desk, session, line),
            _check(desk, session, line),
        )
    finally:
        desk.room.close_line(line)


def _enter(websocket: WebSocket) -> tuple[StaffDesk, Session]:
    """Let somebody signed in at one of our own pages in. Raises: Closed."""
    origin = websocket.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != websocket.headers.get("host"):
        raise Closed(Close.FORBIDDEN)
    try:
        desk = access_desk(access_site(websocket))
        session = find_session(desk, websocket.cookies.get(COOKIE))
    except NotFound:
        raise Closed(Close.NOT_FOUND) from None
    except SignInRefused:
        raise Closed(Close.UNAUTHENTICATED) from None
    if not may(session.account.role, "desk.enter"):
        raise Closed(Close.FORBIDDEN)
    if len(desk.room.lines.of(session.account.account)) >= LINES_MAX:
        raise Closed(Close.TOO_MANY)
    return desk, session


async def _send(websocket: WebSocket, line: Line) -> None:
    while True:
        message = await line.waiting.get()
        await websocket.send_text(msgspec.json.encode(message).decode())


async def _check(desk: StaffDesk, session: Session, line: Line) -> None:
    """End the feed of a page that lags too far, or whose session is over. An open page keeps its session in use."""
    while True:
        try:
            await asyncio.wait_for(line.cut.wait(), CHECK_S)
            raise Closed(Close.TRY_AGAIN)
        except TimeoutError:
            pass
        try:
            desk.sign_in.session(session.cookie)
        except SignInRefused:
            raise Closed(Close.UNAUTHENTICATED) from None


async def _take(websocket: WebSocket, desk: StaffDesk, session: Session, line: Line) -> None:
    """Obey the page's messages until it goes. Raises: WebSocketDisconnect; Closed when they are wrong or too many."""
    async for note in receive_notes(websocket, _DECODER, per_second=NOTES_PER_SECOND_MAX):
        try:
            await _obey(desk, session, line, note)
        except ServiceError as error:
            name = getattr(note, "conversation", None)
            line.send({"kind": "refused", "conversation": name, "code": error.code, "detail": error.detail})


async def _obey(desk: StaffDesk, session: Session, line: Line, note: _Notes) -> None:
    """Obey one message. Raises: NotFound, Refused."""
    match note:
        case _Ping(at=at):
            line.send({"kind": "pong", "at": at})
        case _Follow():
            conversation = ConversationId(note.conversation)
            if len(line.following) >= FOLLOWED_MAX:
                raise Closed(Close.TOO_MANY)
            await desk.ground.access(session.account, conversation)
            await desk.room.follow(line, conversation, note.after)
        case _Unfollow():
            desk.room.unfollow(line, ConversationId(note.conversation))
        case _Typing() if note.conversation in line.following:
            desk.room.lines.tell_typing(ConversationId(note.conversation), line.account)
        case _Acknowledge() if note.conversation in line.following:
            desk.room.lines.tell_read(line, ConversationId(note.conversation), note.sequence)
        case _:
            raise NotFound("conversation", "follow the conversation first")


desk_feed_route = WebSocketRoute(f"{PREFIX}/feed", desk_feed)
