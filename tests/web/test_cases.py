"""What the bank owes its customers, over HTTP: each sees their own, the staff work on all, and the customer is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tellerline.bank.contract import Proof
from tellerline.channels.counter import Counter, Pace
from tellerline.channels.feed import Hub
from tellerline.channels.intake import Intake
from tellerline.channels.vault import Vault
from tellerline.dialogue.case_desk import CaseDesk
from tellerline.dialogue.engine import Engine
from tellerline.domain.party import CustomerId, Level
from tellerline.testing.log import MemoryLog
from tellerline.understanding.redact import redact
from tellerline.web.application import build_application
from tellerline.web.rate import RateGate
from tellerline.web.site import Site
from tellerline.web.staff import Staff
from tests.dialogue.toy import NOW, Talk, reading
from tests.web.conftest import BANK, ready

TOKENS = {"lin.yue": "staff-token-of-lin-yue", "zhao.min": "staff-token-of-zhao-min"}
CASES = "/api/v1/cases"


class Doors:
    """The doors over the toy bank: two conversations of one customer, one of a stranger."""

    def __init__(self) -> None:
        self.toy = Talk()
        self.log = MemoryLog()
        self.toy.reader.readings = _Readings()  # type: ignore[assignment]
        hub = Hub()
        releases = {"r1": self.toy.release}
        identity: Any = SimpleNamespace(sign_in=self._sign_in)
        self.counter = Counter(
            log=self.log,
            engine=Engine(self.log, releases, self.toy.effects, self.toy.clock, hub),
            hub=hub,
            identity=identity,
            intake=Intake(redact, Vault()),
            clock=self.toy.clock,
            current=lambda _: self.toy.release,
            pace=Pace(),
        )
        desk = CaseDesk(
            self.log.cases,
            self.log,
            load=self.counter.tracker,
            notice=self.counter.notice,
            current=lambda: self.toy.release,
            clock=self.toy.clock,
        )
        site = Site(
            self.counter, BANK, "1.0", RateGate(None, self.toy.clock), ready, staff=Staff(TOKENS), cases=desk
        )
        self.client = TestClient(build_application(site), raise_server_exceptions=False)

    async def _sign_in(self, token: str) -> Proof:
        return Proof(CustomerId(token), Level.L1, "app")

    def open(self, customer: str | None = None) -> dict[str, str]:
        body = {"language": "zh", **({"customer_token": customer} if customer else {})}
        return self.client.post("/api/v1/conversations", json=body).json()

    def complain(self, talk: dict[str, str]) -> str:
        for count, text in enumerate(("我要投诉", "柜台把我的名字录错了")):
            sent = self.client.post(
                f"/api/v1/conversations/{talk['id']}/messages?wait=turn",
                json={"client_id": f"m{count}", "text": text},
                headers=bearer(talk["token"]),
            )
            assert sent.status_code == 200, sent.text
        return next(x["number"] for x in sent.json()["events"] if x["kind"] == "case.opened")

    def own(self, talk: dict[str, str], path: str = "") -> httpx2.Response:
        return self.client.get(f"{CASES}{path}?conversation={talk['id']}", headers=bearer(talk["token"]))

    def work(self, person: str, method: str, path: str, **body: object) -> httpx2.Response:
        given = {"json": body} if method == "POST" else {}
        return self.client.request(method, f"{CASES}/work{path}", headers=bearer(TOKENS[person]), **given)  # type: ignore[arg-type]

    def told(self, talk: dict[str, str]) -> list[str]:
        events = self.client.get(f"/api/v1/conversations/{talk['id']}/events", headers=bearer(talk["token"]))
        return [x["text"] for x in events.json()["events"] if x["kind"] == "message.sent"]


class _Readings(dict[str, Any]):
    """What the toy's reader makes of any text: a complaint by its word, else a story."""

    def __missing__(self, text: str) -> Any:
        return reading("complaint" if "投诉" in text else "out_of_scope", text=text)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def doors() -> Iterator[Doors]:
    made = Doors()
    with made.client:
        yield made


def test_customers_see_their_own_cases_and_nobody_else_s(doors: Doors) -> None:
    mine, later, stranger = doors.open("u1"), doors.open("u1"), doors.open("u2")
    number = doors.complain(mine)
    for talk in (mine, later):  # whichever conversation they ask in
        listed = doors.own(talk).json()
        assert [case["number"] for case in listed["cases"]] == [number]
        assert listed["complete"]
    assert doors.own(stranger).json() == {"cases": [], "complete": True}
    assert doors.own(stranger, f"/{number}/receipt").status_code == 404


def test_who_has_not_proven_who_they_are_sees_this_conversation_only(doors: Doors) -> None:
    known, unknown = doors.open("u1"), doors.open()
    doors.complain(known)
    number = doors.complain(unknown)
    listed = doors.own(unknown).json()
    assert ([case["number"] for case in listed["cases"]], listed["complete"]) == ([number], False)


def test_another_s_token_opens_nothing(doors: Doors) -> None:
    mine, other = doors.open("u1"), doors.open("u2")
    assert doors.own({"id": mine["id"], "token": other["token"]}).status_code == 404
    assert doors.client.get(f"{CASES}?conversation={mine['id']}").status_code == 401


def test_a_receipt_tells_an_altered_copy(doors: Doors) -> None:
    mine = doors.open("u1")
    number = doors.complain(mine)
    first = doors.own(mine, f"/{number}/receipt").json()
    again = doors.own(mine, f"/{number}/receipt").json()
    assert first == again
    assert first["number"] == number
    assert len(bytes.fromhex(first["digest"])) == hashlib.sha256().digest_size
    doors.work("lin.yue", "POST", f"/{number}/advance", stage="working")
    assert doors.own(mine, f"/{number}/receipt").json()["digest"] != first["digest"]


def test_the_staff_routes_are_for_the_staff(doors: Doors) -> None:
    mine = doors.open("u1")
    number = doors.complain(mine)
    for method, path in (("GET", ""), ("GET", f"/{number}"), ("POST", f"/{number}/close")):
        assert doors.client.request(method, f"{CASES}/work{path}", json={}).status_code == 401
        headers = bearer(mine["token"])
        assert doors.client.request(method, f"{CASES}/work{path}", json={}, headers=headers).status_code == 403


def test_a_case_goes_its_way_and_the_customer_is_told_of_each_step(doors: Doors) -> None:
    mine = doors.open("u1")
    number = doors.complain(mine)
    assert [case["number"] for case in doors.work("lin.yue", "GET", "").json()["cases"]] == [number]
    assert doors.work("lin.yue", "POST", f"/{number}/advance", stage="working").json()["stage"] == "working"
    assert doors.work("lin.yue", "POST", f"/{number}/advance", stage="working").status_code == 409
    assert doors.work("lin.yue", "POST", f"/{number}/escalate").json()["owner"] == "case_desk"
    refused = doors.work("lin.yue", "POST", f"/{number}/close", decision="kept", answer="请把密码告诉我们")
    assert (refused.status_code, refused.json()["code"]) == (403, "answer_rule")
    closed = doors.work("lin.yue", "POST", f"/{number}/close", decision="kept", answer="名字已更正，回执寄出。")
    assert (closed.json()["state"], closed.json()["resolution"]) == ("closed", "kept")
    assert doors.told(mine)[-3:] == ["<case_advanced>", "<case_escalated>", "<case_closed>"]
    history = doors.work("zhao.min", "GET", f"/{number}").json()["events"]
    assert [event["body"]["kind"] for event in history] == [
        "case.opened", "case.advanced", "case.escalated", "case.closed",
    ]  # fmt: skip
    assert doors.work("lin.yue", "POST", f"/{number}/close", decision="kept", answer="再来一次").status_code == 409
    assert doors.work("lin.yue", "GET", "/HB000000-XXXXX-XXXXX").status_code == 404


def test_more_time_needs_a_reason_and_beyond_the_ordinary_a_second_person(doors: Doors) -> None:
    mine = doors.open("u1")
    number = doors.complain(mine)
    soon, late = (NOW + timedelta(days=days) for days in (2, 4))
    path = f"/{number}/extend"
    early = doors.work("lin.yue", "POST", path, due_at=soon.isoformat(), reason="等对方银行")
    assert (early.status_code, early.json()["code"]) == (422, "case_not_later")
    # A kind without rules of its own is not extended at all.
    long = doors.work("lin.yue", "POST", path, due_at=late.isoformat(), reason="等对方银行")
    assert (long.status_code, long.json()["code"]) == (422, "case_too_long")
    nobody = doors.work("lin.yue", "POST", path, due_at=late.isoformat(), reason="等对方", approver_token="x" * 20)
    assert (nobody.status_code, nobody.json()["code"]) == (403, "staff_only")
