"""The pages and the headers that protect them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web.conftest import build
from tests.web.counter import ScriptedCounter
from tests.web.test_conversation import problem_of


@pytest.fixture
def page(counter: ScriptedCounter, dist: Path) -> FastAPI:
    return build(counter, dist=dist)


def test_the_page_is_checked_each_time_and_its_parts_are_kept(page: FastAPI) -> None:
    with TestClient(page) as client:
        shown = client.get("/")
        assert "<title>page" in shown.text
        assert shown.headers["cache-control"] == "no-cache"
        part = client.get("/assets/page-1a2b.js")
        assert "immutable" in part.headers["cache-control"]
        assert part.headers["content-encoding"] == "gzip"
        assert client.get("/assets/gone.js").status_code == 404
        assert client.get("/assets/../index.html").status_code == 404


def test_pages_that_are_not_built_say_how_to_build_them(counter: ScriptedCounter, tmp_path: Path) -> None:
    with TestClient(build(counter, dist=tmp_path)) as client:
        found = problem_of(client.get("/"), 503, "pages_not_built")
        assert "make web" in str(found["detail"])


@pytest.mark.parametrize("path", ["/", "/health", "/api/v1/about", "/docs", "/nothing", "/assets/x"])
def test_every_answer_carries_the_protective_headers(page: FastAPI, path: str) -> None:
    with TestClient(page) as client:
        headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in headers


def test_answers_of_the_interface_are_not_kept(page: FastAPI) -> None:
    with TestClient(page, base_url="https://bank.example") as client:
        headers = client.get("/api/v1/about").headers
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"].startswith("max-age=")


def test_the_calls_are_listed_for_people(page: FastAPI) -> None:
    with TestClient(page) as client:
        shown = client.get("/docs").text
    assert "POST /api/v1/conversations/{id}/messages" in shown
    assert "/api/v1/openapi.json" in shown
    assert "://" not in shown
