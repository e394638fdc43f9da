"""Merchants, by the way they are spoken of: 昨天星巴克那笔, 在盒马消费, "the Starbucks one", "at Tesco"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from tellerline.domain.language import Text
from tellerline.domain.reading import Entity
from tellerline.understanding.sound import sound_of

_CHARS = r"[\u4e00-\u9fffA-Za-z0-9&'·]"
_CHINESE = [
    re.compile(
        rf"(?:在|于)(?P<name>{_CHARS}{{2,12}}?)(?:消费|刷|买|花|付|扣|被扣|支付|充值|订|吃|加油|那[一]?笔|的那[一]?笔)"
    ),
    re.compile(rf"(?P<name>{_CHARS}{{2,10}}?)的?(?:那|这)[一两几三]?(?:笔|单|杯|顿)"),
    re.compile(r"(?:那|这)[两几三]笔(?P<name>[\u4e00-\u9fff]{2,6})(?=$|[,。?!])"),
    re.compile(rf"(?:商户|商家|店家)(?:是|叫|名称是|名字是|:)\s?(?P<name>{_CHARS}{{2,16}})"),
    re.compile(rf"(?:被|有个|一个|叫)(?P<name>{_CHARS}{{2,12}}?)(?:扣了|收了|扣款|扣我|自动扣)"),
]
_ENGLISH = [
    re.compile(
        r"(?<![a-z])(?:the|that|this|my)\s(?P<name>[a-z0-9&'’.]{2,20}(?:\s[a-z0-9&'’]{2,20})?)\s(?:one|charge|payment|transaction|purchase|txn|debit|subscription|order)(?![a-z])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![a-z])(?:at|from|by|with)\s(?P<name>[A-Z][A-Za-z0-9&'’.]{1,20}(?:\s[A-Z][A-Za-z0-9&'’]{1,20}){0,2})"
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
    r".*(?:转出|转进|转入|转给|扣了|出去).*|转账|交易|消费|汇款|还款|付款|扣款|支出|收入|存款|贷款|金额|这|那|什么|哪|第.|最后.*|上面|下面|刚刚?才?|之前|最近|别人|人家|网上|外面|国外|境外"
    r"|家里|对方|银行|你们|他们|我们|自己|信用卡|手机|柜台|网点|取款机|ATM|App|一个|另外.?|其他|未知|陌生|莫名其妙|不明"
    r"|first|second|third|fourth|fifth|last|final|latest|next|other|same|wrong|right|only|whole|new|old|big|small|top|bottom"
    r"|former|latter|previous|pending|unknown|unauthori[sz]ed|suspicious|full|minimum|monthly|annual|online|card|credit|debit"
    r"|service|late|first|loan|mortgage|rent|above|below|recent|duplicate|double|failed|missing|disputed|strange|weird|odd"
    r"|your|my|his|her|their|this|that|which|what|any|each|every|no|some|bank|home|least|once|all|work|abroad|night|noon",
    re.IGNORECASE,
)
_NAME_CHARS_MIN = 2
_HAN_WORD = r"[\u4e00-\u9fff]+"
_FUZZY_MIN = 80.0
_FUZZY_LETTERS_MIN = 5
_SCORE_KNOWN, _SCORE_MISSPELLED, _SCORE_GUESSED = 0.9, 0.8, 0.6


class Merchants:
    """The merchants the bank knows; others are guessed by the words around them."""

    def __init__(self, names: Iterable[Text] = ()) -> None:
        known = list(names)
        self._latin = {name.en.lower(): name.en for name in known}
        self._spellings = list(self._latin)
        self._sounds = {sound_of(name.zh): name.zh for name in known if re.fullmatch(_HAN_WORD, name.zh)}
        words = {word for name in known for word in (name.zh, name.en)}
        self._pattern = _any_of(words) if words else None

    def find(self, text: str) -> Iterator[Entity]:
        """Yield merchants: those known (score 0.9; the value is as typed), known ones misspelled (0.8; the value is the name
        as known), and names that only the words around make merchants (0.6; as typed).
        """
        taken: list[tuple[int, int]] = []
        if self._pattern is not None:
            for match in self._pattern.finditer(text):
                taken.append(match.span())
                yield Entity("merchant", match[0], match[0], *match.span(), score=_SCORE_KNOWN)
        for guess in _guessed(text):
            if all(guess.end <= start or guess.start >= end for start, end in taken):
                yield self._recognised(guess)

    def _recognised(self, guess: Entity) -> Entity:
        """Return the guess, under its right name if it sounds or nearly reads like a known one."""
        typed = str(guess.value).lower()
        name = self._sounds.get(sound_of(typed))
        if name is None and typed.isascii() and len(typed) >= _FUZZY_LETTERS_MIN:
            found = process.extractOne(typed, self._spellings, scorer=fuzz.ratio, score_cutoff=_FUZZY_MIN)
            name = self._latin[found[0]] if found else None
        if name is None:
            return guess
        return Entity("merchant", name, guess.text, guess.start, guess.end, score=_SCORE_MISSPELLED)


def _any_of(names: set[str]) -> re.Pattern[str]:
    """Return a pattern for any of the names, the longest first; Latin ones as whole words."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    han = "|".join(re.escape(name) for name in ordered if not name.isascii())
    latin = "|".join(re.escape(name) for name in ordered if name.isascii())
    return re.compile(
        "|".join(filter(None, (han, rf"(?<![A-Za-z])(?:{latin})(?![A-Za-z])" if latin else ""))),
        re.IGNORECASE,
    )


def _guessed(text: str) -> Iterator[Entity]:
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
            yield Entity("merchant", name, name, start, end, score=_SCORE_GUESSED)


def _is_other(name: str) -> bool:
    """Whether the words are no merchant's name."""
    first = name.split(maxsplit=1)[0]
    return bool(_NOT_MERCHANTS.fullmatch(name) or _NOT_MERCHANTS.fullmatch(first)) or not re.search(
        r"[^\W\d_]", name
    )
