"""Merchants, by the way they are spoken of: 昨天星巴克那笔, 在盒马消费, "the Starbucks one", "at Tesco"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity

_CHARS = r"[\u4e00-\u9fffA-Za-z0-9&'·]"
_CHINESE = [
    re.compile(
        rf"(?:在|于)(?P<name>{_CHARS}{{2,12}}?)(?:消费|刷|买|花|付|扣|被扣|支付|充值|订|吃|加油|那[一]?笔|的那[一]?笔)"
    ),
    re.compile(rf"(?P<name>{_CHARS}{{2,10}}?)的?(?:那|这)[一]?笔"),
    re.compile(rf"(?:商户|商家|店家)(?:是|叫|名称是|名字是|:)\s?(?P<name>{_CHARS}{{2,16}})"),
    re.compile(rf"(?:被|有个|一个|叫)(?P<name>{_CHARS}{{2,12}}?)(?:扣了|收了|扣款|扣我|自动扣)"),
]
_ENGLISH = [
    re.compile(
        r"(?<![a-z])the\s(?P<name>[a-z0-9&'’.]{2,20}(?:\s[a-z0-9&'’]{2,20})?)\s(?:one|charge|payment|transaction|purchase|txn|debit)(?![a-z])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![a-z])(?:at|from|by|with)\s(?P<name>[A-Z][A-Za-z0-9&'’]{1,20}(?:\s[A-Z][A-Za-z0-9&'’]{1,20}){0,2})"
    ),
    re.compile(
        r"(?<![A-Za-z])(?P<name>[A-Z][A-Za-z0-9&'’]{2,20}(?:\s[A-Z][A-Za-z0-9&'’]{1,20}){0,2})\s(?:charged|billed|took|debited)(?![a-z])"
    ),
]
# Where a pattern also reaches over words that are no part of the name: those before it are cut off, these alone are none.
_LEADING = re.compile(
    r"^(?:(?:我|你|您|的|是|就|查|看|要|想|帮|下|一|请|把|对|和|跟|还|有|这|那|个|上|里|了|不|昨天|前天|今天|昨晚|今早|上周.?|上个?月|本月"
    r"|这个?月|\d{1,2}[月号日点]|刚才|最近|之前|那天|周.|星期.|晚上|早上|中午|下午|去年|信用卡|银行卡|卡))+"
)
_NOT_MERCHANTS = re.compile(
    r"转账|交易|消费|汇款|还款|付款|扣款|支出|收入|存款|贷款|金额|这|那|什么|哪|第.|最后.*|上面|下面|刚刚?才?|之前|最近|别人|人家|网上|外面|国外|境外"
    r"|家里|对方|银行|你们|他们|我们|自己|信用卡|手机|柜台|网点|取款机|ATM|App|一个|另外.?|其他|未知|陌生|莫名其妙|不明"
    r"|first|second|third|fourth|fifth|last|final|latest|next|other|same|wrong|right|only|whole|new|old|big|small|top|bottom"
    r"|former|latter|previous|pending|unknown|unauthori[sz]ed|suspicious|full|minimum|monthly|annual|online|card|credit|debit"
    r"|service|late|first|loan|mortgage|rent|above|below|recent|duplicate|double|failed|missing|disputed|strange|weird|odd"
    r"|your|my|his|her|their|this|that|which|what|any|each|every|no|some|bank|home|least|once|all|work|abroad|night|noon",
    re.IGNORECASE,
)
_NAME_CHARS_MIN = 2


def find_merchants(text: str) -> Iterator[Entity]:
    """Yield merchants' names as typed, found by the words around them; so they are guesses (score 0.6)."""
    end = 0
    for pattern in [*_CHINESE, *_ENGLISH]:
        for match in pattern.finditer(text):
            name = match["name"]
            lead = _LEADING.match(name)
            start = match.start("name") + (lead.end() if lead else 0)
            name = text[start : match.end("name")].strip(" .'’").removesuffix("的")
            if len(name) < _NAME_CHARS_MIN or start < end or _is_other(name):
                continue
            end = start + len(name)
            yield Entity("merchant", name, name, start, end, score=0.6)


def _is_other(name: str) -> bool:
    """Whether the words are no merchant's name."""
    first = name.split(maxsplit=1)[0]
    return bool(_NOT_MERCHANTS.fullmatch(name) or _NOT_MERCHANTS.fullmatch(first)) or not re.search(
        r"[^\W\d_]", name
    )
