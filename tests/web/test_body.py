"""Bodies: bounded in size and time."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from tellerline.web.body import BodyGuard


async def _echo_length(scope: Scope, receive: Receive, send: Send) -> None:
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(len(body)).encode()})


def _scope(headers: list[tuple[bytes, bytes]] | None = None) -> Scope:
    shown = [(b"content-type", b"application/json"), *(headers or [])]
    return {"type": "http", "method": "POST", "path": "/", "headers": shown}


async def _send(guard: BodyGuard, messages: list[Message], scope: Scope, wait_s: float = 0) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        if not messages:
            await asyncio.sleep(wait_s)
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await guard(scope, receive, send)
    return sent


def _parts(*bodies: bytes) -> list[Message]:
    last = len(bodies) - 1
    return [
        {"type": "http.request", "body": body, "more_body": number < last}
        for number, body in enumerate(bodies)
    ]


async def test_a_body_in_parts_is_passed_on_whole() -> None:
    sent = await _send(BodyGuard(_echo_length), _parts(b"12", b"345"), _scope())
    assert sent[1]["body"] == b"5"


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"3")], [(b"content-length", b"999")]])
async def test_a_body_over_the_limit_is_refused_whatever_was_declared(
    headers: list[tuple[bytes, bytes]],
) -> None:
    guard = BodyGuard(_echo_length, bytes_max=10)
    sent = await _send(guard, _parts(b"123456", b"78901"), _scope(headers))
    assert sent[0]["status"] == 413


async def test_a_body_that_trickles_is_not_waited_for() -> None:
    guard = BodyGuard(_echo_length, timeout_s=0.01)
    parts: list[Message] = [{"type": "http.request", "body": b"1", "more_body": True}]
    sent = await _send(guard, parts, _scope(), wait_s=1)
    assert sent[0]["status"] == 408


async def test_a_caller_who_leaves_is_not_answered() -> None:
    parts: list[Message] = [{"type": "http.request", "body": b"1", "more_body": True}]
    assert await _send(BodyGuard(_echo_length), parts, _scope()) == []


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        (b"application/json", 200),
        (b"application/json; charset=utf-8", 200),
        (b"text/plain", 415),
        (b"", 415),
        (b"application/json-seq", 415),
    ],
)
async def test_only_json_is_read(media_type: bytes, status: int) -> None:
    scope = {**_scope(), "headers": [(b"content-type", media_type)]}
    sent = await _send(BodyGuard(_echo_length), _parts(b"{}"), scope)
    assert sent[0]["status"] == status
