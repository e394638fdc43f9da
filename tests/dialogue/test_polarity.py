"""Yes or no by how an answer begins, in both languages."""

from __future__ import annotations

import pytest

from tellerline.dialogue.polarity import asks_something, polarity_of


@pytest.mark.parametrize(
    "text",
    ["没有，还没转", "不用冻", "没有人让我弄，我自己要用", "从来没有过", "先不用", "都不是", "不行", "别办了",
     "no, nobody told me to", "nope", "I haven't sent anything", "no need to freeze it", "it wasn't me"],
)  # fmt: skip
def test_no(text: str) -> None:
    found = polarity_of(text)
    assert found is not None
    assert not found.yes


@pytest.mark.parametrize(
    "text",
    [
        "是的",
        "嗯对",
        "可以",
        "没错",
        "没问题",
        "行，就这么办",
        "yes please",
        "yeah go on",
        "sure",
        "that's right",
    ],
)
def test_a_plain_yes(text: str) -> None:
    found = polarity_of(text)
    assert found is not None
    assert found.yes
    assert found.bare


@pytest.mark.parametrize(
    "text", ["对，不过等等", "对对，哎不对，是尾号4417的王伟", "yes but change the amount", "ok wait"]
)
def test_a_yes_that_turns_is_not_bare(text: str) -> None:
    found = polarity_of(text)
    assert found is not None
    assert not found.bare


@pytest.mark.parametrize(
    "text",
    ["不懂", "没听懂", "我不知道", "不急", "别急我看看", "好像是", "是吗？", "要什么材料", "好的，那手续费多少", "no idea",
     "not sure", "我不是都讲了吗!王秀英!", "I don't understand", "no waffle please", "卡在钱包里", ""],
)  # fmt: skip
def test_neither(text: str) -> None:
    assert polarity_of(text) is None


def test_a_question_is_no_answer() -> None:
    assert asks_something("补卡要多少钱")
    assert asks_something("how much is it")
    assert not asks_something("补一张")
