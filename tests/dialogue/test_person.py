"""The request for a person, misspelt; and what only looks like one."""

from __future__ import annotations

import pytest

from tellerline.dialogue.person import asks_for_person, denies_person


@pytest.mark.parametrize(
    "text",
    ["转人功！！转人功！！", "转任工", "我要找真仁", "请帮我转人公", "人工客服", "HUAMN NOW!!!", "humna", "agnet pls",
     "get me a represntative", "call me a manager", "叫你们经理来", "speak to an adviosr please"],
)  # fmt: skip
def test_a_slip_is_forgiven(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "人工智能是什么",
        "人工费多少",
        "转账给仁功",
        "urgent",
        "human resources paid my salary twice",
        "人工湖",
        "",
        "1000",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize("text", ["不用找人了", "不需要转人工", "no, I don't need to speak to anyone"])
def test_a_person_is_declined(text: str) -> None:
    assert denies_person(text)


@pytest.mark.parametrize("text", ["不，我要转人工", "no! get me a human", "不用跟我说别的，转人工"])
def test_a_no_to_something_else_declines_nobody(text: str) -> None:
    assert not denies_person(text)
