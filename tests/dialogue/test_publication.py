"""From a proposal to a release in force: two persons, one moment, once, and nothing half-done when something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused
from tellerline.domain.proposal import ExampleChange, ProposalId
from tests.dialogue.publishing import CHECKER, MAKER, Room, rate
from tests.knowledge.learning import papers


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    room.publication.force.start()
    yield room
    room.book.close()


def test_it_comes_into_force_at_its_moment_and_not_before(room: Room) -> None:
    at = room.clock.now() + timedelta(days=8)
    made = room.checked(rate("1.35"), at=at)
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert (room.state(made), room.rate()) == ("approved", "1.45")
    assert room.publication.force.next_due_s() == timedelta(days=8).total_seconds()
    room.clock.advance(days=8)
    room.publication.force.activate()
    assert (room.state(made), room.rate()) == ("in_force", "1.35")
    assert room.book.get(made.id).release == room.releases.current
    assert room.publication.force.next_due_s() is None


def test_without_a_moment_it_is_in_force_once_approved(room: Room) -> None:
    made = room.checked(rate("1.35"))
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert (room.state(made), room.rate()) == ("in_force", "1.35")
    fact = room.releases.fact("deposit_rates.term_3y", room.clock.now())
    assert fact.valid_from == date(2026, 11, 23)


def test_the_maker_cannot_approve(room: Room) -> None:
    made = room.checked(rate("1.35"))
    with pytest.raises(Refused) as refused:
        room.publication.approve(made.id, MAKER, made.digest)
    assert refused.value.code == "own_proposal"
    assert room.state(made) == "checked"


def test_only_the_maker_adds_to_it_so_that_nobody_approves_what_is_their_own(room: Room) -> None:
    made = room.publication.propose("Rates", MAKER)
    with pytest.raises(Refused) as refused:
        room.publication.bring(made.id, CHECKER, "rates.xlsx", papers.workbook(papers.RATES_ZH))
    assert refused.value.code == "not_yours"


def test_what_was_not_read_or_not_checked_cannot_be_approved(room: Room) -> None:
    draft = room.publication.propose("Rates", MAKER, changes=[rate("1.35")])
    with pytest.raises(Conflict, match="only a checked proposal"):
        room.publication.approve(draft.id, CHECKER, "x")
    made = room.checked(rate("1.35"))
    with pytest.raises(Conflict, match="changed since you read it"):
        room.publication.approve(made.id, CHECKER, "another digest")


def test_the_same_approval_twice_acts_once(room: Room) -> None:
    made = room.checked(rate("1.35"))
    first = room.publication.approve(made.id, CHECKER, made.digest)
    assert room.publication.approve(made.id, CHECKER, made.digest) == first
    room.publication.force.activate()
    room.publication.force.activate()
    assert room.publication.approve(made.id, CHECKER, made.digest).state == "in_force"
    assert [step.step for step in room.book.steps(made.id)].count("approved") == 1
    assert [step.step for step in room.book.steps(made.id)].count("in force") == 1


def test_a_moment_that_passed_before_approval_must_be_named_anew(room: Room) -> None:
    made = room.checked(rate("1.35"), at=room.clock.now() + timedelta(hours=1))
    room.clock.advance(hours=2)
    with pytest.raises(Conflict) as refused:
        room.publication.approve(made.id, CHECKER, made.digest)
    assert refused.value.code == "too_late"
    with pytest.raises(Invalid, match="has passed"):
        room.publication.propose("Rates", MAKER, in_force_at=room.clock.now())


def test_what_is_withdrawn_stays_out_and_what_is_in_force_is_not_taken_back(room: Room) -> None:
    at = room.clock.now() + timedelta(hours=1)
    made = room.checked(rate("1.35"), at=at)
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.withdraw(made.id, CHECKER, "the notice was recalled")
    room.clock.advance(hours=2)
    room.publication.force.activate()
    assert (room.state(made), room.rate()) == ("withdrawn", "1.45")
    other = room.checked(rate("1.30"))
    room.publication.approve(other.id, CHECKER, other.digest)
    room.publication.force.activate()
    with pytest.raises(Conflict, match="propose the earlier state"):
        room.publication.withdraw(other.id, CHECKER, "oh")
    with pytest.raises(Invalid):
        room.publication.withdraw(made.id, CHECKER, " ")
    with pytest.raises(NotFound):
        room.publication.withdraw(ProposalId("p"), CHECKER, "x")


def test_a_later_change_of_the_same_supersedes_and_history_stays(room: Room) -> None:
    first, second = room.checked(rate("1.35"), title="one"), room.checked(rate("1.30"), title="two")
    room.publication.approve(first.id, CHECKER, first.digest)
    room.publication.force.activate()
    room.clock.advance(days=3)
    room.publication.approve(second.id, CHECKER, second.digest)
    room.publication.force.activate()
    assert (room.state(first), room.state(second), room.rate()) == ("superseded", "in_force", "1.30")
    day = room.clock.now() - timedelta(days=2)
    assert room.releases.fact("deposit_rates.term_3y", day).value == "1.35"


def test_a_restart_finds_everything_as_it_was(room: Room) -> None:
    now, later = (
        room.checked(rate("1.35"), title="now"),
        room.checked(rate("1.30"), title="later", at=room.clock.now() + timedelta(days=1)),
    )
    for made in (now, later):
        room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    in_force = room.releases.current
    room.releases.current = ""
    room.clock.advance(days=2)  # it was down when the second one became due
    restarted = room.again()
    restarted.force.start()
    assert room.releases.current == in_force
    restarted.force.activate()
    assert (room.state(later), room.rate()) == ("in_force", "1.30")


def test_two_processes_come_to_the_same_release_and_note_it_once(room: Room) -> None:
    made = room.checked(rate("1.35"))
    room.publication.approve(made.id, CHECKER, made.digest)
    room.again().force.activate()
    there = room.releases.current
    room.publication.force.activate()
    assert room.releases.current == there
    assert [step.step for step in room.book.steps(made.id)].count("in force") == 1


def test_a_change_that_fits_no_more_is_told_and_keeps_no_other_back(room: Room) -> None:
    lost = room.checked(ExampleChange("no_such_intent", "zh", "x"), title="lost")
    good = room.checked(rate("1.35"), title="good")
    for made in (lost, good):
        room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert (room.state(lost), room.state(good), room.rate()) == ("approved", "in_force", "1.35")
    assert "there is no such intent any more" in room.book.get(lost.id).trouble


def test_a_pack_with_an_error_leaves_the_release_in_force(room: Room) -> None:
    before = room.releases.current
    (room.pack / "refuse").touch()
    room.publication.force.activate()
    assert room.releases.current == before
    (room.pack / "refuse").unlink()
    (room.pack / "pack.yaml").write_text((room.pack / "pack.yaml").read_text("utf-8") + "# mended\n", "utf-8")
    room.publication.force.activate()
    assert room.releases.current != before


def test_a_start_with_a_broken_pack_falls_back_on_the_release_in_force(room: Room) -> None:
    made = room.checked(rate("1.35"))
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    in_force = room.releases.current
    (room.pack / "refuse").touch()
    room.again().force.start()
    assert room.releases.current == in_force


def test_what_is_ready_is_not_built_again(room: Room) -> None:
    made = room.checked(rate("1.35"))
    room.publication.prepare(made.id)
    ready = list(room.releases.built)
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert room.releases.built == ready
    assert room.rate() == "1.35"


def test_a_document_is_checked_against_what_is_in_force(tmp_path: Path) -> None:
    room = Room(tmp_path, whole=True)
    room.publication.force.start()
    made = room.publication.propose("Rates", MAKER)
    room.publication.bring(made.id, MAKER, "rates.xlsx", papers.workbook(papers.RATES_ZH, title="利率"))
    done = room.publication.check(made.id, CHECKER)
    assert (done.state, done.findings) == ("checked", [])
    rows = {
        row.fact: (row.old and row.old.en, row.new and row.new.en)
        for row in room.publication.difference(made.id).facts
    }
    assert rows == {
        "deposit_rates.term_3y": ("1.45%", "1.35%"),
        "deposit_rates.instalment_3y": ("1.00%", "0.95%"),
    }
    replaced = room.publication.replaced(made.id)
    assert ("fact", "deposit_rates.term_3y", "2026-05-20") in replaced
    room.publication.approve(made.id, CHECKER, done.digest)
    room.publication.force.activate()
    assert room.rate() == "1.35"
    again = room.publication.propose("Rates again", MAKER)
    room.publication.bring(again.id, MAKER, "rates.xlsx", papers.workbook(papers.RATES_ZH, title="利率"))
    refused = room.publication.check(again.id, MAKER)
    assert refused.state == "draft"
    assert "contradiction" in {finding.code for finding in refused.errors}
    with pytest.raises(Conflict):
        room.publication.approve(again.id, CHECKER, refused.digest)
