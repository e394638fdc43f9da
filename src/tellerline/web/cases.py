"""What the bank owes its customers, over HTTP: each customer sees their own, the staff work on all."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from tellerline.cases.book import CaseQuery
from tellerline.dialogue.case_desk import CaseDesk
from tellerline.domain.errors import NotFound, Refused
from tellerline.domain.event import ConversationId
from tellerline.web import cases_wire as wire
from tellerline.web.conversation import Bearer, access_with, answer, problems
from tellerline.web.problem import Unauthenticated
from tellerline.web.site import Site, TheSite
from tellerline.web.staff import StaffBearer

PREFIX = "/api/v1/cases"
PAGE_MAX = 200
case_routes = APIRouter(prefix=PREFIX, tags=["cases"])

_READ = problems(401, 403, 404, 422, 429, 503)
_WRITE = problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
Number = Annotated[str, Path(max_length=40, description="Its number.")]
Conversation = Annotated[str, Query(max_length=128, description="The customer's conversation.")]


async def _desk(site: TheSite) -> CaseDesk:
    if site.cases is None:
        raise NotFound("not_found", "This counter keeps no cases.")
    return site.cases


async def _person(site: TheSite, bearer: StaffBearer) -> str:
    return site.staff.access(bearer)


async def _customer(site: TheSite, conversation: Conversation, bearer: Bearer) -> ConversationId:
    return await access_with(site, conversation, bearer)


Desk = Annotated[CaseDesk, Depends(_desk)]
Person = Annotated[str, Depends(_person)]
Customer = Annotated[ConversationId, Depends(_customer)]


@case_routes.get("", response_model=wire.OwnCases, responses=_READ)
async def list_own_cases(desk: Desk, customer: Customer) -> Response:
    """List a customer's cases: all of theirs from identity level 1 on, else those of this conversation."""
    rows, complete = await desk.own(customer)
    return answer({"cases": [desk.shown(row) for row in rows], "complete": complete})


@case_routes.get("/{number}/receipt", response_model=wire.Receipt, responses=_READ)
async def show_receipt(desk: Desk, customer: Customer, number: Number) -> Response:
    """Give a customer the receipt of a case of theirs."""
    return answer(await desk.receipt(customer, number))


@case_routes.get("/work", response_model=wire.Cases, responses=_READ)
async def list_cases(
    _: Person,
    desk: Desk,
    state: Annotated[wire.State | None, Query(description="Only these.")] = "open",
    owner: Annotated[str | None, Query(max_length=80, description="Only whose cases.")] = None,
    kind: Annotated[str | None, Query(max_length=80, description="Only this kind.")] = None,
    due_by: Annotated[AwareDatetime | None, Query(description="Only those due until then.")] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
) -> Response:
    """List cases for the staff, the earliest due first."""
    rows = await desk.cases(CaseQuery(state=state, owner=owner, kind=kind, due_by=due_by), limit=limit)
    return answer({"cases": rows})


@case_routes.get("/work/{number}", response_model=wire.CaseShown, responses=_READ)
async def show_case(_: Person, desk: Desk, number: Number) -> Response:
    """Show a case with its history."""
    return answer(await desk.show(number))


@case_routes.post("/work/{number}/advance", response_model=wire.Case, responses=_WRITE)
async def advance_case(person: Person, desk: Desk, number: Number, wanted: wire.AdvanceRequest) -> Response:
    """Take a case up, or wait for the customer, who is told."""
    return answer(await desk.advance(number, person, wanted.stage, wanted.note))


@case_routes.post("/work/{number}/extend", response_model=wire.Case, responses=_WRITE)
async def extend_case(
    site: TheSite, person: Person, desk: Desk, number: Number, wanted: wire.ExtendRequest
) -> Response:
    """Give a case more time before its day has come; the customer is told why and until when."""
    approver = _approver(site, wanted.approver_token)
    return answer(await desk.extend(number, person, wanted.due_at, wanted.reason, approver))


def _approver(site: Site, token: str | None) -> str:
    """Return who approves, proven by a token of their own. Raises: Refused when it is nobody's."""
    if not token:
        return ""
    approver = site.staff.person(token)
    if approver is None:
        raise Refused("staff_only", "The approver's token is nobody's.")
    return approver


@case_routes.post("/work/{number}/escalate", response_model=wire.Case, responses=_WRITE)
async def escalate_case(person: Person, desk: Desk, number: Number) -> Response:
    """Bring a case before a higher desk; the customer is told."""
    return answer(await desk.escalate(number, person))


@case_routes.post("/work/{number}/close", response_model=wire.Case, responses=_WRITE)
async def close_case(person: Person, desk: Desk, number: Number, wanted: wire.CloseRequest) -> Response:
    """Decide a case. The customer is told the decision, the answer, and how to have it looked at again."""
    return answer(await desk.close(number, person, wanted.decision, wanted.answer))

