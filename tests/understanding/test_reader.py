"""Whole readings: several requests, answers in a dialogue, stories, and anything that can be typed."""

from __future__ import annotations

import statistics
import time

import pytest

LONG_SECONDS_MAX = 15  # 1 s measured, ten times that when the time grows with the square
P50_SECONDS_MAX = 0.02  # 0.001 s measured; the rest is for a busy machine


def requests(reading) -> list[str]:
    return [segment.top.intent for segment in reading.segments]


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("查余额", ["check_balance"]),
        ("我的卡丢了,帮我查一下余额", ["lost_card", "check_balance"]),
        ("我要转500给王伟,另外查一下信用卡账单", ["make_transfer", "credit_card_bill"]),
        ("帮我把转账限额调到十万,然后转五万给李晓梅", ["transfer_limit", "make_transfer"]),
        ("I lost my card. Also what is the interest rate for deposits?", ["lost_card", "ask_rates"]),
        ("你好,我想查余额", ["check_balance"]),
        ("不,我要查余额", ["deny", "check_balance"]),
        ("yes - oh, what's my balance?", ["affirm", "check_balance"]),
        ("算了,转人工", ["cancel", "talk_to_human"]),
        ("不是500,是800", ["correct"]),
        ("没有了,谢谢", ["finished"]),
    ],
)
def test_each_request_of_a_message_is_a_segment(understanding, chinese, text, intents):
    assert requests(understanding.read(text, chinese)) == intents


def test_a_story_is_one_request(understanding, chinese):
    story = "我昨天去ATM取钱,机器没吐钱,但是扣了我500,怎么办"
    reading = understanding.read(story, chinese)
    assert requests(reading) == ["atm_problem"]
    assert {(e.type, e.value) for e in reading.entities} >= {("date", "2026-11-22"), ("money", 50000)}


def test_the_request_at_the_end_of_a_long_story_is_found(understanding, chinese):
    story = (
        "我跟您说啊,昨天下雨,我出门忘了带伞,又回去拿,路上碰到老同学聊了半天," * 40
        + "结果发现银行卡丢了,给我挂失"
    )
    assert "lost_card" in requests(understanding.read(story, chinese))


@pytest.mark.parametrize(
    "text", ["500", "6688", "第二个", "12期", "明天", "三万五", "王伟", "the second one", "是500"]
)
def test_a_bare_value_asks_for_nothing(understanding, chinese, text):
    reading = understanding.read(text, chinese)
    assert reading.entities
    assert reading.segments[0].top.probability < 0.5


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("是", "affirm"),
        ("ok", "affirm"),
        ("好的", "affirm"),
        ("不", "deny"),
        ("no", "deny"),
        ("人工", "talk_to_human"),
    ],
)
def test_short_answers_are_moves(understanding, chinese, text, intent):
    top = understanding.read(text, chinese).segments[0].top
    assert top.intent == intent
    assert top.probability >= 0.8


@pytest.mark.parametrize(
    "text", ["转人工!", "给我转人工", "转人共", "我要人工客服", "agent", "human please", "HUMAN"]
)
def test_a_human_is_never_misheard(understanding, chinese, text):
    reading = understanding.read(text, chinese)
    assert reading.segments[0].top.intent == "talk_to_human"


def test_segments_cover_the_text_in_order(understanding, chinese):
    reading = understanding.read("我的卡丢了!帮我查一下余额,谢谢。", chinese)
    assert reading.segments[0].start == 0
    assert reading.segments[-1].end == len(reading.text)
    for before, after in zip(reading.segments, reading.segments[1:], strict=False):
        assert before.end == after.start


def test_redaction_tokens_are_read(understanding, chinese):
    reading = understanding.read("[card:1234]丢了,我的手机是[phone:8000]", chinese)
    assert {(e.type, e.value) for e in reading.entities} >= {("last_four", "1234"), ("phone", "[phone:8000]")}
    assert reading.text == "[card:1234]丢了,我的手机是[phone:8000]"


def test_language_and_script_are_told(understanding, chinese, english):
    assert understanding.read("我要查詢餘額", chinese).traditional
    assert understanding.read("ok", english).language is None
    assert understanding.read("カードをなくしました", english).other == "ja"


def test_flags_and_affects_are_apart(understanding, chinese):
    reading = understanding.read("你们这群废物,马上给我转人工!!!", chinese)
    assert set(reading.flags) == {"human_wanted", "scam", "self_harm"}
    assert reading.flags["human_wanted"] > 0.5
    assert reading.affect.urgency > 0.5


def test_the_same_text_gives_the_same_reading(understanding, chinese):
    text = "昨天星巴克那笔58元不是我刷的,马上冻结"
    assert understanding.read(text, chinese) == understanding.read(text, chinese)


@pytest.mark.parametrize(
    "text",
    [
        "🙂",
        "🙂🙂🙂",
        "???",
        "...",
        "\ud83d",
        "\x00\x07",
        "?!",
        "漢",
        "a",
        "\u200b",
        "-----",
        "[",
        "[card:",
        "١٢٣",
    ],
)
def test_anything_is_read(understanding, chinese, text):
    reading = understanding.read(text, chinese)
    assert bool(reading.segments) == bool(reading.text)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b"])
def test_nothing_has_no_segments(understanding, chinese, text):
    reading = understanding.read(text, chinese)
    assert (reading.text, reading.segments, reading.entities) == ("", [], [])


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1",
        "我要查余额。",
        "转500给王伟,",
        "!?",
        "last friday ",
        "六",
        "ab, ",
        "[card:1234]",
        "尾号6688 ",
        "1 2 ",
    ],
)
def test_time_grows_with_the_length_and_not_with_its_square(understanding, chinese, unit):
    text = unit * (40_000 // len(unit))
    start = time.perf_counter()
    assert understanding.read(text, chinese).segments
    assert time.perf_counter() - start < LONG_SECONDS_MAX


def test_a_message_is_read_in_milliseconds(understanding, chinese):
    texts = ["我的卡尾号6688昨天在星巴克消费了58元", "please send 500 to John Smith", "查余额"] * 10
    times = []
    for text in texts:
        start = time.perf_counter()
        understanding.read(text, chinese)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < P50_SECONDS_MAX
