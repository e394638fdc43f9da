"""The language to answer in, also of mixed sentences and of texts that do not tell."""

from __future__ import annotations

import pytest

from tellerline.understanding.language import detect_language


@pytest.mark.parametrize(
    ("text", "language", "mixed"),
    [
        ("查余额", "zh", False),
        ("我的ATM卡丢了", "zh", False),
        ("App登不上", "zh", False),
        ("我想 check 一下 balance", "zh", True),
        ("transfer 1000给Lily", "zh", True),
        ("帮我查一下 credit card bill", "zh", True),
        ("my 银行卡 is lost", "en", True),
        ("could you please check the 余额 of my account", "en", True),
        ("lost card", "en", False),
        ("pls chk my bal", "en", False),
        ("hello", "en", False),
        ("Where is my refund?", "en", False),
        ("[card:1234] is lost", "en", False),
    ],
)
def test_chinese_and_english_and_both(text, language, mixed):
    detected = detect_language(text)
    assert (detected.language, detected.mixed, detected.other) == (language, mixed, None)


@pytest.mark.parametrize(
    "text", ["ok", "OK!", "6688", "🙂", "", "[card:1234]", "yes", "hi", "500.00", "?", "wangwei", "app"]
)
def test_texts_that_do_not_tell_leave_the_language_open(text):
    detected = detect_language(text)
    assert (detected.language, detected.other) == (None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("カードをなくしました", "ja"),
        ("카드를 잃어버렸어요", "ko"),
        ("Я потерял карту", "ru"),
        ("فقدت بطاقتي", "ar"),
        ("บัตรหาย", "th"),
        ("bonjour je voudrais parler à quelqu'un", "fr"),
        ("hola, perdí mi tarjeta", "es"),
        ("ich habe meine Karte verloren", "de"),
        ("tôi bị mất thẻ ngân hàng", "vi"),
        ("saya kehilangan kartu saya", "id"),
        ("hola", "es"),
    ],
)
def test_other_languages_are_named(text, code):
    detected = detect_language(text)
    assert (detected.language, detected.other) == (None, code)


def test_names_belong_to_no_language():
    assert not detect_language("please transfer 500 to 王伟", names=("王伟",)).mixed
    assert detect_language("please transfer 500 to 王伟").mixed


def test_words_of_the_examples_are_english():
    assert detect_language("outward remittance", vocabulary={"outward", "remittance"}).language == "en"
