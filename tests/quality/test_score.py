"""Scores are shares of opportunities with intervals; sides are never merged, and too few are not published."""

from __future__ import annotations

import pytest

from tellerline.quality.finding import Finding, Side
from tellerline.quality.score import PUBLISHED_MIN, Scorecard, band_of, counted, rate_of, score_cards, wilson
from tests.quality.talk import Talk


def findings(
    name: str, passed: int, failed: int, side: Side = "representative", who: str = "li"
) -> list[Finding]:
    return [Finding(name, 1, number < passed, side, who, [1]) for number in range(passed + failed)]


def card(cards: list[Scorecard], who: str) -> Scorecard:
    return next(one for one in cards if one.who == who)


@pytest.mark.parametrize(
    ("passed", "count", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(passed: int, count: int, low: float, high: float) -> None:
    assert wilson(passed, count) == pytest.approx((low, high), abs=5e-5)


def test_a_rate_is_drawn_towards_the_teams_and_less_so_the_more_is_known() -> None:
    assert rate_of(0, 0, 0.8).rate == 0.8
    assert rate_of(4, 4, 0.5).rate == 0.75
    assert rate_of(400, 400, 0.5).rate > 0.99


def test_too_few_opportunities_have_no_band() -> None:
    assert band_of(rate_of(PUBLISHED_MIN - 1, PUBLISHED_MIN - 1, 1.0)) is None
    assert band_of(rate_of(PUBLISHED_MIN, PUBLISHED_MIN, 1.0)) == "strong"
    assert band_of(rate_of(0, PUBLISHED_MIN, 0.0)) == "weak"


def test_each_side_and_person_has_a_card_and_a_prior_of_its_own_side() -> None:
    cards = score_cards(
        findings("no_blame", 50, 0, "assistant", "")
        + findings("no_blame", 0, 20, who="li")
        + findings("no_blame", 4, 0, who="wang")
    )
    assert [(one.side, one.who) for one in cards] == [
        ("assistant", ""),
        ("representative", "li"),
        ("representative", "wang"),
    ]
    wang = card(cards, "wang").abilities[0].rate
    assert (wang.passed, wang.count) == (4, 4)
    assert wang.rate < 0.6  # 4 of 4, beside colleagues with 4 of 24; the assistant's 50 of 50 are not counted
    assert card(cards, "").abilities[0].rate.rate == 1.0


def test_a_suspended_indicator_counts_for_nobody() -> None:
    found = findings("no_blame", 10, 0) + findings("steady_tone", 0, 10)
    assert card(score_cards(found), "li").abilities[0].rate.passed == 10
    kept = card(score_cards(found, suspended={"steady_tone"}), "li").abilities[0]
    assert list(kept.indicators) == ["no_blame"]
    assert kept.rate.count == 10


def test_the_whole_weighs_groups_of_which_something_is_published() -> None:
    few = card(score_cards(findings("no_blame", 3, 0)), "li")
    assert few.overall is None
    both = card(score_cards(findings("no_false_claim", 100, 0) + findings("first_reply", 0, 100)), "li")
    assert both.overall is not None
    low, high = both.overall
    assert 0.7 < low < high < 0.8  # compliance 30 of 40, efficiency 10 of 40


def test_what_only_advises_in_a_language_counts_in_no_score() -> None:
    english = Talk().r("Be quick now.", "hurry").scored()
    assert [one.passed for one in english.findings if one.indicator == "unhurried"] == [False]
    names = {one.indicator for one in counted([english])}
    assert "unhurried" not in names
    assert "no_blame" in names
    assert "next_step_offered" in {
        one.indicator for one in counted([Talk("zh").r("办好了。", "done").scored()])
    }
