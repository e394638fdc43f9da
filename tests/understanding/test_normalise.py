"""One way of writing, in which tokens and requests survive."""

from __future__ import annotations

import pytest

from tellerline.understanding.normalise import normalise


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  查\t余额  ", "查 余额"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("转５００，谢谢！", "转500,谢谢!"),
        ("a\u200bb\x07c", "abc"),
        ("一\n\n \n二", "一\n二"),
        ("一\u2028二", "一\n二"),
        ("!!!!!!!", "!!!"),
        ("快快快快快点", "快快快点"),
        ("10000000", "10000000"),
        ("好👨‍👩‍👧", "好👨👩👧"),
        ("\ud83d坏", "\ufffd坏"),
        ("[card:1234]丢了", "[card:1234]丢了"),
        ("转 五 百 给 王 伟", "转五百给王伟"),
        ("我 要 转 500 给 王 伟", "我要转 500 给王伟"),
        ("1 2 3", "1 2 3"),
        ("查余额 谢谢", "查余额 谢谢"),
        ("", ""),
        ("\u200b\x00", ""),
    ],
)
def test_texts_are_written_one_way(text, normal):
    assert normalise(text).text == normal


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("我要查詢帳戶餘額", "我要查询账户余额"),
        ("軟體登入不了", "软件登录不了"),
        ("提款機吞卡", "取款机吞卡"),
        ("轉帳給王偉", "转账给王伟"),
        ("我要過數", "我要转账"),
    ],
)
def test_traditional_texts_become_simplified(text, normal):
    assert normalise(text).text == normal
    assert normalise(text).traditional


@pytest.mark.parametrize("text", ["我要查询账户余额", "check my balance", "信用卡账单", "皇后大道后面"])
def test_simplified_texts_are_no_traditional_ones(text):
    assert normalise(text) == normalise(normalise(text).text)
    assert not normalise(text).traditional


def test_common_misspellings_of_account_are_corrected():
    assert normalise("帐号和转帐").text == "账号和转账"


def test_a_long_story_keeps_its_end():
    story = "我昨天去了网点," * 500 + "我要挂失"
    assert normalise(story).text.endswith("我要挂失")
