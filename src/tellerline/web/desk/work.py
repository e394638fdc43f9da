"""My work, and the lists that a representative looks things up in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from tellerline.desk.floor import in_order
from tellerline.desk.permission import check_permission
from tellerline.domain.language import Language
from tellerline.web.desk import wire
from tellerline.web.desk.access import PREFIX, Desk, Signed
from tellerline.web.conversation import answer
from tellerline.web.desk.session import READ
from tellerline.web.site import TheSite

work_routes = APIRouter(prefix=PREFIX, tags=["desk"])
Words = Annotated[str, Query(max_length=200, description="Words, pinyin or its initials; all when left out.")]


@work_routes.get("/work", response_model=wire.Work, responses=READ)
async def show_work(desk: Desk, session: Signed) -> Response:
    """Show my work, in the order that counts."""
    return answer(desk.room.work(session.account.account))


@work_routes.get("/people", response_model=wire.People, responses=READ)
async def list_people(desk: Desk, session: Signed) -> Response:
    """List the staff, for transfers and mentions."""
    floor = desk.room.floor
    people = [
        {
            "account": account.account,
            "shown": account.shown,
            "role": account.role,
            "presence": floor.presence.get(account.account),
            "load": floor.load(account.account),
            "capacity": account.capacity,
            "queues": account.queues,
            "languages": account.languages,
        }
        for account in desk.room.book.accounts()
        if not account.disabled
    ]
    return answer({"people": people})


@work_routes.get("/queues", response_model=wire.Queues, responses=READ)
async def list_queues(desk: Desk, session: Signed) -> Response:
    """List the queues as they are now."""
    floor, now = desk.room.floor, desk.room.clock.now()
    waiting = in_order(floor.asks.values(), now)
    queues = []
    for name, queue in desk.pack.queues.items():
        asked: list[datetime] = [ask.asked_at for ask in waiting if ask.queue == name]
        there = any(
            name in member.queues and (p := floor.presence.get(account)) is not None and p.connected
            for account, member in floor.members.items()
        )
        queues.append(
            {
                "queue": name,
                "title": queue.title,
                "depth": len(asked),
                "staffed": there,
                "waiting_since": min(asked, default=None),
            }
        )
    return answer({"queues": queues})


@work_routes.get("/reasons", response_model=wire.Reasons, responses=READ)
async def list_reasons(desk: Desk, session: Signed) -> Response:
    """List what a wrap-up may say a conversation was about."""
    areas = [
        {
            "id": area.id,
            "title": area.title,
            "reasons": [{"id": reason.id, "title": reason.title} for reason in area.reasons],
        }
        for area in desk.pack.areas
    ]
    return answer({"areas": areas})


@work_routes.get("/canned", response_model=wire.Phrases, responses=READ)
async def search_phrases(
    desk: Desk,
    session: Signed,
    search: Words = "",
    language: Annotated[Language, Query(description="Of the replies.")] = "zh",
) -> Response:
    """Find canned replies by words, pinyin or initials."""
    check_permission(session.account.role, "desk.search")
    found = desk.phrases.search(search, language)
    return answer({"replies": found})


@work_routes.get("/flows", response_model=wire.Procedures, responses=READ)
async def list_procedures(site: TheSite, desk: Desk, session: Signed) -> Response:
    """List the procedures that can be started as a form."""
    check_permission(session.account.role, "desk.search")
    return answer({"flows": desk.procedures()})


@work_routes.get("/knowledge", response_model=wire.Answer, responses=READ)
async def ask_knowledge(
    desk: Desk,
    session: Signed,
    question: Annotated[str, Query(min_length=1, max_length=500)],
    language: Annotated[Language, Query(description="Of the answer.")] = "zh",
) -> Response:
    """Answer from articles and figures in force, with sources; nothing when the evidence is too thin."""
    check_permission(session.account.role, "desk.search")
    return answer({"answer": desk.ask(question, language)})
