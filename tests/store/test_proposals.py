"""Proposals are kept with their documents and steps; a change is decided on what is stored, and refused changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tellerline.dialogue.proposal_book import Brought, Step
from tellerline.domain import event as e
from tellerline.domain.errors import Conflict, NotFound
from tellerline.domain.proposal import ExampleChange, Proposal, ProposalId
from tellerline.store.database import upgrade
from tellerline.store.log import SqliteLog
from tellerline.store.proposals import SqliteProposals
from tests.store.before import take_back
from tests.store.sample import BODIES, name, number

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
STEP = Step(NOW, "lin.yue", "proposed")


@pytest.fixture
def book(path: Path) -> Iterator[SqliteProposals]:
    book = SqliteProposals(path)
    yield book
    book.close()


def proposal(identity: str = "p1", **fields: object) -> Proposal:
    change = ExampleChange("lost_card", "zh", "卡找不着了")
    return Proposal(ProposalId(identity), "Phrases", "lin.yue", NOW, changes=[change], **fields)  # type: ignore[arg-type]


def test_a_proposal_is_read_as_it_was_kept(book: SqliteProposals) -> None:
    kept = proposal(in_force_at=NOW, digest="d1")
    book.add(kept, STEP)
    assert book.get(kept.id) == kept
    assert book.steps(kept.id) == [STEP]
    assert book.find() == [kept]
    assert book.find(("approved",)) == []
    with pytest.raises(NotFound):
        book.get(ProposalId("p2"))


def test_a_change_is_decided_on_what_is_stored_and_noted(book: SqliteProposals) -> None:
    book.add(proposal(), STEP)
    step = Step(NOW, "zhao.min", "approved")
    changed = book.change(
        ProposalId("p1"), step, lambda p: msgspec.structs.replace(p, state="approved", digest="d2")
    )
    assert book.get(changed.id).state == "approved"
    assert book.steps(changed.id)[-1] == Step(NOW, "zhao.min", "approved", "d2")
    assert book.change(changed.id, step, lambda _: None) == changed
    assert len(book.steps(changed.id)) == 2


def test_a_refused_change_leaves_nothing(book: SqliteProposals) -> None:
    book.add(proposal(), STEP)

    def refuse(_: Proposal) -> Proposal:
        raise Conflict("not_open", "no")

    with pytest.raises(Conflict):
        book.bring(ProposalId("p1"), Brought("a.md", b"x", b"y"), STEP, refuse)
    assert book.documents(ProposalId("p1")) == []
    assert book.steps(ProposalId("p1")) == [STEP]


def test_a_document_brought_again_takes_the_place_of_the_first(book: SqliteProposals) -> None:
    book.add(proposal(), STEP)
    for content in (b"old", b"new"):
        book.bring(ProposalId("p1"), Brought("a.md", content, b"read"), STEP, lambda p: p)
    assert book.documents(ProposalId("p1")) == [Brought("a.md", b"new", b"read")]


def test_steps_cannot_be_altered(book: SqliteProposals, path: Path) -> None:
    book.add(proposal(), STEP)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute("DELETE FROM proposal_steps")


async def test_messages_are_found_by_what_they_rest_on(path: Path) -> None:
    with SqliteLog(path) as log:
        await log.append(name("n1"), number(BODIES))
        found = await log.records.citing("fact", "card_fees.replacement", "2026-01-01")
        assert [(row.conversation, row.source) for row in found] == [("n1", "card_fees.replacement")]
        by_article = await log.records.citing("article", "lost-card", "2026-02-01")
        assert [row.source for row in by_article] == ["lost-card#lead"]
        assert await log.records.citing("fact", "card_fees.replacement", "2025-01-01") == []
        opened = datetime(2000, 1, 1, tzinfo=UTC)
        assert await log.records.holding("knowledge.missed", since=opened) == ["n1"]
        assert await log.records.holding("no.such.kind", since=opened) == []


async def test_a_record_of_before_gets_the_citations_of_its_messages(path: Path) -> None:
    with SqliteLog(path) as log:
        await log.append(name("n1"), number(BODIES))
        expected = await log.records.citing("fact", "card_fees.replacement", "2026-01-01")
    take_back(path, "0001")
    assert upgrade(path)
    with SqliteLog(path) as log:
        assert await log.records.citing("fact", "card_fees.replacement", "2026-01-01") == expected
    assert any(isinstance(body, e.MessageSent) for body in BODIES)
