"""The demonstration bank's other side, for visitors: whose customer to be, the phone that codes arrive on, faults."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, JsonValue

from tellerline.domain.errors import NotFound
from tellerline.web import wire
from tellerline.web.conversation import problems
from tellerline.web.ports import DemoBank
from tellerline.web.site import TheSite

demo_routes = APIRouter(prefix="/demo", tags=["demonstration"])
Books: TypeAlias = dict[str, JsonValue]
CustomerToken = Annotated[
    str, Path(max_length=200, description="A customer's token, from the list of customers.")
]


class DemoCustomer(BaseModel):
    """A customer of the demonstration bank; nobody real."""

    token: str
    name: wire.Name
    story: wire.Name
    phone: str
    id_last_four: str
    elder: bool = False


class PhoneEntry(BaseModel):
    """Something that arrived on a customer's phone."""

    id: str
    at: AwareDatetime
    kind: Literal["sms", "face"]
    text: wire.Name
    code: str | None = None
    state: Literal["pending", "approved", "declined", "expired"] | None = None


class DemoCustomers(BaseModel):
    """Whom a visitor may sign in as."""

    customers: list[DemoCustomer]


class Phone(BaseModel):
    """What arrived on the phone, newest first."""

    entries: list[PhoneEntry]


class FaceAnswer(wire.Request):
    """The customer's answer on the phone."""

    approve: bool


async def _access(site: TheSite) -> DemoBank:
    if site.demo is None:
        raise NotFound("not_found", "There is no demonstration bank here.")
    return site.demo


Demo = Annotated[DemoBank, Depends(_access)]


@demo_routes.get("/customers", responses=problems(404, 429))
async def list_customers(demo: Demo) -> DemoCustomers:
    """List whom a visitor may sign in as."""
    return DemoCustomers.model_validate({"customers": await demo.customers()})


@demo_routes.get("/phone/{customer_token}", responses=problems(404, 422, 429))
async def show_phone(demo: Demo, customer_token: CustomerToken) -> Phone:
    """Show what arrived on a customer's phone."""
    return Phone.model_validate({"entries": await demo.phone(customer_token)})


@demo_routes.post(
    "/phone/{customer_token}/checks/{check}",
    status_code=204,
    responses=problems(400, 404, 409, 413, 415, 422, 429),
)
async def answer_face_check(
    demo: Demo, customer_token: CustomerToken, check: Annotated[str, Path(max_length=200)], answer: FaceAnswer
) -> None:
    """Approve or decline a face check on the customer's phone."""
    await demo.answer_face(customer_token, check, approve=answer.approve)


@demo_routes.get("/faults", responses=problems(404, 429))
async def show_faults(demo: Demo) -> Books:
    """Tell which faults the bank plays."""
    return await demo.faults()


@demo_routes.put("/faults", responses=problems(400, 404, 413, 415, 422, 429))
async def set_faults(demo: Demo, faults: Annotated[Books, Body()]) -> Books:
    """Let the bank play other faults, to see how the counter bears them."""
    return await demo.set_faults(faults)


@demo_routes.get("/state", responses=problems(404, 422, 429))
async def show_state(demo: Demo, customer_token: Annotated[str, Query(max_length=200)]) -> Books:
    """Show a customer's books as the bank holds them."""
    return await demo.state(customer_token)
