"""Questions that lean on the one before."""

from __future__ import annotations

import pytest

from tellerline.dialogue.ellipsis import completions, leaning_part
from tellerline.domain.reading import Entity


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("那信用卡呢", "信用卡"),
        ("五年呢？", "五年"),
        ("要是金卡的呢", "金卡的"),
        ("and for 3 years?", "3 years"),
        ("what about credit cards", "credit cards"),
        ("ok, how about on sundays?", "sundays"),
    ],
)
def test_what_is_put_in_place_is_found(text: str, part: str) -> None:
    assert leaning_part(text) == part


@pytest.mark.parametrize(
    "text",
    ["三年定期利率多少", "我的钱什么时候到呢我已经等了三天了实在受不了", "what is the rate", "for", "呢"],
)
def test_what_stands_by_itself_leans_on_nothing(text: str) -> None:
    assert leaning_part(text) == ""


def test_a_value_takes_the_place_of_its_kind_before_it_stands_beside_the_question() -> None:
    old = Entity("periods", 12, "一年", 0, 2)
    new = Entity("periods", 36, "三年", 0, 2)
    assert list(completions("三年", [new], "一年定期利率多少", [old])) == [
        "三年定期利率多少",
        "三年 一年定期利率多少",
    ]


def test_another_kind_of_value_only_stands_beside_the_question() -> None:
    product = Entity("product", "credit_card", "信用卡", 0, 3)
    period = Entity("periods", 12, "一年", 0, 2)
    assert list(completions("信用卡", [product], "一年定期利率多少", [period])) == ["信用卡 一年定期利率多少"]


def test_a_part_without_a_value_completes_nothing() -> None:
    assert list(completions("you", [], "what does a 1 year deposit pay", [])) == []
