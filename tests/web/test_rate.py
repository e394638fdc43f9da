"""Rates: too much is refused with the time to wait, for the one who asks too much only."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tellerline.domain.clock import SystemClock
from tellerline.web.problem import TooMany
from tellerline.web.rate import LOCAL_ADDRESSES, RateGate, Rates
from tests.web.conftest import build, open_talk
from tests.web.counter import ScriptedCounter
from tests.web.test_conversation import problem_of


def test_one_conversation_asks_too_often(counter: ScriptedCounter) -> None:
    with TestClient(build(counter, rates=Rates(conversation="3/minute"))) as client:
        talk, other = open_talk(client), open_talk(client)
        answers = [talk.send("x", client_id=f"m{number}") for number in range(4)]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        found = problem_of(answers[3], 429, "too_many_requests")
        assert found["retryable"] is True
        assert 1 <= int(answers[3].headers["retry-after"]) <= 60
        assert other.send("x").status_code == 202


def test_somebody_without_the_token_cannot_use_up_a_conversation(counter: ScriptedCounter) -> None:
    with TestClient(build(counter, rates=Rates(conversation="3/minute"))) as client:
        talk, other = open_talk(client), open_talk(client)
        for _ in range(5):
            assert client.get(f"{talk.path}/events", headers=other.headers).status_code == 404
        assert talk.send("x").status_code == 202


def test_one_address_asks_too_often(counter: ScriptedCounter) -> None:
    with TestClient(build(counter, rates=Rates(address="2/minute"))) as client:
        answers = [client.get("/api/v1/about") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        problem_of(answers[2], 429, "too_many_requests")
        assert client.get("/health").status_code == 200


def test_one_address_opens_too_many(counter: ScriptedCounter) -> None:
    with TestClient(build(counter, rates=Rates(opening="1/minute"))) as client:
        open_talk(client)
        problem_of(client.post("/api/v1/conversations", json={}), 429, "too_many_requests")


async def test_without_rates_everything_passes() -> None:
    gate = RateGate(None, SystemClock())
    for _ in range(2_000):
        await gate.check("address", "a")


@pytest.mark.parametrize("address", sorted(LOCAL_ADDRESSES))
async def test_programs_on_this_machine_are_not_limited_by_address(address: str) -> None:
    gate = RateGate(Rates(address="1/minute"), SystemClock())
    for _ in range(3):
        await gate.check("address", address)
    await gate.check("address", "192.0.2.1")
    with pytest.raises(TooMany):
        await gate.check("address", "192.0.2.1")
