"""The web application over a scripted counter, and a client for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tellerline.domain import event as e
from tellerline.domain.citation import Source
from tellerline.domain.clock import SystemClock
from tellerline.domain.language import Language, Text
from tellerline.web.application import build_application
from tellerline.web.rate import RateGate, Rates
from tellerline.web.site import Site
from tests.web.counter import ScriptedCounter
from tests.web.demo_bank import PaperBank

BANK = Text("港湾银行", "Harbour Bank")


def echo(text: str, language: Language) -> list[e.Body]:
    """Answer with what was said, and close when asked to."""
    if text == "close":
        return [e.ConversationClosed("finished")]
    source = Source("copy", "patterns/echo", "r1")
    return [e.MessageSent("assistant", f"You said: {text}", language, sources=[source])]


@dataclass
class Talk:
    """A conversation held by its customer."""

    client: TestClient
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, text: str, client_id: str = "m1", **query: str) -> httpx2.Response:
        body = {"client_id": client_id, "text": text}
        return self.client.post(f"{self.path}/messages", json=body, headers=self.headers, params=query)

    def events(self, after: int = 0) -> Sequence[Mapping[str, object]]:
        answer = self.client.get(f"{self.path}/events", headers=self.headers, params={"after": after})
        assert answer.status_code == 200, answer.text
        return answer.json()["events"]


async def ready() -> Mapping[str, bool]:
    return {"store": True}


@pytest.fixture
def counter() -> ScriptedCounter:
    return ScriptedCounter(SystemClock(), echo)


@pytest.fixture
def bank() -> PaperBank:
    return PaperBank()


def build(
    counter: ScriptedCounter, *, bank: PaperBank | None = None, rates: Rates | None = None, **rest: object
) -> FastAPI:
    """Build the application as `app.py` would."""
    gate = RateGate(rates, SystemClock())
    return build_application(Site(counter, BANK, "1.0", gate, ready, demo=bank, **rest))  # type: ignore[arg-type]


@pytest.fixture
def app(counter: ScriptedCounter, bank: PaperBank) -> FastAPI:
    return build(counter, bank=bank)


@pytest.fixture
def client(app: FastAPI) -> Generator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def open_talk(client: TestClient, **wanted: str) -> Talk:
    opened = client.post("/api/v1/conversations", json=wanted or {"channel": "web"})
    assert opened.status_code == 201, opened.text
    return Talk(client, **opened.json())


@pytest.fixture
def talk(client: TestClient) -> Talk:
    return open_talk(client)


@pytest.fixture
async def caller(app: FastAPI) -> AsyncGenerator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bank.example") as caller:
        yield caller


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built page."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>page</title>")
    (tmp_path / "assets" / "page-1a2b.js").write_text("// " + "x" * 4000)
    return tmp_path
