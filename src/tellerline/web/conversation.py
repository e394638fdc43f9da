"""Conversations over HTTP: open, say, read, prove who you are, and see why."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from tellerline.domain.errors import NotFound, Refused, Unavailable
from tellerline.domain.event import ConversationId, Event
from tellerline.web import wire
from tellerline.web.problem import MEDIA_TYPE, Unauthenticated
from tellerline.web.rate import address_of
from tellerline.web.site import Site, TheSite
from tellerline.web.trace import explain
from tellerline.web.view import encode_events

JSON = "application/json"
SEQUENCE_MAX = 2**53 - 1  # what every JSON reader can hold exactly
KEY_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,128}")

After = Annotated[int, Query(ge=0, le=SEQUENCE_MAX, description="Only events after this sequence.")]
Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="The conversation's token.")),
]


def problems(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Describe which problems a call may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": wire.Problem.__doc__, "content": content} for status in statuses}


async def access_conversation(site: Site, conversation: str, token: str) -> ConversationId:
    """Let the holder of a conversation's token in. The one door to a conversation for customers.

    Raises: NotFound, the same for an unknown conversation, another's token and a text that can be neither; TooMany.
    """
    if not (KEY_PATTERN.fullmatch(conversation) and KEY_PATTERN.fullmatch(token)):
        raise NotFound("conversation", "There is no such conversation for this token.")
    found = ConversationId(conversation)
    await site.counter.check_token(found, token)
    await site.rates.check("conversation", found)
    return found


async def access_with(site: Site, conversation: str, bearer: Bearer) -> ConversationId:
    """Let the bearer of a conversation's token in. Raises: Unauthenticated without one; as `access_conversation`."""
    if bearer is None:
        raise Unauthenticated("token_missing", "Send the conversation's token as `Authorization: Bearer …`.")
    return await access_conversation(site, conversation, bearer.credentials)


async def _access(
    site: TheSite, conversation: Annotated[str, Path(alias="id", description="Its id.")], bearer: Bearer
) -> ConversationId:
    return await access_with(site, conversation, bearer)


def answer(content: object, status: int = 200) -> Response:
    """Return an answer as JSON."""
    return Response(msgspec.json.encode(content), status, media_type=JSON)


Access = Annotated[ConversationId, Depends(_access)]
conversation_routes = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])


@conversation_routes.post("", status_code=201, responses=problems(400, 403, 413, 415, 422, 429, 503))
async def open_conversation(request: Request, site: TheSite, wanted: wire.OpenRequest) -> wire.Opened:
    """Open a conversation. The assistant greets first; read it from the events."""
    await site.rates.check("opening", address_of(request.scope))
    opened = await site.counter.open(
        channel=wanted.channel, language=wanted.language, customer_token=wanted.customer_token
    )
    return wire.Opened(id=opened.id, token=opened.token)


@conversation_routes.post(
    "/{id}/messages",
    status_code=202,
    response_model=wire.Taken,
    responses={
        200: {"model": wire.Events, "description": "With `wait=turn`: the events of the answered turn."},
        **problems(400, 401, 404, 409, 413, 415, 422, 429, 503),
    },
)
async def send_message(
    site: TheSite,
    conversation: Access,
    message: wire.MessageRequest,
    wait: Annotated[
        Literal["turn"] | None, Query(description="Answer only when the turn is answered.")
    ] = None,
) -> Response:
    """Say something, once: the same `client_id` again returns the same answer."""
    if wait is None:
        taken = await site.counter.receive(conversation, client_id=message.client_id, text=message.text)
        return answer({"sequence": taken.sequence}, 202)
    return Response(encode_events(await _answer(site, conversation, message)), 200, media_type=JSON)


async def _answer(site: Site, conversation: ConversationId, message: wire.MessageRequest) -> Sequence[Event]:
    """Wait for the turn, but not for ever; a turn under way is never broken off. Raises: Unavailable."""
    turn = asyncio.ensure_future(
        site.counter.answer(conversation, client_id=message.client_id, text=message.text)
    )
    site.late.add(turn)
    turn.add_done_callback(site.late.discard)
    done, _ = await asyncio.wait({turn}, timeout=site.turn_timeout_s)
    if not done:
        detail = "The message is taken and not answered yet; ask again with the same client_id."
        raise Unavailable("turn_pending", detail, retry_after_s=5)
    return turn.result()


@conversation_routes.get(
    "/{id}/events", response_model=wire.Events, responses=problems(401, 404, 422, 429, 503)
)
async def list_events(site: TheSite, conversation: Access, after: After = 0) -> Response:
    """List what the customer may see of the conversation, in order."""
    return Response(encode_events(await site.counter.events(conversation, after=after)), media_type=JSON)


@conversation_routes.post(
    "/{id}/verification", responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
)
async def verify(
    site: TheSite,
    conversation: Access,
    request: Annotated[
        wire.VerificationRequest,
        Body(
            openapi_examples={
                "start": {"value": {"action": "start", "method": "otp"}},
                "code": {"value": {"method": "otp", "challenge": "c1", "answer": {"code": "123456"}}},
                "device": {"value": {"method": "face", "challenge": "c2", "answer": {}}},
            }
        ),
    ],
) -> wire.VerificationStarted | wire.VerificationChecked:
    """The secure widget: start a verification, or answer one. What is typed here enters no message, log or record."""
    if isinstance(request, wire.StartVerification):
        challenge = await site.counter.start_verification(conversation, request.method)
        return wire.VerificationStarted(
            challenge=challenge.id,
            method=challenge.method,
            level=challenge.level,
            hint=challenge.hint,
            tries_left=challenge.tries_left,
        )
    await site.rates.check("verification", conversation)
    checked = await site.counter.check_verification(
        conversation, request.challenge, request.answer.model_dump()
    )
    return wire.VerificationChecked(
        passed=checked.passed, level=checked.level, reason=checked.reason, tries_left=checked.tries_left
    )


@conversation_routes.get(
    "/{id}/trace", response_model=wire.Trace, responses=problems(401, 403, 404, 422, 429, 503)
)
async def show_trace(
    site: TheSite,
    conversation: Access,
    turn: Annotated[int | None, Query(ge=1, le=SEQUENCE_MAX, description="Only this turn.")] = None,
) -> Response:
    """Show why each turn went as it did. For staff; with the demonstration bank, for the customer as well."""
    if site.demo is None:
        raise Refused("staff_only", "Only staff may see why a turn went as it did.")
    turns = explain(await site.counter.all_events(conversation), turn=turn)
    return answer({"turns": turns})
