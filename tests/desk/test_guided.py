"""The same flow, at the same step, as a form; and back. On Harbour Bank, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.desk.counter import Colleague, Customer, Feed, open_site

WORDS = {
    "zh": ("我想把每日转账限额调低", "转人工", "五千", "确认", "5,000.00元"),
    "en": ("I want to lower my daily transfer limit", "talk to a person", "4000", "confirm", "4,000.00"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_site(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def emma(site: TestClient) -> Colleague:
    return Colleague.sign_in(site, "emma.clarke", "harbour-emma")


def taken_over(site: TestClient, feed: Feed, who: Colleague, language: str) -> Customer:
    """Bring a signed-in customer to `who`, in the midst of changing a limit."""
    token = site.get("/demo/customers").json()["customers"][0]["token"]
    who.put("presence", {"state": "available"})
    customer = Customer.open(site, language, token)
    ask, person, *_ = WORDS[language]
    customer.say(ask)
    customer.say(person)
    who.act(customer.id, "accept", {"offer": feed.ring(customer.id)["offer"]["id"]})
    return customer


def form(who: Colleague, customer: Customer) -> dict[str, Any]:
    return dict(who.view(customer.id)["guided"] or {})


def words(customer: Customer, author: str) -> list[str]:
    return [e["text"] for e in customer.events() if e["kind"] == "message.sent" and e["author"] == author]


def finish(who: Colleague, customer: Customer) -> None:
    done = {"outcome": "solved", "area": "payments", "reason": "transfer", "summary": "ok"}
    who.act(customer.id, "wrap", done)
    who.act(customer.id, "close", {"seen": who.view(customer.id)["sequence"]})


def test_a_representative_fills_in_and_only_the_customer_confirms(
    site: TestClient, emma: Colleague, language: str
) -> None:
    with emma.feed() as feed:
        customer = taken_over(site, feed, emma, language)
        asked = form(emma, customer)
        assert (asked["flow"], asked["question"]["slot"], asked["question"]["type"]) == (
            "transfer_limit",
            "daily",
            "money",
        )
        fill = {"frame": asked["frame"], "slot": "daily"}
        wrong = emma.post(customer.id, "guided/fill", {**fill, "value": "banana"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "value")
        emma.act(customer.id, "guided/fill", {**fill, "value": WORDS[language][2]})
        read_back = form(emma, customer)
        assert read_back["question"]["what"] == "confirm"
        assert read_back["prepared"]["terms"]["daily_minor"] == {"zh": 500_000, "en": 400_000}[language]
        assert WORDS[language][4] in words(customer, "assistant")[-1]
        gone = emma.post(customer.id, "guided/fill", {**fill, "value": "yes"})
        assert gone.json()["code"] == "question_gone"
        customer.say(WORDS[language][3])
        assert form(emma, customer) == {}
        (action,) = emma.view(customer.id)["handover"]["actions"]
        assert (action["action"], action["state"]) == ("limit.lower", "done")
        finish(emma, customer)


def test_what_the_assistant_would_have_asked_is_a_prompt_and_no_message(
    site: TestClient, emma: Colleague, language: str
) -> None:
    with emma.feed() as feed:
        customer = taken_over(site, feed, emma, language)
        said = words(customer, "assistant")
        customer.say({"zh": "你好", "en": "hello"}[language])
        assert words(customer, "assistant") == said, "the assistant keeps silent"
        frame = form(emma, customer)["frame"]
        emma.act(customer.id, "guided/cancel", {"frame": frame})
        emma.act(customer.id, "guided/start", {"flow": "transfer_limit"})
        started = form(emma, customer)
        assert started["question"]["slot"] == "daily"
        assert started["prompt"]["language"] == language
        assert words(customer, "assistant") == said
        finish(emma, customer)


def test_given_back_the_assistant_goes_on_at_the_same_step(
    site: TestClient, emma: Colleague, language: str
) -> None:
    with emma.feed() as feed:
        customer = taken_over(site, feed, emma, language)
        emma.act(customer.id, "give-back", {"seen": emma.view(customer.id)["sequence"]})
        kinds = [event["kind"] for event in customer.events()]
        assert kinds.index("handover.accepted") < kinds.index("handover.returned")
        said = words(customer, "assistant")
        customer.say({"zh": "2000元", "en": "3000"}[language])
        assert len(words(customer, "assistant")) > len(said), "the assistant speaks again"
        assert form(emma, customer)["question"]["slot"] != "daily", "and took the answer"
        assert emma.get(f"conversations/{customer.id}").status_code == 200, "who had it may still look"


def test_the_feed_brings_a_page_as_up_to_date_as_a_fresh_read(
    site: TestClient, emma: Colleague, language: str
) -> None:
    with emma.feed() as feed:
        customer = taken_over(site, feed, emma, language)
        feed.send(kind="follow", conversation=customer.id, after=0)
        state = dict(feed.until("caught_up")["changes"])
        fill = {"frame": form(emma, customer)["frame"], "slot": "daily", "value": WORDS[language][2]}
        emma.act(customer.id, "guided/fill", fill)
        customer.say(WORDS[language][3])
        fresh = emma.view(customer.id)
        while True:
            message = feed.until("event")
            state.update(message["changes"])
            if message["event"]["sequence"] == fresh["sequence"]:
                break
        assert state == {name: part for name, part in fresh.items() if name in state}
        assert fresh.keys() - state.keys() == {"conversation", "sequence", "draft"}
        finish(emma, customer)


def test_verification_is_between_the_customer_and_the_bank(
    site: TestClient, emma: Colleague, language: str
) -> None:
    with emma.feed() as feed:
        customer = taken_over(site, feed, emma, language)
        emma.act(customer.id, "verify", {"level": 2})
        asked = [event for event in customer.events() if event.get("widget")]
        assert asked[-1]["widget"] == "otp"
        path = f"/api/v1/conversations/{customer.id}/verification"
        started = site.post(path, json={"action": "start", "method": "otp"}, headers=customer.headers).json()
        token = site.get("/demo/customers").json()["customers"][0]["token"]
        code = next(e["code"] for e in site.get(f"/demo/phone/{token}").json()["entries"] if e["code"])
        proof = {"method": "otp", "challenge": started["challenge"], "answer": {"code": code}}
        assert site.post(path, json=proof, headers=customer.headers).json()["passed"]
        assert emma.view(customer.id)["talk"]["level"] == 2
        assert code not in emma.get(f"conversations/{customer.id}/events").text
        finish(emma, customer)
