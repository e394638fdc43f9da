"""Conversations the benchmarks have: ordinary business with detours, and what other people wrote, in both languages.

The encoder remembers the last few hundred sentences, so a benchmark that says the same few again and again would measure
its memory. Every second conversation is therefore of messages from the development set, none of which comes back soon.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

WRITTEN = Path(__file__).parents[1] / "understanding" / "dev" / "intents.yaml"
WRITTEN_TURNS = 5  # messages of one conversation

SCRIPTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("zh", ("你好", "查一下余额", "尾号6688", "顺便问下三年定期利率多少", "好的，谢谢", "没有了")),
    (
        "en",
        (
            "hi there",
            "what's my balance",
            "the one ending 6688",
            "how much is a 1 year deposit paying",
            "thanks",
        ),
    ),
    ("zh", ("我要转账给王伟500块", "第一个", "不对，改成800", "等一下", "算了不转了")),
    (
        "en",
        ("when do I have to pay my credit card", "why was I charged an annual fee", "ok", "are you human?"),
    ),
    ("zh", ("深圳南山有网点吗", "周六开门吗", "存款保险最多赔多少", "你是真人吗", "再见")),
    ("en", ("I can't find my card anywhere!!", "yes they were all mine", "no thanks", "bye")),
    ("zh", ("你们服务太差了，我要投诉", "上周在柜台等了两个小时没人管", "什么时候给我答复", "好吧")),
    (
        "en",
        (
            "somebody called saying my account is under investigation, is that real?",
            "he said he is police",
            "ok",
        ),
    ),
)


@cache
def _written() -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = yaml.load(WRITTEN.read_text("utf-8"), yaml.CSafeLoader)
    starts = range(0, len(rows) - WRITTEN_TURNS, WRITTEN_TURNS)
    return tuple(
        (language, tuple(row[language] for row in rows[start : start + WRITTEN_TURNS]))
        for start in starts
        for language in ("zh", "en")
    )


def conversation(number: int) -> tuple[str, tuple[str, ...]]:
    """Return the language and the messages of a conversation; the same number gives the same."""
    half = number // 2
    return SCRIPTS[half % len(SCRIPTS)] if number % 2 == 0 else _written()[half % len(_written())]
