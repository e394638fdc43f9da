"""Quality over HTTP: staff only, evidence with every number, reviews by the person the token names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from tellerline.domain import event as e
from tellerline.quality.office import Quality
from tellerline.quality.scorer import Scorer
from tellerline.store.log import SqliteLog
from tellerline.store.quality import SqliteQuality
from tellerline.testing.clock import VirtualClock
from tellerline.web.application import build_application
from tellerline.web.quality import quality_routes
from tellerline.web.rate import RateGate
from tellerline.web.site import Site
from tellerline.web.staff import Staff
from tests.quality.talk import START, TOOLS, WHO, Talk
from tests.web.conftest import BANK, ready
from tests.web.counter import ScriptedCounter
from tests.web.test_conversation import problem_of

TOKENS = {"ann": "token-of-ann-ann", "bob": "token-of-bob-bob", "carol": "token-of-carol-c", WHO: "token-of-chen-jie"}
ROOM = "/api/v1/quality"
Call = Callable[..., httpx2.Response]


@pytest.fixture
def client(tmp_path: Path, counter: ScriptedCounter) -> Iterator[TestClient]:
    path = tmp_path / "record.sqlite3"
    clock = VirtualClock(START + timedelta(days=1))
    talk = Talk().c("hi").taken().r("You win [guaranteed_return].").closed()
    with SqliteLog(path) as log:
        book = SqliteQuality(path)
        room = Quality(
            book=book,
            record=log,
            clock=clock,
            scorer=lambda: Scorer(talk._read, talk.read_acts, TOOLS),
            due=lambda now: now + timedelta(days=2),
        )

        async def fill() -> None:
            await log.append(e.ConversationId("c1"), talk.events)
            assert await room.score_closed() == 1

        asyncio.run(fill())
        site = Site(counter, BANK, "1.0", RateGate(None, clock), ready, staff=Staff(TOKENS), quality=room)
        with TestClient(build_application(site, rooms=[quality_routes]), raise_server_exceptions=False) as client:
            yield client
        book.close()


@pytest.fixture
def call(client: TestClient) -> Call:
    def ask(person: str, method: str, path: str, **rest: object) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {TOKENS[person]}"}
        return client.request(method, f"{ROOM}{path}", headers=headers, **rest)  # type: ignore[arg-type]

    return ask


def test_nobody_comes_in_without_a_staff_token(client: TestClient) -> None:
    for path in ("/rubric", "/scorecards", "/conversations/c1", "/auto-fails", "/reviews", "/stress", "/coaching/x"):
        problem_of(client.get(ROOM + path), 401, "token_missing")
        nobody = client.get(ROOM + path, headers={"Authorization": "Bearer token-of-nobody"})
        problem_of(nobody, 403, "staff_only")


def test_a_score_comes_with_its_evidence(call: Call) -> None:
    found = call("ann", "GET", "/conversations/c1").json()["findings"]
    bad = next(one for one in found if one["indicator"] == "no_false_claim")
    assert (bad["passed"], bad["who"], bad["quote"]) == (False, WHO, "You win [guaranteed_return].")
    problem_of(call("ann", "GET", "/conversations/c2"), 404, "score")
    (card,) = call("ann", "GET", "/scorecards").json()["cards"]
    assert (card["side"], card["who"], card["overall"]) == ("representative", WHO, None)
    rubric = call("ann", "GET", "/rubric").json()
    assert all(one["title"]["zh"] and one["title"]["en"] for one in rubric["indicators"])


def test_an_auto_fail_is_decided_by_a_person(call: Call) -> None:
    (fail,) = call("ann", "GET", "/auto-fails").json()["auto_fails"]
    assert fail["confirmed"] is None
    wanted = {"indicator": "no_false_claim", "sequence": fail["finding"]["sequences"][-1], "confirmed": True}
    assert call("ann", "POST", "/conversations/c1/verdicts", json=wanted).status_code == 201
    problem_of(call("bob", "POST", "/conversations/c1/verdicts", json=wanted), 409, "decided")
    (fail,) = call("ann", "GET", "/auto-fails").json()["auto_fails"]
    assert fail["confirmed"] is True


def test_a_review_is_marked_released_appealed_and_decided(call: Call) -> None:
    (drawn,) = call("ann", "POST", "/samples", json={"count": 3, "seed": 7}).json()["reviews"]
    name = f"/reviews/{drawn['id']}"
    problem_of(call(WHO, "POST", f"{name}/marks", json={"marks": {}}), 403, "own_work")
    problem_of(call("ann", "POST", f"{name}/marks", json={"marks": {"charm": "pass"}}), 422, "marks")
    marks = {"marks": {"no_false_claim": "fail"}}
    assert call("ann", "GET", name).json()["machine"] is None
    assert call("ann", "POST", f"{name}/marks", json=marks).json()["machine"]["no_false_claim"] == "fail"
    assert call("bob", "GET", name).json()["review"]["markings"] == []
    call("bob", "POST", f"{name}/marks", json=marks)
    assert call("ann", "GET", "/agreement").json()["agreement"]["no_false_claim/en"]["agreed"] == 1
    assert call("ann", "POST", f"{name}/release", json={}).json()["state"] == "released"
    problem_of(call("ann", "POST", f"{name}/acknowledge"), 403, "not_yours")
    appeal = {"indicator": "no_false_claim", "reason": "I quoted a leaflet"}
    assert call(WHO, "POST", f"{name}/appeal", json=appeal).json()["state"] == "appealed"
    decision = {"upheld": True, "answer": "You did quote it."}
    problem_of(call("ann", "POST", f"{name}/decide", json=decision), 403, "not_independent")
    assert call("carol", "POST", f"{name}/decide", json=decision).json()["appeal"]["upheld"] is True
    listed = call("ann", "GET", "/reviews", params={"state": "decided"}).json()["reviews"]
    assert [one["id"] for one in listed] == [drawn["id"]]


def test_coaching_and_stress(call: Call) -> None:
    assert call("ann", "GET", f"/coaching/{WHO}").json()["priority"] is None
    problem_of(call("ann", "GET", "/coaching/nobody"), 422, "who")
    effect = call(
        "ann", "GET", f"/coaching/{WHO}/effect", params={"indicator": "no_blame", "coached_at": START.isoformat()}
    )
    assert effect.json()["helped"] is False
    assert call(WHO, "GET", "/stress").json() == {"usual_s": None, "at_peak_s": None, "after_abuse_s": None}
