"""The staff's accounts: one's own password and second factor, what administrators change, and who did what."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from tellerline.desk.account import Account
from tellerline.desk.staffing import Wanted
from tellerline.domain.language import Text
from tellerline.web.conversation import After
from tellerline.web.desk import wire
from tellerline.web.desk.access import PREFIX, Desk, Signed
from tellerline.web.conversation import answer
from tellerline.web.desk.session import READ, WRITE

staff_routes = APIRouter(prefix=PREFIX, tags=["desk"])
Name = Annotated[str, Path(alias="account", max_length=40, description="The account's name.")]


def _view(account: Account) -> dict[str, object]:
    return {
        "account": account.account,
        "shown": account.shown,
        "role": account.role,
        "queues": account.queues,
        "languages": account.languages,
        "licences": account.licences,
        "capacity": account.capacity,
        "disabled": account.disabled,
        "second_factor": bool(account.totp_secret),
        "own_login": bool(account.subject),
    }


@staff_routes.put("/session/password", status_code=204, responses=WRITE)
async def change_password(desk: Desk, session: Signed, wanted: wire.PasswordRequest) -> Response:
    """Change one's own password; sign in again afterwards."""
    await asyncio.to_thread(desk.staffing.change_password, session.account, wanted.old, wanted.new)
    return Response(status_code=204)


@staff_routes.post("/session/factor", response_model=wire.SecondFactor, responses=WRITE)
async def propose_factor(desk: Desk, session: Signed) -> Response:
    """Get a new second factor for an authenticator app; it is in force once its first code was given back."""
    return answer(desk.staffing.propose_factor(session.account))


@staff_routes.put("/session/factor", status_code=204, responses=WRITE)
async def set_factor(desk: Desk, session: Signed, wanted: wire.FactorRequest) -> Response:
    """Put the second factor in force."""
    desk.staffing.set_factor(session.account, wanted.secret, wanted.code)
    return Response(status_code=204)


@staff_routes.get("/accounts", response_model=wire.Accounts, responses=READ)
async def list_accounts(desk: Desk, session: Signed) -> Response:
    """List the accounts."""
    return answer({"accounts": [_view(account) for account in desk.staffing.accounts(session.account)]})


@staff_routes.post("/accounts", status_code=201, response_model=wire.Account, responses=WRITE)
async def add_account(desk: Desk, session: Signed, wanted: wire.AccountRequest) -> Response:
    """Add an account."""
    fields = {**wanted.model_dump(), "shown": Text(wanted.shown.zh, wanted.shown.en)}
    added = await asyncio.to_thread(desk.staffing.add, session.account, Wanted(**fields))
    desk.room.enter(added)
    return answer(_view(added), 201)


@staff_routes.patch("/accounts/{account}", response_model=wire.Account, responses=WRITE)
async def change_account(desk: Desk, session: Signed, name: Name, wanted: wire.AccountChange) -> Response:
    """Change an account; whoever it is has to sign in again. Queues and skills come in by workbook."""
    changes = wanted.model_dump(exclude_none=True)
    changed = desk.sign_in.change_account(session.account, name, changes)
    desk.room.enter(changed)
    return answer(_view(changed))


@staff_routes.put("/accounts/{account}/password", status_code=204, responses=WRITE)
async def reset_password(desk: Desk, session: Signed, name: Name, wanted: wire.ResetRequest) -> Response:
    """Give somebody a new password; their second factor and lock are taken away."""
    await asyncio.to_thread(desk.staffing.reset_password, session.account, name, wanted.password)
    return Response(status_code=204)


@staff_routes.get("/audit", response_model=wire.AuditNotes, responses=READ)
async def list_notes(
    desk: Desk,
    session: Signed,
    after: After = 0,
    account: Annotated[str, Query(max_length=80, description="Only of this account.")] = "",
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many.")] = 100,
) -> Response:
    """List who of the staff did what: sign-ins, refusals, reveals, exports."""
    notes = desk.staffing.notes(session.account, account=account, after=after, limit=limit)
    return answer({"notes": [msgspec.structs.asdict(note) for note in notes]})
