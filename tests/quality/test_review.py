"""Reviews are blind and double, answered by the person they are about, and appeals go to somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tellerline.domain.errors import Conflict, Invalid, Refused
from tellerline.domain.event import ConversationId
from tellerline.quality import review as r
from tellerline.quality.agreement import Mark, agree, calibrate
from tellerline.quality.finding import Finding
from tellerline.quality.sample import draw_sample
from tellerline.quality.scorer import Scored
from tests.quality.talk import START, WHO, Talk

DRAWN = r.Review(r.ReviewId("r1"), ConversationId("c1"), WHO, "random", 7, START)
ALIKE: dict[str, Mark] = {"no_blame": "pass"}
LATER = START + timedelta(days=2)


def marked(second: dict[str, Mark] | None = None) -> r.Review:
    return r.mark(r.mark(DRAWN, "ann", ALIKE, START), "bob", second or ALIKE, START)


def appealed() -> r.Review:
    released = r.release(marked(), START)
    return r.appeal(released, WHO, "no_blame", "I said it was ours", START, LATER)


def test_two_mark_without_seeing_each_other() -> None:
    one = r.mark(DRAWN, "ann", ALIKE, START)
    assert one.state == "drawn"
    assert r.visible_to(one, "bob").markings == []
    assert not r.sees_machine(one, "bob")
    assert r.visible_to(one, "ann").markings == one.markings
    both = r.mark(one, "bob", ALIKE, START)
    assert both.state == "marked"
    assert len(r.visible_to(both, "carol").markings) == 2
    for reviewer in ("ann", "carol"):
        with pytest.raises(Conflict):
            r.mark(both, reviewer, ALIKE, START)


def test_nobody_marks_their_own_work_or_twice_or_what_does_not_exist() -> None:
    with pytest.raises(Refused):
        r.mark(DRAWN, WHO, ALIKE, START)
    with pytest.raises(Conflict):
        r.mark(r.mark(DRAWN, "ann", ALIKE, START), "ann", ALIKE, START)
    with pytest.raises(Invalid):
        r.mark(DRAWN, "ann", {"charm": "pass"}, START)
    with pytest.raises(Invalid):
        r.mark(DRAWN, "ann", {"no_blame": "maybe"}, START)  # type: ignore[dict-item]


def test_a_difference_is_settled_in_words_before_the_release() -> None:
    with pytest.raises(Conflict):
        r.release(DRAWN, START)
    with pytest.raises(Invalid) as caught:
        r.release(marked({"no_blame": "fail"}), START)
    assert "no_blame" in caught.value.detail
    assert r.release(marked({"no_blame": "fail"}), START, "heard again: no blame").state == "released"
    assert r.release(marked(), START).released_at == START


def test_only_the_person_answers_and_once() -> None:
    released = r.release(marked(), START)
    with pytest.raises(Refused):
        r.acknowledge(released, "ann")
    with pytest.raises(Conflict):
        r.acknowledge(r.acknowledge(released, WHO), WHO)
    with pytest.raises(Conflict):
        r.acknowledge(marked(), WHO)


def test_an_appeal_has_seven_days_and_another_judge() -> None:
    released = r.release(marked(), START)
    with pytest.raises(Refused) as caught:
        r.appeal(released, WHO, "no_blame", "it is wrong", START + timedelta(days=7, seconds=1), LATER)
    assert caught.value.code == "appeal_late"
    with pytest.raises(Invalid):
        r.appeal(released, WHO, "charm", "it is wrong", START, LATER)
    for judge in (WHO, "ann", "bob"):
        with pytest.raises(Refused):
            r.decide_appeal(appealed(), judge, upheld=True, answer="you are right")
    with pytest.raises(Invalid):
        r.decide_appeal(appealed(), "carol", upheld=True, answer=" ")
    decided = r.decide_appeal(appealed(), "carol", upheld=True, answer="you are right")
    assert decided.state == "decided"
    assert decided.appeal is not None
    assert decided.appeal.upheld
    with pytest.raises(Conflict):
        r.decide_appeal(decided, "carol", upheld=True, answer="you are right")


@pytest.mark.parametrize(("upheld", "of", "suspended"), [(3, 30, False), (4, 30, True), (20, 29, False)])
def test_more_than_a_tenth_of_thirty_upheld_suspends_an_indicator(
    upheld: int, of: int, *, suspended: bool
) -> None:
    appeals = [
        r.Appeal("no_blame", "wrong", START, LATER, WHO, "carol", number < upheld, "so be it")
        for number in range(of)
    ]
    assert ("no_blame" in r.suspended_by(appeals)) is suspended


def test_an_indicator_fails_when_one_of_its_opportunities_did() -> None:
    found = [Finding("no_blame", 1, passed, "representative", WHO, [1]) for passed in (True, False, True)]
    assert r.machine_marks(found, WHO)["no_blame"] == "fail"
    assert r.machine_marks(found, "li")["no_blame"] == "na"


# --- agreement


def test_agreement_is_beyond_chance() -> None:
    one: list[Mark] = ["fail"] * 20 + ["pass"] * 30
    other: list[Mark] = ["fail"] * 15 + ["pass"] * 5 + ["fail"] * 10 + ["pass"] * 20
    found = agree(one, other)  # the example of Cohen's κ in many a textbook: 0.4
    assert (found.agreed, found.count, found.kappa) == (35, 50, 0.4)
    assert agree(["pass"] * 3, ["pass"] * 3).kappa is None


def test_calibration_tells_who_is_strict() -> None:
    expert: dict[str, Mark] = {f"c{number}/no_blame": "pass" for number in range(10)}
    expert["c0/no_blame"] = "fail"
    strict: dict[str, Mark] = {**expert, "c1/no_blame": "fail", "c2/no_blame": "fail"}
    lax, hard = calibrate(expert, {"lax": {**expert, "c0/no_blame": "pass"}, "strict": strict})
    assert (lax.reviewer, lax.strictness, lax.agreed) == ("lax", -0.1, 0.9)
    assert (hard.reviewer, hard.strictness, hard.agreed) == ("strict", 0.2, 0.8)


# --- the sample


def scored(count: int) -> list[Scored]:
    made = []
    for number in range(count):
        talk = Talk().taken("new" if number % 10 == 0 else WHO)
        words = "You win [guaranteed_return]." if number % 7 == 0 else "It may lose money."
        made.append(talk.r(words, who="new" if number % 10 == 0 else WHO).scored(f"c{number:03d}"))
    return made


def test_a_sample_is_drawn_again_by_its_seed() -> None:
    every = scored(100)
    first = draw_sample(every, 20, 7, newcomers={"new"})
    assert first == draw_sample(reversed(every), 20, 7, newcomers={"new"})
    assert first != draw_sample(every, 20, 8, newcomers={"new"})
    assert len({one.conversation for one in first}) == 20


def test_strata_have_their_shares_and_what_one_lacks_is_drawn_at_random() -> None:
    drawn = draw_sample(scored(100), 20, 7, newcomers={"new"})
    strata = [one.stratum for one in drawn]
    assert strata.count("risk") == 4
    assert strata.count("new") == 2
    assert strata.count("random") == 8 + 6  # nothing is doubtful
    assert all(int(one.conversation[1:]) % 7 == 0 for one in drawn if one.stratum == "risk")
    assert all(int(one.conversation[1:]) % 10 == 0 for one in drawn if one.stratum == "new")


def test_a_sample_of_few_is_all_of_them() -> None:
    assert len(draw_sample(scored(5), 20, 7)) == 5
    with pytest.raises(Invalid):
        draw_sample([], 0, 7)
