"""Publishing a pack: two persons, a trial by share, one command back, and nobody waits while something is built."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tellerline.dialogue.force import Force
from tellerline.dialogue.releases import Plan
from tellerline.domain.errors import Conflict, Invalid, NotFound, Refused
from tellerline.domain.proposal import Proposal
from tests.dialogue.publishing import CHECKER, MAKER, Room, rate


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path, follow=False)
    room.publication.force.start()
    yield room
    room.book.close()


def edit(room: Room, note: str) -> str:
    """Change the pack's folder, and build it as `pack publish` does; return the release."""
    (room.pack / "note.txt").write_text(note, "utf-8")
    return room.releases.build(room.pack, like=room.pack)


def publish(room: Room, note: str, *, share: int = 100) -> Proposal:
    made = room.publication.propose_pack(note, MAKER, edit(room, note), share=share)
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    return room.book.get(made.id)


def test_an_edited_folder_is_not_followed(room: Room) -> None:
    before = room.releases.plan
    edit(room, "by one person")
    room.publication.force.activate()
    assert room.releases.plan == before
    restarted = room.again()
    restarted.force.start()
    assert room.releases.plan == before


def test_a_demonstration_follows_its_folder_until_a_pack_is_published(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.publication.force.start()
    edited = edit(room, "one")
    room.publication.force.activate()
    assert room.releases.plan == Plan(edited)
    published = publish(room, "two")
    assert room.releases.plan == Plan(published.release)
    edit(room, "three")
    room.publication.force.activate()
    assert room.releases.plan == Plan(published.release)
    room.book.close()


def test_a_pack_needs_a_second_person(room: Room) -> None:
    before = room.releases.plan
    made = room.publication.propose_pack("new", MAKER, edit(room, "new"))
    with pytest.raises(Refused) as refused:
        room.publication.approve(made.id, MAKER, made.digest)
    assert refused.value.code == "own_proposal"
    room.publication.force.activate()
    assert room.releases.plan == before
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert room.releases.plan == Plan(made.changes[0].release)  # type: ignore[union-attr]


def test_what_was_approved_is_what_serves_whatever_the_folder_says_by_then(room: Room) -> None:
    made = room.publication.propose_pack("new", MAKER, edit(room, "new"))
    approved = made.changes[0].release  # type: ignore[union-attr]
    edit(room, "slipped in after the approval was asked for")
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert room.releases.plan.stable == approved


def test_a_trial_serves_its_share_and_leaves_the_rest_where_it_was(room: Room) -> None:
    before = room.releases.plan.stable
    trial = publish(room, "trial", share=10)
    assert room.releases.plan == Plan(before, trial.release, 10)
    whole = publish(room, "trial")  # the same pack, for everybody
    assert (whole.release, room.state(trial)) == (trial.release, "superseded")
    assert room.releases.plan == Plan(trial.release)


def test_the_share_is_drawn_by_the_conversation_and_is_the_same_everywhere() -> None:
    plan = Plan("stable", "candidate", 10)
    drawn = Counter(plan.release_for(f"conversation-{n}") for n in range(5_000))
    assert 400 < drawn["candidate"] < 600
    assert [Plan("stable", "candidate", 10).release_for(f"conversation-{n}") for n in range(50)] == [
        plan.release_for(f"conversation-{n}") for n in range(50)
    ]
    more = Plan("stable", "candidate", 50)
    tried = [f"c{n}" for n in range(500) if plan.release_for(f"c{n}") == "candidate"]
    assert all(more.release_for(name) == "candidate" for name in tried)  # who tries it goes on trying it


def test_rolling_back_ends_a_trial_or_brings_back_the_pack_of_before(room: Room) -> None:
    first = room.releases.plan.stable
    publish(room, "trial", share=10)
    done = room.publication.force.roll_back(CHECKER, "it offends")
    assert (done.state, done.reason, room.releases.plan) == ("rolled_back", "it offends", Plan(first))
    publish(room, "trial", share=10)
    published = publish(room, "trial")
    assert room.releases.plan == Plan(published.release)
    room.publication.force.roll_back(CHECKER, "it offends after all")
    assert room.releases.plan == Plan(first)
    steps = [step.step for step in room.book.steps(published.id)]
    assert steps[-1] == "rolled back"


def test_rolling_back_leaves_a_changed_rate_as_it_is(room: Room) -> None:
    published = publish(room, "two")
    made = room.checked(rate("1.35"))
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert room.rate() == "1.35"
    room.publication.force.roll_back(CHECKER, "it offends")
    assert room.rate() == "1.35"
    assert (room.state(made), room.state(published)) == ("in_force", "rolled_back")


def test_there_is_not_always_something_to_go_back_to(room: Room) -> None:
    with pytest.raises(Conflict, match="no published pack"):
        room.publication.force.roll_back(CHECKER, "why not")
    publish(room, "two")
    with pytest.raises(Invalid, match="say why"):
        room.publication.force.roll_back(CHECKER, " ")


def test_shares_and_releases_have_to_be_real(room: Room) -> None:
    with pytest.raises(Invalid, match="1 to 100 percent"):
        room.publication.propose_pack("new", MAKER, edit(room, "new"), share=0)
    with pytest.raises(NotFound):
        room.publication.propose_pack("new", MAKER, "0" * 16)


def test_a_pack_on_trial_comes_into_force_at_its_moment(room: Room) -> None:
    at = room.clock.now() + timedelta(days=2)
    made = room.publication.propose_pack("new", MAKER, edit(room, "new"), share=20, in_force_at=at)
    room.publication.approve(made.id, CHECKER, made.digest)
    room.publication.force.activate()
    assert room.releases.plan.candidate == ""
    room.clock.advance(days=2)
    room.publication.force.activate()
    assert room.releases.plan.share == 20


def test_a_start_that_has_to_build_serves_the_release_of_before_meanwhile(tmp_path: Path) -> None:
    room = Room(tmp_path)
    force: Force = room.publication.force
    force.start()
    before = room.releases.plan
    (room.pack / "note.txt").write_text("changed while it was down", "utf-8")
    room.releases.noted = lambda: before  # type: ignore[method-assign]  # as the file of the data folder says
    room.releases.built.clear()
    restarted = room.again()
    restarted.force.start()
    assert (room.releases.plan, room.releases.built) == (before, [])
    restarted.force.activate()
    assert room.releases.plan != before
    assert len(room.releases.built) == 1
    room.book.close()


def test_a_start_with_a_broken_folder_goes_on_with_the_release_of_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = Room(tmp_path)
    room.publication.force.start()
    before = room.releases.plan
    (room.pack / "refuse").write_text("", "utf-8")
    room.releases.noted = lambda: before  # type: ignore[method-assign]
    restarted = room.again()
    restarted.force.start()
    restarted.force.activate()
    assert room.releases.plan == before
    said = capsys.readouterr().out
    assert "refuse:1: error: it is there; remove it" in said
    room.book.close()


def test_a_plan_is_written_down_as_json() -> None:
    import msgspec

    assert json.loads(msgspec.json.encode(Plan("a", "b", 5))) == {"stable": "a", "candidate": "b", "share": 5}
