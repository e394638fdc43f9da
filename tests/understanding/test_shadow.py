"""Every way of writing a digit looks the same, and nothing moves."""

from __future__ import annotations

import pytest

from tellerline.understanding.shadow import PAD, TOKEN, shadow


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("６２２２", "6222"),
        ("六二二二零二", "622202"),
        ("六二二二 零二一二", "6222 0212"),
        ("٦٢٢٢", "6222"),
        ("①②③④", "1234"),
        ("6\u200b2", "6 2"),
        ("6\u20132", "6-2"),
        ("a\tb\x00c", "a b c"),
        ("ＡＢＣ＠ｑｑ．ｃｏｍ", "ABC@qq.com"),
        ("four one two three", f"4{PAD * 3} {PAD * 2}1 {PAD * 2}2 {PAD * 4}3"),
        ("double four one two", f"44{PAD * 9} {PAD * 2}1 {PAD * 2}2"),
        ("sixty two twelve oh", f"62{PAD * 7} {PAD * 4}12 {PAD}0"),
        ("一二三", "123"),
        ("一下子", "一下子"),
        ("三五天", "三五天"),
        ("四八二九一直", "4829一直"),
        ("no one knows", "no one knows"),
    ],
)
def test_digits_look_alike(text, view):
    assert shadow(text) == view


@pytest.mark.parametrize(
    "text", ["六二二二零二", "one two three four five", "\u3000\u2003é漢字🙂", "[card:1234]丢了"]
)
def test_the_view_is_as_long_as_the_text(text):
    assert len(shadow(text)) == len(text)


@pytest.mark.parametrize("token", ["[card:1234]", "[phone:8000-2]", "[id:002X]", "[code]", "[card]"])
def test_tokens_are_blanked_out(token):
    assert TOKEN.fullmatch(token)
    assert shadow(f"x{token}y") == "x" + "\0" * len(token) + "y"
