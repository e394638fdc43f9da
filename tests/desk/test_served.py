"""The desk end to end: a real server's application, a customer and representatives over HTTP and one feed each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.desk.counter import Colleague, Customer, open_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_site(tmp_path_factory.mktemp("data")) as client:
        yield client


def test_a_conversation_goes_from_the_assistant_to_a_person_and_back(site: TestClient) -> None:
    lin = Colleague.sign_in(site, "lin.yue", "harbour-lin")
    customer = Customer.open(site, "zh")
    with lin.feed() as feed:
        assert feed.until("hello")["me"]["account"] == "lin.yue"
        lin.put("presence", {"state": "available"})
        customer.say("转人工")
        ring = feed.ring(customer.id)
        assert ring["offer"]["id"]
        lin.act(customer.id, "accept", {"offer": ring["offer"]["id"]})
        feed.send(kind="follow", conversation=customer.id, after=0)
        caught = feed.until("caught_up")
        assert caught["changes"]["people"]["owner"]["account"] == "lin.yue"
        assert caught["changes"]["handover"]["reason"] == "asked"
        seen = caught["sequence"]
        sent = lin.act(
            customer.id, "messages", {"client_id": "a1", "text": "您好，请问什么事？", "seen": seen}
        )
        again = lin.act(
            customer.id, "messages", {"client_id": "a1", "text": "您好，请问什么事？", "seen": seen}
        )
        assert again == sent
        texts = [event["text"] for event in customer.events() if event["kind"] == "message.sent"]
        assert texts.count("您好，请问什么事？") == 1
        assert any("林悦" in text for text in texts)
        reason = {"outcome": "solved", "area": "service", "reason": "information", "summary": "已答复。"}
        lin.act(customer.id, "wrap", reason)
        seen = lin.view(customer.id)["sequence"]
        lin.act(customer.id, "close", {"seen": seen})
    assert customer.events()[-1]["kind"] == "conversation.closed"


def test_a_reply_against_a_stale_view_is_refused_with_what_changed(site: TestClient) -> None:
    lin = Colleague.sign_in(site, "lin.yue", "harbour-lin")
    with lin.feed() as feed:
        customer, seen = feed.attend(lin, site)
        customer.say("我再补充一句", wait=False)
        refused = lin.post(customer.id, "messages", {"client_id": "b1", "text": "好的", "seen": seen})
        assert refused.status_code == 409
        problem = refused.json()
        assert problem["code"] == "stale"
        assert any(event.get("text") == "我再补充一句" for event in problem["data"]["events"])
        sent = lin.act(
            customer.id,
            "messages",
            {"client_id": "b1", "text": "好的", "seen": problem["data"]["sequence"]},
        )
        assert sent > seen


@pytest.mark.parametrize(("account", "password"), [("xu.jing", "harbour-xu"), ("zhou.kai", "harbour-zhou")])
def test_nobody_else_may_look_or_speak(site: TestClient, account: str, password: str) -> None:
    lin = Colleague.sign_in(site, "lin.yue", "harbour-lin")
    other = Colleague.sign_in(site, account, password)
    with lin.feed() as feed:
        customer, seen = feed.attend(lin, site)
        assert other.get(f"conversations/{customer.id}").status_code == 404
        said = other.post(customer.id, "messages", {"client_id": "c", "text": "您好", "seen": seen})
        assert said.status_code in (403, 404)


def test_a_change_without_the_key_is_refused(site: TestClient) -> None:
    lin = Colleague.sign_in(site, "lin.yue", "harbour-lin")
    lin.csrf = "made-up"
    assert lin.put("presence", {"state": "available"}, check=False).json()["code"] == "csrf"


def test_words_that_may_not_be_said_are_held_back(site: TestClient) -> None:
    lin = Colleague.sign_in(site, "chen.rui", "harbour-chen")
    with lin.feed() as feed:
        customer, seen = feed.attend(lin, site)
        said = lin.post(
            customer.id, "messages", {"client_id": "d", "text": "请把您的密码发给我", "seen": seen}
        )
        assert said.status_code == 422
        problem = said.json()
        assert problem["code"] == "held_back"
        assert problem["data"]["rules"][0]["rule"] == "asks_for_secret"
        assert "密码" in problem["data"]["rules"][0]["quote"]
