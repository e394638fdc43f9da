"""Proposals over HTTP: staff only, two of them, and every refusal says what to do."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tellerline.dialogue.learning import Learning
from tellerline.store.log import SqliteLog
from tellerline.web.application import build_application
from tellerline.web.rate import RateGate
from tellerline.web.site import Site
from tellerline.web.staff import Staff
from tests.dialogue.publishing import CHECKER, MAKER, Room, rate
from tests.knowledge.learning import papers
from tests.web.conftest import BANK, ready
from tests.web.counter import ScriptedCounter
from tests.web.test_conversation import problem_of

TOKENS = {MAKER: "token-of-the-maker", CHECKER: "token-of-the-checker"}
PROPOSALS = "/api/v1/knowledge/proposals"

Call = Callable[..., httpx2.Response]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    room.publication.force.start()
    yield room
    room.book.close()


@pytest.fixture
def client(room: Room, counter: ScriptedCounter) -> Iterator[TestClient]:
    with SqliteLog(room.path) as log:

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
            yield
            await learning.close()

        learning = Learning(
            publication=room.publication, book=room.book, past=log.records, log=log, clock=room.clock
        )
        site = Site(
            counter, BANK, "1.0", RateGate(None, room.clock), ready, staff=Staff(TOKENS), learning=learning
        )
        with TestClient(build_application(site, lifespan=lifespan), raise_server_exceptions=False) as client:
            yield client


@pytest.fixture
def call(client: TestClient) -> Call:
    def ask(person: str, method: str, path: str, **rest: object) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {TOKENS[person]}"}
        return client.request(method, f"{PROPOSALS}{path}", headers=headers, **rest)  # type: ignore[arg-type]

    return ask


def test_nobody_comes_in_without_a_staff_token(client: TestClient) -> None:
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/p1/approve"), ("GET", "/p1/touched")):
        problem_of(client.request(method, PROPOSALS + path, json={}), 401, "token_missing")
        headers = {"Authorization": "Bearer demo-staff-lin"}
        problem_of(client.request(method, PROPOSALS + path, json={}, headers=headers), 403, "staff_only")


def test_a_counter_without_tokens_lets_nobody_in(app: FastAPI) -> None:
    with TestClient(app) as client:
        problem_of(client.get(PROPOSALS, headers={"Authorization": "Bearer x"}), 403, "staff_only")


def test_only_staff_may_send_a_large_body(client: TestClient, call: Call) -> None:
    large = b"x" * 100_000
    refused = client.put(f"{PROPOSALS}/p1/documents/a.md", content=large)
    problem_of(refused, 413, "body_too_large")
    problem_of(call(MAKER, "PUT", "/p1/documents/a.md", content=large), 404, "proposal")
    problem_of(call(MAKER, "POST", "", content=large), 413, "body_too_large")


def test_from_a_proposal_to_its_approval(room: Room, call: Call) -> None:
    made = call(MAKER, "POST", "", json={"title": "Rates"}).json()
    assert (made["state"], made["maker"]) == ("draft", MAKER)
    rows = papers.workbook(papers.RATES_ZH, title="利率")
    brought = call(MAKER, "PUT", f"/{made['id']}/documents/rates.xlsx", content=rows)
    assert brought.status_code == 200, brought.text
    checked = room.checked(rate("1.35"))
    shown = call(CHECKER, "GET", f"/{checked.id}").json()
    assert shown["difference"]["facts"][0]["new"] == {"zh": "1.35%", "en": "1.35%"}
    own = call(MAKER, "POST", f"/{checked.id}/approve", json={"digest": "0" * 16})
    problem_of(own, 403, "own_proposal")
    other = call(CHECKER, "POST", f"/{checked.id}/approve", json={"digest": "0" * 16})
    problem_of(other, 409, "changed")
    done = call(CHECKER, "POST", f"/{checked.id}/approve", json={"digest": checked.digest})
    assert (done.json()["state"], done.json()["checker"]) == ("in_force", CHECKER)
    assert room.rate() == "1.35"
    assert call(CHECKER, "POST", f"/{checked.id}/approve", json={"digest": checked.digest}).json() == done.json()
    listed = call(CHECKER, "GET", "", params={"state": "in_force"}).json()["proposals"]
    assert [proposal["id"] for proposal in listed] == [checked.id]
    assert call(CHECKER, "GET", f"/{checked.id}/touched").json() == {"answers": []}


def test_a_document_that_cannot_be_read_is_told_with_a_remedy_and_leaves_nothing(call: Call) -> None:
    made = call(MAKER, "POST", "", json={"title": "Rates"}).json()
    refused = problem_of(call(MAKER, "PUT", f"/{made['id']}/documents/rates.xls", content=b"x"), 422, "document")
    assert refused["data"]["field"] == "document"  # type: ignore[index]
    assert refused["data"]["remedy"] == "bring .md, .html, .docx, .pdf or .xlsx"  # type: ignore[index]
    shown = call(MAKER, "GET", f"/{made['id']}").json()
    assert [step["step"] for step in shown["steps"]] == ["proposed"]


@pytest.mark.parametrize(
    "body",
    [{}, {"title": ""}, {"title": "x", "in_force_at": "tomorrow"}, {"title": "x", "in_force_at": "2026-12-01T00:00"}, {"titel": "x"}],
)  # fmt: skip
def test_a_wrong_request_names_the_field(call: Call, body: dict[str, object]) -> None:
    assert problem_of(call(MAKER, "POST", "", json=body), 422, "invalid_input")["errors"]


def test_a_moment_that_has_passed_is_refused(call: Call) -> None:
    body = {"title": "x", "in_force_at": "2026-01-01T00:00:00+08:00"}
    assert problem_of(call(MAKER, "POST", "", json=body), 422, "in_force_at")["data"]
