"""Fillers and stammers go; answers, numbers and questions that look like them stay."""

from __future__ import annotations

import pytest

from tellerline.understanding.hesitation import drop_hesitations


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("嗯我想查余额", "我想查余额"),
        ("那个那个我的卡丢了", "我的卡丢了"),
        ("我我我要挂失", "我要挂失"),
        ("我想转账转账给王伟", "我想转账给王伟"),
        ("呃,查余额,嗯,还有账单", "查余额,还有账单"),
        ("um i want to uh check my balance", "i want to check my balance"),
        ("i i want want my balance", "i want my balance"),
        ("the card, you know, it was lost", "the card, it was lost"),
    ],
)
def test_fillers_and_stammers_are_dropped(said, meant):
    assert drop_hesitations(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "嗯",
        "嗯嗯",
        "um",
        "尾号三三三三",
        "ending eight eight one two",
        "do you know my balance",
        "you know what i mean?",
        "no no no",
        "very very slow",
        "那个卡丢了",
        "额度多少",
        "我想想再说",
        "一笔一笔查",
        "thank you",
        "",
    ],
)
def test_words_stay(text):
    assert drop_hesitations(text) == text
