"""Messages fall into the clauses that could each ask for something."""

from __future__ import annotations

import pytest

from tellerline.understanding.clauses import CLAUSES_MAX, split_clauses


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("查余额", ["查余额"]),
        ("我的卡丢了,帮我查余额", ["我的卡丢了", "帮我查余额"]),
        ("查余额另外转500", ["查余额", "另外转500"]),
        ("check my balance and also send 500", ["check my balance", "also send 500"]),
        ("转1,200.50给王伟", ["转1,200.50给王伟"]),
        ("Block it. Then call me.", ["Block it", "Then call me"]),
        ("第一\n第二", ["第一", "第二"]),
        ("yes - what's my balance?", ["yes", "what's my balance"]),
        ("查余额再给李静转200", ["查余额", "再给李静转200"]),
        ("请再说一遍", ["请再说一遍"]),
        ("...,,,!!!", []),
        ("", []),
        ("还有几天到期", ["还有几天到期"]),
    ],
)
def test_clauses_end_at_stops_commas_and_linking_words(text, pieces):
    assert [text[clause.start : clause.end] for clause in split_clauses(text)] == pieces


def test_of_very_many_clauses_the_last_are_kept_apart():
    text = "然后我又等了," * 300 + "我要投诉"
    clauses = split_clauses(text)
    assert len(clauses) == CLAUSES_MAX
    assert text[clauses[-1].start : clauses[-1].end] == "我要投诉"
    assert clauses[0].start == 0
