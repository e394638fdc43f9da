"""Quality over HTTP, for the staff: what was found, who reviews it, what is appealed, how people are coached."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from tellerline.domain.errors import NotFound
from tellerline.domain.event import ConversationId
from tellerline.quality.office import Quality
from tellerline.quality.review import ReviewId
from tellerline.quality.rubric import INDICATORS, RUBRIC
from tellerline.web import quality_wire as wire
from tellerline.web.conversation import answer, problems
from tellerline.web.site import TheSite
from tellerline.web.staff import StaffBearer

PREFIX = "/api/v1/quality"
quality_routes = APIRouter(prefix=PREFIX, tags=["quality"])

_READ = problems(401, 403, 404, 422, 429, 503)
_WRITE = problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)


async def _person(site: TheSite, bearer: StaffBearer) -> str:
    return site.staff.access(bearer)


async def _quality(site: TheSite) -> Quality:
    if site.quality is None:
        raise NotFound("not_found", "This counter measures no quality.")
    return site.quality


async def _review(name: Annotated[str, Path(alias="id", max_length=200, description="Its id.")]) -> ReviewId:
    return ReviewId(name)


Person = Annotated[str, Depends(_person)]
Room = Annotated[Quality, Depends(_quality)]
Name = Annotated[ReviewId, Depends(_review)]
Since = Annotated[AwareDatetime | None, Query(description="30 days, when left out.")]
Conversation = Annotated[str, Path(max_length=128, description="The conversation.")]


@quality_routes.get("/rubric", response_model=wire.Rubric, responses=_READ)
async def show_rubric(_: Person, room: Room) -> Response:
    """Show the rubric: every indicator with its ability, version and judge."""
    suspended = await room.suspended()
    rows = [
        {
            "name": one.name,
            "ability": one.ability,
            "version": one.version,
            "judge": one.judge,
            "title": one.title,
            "serious": one.serious,
            "suspended": one.name in suspended,
        }
        for one in INDICATORS
    ]
    return answer({"version": RUBRIC, "indicators": rows})


@quality_routes.get("/scorecards", response_model=wire.Scorecards, responses=_READ)
async def list_scorecards(
    _: Person, room: Room, since: Since = None, until: Annotated[AwareDatetime | None, Query()] = None
) -> Response:
    """List a card for the assistant and for each representative."""
    return answer({"cards": await room.cards(since, until)})


@quality_routes.get("/conversations/{conversation}", response_model=wire.Scored, responses=_READ)
async def show_findings(_: Person, room: Room, conversation: Conversation) -> Response:
    """Show what was found in a conversation, with its evidence."""
    return answer(await room.score(ConversationId(conversation)))


@quality_routes.get("/auto-fails", response_model=wire.AutoFails, responses=_READ)
async def list_auto_fails(_: Person, room: Room, since: Since = None) -> Response:
    """List serious failures. None counts as one until a person has confirmed it."""
    return answer({"auto_fails": await room.auto_fails(since)})


@quality_routes.post(
    "/conversations/{conversation}/verdicts", status_code=201, response_model=wire.Verdict, responses=_WRITE
)
async def decide_auto_fail(
    person: Person, room: Room, conversation: Conversation, wanted: wire.VerdictRequest
) -> Response:
    """Confirm or dismiss an auto-fail."""
    verdict = await room.confirm(
        ConversationId(conversation),
        wanted.indicator,
        wanted.sequence,
        person,
        confirmed=wanted.confirmed,
        note=wanted.note,
    )
    return answer(verdict, 201)


@quality_routes.post("/samples", status_code=201, response_model=wire.Reviews, responses=_WRITE)
async def draw_sample(person: Person, room: Room, wanted: wire.SampleRequest) -> Response:
    """Draw a sample by its seed, and begin its reviews."""
    drawn = await room.sample(
        wanted.count, wanted.seed, person, since=wanted.since, newcomers=wanted.newcomers
    )
    return answer({"reviews": drawn}, 201)


@quality_routes.get("/reviews", response_model=wire.Reviews, responses=_READ)
async def list_reviews(
    person: Person, room: Room, state: Annotated[wire.State | None, Query(description="Only these.")] = None
) -> Response:
    """List reviews, the newest first."""
    return answer({"reviews": await room.reviews(person, (state,) if state else ())})


@quality_routes.get("/reviews/{id}", response_model=wire.ReviewShown, responses=_READ)
async def show_review(person: Person, room: Room, name: Name) -> Response:
    """Show a review; the marks of others and of the machine only after one's own."""
    return answer(await room.show_review(name, person))


@quality_routes.post("/reviews/{id}/marks", response_model=wire.ReviewShown, responses=_WRITE)
async def mark_review(person: Person, room: Room, name: Name, wanted: wire.MarksRequest) -> Response:
    """Mark a review blind. Two people mark each; nobody marks their own work."""
    return answer(await room.mark(name, person, wanted.marks))


@quality_routes.post("/reviews/{id}/release", response_model=wire.Review, responses=_WRITE)
async def release_review(person: Person, room: Room, name: Name, wanted: wire.ReleaseRequest) -> Response:
    """Release a doubly marked review to the person it is about."""
    return answer(await room.release(name, person, wanted.note))


@quality_routes.post("/reviews/{id}/acknowledge", response_model=wire.Review, responses=_WRITE)
async def acknowledge_review(person: Person, room: Room, name: Name) -> Response:
    """Acknowledge a review of one's own work."""
    return answer(await room.acknowledge(name, person))


@quality_routes.post("/reviews/{id}/appeal", response_model=wire.Review, responses=_WRITE)
async def appeal_review(person: Person, room: Room, name: Name, wanted: wire.AppealRequest) -> Response:
    """Appeal within seven days against an indicator's verdict on one's own work."""
    return answer(await room.appeal(name, person, wanted.indicator, wanted.reason))


@quality_routes.post("/reviews/{id}/decide", response_model=wire.Review, responses=_WRITE)
async def decide_appeal(person: Person, room: Room, name: Name, wanted: wire.DecisionRequest) -> Response:
    """Decide an appeal, as somebody who had no part in it. Many upheld suspend the indicator."""
    return answer(await room.decide_appeal(name, person, upheld=wanted.upheld, answer=wanted.answer))


@quality_routes.get("/agreement", response_model=wire.Agreements, responses=_READ)
async def show_agreement(_: Person, room: Room) -> Response:
    """Compare double markings, by indicator and language."""
    return answer({"agreement": await room.agreement()})


@quality_routes.get("/coaching/{who}", response_model=wire.Plan, responses=_READ)
async def plan_coaching(
    _: Person, room: Room, who: Annotated[str, Path(max_length=80)], since: Since = None
) -> Response:
    """Plan a coaching: two strengths, one priority, its clips."""
    return answer(await room.coach(who, since))


@quality_routes.get("/coaching/{who}/effect", response_model=wire.Effect, responses=_READ)
async def measure_effect(
    _: Person,
    room: Room,
    who: Annotated[str, Path(max_length=80)],
    indicator: Annotated[str, Query(max_length=60)],
    coached_at: Annotated[AwareDatetime, Query(description="When the coaching was.")],
) -> Response:
    """Compare an indicator in the 30 days before a coaching and since."""
    return answer(await room.effect(who, indicator, coached_at))


@quality_routes.get("/stress", response_model=wire.Stress, responses=_READ)
async def show_own_stress(person: Person, room: Room, since: Since = None) -> Response:
    """Show one's own reply times under load and after abuse. Nobody can ask for another's."""
    return answer(await room.stress(person, since))
