"""The live feed of a conversation over a WebSocket.

The caller shows its token in the `Authorization` header or, where a browser cannot, as the first message
`{"token": "…"}`. Then each event comes as one text, in order and without gap. The caller may send `{"kind": "typing"}`,
which holds the answer back a little, and `{"kind": "ping"}`, which is answered with `{"kind": "pong"}`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from enum import IntEnum
from typing import Literal

import anyio
import msgspec
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tellerline.domain.errors import NotFound, ServiceError
from tellerline.domain.event import ConversationId
from tellerline.web.conversation import SEQUENCE_MAX, access_conversation
from tellerline.web.rate import address_of
from tellerline.web.site import Site, access_site
from tellerline.web.view import encode_event

TOKEN_TIMEOUT_S = 10.0
NOTE_BYTES_MAX = 1024
NOTES_PER_SECOND_MAX = 10
FEEDS_MAX = 16  # open feeds of one conversation: tabs and devices of one customer
PONG = '{"kind":"pong"}'


class Close(IntEnum):
    """Why the feed was closed; 4xxx as the HTTP status of the same failure."""

    BAD_REQUEST = 4400
    NO_TOKEN = 4401
    NOT_FOUND = 4404
    TOO_MANY = 4429
    TRY_AGAIN = 1013


class _Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: str


class _Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["typing", "ping"]


class _Closed(Exception):
    """The feed ends for a reason that the caller is told."""

    def __init__(self, code: Close) -> None:
        self.code = code


async def feed(websocket: WebSocket) -> None:
    """Serve one feed until either side goes."""
    await websocket.accept()
    site = access_site(websocket)
    try:
        conversation, after = await _enter(websocket, site)
    except _Closed as closed:
        await websocket.close(closed.code)
        return
    except WebSocketDisconnect:
        return
    site.feeds[conversation] += 1
    try:
        await _serve(websocket, site, conversation, after)
    finally:
        site.feeds[conversation] -= 1
        if not site.feeds[conversation]:
            del site.feeds[conversation]


async def _enter(websocket: WebSocket, site: Site) -> tuple[ConversationId, int]:
    """Let the holder of the token in. Raises: _Closed; WebSocketDisconnect."""
    after = websocket.query_params.get("after", "0")
    if not (after.isascii() and after.isdecimal() and int(after[:20]) <= SEQUENCE_MAX):
        raise _Closed(Close.BAD_REQUEST)
    try:
        await site.rates.check("address", address_of(websocket.scope))
        token = await _read_token(websocket)
        conversation = await access_conversation(site, websocket.path_params["id"], token)
    except NotFound:
        raise _Closed(Close.NOT_FOUND) from None
    except ServiceError as error:
        raise _Closed(Close.TOO_MANY if error.status == 429 else Close.TRY_AGAIN) from None
    if site.feeds[conversation] >= FEEDS_MAX:
        raise _Closed(Close.TOO_MANY)
    return conversation, int(after)


async def _read_token(websocket: WebSocket) -> str:
    scheme, _, shown = websocket.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return shown
    try:
        async with asyncio.timeout(TOKEN_TIMEOUT_S):
            return msgspec.json.decode(await _receive(websocket), type=_Key).token
    except (TimeoutError, msgspec.DecodeError):
        raise _Closed(Close.NO_TOKEN) from None


async def _receive(websocket: WebSocket) -> bytes:
    """Return what the caller sent, of bounded size. Raises: _Closed; WebSocketDisconnect."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1000)
    text = message.get("text")
    data = text.encode("utf-8", "replace") if text is not None else message.get("bytes") or b""
    if len(data) > NOTE_BYTES_MAX:
        raise _Closed(Close.BAD_REQUEST)
    return bytes(data)


async def _serve(websocket: WebSocket, site: Site, conversation: ConversationId, after: int) -> None:
    """Send events and take notes at once; whichever ends first ends the other."""
    codes: list[Close] = []
    async with anyio.create_task_group() as group:

        async def run(work: Coroutine[object, object, None]) -> None:
            try:
                await work
            except WebSocketDisconnect:
                pass
            except _Closed as closed:
                codes.append(closed.code)
            group.cancel_scope.cancel()

        group.start_soon(run, _send_events(websocket, site, conversation, after))
        group.start_soon(run, _take_notes(websocket, site, conversation))
    for code in codes:
        await websocket.close(code)


async def _send_events(websocket: WebSocket, site: Site, conversation: ConversationId, after: int) -> None:
    stream = site.counter.feed(conversation, after=after)
    try:
        async for event in stream:
            await websocket.send_text(encode_event(event))
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


async def _take_notes(websocket: WebSocket, site: Site, conversation: ConversationId) -> None:
    """Obey the caller's notes until it goes. Raises: WebSocketDisconnect; _Closed when they are wrong or too many."""
    loop = asyncio.get_running_loop()
    second, count = 0, 0
    while True:
        data = await _receive(websocket)
        now = int(loop.time())
        second, count = (now, count + 1) if now == second else (now, 1)
        if count > NOTES_PER_SECOND_MAX:
            raise _Closed(Close.TOO_MANY)
        try:
            note = msgspec.json.decode(data, type=_Note)
        except msgspec.DecodeError:
            raise _Closed(Close.BAD_REQUEST) from None
        if note.kind == "typing":
            await site.counter.typing(conversation)
            if site.desk is not None:
                site.desk.room.lines.tell_typing(conversation, "customer")
        else:
            await websocket.send_text(PONG)


feed_route = WebSocketRoute("/api/v1/conversations/{id}/feed", feed)
