"""What was mistyped is put right; what is right, a name or another language stays."""

from __future__ import annotations

import pytest

from tellerline.understanding.normalise import normalise
from tellerline.understanding.sound import is_pinyin, sound_of
from tellerline.understanding.spelling.speller import Speller
from tellerline.understanding.spelling.vocabulary import Vocabulary, gather_vocabulary
from tests.understanding.conftest import small_corpus

NAMES = ("王伟", "John Smith")


@pytest.fixture(scope="module")
def speller() -> Speller:
    _, examples, _ = small_corpus()
    said = [phrase for phrases in examples.values() for each in phrases.values() for phrase in each]
    return Speller(gather_vocabulary(normalise(phrase).text for phrase in said))


def corrected(speller: Speller, text: str) -> str:
    return speller.correct_english(speller.correct_chinese(text, NAMES), NAMES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("信用咔丢了", "信用卡丢了"),
        ("查一下鱼额", "查一下余额"),
        ("我要投素", "我要投诉"),
        ("信用ka丢了", "信用卡丢了"),
        ("我要cha余额", "我要查余额"),
        ("wo yao cha yue", "我要查余额"),
        ("wo de xin yong ka diu le", "我的信用卡丢了"),
        ("chek my balence", "check my balance"),
        ("tranfer 500", "transfer 500"),
        ("i lost my crad yesteday", "i lost my card yesterday"),
        ("on wendesday", "on wednesday"),
        ("mybalance please", "my balance please"),
        ("fivty dollars", "fifty dollars"),
        ("pls check my acct bal", "please check my account balance"),
        ("ineed my balance", "i need my balance"),
    ],
)
def test_slips_are_put_right(speller, typed, meant):
    assert corrected(speller, typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "转给汪伟500",
        "转给wangwei500",
        "transfer 500 to jhon smith",
        "send it to Siobhan",
        "trasnfer-500@example.com",
        "see https://exampel.com/balence",
        "他去县里取钱",
        "转张伟500",
        "我张卡唔见咗 快啲",
        "那个transfer不了",
        "can you hang on",
        "dont want this, thats wrong, theyre rude",
        "用paypal和wechat付款",
        "U盾丢了",
        "转给wangmin吧",
        "zhang min and xiaomei",
        "[card:1234]丢了",
        "",
    ],
)
def test_right_words_and_names_stay(speller, text):
    assert corrected(speller, text) == text


def test_correcting_the_examples_themselves_changes_hardly_any(speller):
    _, examples, _ = small_corpus()
    said = [
        normalise(each).text for phrases in examples.values() for many in phrases.values() for each in many
    ]
    changed = [(text, corrected(speller, text)) for text in said if corrected(speller, text) != text]
    assert len(changed) <= 0.03 * len(said), changed


def test_without_words_nothing_is_changed_but_days_and_numbers():
    assert corrected(Speller(Vocabulary()), "鱼额 chek yesteday") == "鱼额 chek yesterday"


def test_sounds():
    assert sound_of("王 wei") == "wangwei"
    assert is_pinyin("xiaomei")
    assert not is_pinyin("card")


@pytest.mark.parametrize("unit", ["鱼额", "chek ", "woyao", "a", "信用ka"])
def test_long_texts_take_time_in_proportion(speller, unit):
    corrected(speller, unit * (8_000 // len(unit)))
