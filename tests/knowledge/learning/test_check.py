"""Changes are checked before anybody approves them; every finding has its place and a remedy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tellerline.domain.language import Text
from tellerline.domain.proposal import ArticleChange, Change, ExampleChange, FactChange, Finding
from tellerline.knowledge.learning.check import Ground, check_changes
from tellerline.knowledge.learning.overlay import lay_over
from tellerline.knowledge.load import Library, load_library
from tellerline.reply.guard import Guard, read_guard
from tests.harbour import PACK

ON = date(2026, 12, 1)
RATE = FactChange(
    "deposit_rates",
    "term_3y",
    Text("三年期整存整取", "3-year term deposit"),
    "percent_per_year",
    "1.35",
    place="r.xlsx, B2",
)
HEADING = {
    "title": "月月存怎么开通？",
    "topic": "deposits",
    "products": ["term_deposit"],
    "audience": "public",
    "owner": "retail-deposits",
    "review_by": "2027-06-30",
    "questions": ["月月存怎么开", "月月存在哪办", "每月自动存钱", "月月存能停吗"],
}
ARTICLE = ArticleChange(
    "zh", "monthly-saver", {**HEADING}, "登录手机银行就能开通月月存。\n", "a.docx, paragraph 1"
)  # type: ignore[dict-item]

Check = Callable[..., list[Finding]]


@pytest.fixture(scope="module")
def before() -> Library:
    return load_library(PACK)[0]


@pytest.fixture(scope="module")
def guard() -> Guard:
    rules = read_guard(PACK, [])
    assert rules is not None
    return Guard(rules)


@pytest.fixture
def check(before: Library, guard: Guard, tmp_path: Path) -> Check:
    def look(*changes: Change, new_products: tuple[str, ...] = ()) -> list[Finding]:
        folder = tmp_path / "pack"
        for part in ("facts", "articles"):
            shutil.copytree(PACK / part, folder / part)
        knowledge = [change for change in changes if not isinstance(change, ExampleChange)]
        problems: list[object] = []
        lay_over(folder, knowledge, ON, problems)  # type: ignore[arg-type]
        assert problems == []
        examples = {"zh": {"lost_card": ["我的卡丢了"], "check_balance": ["查余额"]}, "en": {"lost_card": []}}
        after = load_library(folder)[0]
        return check_changes(changes, Ground(before, after, ON, examples, new_products, guard.check))

    return look


def codes(findings: list[Finding]) -> set[str]:
    assert all(finding.where and finding.remedy for finding in findings)
    return {finding.code for finding in findings}


def with_heading(change: ArticleChange, **fields: object) -> ArticleChange:
    return msgspec.structs.replace(change, heading={**change.heading, **fields})  # type: ignore[dict-item]


def test_a_sound_change_has_no_findings(check: Check) -> None:
    assert check(RATE, ARTICLE) == []


def test_a_figure_of_before_the_moment_is_refused(check: Check) -> None:
    early = msgspec.structs.replace(RATE, valid_from=date(2026, 11, 1))
    assert codes(check(early)) == {"day"}


def test_a_figure_already_decided_for_later_is_shown(check: Check) -> None:
    year = msgspec.structs.replace(RATE, key="term_1y", value="1.00")
    (finding,) = check(year)
    assert (finding.code, finding.severity) == ("scheduled", "warning")
    assert "1.05 from 2027-01-01" in finding.what


def test_a_large_move_is_shown(check: Check) -> None:
    (finding,) = check(msgspec.structs.replace(RATE, value="3.50"))
    assert (finding.code, finding.severity) == ("large", "warning")


def test_the_same_brought_twice_is_refused(check: Check) -> None:
    assert "twice" in codes(check(RATE, msgspec.structs.replace(RATE, value="1.30")))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"valid_to": "2026-11-30", "valid_from": "2026-01-01"}, "expired"),
        ({"review_by": "2026-11-30"}, "expired"),
        ({"products": ["term_depositt"]}, "product"),
        ({"title": "月月存保本稳赚"}, "wording"),
        ({"questions": ["急用钱，三年定期能不能提前支取", "b", "c", "d"]}, "duplicate"),
    ],
)
def test_what_is_wrong_with_an_article_is_found(check: Check, fields: dict[str, object], code: str) -> None:
    assert codes(check(with_heading(ARTICLE, **fields))) == {code}


def test_a_product_that_is_meant_is_suggested_and_a_new_one_has_to_be_said(check: Check) -> None:
    (finding,) = check(with_heading(ARTICLE, products=["term_depositt"]))
    assert "'term_deposit'" in finding.remedy


def test_a_new_product_that_is_said_to_be_new_is_accepted(check: Check) -> None:
    assert check(with_heading(ARTICLE, products=["monthly_saver"]), new_products=("monthly_saver",)) == []


def test_a_copy_of_another_article_is_refused(check: Check, before: Library) -> None:
    other = before.articles["zh"]["early-withdrawal-of-term-deposit"]
    body = "\n\n".join(f"## {p.title}\n{p.text}" if p.title else p.text for p in other.passages)
    found = check(msgspec.structs.replace(ARTICLE, body=f"{body}\n"))
    assert "duplicate" in codes(found)
    assert any(other.id in finding.what and finding.severity == "error" for finding in found)


def test_a_text_does_not_change_under_an_old_day(check: Check, before: Library) -> None:
    known = msgspec.structs.replace(ARTICLE, id="early-withdrawal-of-term-deposit")
    assert "day" in codes(check(with_heading(known, valid_from="2026-01-01")))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (ExampleChange("no_such", "zh", "卡找不着了"), "intent"),
        (ExampleChange("lost_card", "zh", "查余额"), "contradiction"),
        (ExampleChange("lost_card", "zh", "我的卡丢了"), "unchanged"),
        (ExampleChange("lost_card", "zh", "卡号6222021234567890丢了"), "personal"),
        (ExampleChange("lost_card", "zh", "丢" * 121), "phrase"),
    ],
)
def test_phrases_are_checked(check: Check, change: ExampleChange, code: str) -> None:
    assert codes(check(change)) == {code}


def test_a_good_phrase_has_no_findings(check: Check) -> None:
    assert check(ExampleChange("lost_card", "zh", "卡找不着了")) == []
