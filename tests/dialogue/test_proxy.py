"""Who speaks for somebody else, and who only sends them money."""

from __future__ import annotations

import pytest

from tellerline.dialogue.proxy import speaks_for_another
from tellerline.domain.reading import Entity

FOR_ANOTHER = [
    "我妈李军的卡里还有多少钱，我替她查一下",
    "My husband David Miller banks here too, could you tell me how much is in his account?",
    "我老公卡丢了",
    "帮我妈查下余额",
    "替我爸办个挂失",
    "我奶奶的存折找不到了",
    "my mum lost her card",
    "my dad's card was stolen",
    "I'm calling for my mother",
    "I want to see my wife's balance",
    "我妈的信用卡被盗刷了",
    "我儿子那张卡丢了",
    "查一下我爸的账单",
    "transfer 500 from my wife's account",
]
FOR_THEMSELVES = [
    "给我妈转500",
    "帮我给我妈转500",
    "转到我老公的卡上",
    "我妈给我的卡转了钱没到",
    "pay my wife 500",
    "send 500 to my mum's account",
    "My mum's been rushed to hospital and I'm really scared, I need to get my term deposit out today",
    "老伴突然住院，医院催着交押金，我急得不行，尾号6102那笔定期能不能先取出来",
    "我跟我妈吵架了，我的卡丢了",
    "I transferred money to my son and it hasn't arrived in his account",
    "卡丢了，我老婆让我挂失",
    "我朋友推荐的理财",
    "帮我查余额",
    "我和老婆的卡都丢了",
    "我妈生病了，我想把定期取出来",
    "给建行的王伟转1000",
    "陪我妈的时候卡丢了",
    "I sent my brother 500 into his account",
]


@pytest.mark.parametrize("text", FOR_ANOTHER)
def test_what_belongs_to_another(text: str) -> None:
    assert speaks_for_another(text)


@pytest.mark.parametrize("text", FOR_THEMSELVES)
def test_what_is_the_customer_s_own(text: str) -> None:
    assert not speaks_for_another(text)


@pytest.mark.parametrize(
    ("text", "name", "is_owner"),
    [("李军的卡里还有多少钱", "李军", True), ("转到李静的卡里", "李静", False), ("我是王芳的本人账户", "王芳", False),
     ("what is on David Miller's account", "David Miller", True),
     ("pay into David Miller's account", "David Miller", False)],
)  # fmt: skip
def test_a_named_owner(text: str, name: str, is_owner: bool) -> None:
    start = text.index(name)
    assert speaks_for_another(text, [Entity("name", name, name, start, start + len(name))]) is is_owner
