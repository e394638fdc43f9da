"""The live feed: complete, in order, to its owner only."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from tellerline.web.feed import FEEDS_MAX, NOTES_PER_SECOND_MAX
from tellerline.web.socket import Close
from tests.web.conftest import Talk, open_talk
from tests.web.counter import ScriptedCounter


@contextmanager
def enter(talk: Talk, after: object = 0) -> Generator[WebSocketTestSession]:
    """Connect and show the token."""
    with talk.client.websocket_connect(f"{talk.path}/feed?after={after}") as session:
        session.send_json({"token": talk.token})
        yield session


def read(session: WebSocketTestSession, count: int) -> list[dict[str, object]]:
    return [session.receive_json() for _ in range(count)]


def test_it_tells_what_happened_and_what_happens(talk: Talk) -> None:
    with enter(talk) as feed:
        assert [event["kind"] for event in read(feed, 2)] == ["conversation.opened", "turn.ended"]
        talk.send("hello")
        received, sent, ended = read(feed, 3)
    assert received["client_id"] == "m1"
    assert sent["text"] == "You said: hello"
    assert ended["kind"] == "turn.ended"


def test_it_equals_a_fresh_read_from_every_starting_point(talk: Talk) -> None:
    for number in range(3):
        talk.send(f"text {number}", client_id=f"m{number}", wait="turn")
    everything = talk.events()
    for index in range(len(everything)):
        rest = everything[index + 1 :]
        with enter(talk, after=everything[index]["sequence"]) as feed:
            assert read(feed, len(rest)) == rest


def test_a_program_may_show_its_token_in_the_header(talk: Talk) -> None:
    with talk.client.websocket_connect(f"{talk.path}/feed", headers=talk.headers) as feed:
        assert feed.receive_json()["kind"] == "conversation.opened"


@pytest.mark.parametrize(
    ("path", "first", "code"),
    [
        ("{path}/feed", '{"token": "wrong"}', Close.NOT_FOUND),
        ("/api/v1/conversations/c999/feed", '{"token": "{token}"}', Close.NOT_FOUND),
        ("{path}/feed", '{"token": ""}', Close.NOT_FOUND),
        ("{path}/feed", "hello", Close.UNAUTHENTICATED),
        ("{path}/feed", '{"token": "{token}", "admin": true}', Close.UNAUTHENTICATED),
        ("{path}/feed", "x" * 5_000, Close.BAD_REQUEST),
        ("{path}/feed?after=-1", '{"token": "{token}"}', Close.BAD_REQUEST),
        ("{path}/feed?after=1e99", '{"token": "{token}"}', Close.BAD_REQUEST),
        ("{path}/feed?after=" + "9" * 400, '{"token": "{token}"}', Close.BAD_REQUEST),
    ],
)
def test_others_are_turned_away(talk: Talk, path: str, first: str, code: Close) -> None:
    url = path.replace("{path}", talk.path)
    with talk.client.websocket_connect(url) as feed:
        feed.send_text(first.replace("{token}", talk.token))
        with pytest.raises(WebSocketDisconnect) as closed:
            feed.receive_text()
    assert closed.value.code == code


def test_bytes_that_are_no_text(talk: Talk) -> None:
    with talk.client.websocket_connect(f"{talk.path}/feed") as feed:
        feed.send_bytes(b"\xff\xfe")
        with pytest.raises(WebSocketDisconnect) as closed:
            feed.receive_text()
    assert closed.value.code == Close.UNAUTHENTICATED


def test_typing_is_noted_and_pings_are_answered(talk: Talk, counter: ScriptedCounter) -> None:
    with enter(talk, after=10) as feed:
        feed.send_json({"kind": "typing"})
        feed.send_json({"kind": "ping"})
        assert feed.receive_json() == {"kind": "pong"}
    assert counter.threads[talk.id].typed == 1


@pytest.mark.parametrize("note", ["x", '{"kind": "shout"}', '{"kind": "ping", "to": "all"}'])
def test_a_wrong_note_ends_the_feed(talk: Talk, note: str) -> None:
    with enter(talk, after=10) as feed:
        feed.send_text(note)
        with pytest.raises(WebSocketDisconnect) as closed:
            feed.receive_text()
    assert closed.value.code == Close.BAD_REQUEST


def test_too_many_notes_end_the_feed(talk: Talk) -> None:
    with enter(talk, after=10) as feed:
        for _ in range(NOTES_PER_SECOND_MAX * 3):
            feed.send_text(json.dumps({"kind": "typing"}))
        with pytest.raises(WebSocketDisconnect) as closed:
            feed.receive_text()
    assert closed.value.code == Close.TOO_MANY


def test_feeds_of_one_conversation_are_bounded_and_others_unharmed(client: TestClient) -> None:
    talk, other = open_talk(client), open_talk(client)
    with ExitStack() as stack:
        for _ in range(FEEDS_MAX):
            stack.enter_context(enter(talk)).receive_json()
        with enter(talk) as feed, pytest.raises(WebSocketDisconnect) as closed:
            feed.receive_text()
        assert closed.value.code == Close.TOO_MANY
        with enter(other) as feed:
            assert feed.receive_json()["kind"] == "conversation.opened"
    with enter(talk) as feed:
        assert feed.receive_json()["kind"] == "conversation.opened"
