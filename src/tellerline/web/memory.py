"""What is remembered of a customer over HTTP: their own to see, change and delete; to staff masked, for a purpose."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from tellerline.domain.errors import NotFound
from tellerline.domain.event import ConversationId
from tellerline.memory.kind import PURPOSES
from tellerline.memory.shown import Shown
from tellerline.web import memory_wire as wire
from tellerline.web.conversation import KEY_PATTERN, Access, problems
from tellerline.web.ports import Remembering
from tellerline.web.site import TheSite
from tellerline.web.staff import StaffBearer

memory_routes = APIRouter(tags=["memory"])
_OWN = "/api/v1/conversations/{id}/memory"
_CHANGE = problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)


def _room(site: TheSite) -> Remembering:
    if site.remembering is None:
        raise NotFound("memory", "Nothing is remembered here.")
    return site.remembering


Room = Annotated[Remembering, Depends(_room)]


@memory_routes.get(_OWN, responses=problems(401, 403, 404, 422, 429, 503))
async def show_memory(room: Room, conversation: Access) -> wire.Memory:
    """Show the customer what is remembered of them. Below identity level 1 nothing is told."""
    return _memory(await room.own(conversation))


@memory_routes.put(f"{_OWN}/preference", responses=_CHANGE)
async def set_preference(room: Room, conversation: Access, wanted: wire.PreferenceRequest) -> wire.Memory:
    """Have a preference remembered, in place of an earlier one of its kind. The conversation says so."""
    await room.prefer(conversation, wanted.root.kind, wanted.root.chosen)
    return _memory(await room.own(conversation))


@memory_routes.delete(_OWN, responses=_CHANGE)
async def forget_everything(room: Room, conversation: Access) -> wire.Memory:
    """Have everything forgotten that was noted until now. It cannot be brought back."""
    await room.forget(conversation, None)
    return _memory(await room.own(conversation))


@memory_routes.delete(f"{_OWN}/{{item}}", responses=_CHANGE)
async def forget_item(
    room: Room, conversation: Access, item: Annotated[str, Path(max_length=200, description="Its id.")]
) -> wire.Memory:
    """Have one thing forgotten. It cannot be brought back."""
    await room.forget(conversation, item)
    return _memory(await room.own(conversation))


@memory_routes.get("/api/v1/memory/{id}", responses=problems(401, 403, 404, 422, 429, 503))
async def view_memory(
    site: TheSite,
    room: Room,
    bearer: StaffBearer,
    conversation: Annotated[str, Path(alias="id", description="A conversation of the customer.")],
    purpose: Annotated[str, Query(description=f"What for: {', '.join(sorted(PURPOSES))}.")],
) -> wire.Memory:
    """Show staff what is remembered of a conversation's customer, names masked. The look is put into the record."""
    person = site.staff.access(bearer)
    if not KEY_PATTERN.fullmatch(conversation):
        raise NotFound("conversation", "There is no such conversation.")
    return _memory(await room.viewed(ConversationId(conversation), person=person, purpose=purpose))


def _memory(shown: list[Shown]) -> wire.Memory:
    return wire.Memory(items=[wire.Remembered(**each._asdict()) for each in shown])


