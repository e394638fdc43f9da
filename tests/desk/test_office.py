"""Papers at the doors: files both ways, letters, lists, and who may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tellerline.desk.sheet import PHRASE_COLUMNS, SKILL_COLUMNS
from tests.desk.counter import Colleague, Customer, open_site
from tests.desk.test_attachment import PNG
from tests.desk.test_papers import PHRASE, book, words_of_pdf


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_site(tmp_path_factory.mktemp("data")) as client:
        yield client


@pytest.fixture
def chen(site: TestClient) -> Colleague:
    return Colleague.sign_in(site, "chen.rui", "harbour-chen")


def test_files_go_both_ways_once_and_are_only_ever_saved(site: TestClient, chen: Colleague) -> None:
    early = Customer.open(site, "zh")
    assert early.upload("a.png", PNG).json()["code"] == "nobody_to_read"
    with chen.feed() as feed:
        customer, _ = feed.attend(chen, site)
        first = customer.upload("收据.png", PNG)
        assert first.status_code == 201, first.text
        assert customer.upload("收据.png", PNG).json() == first.json()
        assert customer.upload("a.png", b"MZ").json()["code"] == "attachment"
        attachment = first.json()["attachment"]
        opened = chen.get(f"conversations/{customer.id}/attachments/{attachment}")
        assert opened.content == PNG
        assert opened.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%94%B6")
        assert "sandbox" in opened.headers["content-security-policy"]
        assert opened.headers["x-content-type-options"] == "nosniff"
        sent = chen.upload(f"conversations/{customer.id}/attachments/note.txt", "请核对".encode())
        assert sent.status_code == 201, sent.text
        kept = [event for event in customer.events() if event["kind"] == "attachment.added"]
        assert [(event["author"], event["name"]) for event in kept] == [
            ("customer", "收据.png"),
            ("representative", "note.txt"),
        ]
        path = f"/api/v1/conversations/{customer.id}/attachments/{sent.json()['attachment']}"
        assert site.get(path, headers=customer.headers).content == "请核对".encode()
        assert site.get(path, headers=early.headers).status_code == 404
        letter = chen.get(f"conversations/{customer.id}/letter", form="pdf", language="zh")
        assert "转人工" in words_of_pdf(letter.content)
        assert chen.get(f"conversations/{customer.id}/letter", form="docx").status_code == 200


def test_lists_phrases_and_skills_are_for_those_who_may(site: TestClient, chen: Colleague) -> None:
    zhao = Colleague.sign_in(site, "zhao.min", "harbour-zhao")
    assert chen.get("list.xlsx").status_code == 403
    assert zhao.get("list.xlsx").status_code == 200
    good = book(PHRASE_COLUMNS, PHRASE)
    assert chen.upload("canned/a.xlsx", good).json()["code"] == "not_permitted"
    assert zhao.upload("canned/a.xlsx", good).json() == {"count": 1}
    found = chen.get("canned", search="qsd", language="en").json()["replies"]
    assert "wait_a_bit" in [reply["id"] for reply in found]
    bad = book(PHRASE_COLUMNS, ("p", "x", "x", "保证收益，稳赚不赔。", "Fine.", ""))
    refused = zhao.upload("canned/a.xlsx", bad)
    assert (refused.json()["code"], refused.json()["data"]["row"]) == ("row", 2)
    skills = book(SKILL_COLUMNS, ("zhou.kai", "general", "zh", "", 1))
    assert zhao.upload("skills/a.xlsx", skills).json() == {"count": 1}
    people = {person["account"]: person for person in zhao.get("people").json()["people"]}
    assert (people["zhou.kai"]["queues"], people["zhou.kai"]["capacity"]) == (["general"], 1)


def test_whoever_is_not_signed_in_may_send_no_file(site: TestClient) -> None:
    refused = site.put("/api/v1/desk/canned/a.xlsx", content=b"x" * 100_000)
    assert refused.status_code in (413, 415)


def test_every_word_of_the_desk_may_be_said(site: TestClient) -> None:
    desk = site.app.state.site.desk  # type: ignore[attr-defined]
    release = desk.current()
    texts = [phrase.zh for phrase in desk.pack.phrases] + [text.zh for text in desk.pack.words.values()]
    english = [phrase.en for phrase in desk.pack.phrases] + [text.en for text in desk.pack.words.values()]
    assert [text for text in texts if release.check_reply(text, "zh")] == []
    assert [text for text in english if release.check_reply(text, "en")] == []
