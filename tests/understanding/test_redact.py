"""What must not be stored is replaced; what looks like it is left alone."""

from __future__ import annotations

import pytest

from tellerline.understanding.redact import redact
from tests.understanding.redaction import harmless_cases, sensitive_cases

FALSE_ALARMS_MAX = 0.02


@pytest.mark.parametrize(("text", "kept"), sensitive_cases())
def test_sensitive_values_become_tokens(text, kept):
    assert redact(text).text == kept


def test_harmless_numbers_are_left_alone():
    cases = harmless_cases()
    changed = [f"{text} -> {redact(text).text}" for text in cases if redact(text).text != text]
    assert len(cases) >= 120
    assert len(changed) <= FALSE_ALARMS_MAX * len(cases), changed


def test_a_number_typed_in_two_messages_is_found():
    first, second = "6222 0212", "3456 7890 123 快点"
    assert redact(first).text == first
    assert redact(second).text == second
    assert redact(second, previous=first).text == "[card:0123] 快点"


def test_the_announced_beginning_of_a_card_number_is_no_last_four():
    first = redact("卡号是6222 0212 3456").text
    assert first == "卡号是[card]"
    assert redact("7890 123", previous=first).text == "[card:0123]"
    assert redact("7890元", previous=first).text == "7890元"


def test_both_halves_together_never_show_a_whole_number():
    first, second = "4000 0000 0000", "0002"
    assert redact(first).text == first
    assert redact(second, previous=first).text == "[card]"


@pytest.mark.parametrize(
    ("previous", "text", "kept"),
    [
        ("我的密码是", "123456", "[password]"),
        ("验证码", "482913", "[code]"),
        ("短信来了", "739201", "[code]"),
        ("the code?", "739201", "[code]"),
        ("cvv?", "123", "[cvv]"),
        ("安全码", "三二一", "[cvv]"),
        ("身份证110105", "19491231002X", "[id:002X]"),
        ("验证码739", "201", "[code]"),
        ("my pin is", "one two three four", "[password]"),
        ("my phone is 138 0013", "8000", "[phone:8000]"),
        ("转500", "给王伟", "给王伟"),
        ("尾号", "6688", "6688"),
        ("[card:1234]的密码", "忘了", "忘了"),
    ],
)
def test_the_message_before_gives_the_words_around(previous, text, kept):
    assert redact(text, previous=previous).text == kept


@pytest.mark.parametrize(
    "text", ["482913", " 482913 ", "是482913", "it's 482 913", "４８２９１３", "482913!"]
)
def test_six_digits_are_a_code_only_when_one_is_expected(text):
    assert "[code]" in redact(text, expecting_code=True).text
    assert redact(text).text == text


@pytest.mark.parametrize("text", ["500", "48291", "4829137", "转账482913元", "尾号482913", "6688"])
def test_other_numbers_are_no_codes_even_when_one_is_expected(text):
    assert redact(text, expecting_code=True).text == text


def test_a_telephone_number_is_held_but_not_written():
    redaction = redact("我的手机138 0013 8000, 备用+8613900139000")
    assert redaction.held == {"[phone:8000]": "+8613800138000", "[phone:9000]": "+8613900139000"}
    assert "138" not in redaction.text


def test_two_telephones_with_the_same_end_keep_apart():
    redaction = redact("13800138000和13900138000和13800138000")
    assert redaction.text == "[phone:8000]和[phone:8000-2]和[phone:8000]"
    assert redaction.held["[phone:8000-2]"] == "+8613900138000"


def test_spans_point_at_the_tokens():
    redaction = redact("卡4111111111111111密码是123456,手机13800138000")
    assert [redaction.text[span.start : span.end] for span in redaction.spans] == [
        "[card:1111]",
        "[password]",
        "[phone:8000]",
    ]
    assert redaction.kinds == ("card", "password", "phone")


@pytest.mark.parametrize(("text", "kept"), sensitive_cases())
def test_redacting_again_changes_nothing(text, kept):
    assert redact(kept).text == kept


@pytest.mark.parametrize("text", ["", " ", "🙂", "\ud83d", "\x00\x01", "查余额"])
def test_anything_is_accepted(text):
    assert redact(text).text == text


@pytest.mark.parametrize(
    "unit", ["1 ", "13800138000 ", "a", "密码是", "ab12", "4111-", "一二三", "eyJ", "a@", "12/27 "]
)
def test_long_texts_take_time_in_proportion(unit):
    redact(unit * (20_000 // len(unit)))
