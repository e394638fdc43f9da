"""People at the doors of a real application: customers, and colleagues of the staff with their feed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from starlette.testclient import TestClient, WebSocketTestSession

from tellerline.app import build, build_site
from tellerline.settings import Settings
from tests.harbour import PACK, link_releases

FRAMES_MAX = 400


@contextlib.contextmanager
def open_site(data: Path) -> Iterator[TestClient]:
    """Open the application on a data folder, as the server would."""
    link_releases(data)
    settings = msgspec.structs.replace(
        Settings(), data=data, pack=PACK, quiet_ms=10, typing_ms=10, burst_ms=100, silence_s=0
    )
    with TestClient(build_site(build(settings))) as client:
        yield client


@dataclass
class Customer:
    """A customer in a conversation of their own."""

    site: TestClient
    id: str
    token: str
    count: int = 0

    @classmethod
    def open(cls, site: TestClient, language: str, customer_token: str | None = None) -> Customer:
        wanted = {"channel": "web", "language": language, "customer_token": customer_token}
        opened = site.post("/api/v1/conversations", json=wanted)
        assert opened.status_code == 201, opened.text
        return cls(site, **opened.json())

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def say(self, text: str, *, wait: bool = True) -> None:
        self.count += 1
        answered = self.site.post(
            f"/api/v1/conversations/{self.id}/messages",
            json={"client_id": f"m{self.count}", "text": text},
            headers=self.headers,
            params={"wait": "turn"} if wait else {},
        )
        assert answered.status_code in (200, 202), answered.text

    def upload(self, name: str, data: bytes) -> httpx2.Response:
        path = f"/api/v1/conversations/{self.id}/attachments/{name}"
        return self.site.put(path, content=data, headers=self.headers)

    def events(self) -> list[dict[str, Any]]:
        found = self.site.get(f"/api/v1/conversations/{self.id}/events", headers=self.headers)
        return list(found.json()["events"])


@dataclass
class Colleague:
    """Somebody of the staff, signed in. The cookie is theirs alone, whatever else the client holds."""

    site: TestClient
    cookie: str
    csrf: str

    @classmethod
    def sign_in(cls, site: TestClient, account: str, password: str) -> Colleague:
        signed = site.post("/api/v1/desk/session", json={"account": account, "password": password})
        assert signed.status_code == 200, signed.text
        cookie = signed.cookies["tellerline_desk"]
        site.cookies.clear()
        return cls(site, cookie, signed.json()["csrf"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"tellerline_desk={self.cookie}", "X-CSRF-Token": self.csrf}

    def get(self, path: str, **query: Any) -> httpx2.Response:
        return self.site.get(f"/api/v1/desk/{path}", headers=self.headers, params=query)

    def put(self, path: str, body: Any, *, check: bool = True) -> httpx2.Response:
        done = self.site.put(f"/api/v1/desk/{path}", json=body, headers=self.headers)
        assert not check or done.status_code < 300, done.text
        return done

    def post(self, conversation: str, path: str, body: Any) -> httpx2.Response:
        return self.site.post(
            f"/api/v1/desk/conversations/{conversation}/{path}", json=body, headers=self.headers
        )

    def upload(self, path: str, data: bytes) -> httpx2.Response:
        return self.site.put(f"/api/v1/desk/{path}", content=data, headers=self.headers)

    def act(self, conversation: str, path: str, body: Any) -> int:
        done = self.post(conversation, path, body)
        assert done.status_code == 200, done.text
        return int(done.json()["sequence"])

    def view(self, conversation: str) -> dict[str, Any]:
        found = self.get(f"conversations/{conversation}")
        assert found.status_code == 200, found.text
        return dict(found.json())

    @contextlib.contextmanager
    def feed(self) -> Iterator[Feed]:
        with self.site.websocket_connect(
            "/api/v1/desk/feed", headers={"Cookie": f"tellerline_desk={self.cookie}"}
        ) as socket:
            yield Feed(socket)


@dataclass
class Feed:
    """One open feed."""

    socket: WebSocketTestSession

    def send(self, **note: Any) -> None:
        self.socket.send_json(note)

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Read until a message of `kind` with these fields."""
        for _ in range(FRAMES_MAX):
            message = self.socket.receive_json()
            if message["kind"] == kind and all(message.get(k) == v for k, v in fields.items()):
                return dict(message)
        raise AssertionError(f"no {kind} came")

    def ring(self, conversation: str) -> dict[str, Any]:
        """Read until `conversation` rings."""
        for _ in range(FRAMES_MAX):
            message = self.socket.receive_json()
            for card in message.get("work", {}).get("ringing", []):
                if card["conversation"] == conversation:
                    return dict(card)
        raise AssertionError("it does not ring")

    def attend(self, colleague: Colleague, site: TestClient, language: str = "zh") -> tuple[Customer, int]:
        """Bring a new customer to `colleague`; return the customer, and the last sequence seen."""
        colleague.put("presence", {"state": "available"})
        customer = Customer.open(site, language)
        customer.say({"zh": "转人工", "en": "I want to talk to a person"}[language])
        card = self.ring(customer.id)
        colleague.act(customer.id, "accept", {"offer": card["offer"]["id"]})
        return customer, int(colleague.view(customer.id)["sequence"])
