"""Scores follow what has closed; reviews are changed on what is stored, and their steps only grow."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused
from tellerline.quality import review as r
from tellerline.quality.office import Quality
from tellerline.quality.ports import Verdict
from tellerline.quality.rubric import RUBRIC
from tellerline.quality.scorer import Scored, Scorer
from tellerline.store.log import SqliteLog
from tellerline.store.quality import SqliteQuality
from tellerline.testing.clock import VirtualClock
from tests.quality.talk import START, TOOLS, WHO, Talk

BAD = "You win [guaranteed_return]."


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    with SqliteLog(path) as log:
        yield log


@pytest.fixture
def book(path: Path) -> Iterator[SqliteQuality]:
    book = SqliteQuality(path)
    yield book
    book.close()


class Office:
    """A room over a real record, with what sentences do told beside them."""

    def __init__(self, log: SqliteLog, book: SqliteQuality, clock: Clock) -> None:
        self.made = 0
        self.log = log
        self.room = Quality(
            book=book, record=log, clock=clock, scorer=self._make, due=lambda now: now + timedelta(days=2)
        )

    async def hold(self, name: str, talk: Talk) -> None:
        await self.log.append(e.ConversationId(name), talk.events)

    def _make(self) -> Scorer:
        self.made += 1
        talk = Talk()
        return Scorer(talk._read, talk.read_acts, TOOLS)


@pytest.fixture
def office(log: SqliteLog, book: SqliteQuality) -> Office:
    return Office(log, book, VirtualClock(START + timedelta(days=1)))


def talk(words: str = "It may lose money.", who: str = WHO) -> Talk:
    return Talk().c("hi").taken(who).r(words, who=who).closed()


async def test_what_closed_is_scored_once_and_what_is_open_is_not(
    office: Office, book: SqliteQuality
) -> None:
    await office.hold("c1", talk())
    await office.hold("c2", Talk().c("hi"))
    assert await office.room.score_closed() == 1
    assert await office.room.score_closed() == 0
    assert office.made == 1
    with pytest.raises(NotFound):
        await office.room.score(e.ConversationId("c2"))
    found = await office.room.score(e.ConversationId("c1"))
    assert found.rubric == RUBRIC
    assert {one.indicator for one in found.findings} >= {"greeted", "no_blame", "first_reply"}
    cards = await office.room.cards()
    assert [card.who for card in cards] == [WHO]


async def test_another_rubric_scores_again(office: Office, book: SqliteQuality) -> None:
    await office.hold("c1", talk())
    await office.room.score_closed()
    before = book.scored_one(e.ConversationId("c1"))
    book.put([msgspec.structs.replace(before, rubric="older", findings=[])])
    assert book.unscored(RUBRIC) == ["c1"]
    assert await office.room.score_closed() == 1
    assert book.scored_one(e.ConversationId("c1")) == before


async def test_a_score_is_computed_again_from_the_record_alone(office: Office, book: SqliteQuality) -> None:
    await office.hold("c1", talk(BAD))
    await office.room.score_closed()
    kept = book.scored_one(e.ConversationId("c1"))
    events: Sequence[e.Event] = await office.log.read(e.ConversationId("c1"))
    plain = Talk()
    again: Scored = Scorer(plain._read, plain.read_acts, TOOLS).score(e.ConversationId("c1"), events)
    assert again == kept


async def test_an_auto_fail_waits_for_a_person(office: Office) -> None:
    await office.hold("c1", talk(BAD))
    await office.room.score_closed()
    (fail,) = await office.room.auto_fails()
    assert (fail.finding.indicator, fail.confirmed) == ("no_false_claim", None)
    sequence = fail.finding.sequences[-1]
    with pytest.raises(Invalid):
        await office.room.confirm(fail.conversation, "no_blame", sequence, "ann", confirmed=True, note="")
    verdict = await office.room.confirm(
        fail.conversation, "no_false_claim", sequence, "ann", confirmed=False, note="quoted from the customer"
    )
    assert isinstance(verdict, Verdict)
    (fail,) = await office.room.auto_fails()
    assert fail.confirmed is False
    with pytest.raises(Conflict):
        await office.room.confirm(
            fail.conversation, "no_false_claim", sequence, "bob", confirmed=True, note=""
        )


async def test_a_review_goes_from_the_draw_to_the_decision(office: Office, book: SqliteQuality) -> None:
    await office.hold("c1", talk(BAD))
    await office.room.score_closed()
    (drawn,) = await office.room.sample(5, 7, "ann")
    assert drawn.who == WHO
    shown = await office.room.show_review(drawn.id, "ann")
    assert shown.machine is None
    shown = await office.room.mark(drawn.id, "ann", {"no_false_claim": "fail"})
    assert shown.machine is not None
    assert shown.machine["no_false_claim"] == "fail"
    assert (await office.room.show_review(drawn.id, "bob")).machine is None
    await office.room.mark(drawn.id, "bob", {"no_false_claim": "fail"})
    assert (await office.room.agreement())["no_false_claim/en"].agreed == 1
    with pytest.raises(Refused):
        await office.room.appeal(drawn.id, "ann", "no_false_claim", "I disagree")
    await office.room.release(drawn.id, "ann", "")
    appealed = await office.room.appeal(drawn.id, WHO, "no_false_claim", "I quoted a leaflet")
    assert appealed.appeal is not None
    assert appealed.appeal.due_at == START + timedelta(days=3)
    await office.room.decide_appeal(drawn.id, "carol", upheld=True, answer="you did")
    assert [step for _, step in book.steps(drawn.id)] == [
        "drawn", "marked", "marked", "released", "appealed", "decided",
    ]  # fmt: skip
    assert await office.room.suspended() == frozenset()


async def test_drawing_again_by_the_same_seed_keeps_what_was_marked(
    office: Office, book: SqliteQuality
) -> None:
    await office.hold("c1", talk())
    await office.room.score_closed()
    (drawn,) = await office.room.sample(5, 7, "ann")
    await office.room.mark(drawn.id, "ann", {})
    await office.room.sample(5, 7, "ann")
    assert len(book.review(drawn.id).markings) == 1


async def test_a_refused_change_changes_nothing(office: Office, book: SqliteQuality, path: Path) -> None:
    await office.hold("c1", talk())
    await office.room.score_closed()
    (drawn,) = await office.room.sample(5, 7, "ann")
    with pytest.raises(Refused):
        await office.room.mark(drawn.id, WHO, {})
    assert book.review(drawn.id) == drawn
    assert book.steps(drawn.id) == [("ann", "drawn")]
    with pytest.raises(NotFound):
        book.review(r.ReviewId("r0"))
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM quality_steps")


async def test_stress_is_told_of_oneself(office: Office) -> None:
    busy = Talk().taken()
    for number in range(10):
        busy.c(f"question {number}").r("So it is.", after_s=5)
    await office.hold("c1", busy.closed())
    await office.room.score_closed()
    assert (await office.room.stress(WHO)).usual_s == 5.0
    assert (await office.room.stress("ann")).usual_s is None
