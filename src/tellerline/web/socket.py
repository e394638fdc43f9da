"""What the feeds share: two ways at once over a WebSocket, messages of bounded size and number, and why one is closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from enum import IntEnum
from typing import TypeVar

import anyio
import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

NOTE_BYTES_MAX = 1_024
Note = TypeVar("Note")


class Close(IntEnum):
    """Why a feed was closed; 4xxx as the HTTP status of the same failure."""

    BAD_REQUEST = 4400
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    TOO_MANY = 4429
    TRY_AGAIN = 1013


class Closed(Exception):
    """The feed ends for a reason that the other side is told."""

    def __init__(self, code: Close) -> None:
        self.code = code


async def run_together(websocket: WebSocket, *works: Coroutine[object, object, None]) -> None:
    """Run the sides of a feed at once; whichever ends first ends the others. The reason, if there is one, is told."""
    codes: list[Close] = []
    async with anyio.create_task_group() as group:

        async def run(work: Coroutine[object, object, None]) -> None:
            try:
                await work
            except WebSocketDisconnect:
                pass
            except Closed as closed:
                codes.append(closed.code)
            group.cancel_scope.cancel()

        for work in works:
            group.start_soon(run, work)
    for code in codes:
        await websocket.close(code)


async def receive(websocket: WebSocket) -> bytes:
    """Return what the other side sent, of bounded size. Raises: Closed; WebSocketDisconnect."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1000)
    text = message.get("text")
    data = text.encode("utf-8", "replace") if text is not None else message.get("bytes") or b""
    if len(data) > NOTE_BYTES_MAX:
        raise Closed(Close.BAD_REQUEST)
    return bytes(data)


async def receive_notes(
    websocket: WebSocket, decoder: msgspec.json.Decoder[Note], *, per_second: int
) -> AsyncIterator[Note]:
    """Yield the other side's notes until it goes. Raises: WebSocketDisconnect; Closed when they are wrong or too many."""
    loop = asyncio.get_running_loop()
    second, count = 0, 0
    while True:
        data = await receive(websocket)
        now = int(loop.time())
        second, count = (now, count + 1) if now == second else (now, 1)
        if count > per_second:
            raise Closed(Close.TOO_MANY)
        try:
            note = decoder.decode(data)
        except msgspec.DecodeError:
            raise Closed(Close.BAD_REQUEST) from None
        yield note
