"""What the bank's staff change: proposals, their check, approval and moment, and what the record says of them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from tellerline.dialogue.learning import Learning
from tellerline.domain.errors import NotFound
from tellerline.domain.proposal import ExampleChange, ProposalId
from tellerline.web import knowledge_wire as wire
from tellerline.web.conversation import answer, problems
from tellerline.web.site import TheSite
from tellerline.web.staff import StaffBearer

PREFIX = "/api/v1/knowledge"
knowledge_routes = APIRouter(prefix=PREFIX, tags=["knowledge"])

_READ = problems(401, 403, 404, 422, 429, 503)
_WRITE = problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
_ANY_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def _person(site: TheSite, bearer: StaffBearer) -> str:
    return site.staff.access(bearer)


async def _learning(site: TheSite) -> Learning:
    if site.learning is None:
        raise NotFound("not_found", "This counter keeps no proposals.")
    return site.learning


async def _name(name: Annotated[str, Path(alias="id", max_length=40, description="Its id.")]) -> ProposalId:
    return ProposalId(name)


Person = Annotated[str, Depends(_person)]
Room = Annotated[Learning, Depends(_learning)]
Name = Annotated[ProposalId, Depends(_name)]


@knowledge_routes.get("/proposals", response_model=wire.Proposals, responses=_READ)
async def list_proposals(
    _: Person, room: Room, state: Annotated[wire.State | None, Query(description="Only these.")] = None
) -> Response:
    """List proposals, the newest first."""
    return answer({"proposals": await room.proposals(state)})


@knowledge_routes.post("/proposals", status_code=201, response_model=wire.Proposal, responses=_WRITE)
async def make_proposal(person: Person, room: Room, wanted: wire.ProposalRequest) -> Response:
    """Begin a proposal; its documents follow. Who makes it cannot approve it."""
    changes = [
        ExampleChange(phrase.intent, phrase.language, phrase.text.strip(), phrase.heard, f"phrase {number}")
        for number, phrase in enumerate(wanted.phrases, start=1)
    ]
    made = await room.propose(wanted.title, person, in_force_at=wanted.in_force_at, changes=changes)
    return answer(made, 201)


@knowledge_routes.get("/proposals/{id}", response_model=wire.ProposalShown, responses=_READ)
async def show_proposal(_: Person, room: Room, name: Name) -> Response:
    """Show a proposal, what it changes, and who did what to it."""
    shown = await room.show(name)
    return answer(shown._asdict())


@knowledge_routes.put(
    "/proposals/{id}/documents/{document}",
    response_model=wire.Proposal,
    responses=_WRITE,
    openapi_extra=_ANY_BODY,
)
async def bring_document(
    request: Request,
    person: Person,
    room: Room,
    name: Name,
    document: Annotated[str, Path(max_length=120, description="Its file name, which tells its form.")],
) -> Response:
    """Bring a document: .md, .html, .docx, .pdf or .xlsx, as the body. It is read at once, and checked with the rest."""
    return answer(await room.bring(name, person, document, await request.body()))


@knowledge_routes.post("/proposals/{id}/check", response_model=wire.Proposal, responses=_WRITE)
async def check_proposal(person: Person, room: Room, name: Name) -> Response:
    """Check what a proposal changes against what is in force; without an error it can be approved."""
    return answer(await room.check(name, person))


@knowledge_routes.post("/proposals/{id}/approve", response_model=wire.Proposal, responses=_WRITE)
async def approve_proposal(person: Person, room: Room, name: Name, approval: wire.ApprovalRequest) -> Response:
    """Approve, as a second person, what the digest covers. When its moment has come, it is in force with the answer."""
    return answer(await room.approve(name, person, approval.digest))


@knowledge_routes.post("/proposals/{id}/withdraw", response_model=wire.Proposal, responses=_WRITE)
async def withdraw_proposal(
    person: Person, room: Room, name: Name, withdrawal: wire.WithdrawalRequest
) -> Response:
    """Withdraw a proposal that is not in force, or decline it."""
    return answer(await room.withdraw(name, person, withdrawal.reason))


@knowledge_routes.get("/proposals/{id}/touched", response_model=wire.TouchedAnswers, responses=_READ)
async def list_touched(_: Person, room: Room, name: Name) -> Response:
    """List the answers given so far that rest on what a proposal replaces."""
    return answer({"answers": await room.touched(name)})


@knowledge_routes.get("/phrases", response_model=wire.HeardPhrases, responses=_READ)
async def list_phrases(
    _: Person,
    room: Room,
    since: Annotated[AwareDatetime | None, Query(description="30 days, when left out.")] = None,
) -> Response:
    """List phrases that conversations suggest to learn; propose those that are right."""
    return answer({"phrases": await room.phrasings(since=since)})

