"""The demonstration bank's other side, and that it is not there for real customers."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import build
from tests.web.counter import ScriptedCounter
from tests.web.demo_bank import PaperBank
from tests.web.test_conversation import problem_of

AT = "2026-11-23T08:00:00Z"


def test_customers_and_their_phones(client: TestClient, bank: PaperBank) -> None:
    customers = client.get("/demo/customers").json()["customers"]
    assert [customer["token"] for customer in customers] == ["demo-li", "demo-zhou"]
    bank.ring("demo-li", "sms", AT)
    (entry,) = client.get("/demo/phone/demo-li").json()["entries"]
    assert entry["code"] == "246810"
    assert client.get("/demo/phone/demo-zhou").json() == {"entries": []}
    problem_of(client.get("/demo/phone/nobody"), 404, "customer")


@pytest.mark.parametrize(("approve", "state"), [(True, "approved"), (False, "declined")])
def test_a_face_check_is_answered_once(
    client: TestClient, bank: PaperBank, approve: bool, state: str
) -> None:
    bank.ring("demo-li", "face", AT)
    path = "/demo/phone/demo-li/checks/face-1"
    assert client.post(path, json={"approve": approve}).status_code == 204
    (entry,) = client.get("/demo/phone/demo-li").json()["entries"]
    assert entry["state"] == state
    problem_of(client.post(path, json={"approve": True}), 409, "answered")
    problem_of(client.post(f"{path}0", json={"approve": True}), 404, "check")


def test_faults_are_shown_and_set(client: TestClient) -> None:
    assert client.get("/demo/faults").json() == {"mode": "none"}
    assert client.put("/demo/faults", json={"mode": "late"}).json() == {"mode": "late"}
    problem_of(client.put("/demo/faults", json={"mood": "late"}), 422, "faults")


def test_the_books_are_shown(client: TestClient) -> None:
    assert client.get("/demo/state", params={"customer_token": "demo-li"}).json() == {"entries": 0}


@pytest.mark.parametrize("path", ["customers", "phone/demo-li", "faults", "state?customer_token=demo-li"])
def test_without_the_demonstration_bank_there_is_nothing(counter: ScriptedCounter, path: str) -> None:
    with TestClient(build(counter)) as client:
        problem_of(client.get(f"/demo/{path}"), 404, "not_found")
        assert client.get("/api/v1/about").json()["demo"] is False
        assert not any(
            path.startswith("/demo") for path in client.get("/api/v1/openapi.json").json()["paths"]
        )
