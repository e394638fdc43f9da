"""Conversations over HTTP: what good callers get, what bad input gets, and that it harms nothing."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Talk, build, open_talk
from tests.web.counter import CODE, ScriptedCounter

PROBLEM = "application/problem+json"


def problem_of(answer: httpx2.Response, status: int, code: str) -> dict[str, object]:
    """Check that an answer is the problem it should be, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    found = answer.json()
    assert found["status"] == status
    assert found["code"] == code
    assert found["type"] == f"urn:tellerline:problem:{code}"
    assert found["title"]
    assert found["detail"]
    assert found["retryable"] in (True, False)
    return found


def test_a_conversation_is_opened_and_read(client: TestClient) -> None:
    talk = open_talk(client, channel="web", language="en", customer_token="demo-li")
    first, ended = talk.events()
    assert first["kind"] == "conversation.opened"
    assert first["language"] == "en"
    assert first["level"] == 1
    assert "token_digest" not in first
    assert "customer" not in first
    assert ended["kind"] == "turn.ended"


def test_opening_needs_nothing(client: TestClient) -> None:
    opened = client.post("/api/v1/conversations", json={})
    assert opened.status_code == 201
    assert opened.json().keys() == {"id", "token"}


def test_an_unknown_customer_token_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/conversations", json={"channel": "web", "customer_token": "stolen"})
    problem_of(answer, 403, "sign_in_refused")


def test_a_message_is_taken_and_answered(talk: Talk) -> None:
    answer = talk.send("hello")
    assert answer.status_code == 202
    assert answer.json().keys() == {"sequence"}


def test_wait_returns_the_turn(talk: Talk) -> None:
    answer = talk.send("hello", wait="turn")
    assert answer.status_code == 200
    sent, ended = answer.json()["events"]
    assert sent["text"] == "You said: hello"
    assert sent["author"] == "assistant"
    assert sent["sources"] == [
        {"kind": "copy", "id": "patterns/echo", "version": "r1", "title": "", "on": ""}
    ]
    assert "choices" not in sent
    assert "flow" not in sent
    assert ended["kind"] == "turn.ended"


def test_the_same_client_id_returns_the_same_answer(talk: Talk) -> None:
    first = talk.send("hello", wait="turn")
    again = talk.send("hello", wait="turn")
    assert again.json() == first.json()
    assert talk.send("hello").json() == talk.send("hello").json()
    assert len([event for event in talk.events() if event["kind"] == "message.received"]) == 1


def test_events_after_a_sequence(talk: Talk) -> None:
    talk.send("hello", wait="turn")
    everything = talk.events()
    assert talk.events(after=int(str(everything[1]["sequence"]))) == everything[2:]
    assert talk.events(after=10**9) == []


@pytest.mark.parametrize("text", ["", " ", "\x00\x07\x1b[31m", "🙂🙂🙂", "\u202e\u2066", "字" * 20_000])
def test_odd_messages_are_taken(talk: Talk, text: str) -> None:
    assert talk.send(text, wait="turn").status_code == 200


@pytest.mark.parametrize("wait", [{}, {"wait": "turn"}])
def test_a_message_of_100_kb_is_refused_and_nothing_is_lost(talk: Talk, wait: dict[str, str]) -> None:
    before = talk.events()
    found = problem_of(talk.send("x" * 100_000, **wait), 413, "body_too_large")
    assert found["data"] == {"bytes_max": 65536}
    assert talk.events() == before
    assert talk.send("short", wait="turn").status_code == 200


def test_invalid_utf8(talk: Talk) -> None:
    body = b'{"client_id": "m1", "text": "\xff\xfe"}'
    headers = {**talk.headers, "Content-Type": "application/json"}
    problem_of(talk.client.post(f"{talk.path}/messages", content=body, headers=headers), 400, "not_utf8")


@pytest.mark.parametrize("body", ["{", "", "nul", '{"a":' * 20_000, "[" * 30_000, "1" * 5_000])
def test_wrong_json(talk: Talk, body: str) -> None:
    headers = {**talk.headers, "Content-Type": "application/json"}
    answer = talk.client.post(f"{talk.path}/messages", content=body, headers=headers)
    assert answer.status_code in (400, 413, 422)
    assert answer.headers["content-type"] == PROBLEM


def test_half_a_surrogate_pair(talk: Talk) -> None:
    body = rb'{"client_id": "m1", "text": "\ud83d"}'
    headers = {**talk.headers, "Content-Type": "application/json"}
    answer = talk.client.post(f"{talk.path}/messages", content=body, headers=headers)
    problem_of(answer, 422, "invalid_input")


def test_a_body_that_is_not_declared_as_json(talk: Talk) -> None:
    body = '{"client_id": "m1", "text": "x"}'
    headers = {**talk.headers, "Content-Type": "text/plain"}
    problem_of(talk.client.post(f"{talk.path}/messages", content=body, headers=headers), 415, "not_json")


@pytest.mark.parametrize(
    ("body", "field", "remedy"),
    [
        ({"client_id": "m1"}, "text", "Send this field."),
        ({"client_id": "m1", "text": "x", "admin": True}, "admin", "Leave this field out."),
        ({"client_id": "m1", "text": 7}, "text", "Send a string."),
        ({"client_id": "a b", "text": "x"}, "client_id", "Use only the characters"),
        ({"client_id": "", "text": "x"}, "client_id", "Use only the characters"),
        (["m1", "x"], "body", "Send a JSON object."),
    ],
)
def test_wrong_fields_are_named_with_their_remedy(talk: Talk, body: object, field: str, remedy: str) -> None:
    answer = talk.client.post(f"{talk.path}/messages", json=body, headers=talk.headers)
    found = problem_of(answer, 422, "invalid_input")
    (wrong,) = found["errors"]  # type: ignore[misc]
    assert wrong["field"] == field
    assert wrong["remedy"].startswith(remedy)


def test_values_are_never_echoed(talk: Talk) -> None:
    body = {"method": "otp", "challenge": "otp-1", "answer": {"code": "secret-code-99"}}
    answer = talk.client.post(f"{talk.path}/verification", json=body, headers=talk.headers)
    problem_of(answer, 422, "invalid_input")
    assert "secret-code-99" not in answer.text


def test_no_token(talk: Talk) -> None:
    answer = talk.client.get(f"{talk.path}/events")
    problem_of(answer, 401, "token_missing")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "events"),
        ("POST", "messages"),
        ("POST", "verification"),
        ("GET", "trace"),
    ],
)
def test_another_persons_conversation_is_as_unknown_as_one_that_is_not_there(
    client: TestClient, method: str, path: str
) -> None:
    mine, yours = open_talk(client), open_talk(client)
    body = {"client_id": "m1", "text": "x"} if path == "messages" else {"action": "start", "method": "otp"}
    shown = {"headers": mine.headers, "json": body} if method == "POST" else {"headers": mine.headers}
    answers = [
        client.request(method, f"/api/v1/conversations/{conversation}/{path}", **shown)  # type: ignore[arg-type]
        for conversation in (yours.id, "c999", "%00", "..", "é", "x" * 300)
    ]
    problems = [problem_of(answer, 404, answer.json()["code"]) for answer in answers]
    assert problems[0] == problems[1]
    assert all(answer.json()["status"] == 404 for answer in answers)
    before = len(yours.events())
    assert before == 2


@pytest.mark.parametrize("token", ["wrong", "", "é", "x" * 5_000, "a b"])
def test_a_wrong_token(talk: Talk, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode("latin-1")}
    answer = talk.client.get(f"{talk.path}/events", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code in (401, 404)
    assert answer.headers["content-type"] == PROBLEM


def test_a_closed_conversation_takes_no_message_and_stays_readable(talk: Talk) -> None:
    talk.send("close", wait="turn")
    before = talk.events()
    problem_of(talk.send("more", client_id="m2"), 409, "conversation_closed")
    assert talk.events() == before
    assert before[-2]["kind"] == "conversation.closed"


async def test_two_turns_at_once_are_both_answered(
    caller: httpx2.AsyncClient, counter: ScriptedCounter
) -> None:
    counter.delay_s = 0.02
    opened = (await caller.post("/api/v1/conversations", json={})).json()
    path = f"/api/v1/conversations/{opened['id']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}

    async def send(number: int) -> httpx2.Response:
        body = {"client_id": f"m{number}", "text": f"text {number}"}
        return await caller.post(f"{path}/messages?wait=turn", json=body, headers=headers)

    answers = await asyncio.gather(*(send(number) for number in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    events = (await caller.get(f"{path}/events", headers=headers)).json()["events"]
    said = [event["text"] for event in events if event["kind"] == "message.sent"]
    assert sorted(said) == [f"You said: text {number}" for number in range(5)]
    sequences = [event["sequence"] for event in events]
    assert sequences == sorted(set(sequences))


async def test_a_turn_that_takes_long_is_not_broken_off(counter: ScriptedCounter) -> None:
    counter.delay_s = 0.1
    app = build(counter, turn_timeout_s=0.02)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bank.example") as caller:
        opened = (await caller.post("/api/v1/conversations", json={})).json()
        path = f"/api/v1/conversations/{opened['id']}/messages?wait=turn"
        headers = {"Authorization": f"Bearer {opened['token']}"}
        body = {"client_id": "m1", "text": "x"}
        answer = await caller.post(path, json=body, headers=headers)
        problem_of(answer, 503, "turn_pending")
        assert answer.headers["retry-after"] == "5"
        await asyncio.sleep(0.15)
        again = await caller.post(path, json=body, headers=headers)
        assert again.status_code == 200
        assert again.json()["events"][0]["text"] == "You said: x"


def test_the_secure_widget(talk: Talk) -> None:
    def post(body: dict[str, object]) -> httpx2.Response:
        return talk.client.post(f"{talk.path}/verification", json=body, headers=talk.headers)

    started = post({"action": "start", "method": "otp"}).json()
    assert started == {
        "challenge": "otp-1",
        "method": "otp",
        "level": 1,
        "hint": "138****5678",
        "tries_left": 5,
    }
    answer = {"method": "otp", "challenge": started["challenge"], "answer": {"code": "111111"}}
    assert post(answer).json() == {"passed": False, "level": 0, "reason": "wrong", "tries_left": 4}
    answer["answer"] = {"code": CODE}
    assert post(answer).json() == {"passed": True, "level": 2, "reason": "", "tries_left": 0}
    assert CODE not in str(talk.events())


@pytest.mark.parametrize(
    "body",
    [
        {"method": "otp"},
        {"action": "start"},
        {"action": "start", "method": "fax"},
        {"action": "start", "method": "otp", "code": "1"},
        {"method": "otp", "challenge": "x", "answer": {"phone": "1", "id_last_four": "1"}},
        {"method": "identify", "challenge": "x", "answer": {"phone": "13800138000", "id_last_four": "12345"}},
        {"method": "face", "challenge": "", "answer": {}},
        {"method": "fax", "challenge": "x", "answer": {}},
    ],
)
def test_wrong_verification_requests(talk: Talk, body: dict[str, object]) -> None:
    answer = talk.client.post(f"{talk.path}/verification", json=body, headers=talk.headers)
    problem_of(answer, 422, "invalid_input")


def test_the_trace_tells_why(talk: Talk) -> None:
    talk.send("hello", wait="turn")
    path = f"{talk.path}/trace"
    everything = talk.client.get(path, headers=talk.headers).json()["turns"]
    assert [turn["turn"] for turn in everything] == [1, 2]
    (second,) = talk.client.get(path, headers=talk.headers, params={"turn": 2}).json()["turns"]
    assert second == everything[1]
    assert second["messages"][0]["text"] == "hello"
    assert second["replies"][0]["text"] == "You said: hello"
    assert second["evidence"][0]["id"] == "patterns/echo"
    assert second["guard"][0]["passed"] is True


def test_without_the_demonstration_bank_the_trace_is_for_staff(counter: ScriptedCounter) -> None:
    with TestClient(build(counter)) as client:
        talk = open_talk(client)
        answer = client.get(f"{talk.path}/trace", headers=talk.headers)
        problem_of(answer, 403, "staff_only")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("DELETE", "/api/v1/conversations", 405, "method_not_allowed"),
        ("GET", "/api/v1/conversations/c1/messages", 405, "method_not_allowed"),
        ("GET", "/api/v1/conversations/c1/feed", 404, "not_found"),
    ],
)
def test_what_is_not_there(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    problem_of(client.request(method, path), status, code)


@pytest.mark.parametrize("after", ["-1", "x", "1e3", str(2**60)])
def test_a_wrong_sequence(talk: Talk, after: str) -> None:
    answer = talk.client.get(f"{talk.path}/events", headers=talk.headers, params={"after": after})
    found = problem_of(answer, 422, "invalid_input")
    assert found["errors"][0]["field"] == "after"  # type: ignore[index]


def test_a_bug_tells_nothing(talk: Talk, counter: ScriptedCounter) -> None:
    def script(text: str, language: str) -> list[object]:
        raise RuntimeError("the password is swordfish")

    counter.script = script  # type: ignore[assignment]
    answer = talk.send("x", wait="turn")
    problem_of(answer, 500, "internal_error")
    assert "swordfish" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
