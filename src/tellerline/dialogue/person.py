"""Hearing that a customer asks for a person, however it is typed: none is refused for a slip of the finger (H2)."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from tellerline.understanding.sound import sound_of

_CHINESE = ("转人工", "人工客服", "人工服务", "人工", "真人")
_ENGLISH = (
    "human", "person", "agent", "operator", "representative", "advisor", "adviser", "manager", "supervisor",
)  # fmt: skip
_RANKS = ("经理", "主管", "领导", "负责人")  # as written only: other words sound the same
_SOUNDS = frozenset(sound_of(word) for word in _CHINESE)
_SOUND_PARTS_MAX = 4
# What may stand beside the word in a message that asks for nothing else.
_FILLER = re.compile(
    r"我要?|想要?|请|帮我?|给我?|快点?|马上|赶紧|现在|立刻|直接|接|找|转接?|叫|个|一下|来|的|吧|啊|呀|嘛|好吗|行吗|了|你们|客服|服务"
    r"|\b(?:i|me|a|an|the|to|now|pls|plz|please|talk|speak|with|want|need|get|give|real|live|customer|service|transfer|call"
    r"|connect|bring|just|can|let)\b",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]+")
_DENIED = re.compile(
    r"(?:不用|不要|不必|不想|不需要|无需|别|用不着)"
    r"(?:再|帮我|给我|跟|和)?(?:转|找|接|叫|要)?(?:人工|真人|客服|专员|同事|别?人)"
    r"|\b(?:no|not|don'?t|do not|needn'?t|without)\b[^,.!?;]{0,28}"
    r"\b(?:human|person|agent|someone|somebody|anyone|anybody|representative|colleague|people)\b",
    re.IGNORECASE,
)
_LONG_WORD = 9


def asks_for_person(text: str) -> bool:
    """Tell whether a short message is the request for a person, misspelt or in characters of the same sound."""
    said = text.lower()
    return _in_chinese(said) or _in_english(said)


def denies_person(text: str) -> bool:
    """Tell whether a person is mentioned only to say that none is wanted."""
    return _DENIED.search(text) is not None


def _in_chinese(said: str) -> bool:
    runs = _HAN.findall(said)
    joined = "".join(dict.fromkeys(runs))  # "转人功！！转人功！！" is one request
    for size in range(_SOUND_PARTS_MAX, 1, -1):
        for place in range(len(joined) - size + 1):
            part = joined[place : place + size]
            if part in _RANKS or sound_of(part) in _SOUNDS:
                rest = _FILLER.sub("", joined[:place]) + _FILLER.sub("", joined[place + size :])
                return not rest
    return False


def _in_english(said: str) -> bool:
    words = list(dict.fromkeys(_WORD.findall(_FILLER.sub(" ", said))))
    return len(words) == 1 and any(_is_slip(words[0], meant) for meant in _ENGLISH)


def _is_slip(word: str, meant: str) -> bool:
    """Whether a word is the meant one but for a slip: two neighbours exchanged, a letter missing, doubled or wrong."""
    distance = OSA.distance(word.removesuffix("s"), meant)
    return distance <= (2 if len(meant) >= _LONG_WORD else 1) and word[:1] == meant[:1]
