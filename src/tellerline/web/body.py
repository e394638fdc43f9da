"""What a request may bring: JSON of a bounded size, within a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email.message import Message as MimeHeader

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tellerline.domain.errors import ServiceError
from tellerline.web.problem import NotJson, TooLarge, TooSlow, problem_response

BODY_BYTES_MAX = 64 * 1024
UPLOAD_BYTES_MAX = 8 * 1024 * 1024
BODY_TIMEOUT_S = 10.0


class BodyGuard:
    """Reads the body before anything else does, so that what is too big, too slow or not JSON costs nothing more.

    may_upload: tells, by path and headers, who may send a document of any kind in place of JSON.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        bytes_max: int = BODY_BYTES_MAX,
        timeout_s: float = BODY_TIMEOUT_S,
        may_upload: Callable[[str, Headers], bool] = lambda _path, _headers: False,
    ) -> None:
        self._app = app
        self._bytes_max = bytes_max
        self._timeout_s = timeout_s
        self._may_upload = may_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body, or answer it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        upload = self._may_upload(scope["path"], headers)
        try:
            body = await self._read(headers, receive, UPLOAD_BYTES_MAX if upload else self._bytes_max)
            if body and not upload and not _is_json(headers.get("content-type", "")):
                raise NotJson("not_json", "Send the body as application/json.")
        except ServiceError as refusal:
            await problem_response(refusal)(scope, receive, send)
            return
        if body is None:
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, headers: Headers, receive: Receive, bytes_max: int) -> bytes | None:
        """Return the body, or None when the caller has gone. Raises: TooLarge, TooSlow."""
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > bytes_max:
            raise _too_large(bytes_max)
        body = bytearray()
        try:
            async with asyncio.timeout(self._timeout_s):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    if len(body) > bytes_max:
                        raise _too_large(bytes_max)
                    more = message.get("more_body", False)
        except TimeoutError:
            raise TooSlow("body_timeout", "The body did not arrive in time.") from None
        return bytes(body)


def _too_large(bytes_max: int) -> TooLarge:
    detail = f"The body has more than {bytes_max} bytes."
    return TooLarge("body_too_large", detail, bytes_max=bytes_max)


def _is_json(content_type: str) -> bool:
    header = MimeHeader()
    header["content-type"] = content_type
    return header.get_content_type() == "application/json" if content_type else False


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body again, once, then whatever comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay
