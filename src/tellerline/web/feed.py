"""The live feed of a conversation over a WebSocket.

The caller shows its token in the `Authorization` header or, where a browser cannot, as the first message
`{"token": "…"}`. Then each event comes as one text, in order and without gap. The caller may send `{"kind": "typing"}`,
which holds the answer back a little, and `{"kind": "ping"}`, which is answered with `{"kind": "pong"}`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Literal

import msgspec
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tellerline.domain.errors import NotFound, ServiceError
from tellerline.domain.event import ConversationId
from tellerline.web.conversation import SEQUENCE_MAX, access_conversation
from tellerline.web.rate import address_of
from tellerline.web.site import Site, access_site
from tellerline.web.socket import Close, Closed, receive, receive_notes, run_together
from tellerline.web.view import encode_event

TOKEN_TIMEOUT_S = 10.0
NOTES_PER_SECOND_MAX = 10
FEEDS_MAX = 16  # open feeds of one conversation: tabs and devices of one customer
PONG = '{"kind":"pong"}'


class _Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: str


class _Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["typing", "ping"]


_NOTES = msgspec.json.Decoder(_Note)


async def feed(websocket: WebSocket) -> None:
    """Serve one feed until either side goes."""
    await websocket.accept()
    site = access_site(websocket)
    try:
        conversation, after = await _enter(websocket, site)
    except Closed as closed:
        await websocket.close(closed.code)
        return
    except WebSocketDisconnect:
        return
    site.feeds[conversation] += 1
    try:
        await run_together(
            websocket,
            _send_events(websocket, site, conversation, after),
            _take_notes(websocket, site, conversation),
        )
    finally:
        site.feeds[conversation] -= 1
        if not site.feeds[conversation]:
            del site.feeds[conversation]


async def _enter(websocket: WebSocket, site: Site) -> tuple[ConversationId, int]:
    """Let the holder of the token in. Raises: Closed; WebSocketDisconnect."""
    after = websocket.query_params.get("after", "0")
    if not (after.isascii() and after.isdecimal() and int(after[:20]) <= SEQUENCE_MAX):
        raise Closed(Close.BAD_REQUEST)
    try:
        await site.rates.check("address", address_of(websocket.scope))
        token = await _read_token(websocket)
        conversation = await access_conversation(site, websocket.path_params["id"], token)
    except NotFound:
        raise Closed(Close.NOT_FOUND) from None
    except ServiceError as error:
        raise Closed(Close.TOO_MANY if error.status == 429 else Close.TRY_AGAIN) from None
    if site.feeds[conversation] >= FEEDS_MAX:
        raise Closed(Close.TOO_MANY)
    return conversation, int(after)


async def _read_token(websocket: WebSocket) -> str:
    scheme, _, shown = websocket.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return shown
    try:
        async with asyncio.timeout(TOKEN_TIMEOUT_S):
            return msgspec.json.decode(await receive(websocket), type=_Key).token
    except (TimeoutError, msgspec.DecodeError):
        raise Closed(Close.UNAUTHENTICATED) from None


async def _send_events(websocket: WebSocket, site: Site, conversation: ConversationId, after: int) -> None:
    stream = site.counter.feed(conversation, after=after)
    try:
        async for event in stream:
            await websocket.send_text(encode_event(event))
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


async def _take_notes(websocket: WebSocket, site: Site, conversation: ConversationId) -> None:
    """Obey the caller's notes until it goes. Raises: WebSocketDisconnect; Closed when they are wrong or too many."""
    async for note in receive_notes(websocket, _NOTES, per_second=NOTES_PER_SECOND_MAX):
        if note.kind == "typing":
            await site.counter.typing(conversation)
            if site.desk is not None:
                site.desk.room.lines.tell_typing(conversation, "customer")
        else:
            await websocket.send_text(PONG)


feed_route = WebSocketRoute("/api/v1/conversations/{id}/feed", feed)
