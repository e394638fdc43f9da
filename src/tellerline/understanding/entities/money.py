"""Amounts of money, in whole minor units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import structs

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.numeral import Number

DEFAULT_CURRENCY = "CNY"
_WITHOUT_MINOR = frozenset({"JPY", "KRW"})
_AMOUNT_MAX = Decimal(10) ** 13

_BEFORE: dict[str, str] = {
    "CNY": r"[¥￥]|rmb|cny|人民币",
    "HKD": r"hk\$|hkd|港币|港元",
    "USD": r"us\$|usd|\$|美元|美金",
    "EUR": r"€|eur|欧元",
    "GBP": r"£|gbp|英镑",
    "JPY": r"jpy|日元|日圆",
    "AUD": r"a\$|aud|澳元",
    "SGD": r"s\$|sgd|新币|新加坡元",
    "CAD": r"c\$|cad|加元|加币",
    "CHF": r"chf|瑞郎|瑞士法郎",
    "NZD": r"nz\$|nzd|纽元|纽币|新西兰元",
    "KRW": r"₩|krw|韩元|韩币",
    "THB": r"฿|thb|泰铢",
    "MOP": r"mop\$?|澳门元|澳门币|葡币",
}
# "bucks" is said for yuan as well as for dollars; where accounts are kept in yuan, it is yuan.
_AFTER: dict[str, str] = {
    "USD": r"美元|美金|美刀|刀乐|刀(?!卡)|(?:us )?dollars?|usd|us\$",
    "HKD": r"港币|港元|港纸|hong kong dollars?|hk dollars?|hkd|hk\$",
    "EUR": r"欧元|欧(?![洲阳元])|euros?|eur",
    "GBP": r"英镑|镑|pounds?|gbp|quid|sterling",
    "JPY": r"日元|日圆|yen|jpy",
    "AUD": r"澳元|澳币|australian dollars?|aud",
    "SGD": r"新加坡元|新币|singapore dollars?|sgd",
    "CAD": r"加元|加币|canadian dollars?|cad",
    "CHF": r"瑞郎|瑞士法郎|swiss francs?|chf",
    "NZD": r"纽元|纽币|新西兰元|new zealand dollars?|nzd",
    "KRW": r"韩元|韩币|韩圆|(?:korean )?won(?![a-z'’])|krw",
    "THB": r"泰铢|baht|thb",
    "MOP": r"澳门元|澳门币|葡币|patacas?|mop(?![a-z])",
    "CNY": r"块钱|块大洋|大洋|元钱|元人民币|块人民币|软妹币|[元圆块]整|元|圆|块|人民币|文(?![件字书])|蚊"
    r"|bucks?|yuans?|rmb|cny|kuai|renminbi",
}
_UNIT_BEFORE = re.compile(
    "(?:" + "|".join(f"(?P<{code}>{words})" for code, words in _BEFORE.items()) + r")\s?$", re.IGNORECASE
)
_UNIT_AFTER = re.compile(
    r"\s?(?:多|来|几)?\s?(?:of\s)?(?:"
    + "|".join(f"(?P<{code}>{words})" for code, words in _AFTER.items())
    + r")(?![A-Za-z])(?P<rest>[一二三四五六七八九0-9](?![0-9一二三四五六七八九十百千万]))?"
    r"(?:[零〇](?P<cents_only>[一二三四五六七八九1-9])分)?(?P<jiao>\s?[毛角](?:(?P<fen>[一二三四五六七八九1-9])分?(?![0-9一二三四五六七八九十百千万期]))?)?",
    re.IGNORECASE,
)
_JIAO_AFTER = re.compile(r"\s?[毛角]|\s?(?P<cents>cents?|fen|分钱)(?![A-Za-z])", re.IGNORECASE)
_PAYING = re.compile(
    r"(?:[转汇打付还存取借贷充花刷扣收给提支缴交赎]|转账|消费|支取|金额|多|少|来|限额|额度|调到|提到|降到|改成|改为|是|要|买|欠"
    r"|各|每人|共|到账|拿|余额|本金|总额|凑|差"
    r"|transfer|sen[dt]|paid|was|pay|wire|repay|withdraw|deposit|charged|spen[dt]|took|debited|remit|give|borrow|lend|amount|of|for|about"
    r"|limit|to|not|but|only|just|redeem|take out|put|move|return|refund|it's|is|make it|around|another|owe|with)"
    r"\s?(?:me |him |her |them |out |back |up |exactly |了|出|过|掉|他|她|你|我|[一-鿿]{0,4}?)?\s?$",
    re.IGNORECASE,
)
_OTHER_UNIT = re.compile(
    r"\s?(?:打来|打过来|打电话|来电|发来|的短信|个|期|月|号|日|天|年|次|张|笔|位|楼|点|分(?!钱|开|期|成|[0-9一二三四五六七八九十两]{1,3}(?:个月|期|次|年))|秒|小时|周|人|岁|倍|条|本|遍|折|类|[%％]|度|级|件|种|家|户|口|所|层|代|线"
    r"|instal|month|day|year|week|hour|minute|second|time|card|people|person|digit|th(?![a-z])|st(?![a-z])|nd(?![a-z])"
    r"|rd(?![a-z])|percent|am(?![a-z])|pm(?![a-z])|[:/\-][0-9]|o'clock|transfer|payment|account|transaction|option|thing)",
    re.IGNORECASE,
)
_ROUND = re.compile(r"[百佰千仟万亿]|[kw]$|hundred|thousand|grand|million|mil$", re.IGNORECASE)
_SPLITTING = re.compile(
    r"分[0-9一二三四五六七八九十两]{0,3}(?:个月|期|次|年|开|成)"
    r"|(?<![a-z])(?:split|spread|instal(?:l)?ments?|over [0-9a-z]{1,6} (?:month|year))",
    re.IGNORECASE,
)
_PAYING_SOMEWHERE = re.compile(
    r"[转汇打付存取借贷充还]|transfer|sen[dt]|paid|pay|wire|withdraw|deposit|remit", re.IGNORECASE
)
_NOT_MONEY = re.compile(r"块(?:[儿去来上]|地|板)")  # 一块儿, 一块去: together
_DENIED = re.compile(r"(?:不是|(?<![a-z])(?:not|isn't))\s?$", re.IGNORECASE)
_INSTEAD = re.compile(r"[\s,.;]{0,3}(?:而?是|应该是|but|it's|it is|should be)?\s?", re.IGNORECASE)
_TENTHS_BELOW = 1000
_AMOUNT_DIGITS_MAX = 9
_PAYING_CHARS = 18
_SCORE_NAMED, _SCORE_PAYING, _SCORE_ROUND, _SCORE_ABOUT = 1.0, 0.85, 0.7, 0.6


def find_money(text: str, numbers: list[Number]) -> Iterator[Entity]:
    """Yield amounts: a number with a currency beside it, or one that a word of paying stands before."""
    end = 0
    denied: Entity | None = None
    pays = _PAYING_SOMEWHERE.search(text) is not None or _SPLITTING.search(text) is not None
    for number in numbers:
        if number.start < end:  # the jiao of an amount found before
            continue
        found = _named(text, number) or _paid(text, number, pays=pays)
        if found is None and denied is not None and _INSTEAD.fullmatch(text, denied.end, number.start):
            found = make_money(text, number.start, number.end, number.value, DEFAULT_CURRENCY, _SCORE_PAYING)
        denied = found if found and _DENIED.search(text, max(0, found.start - 8), found.start) else None
        if found is not None:
            end = found.end
            yield structs.replace(found, score=min(found.score, _SCORE_ABOUT)) if number.about else found


def guess_amount(text: str, number: Entity) -> Entity | None:
    """Return a plain number as an amount: the payee is named, but no word of paying (王伟500, "1000 to Wang Wei")."""
    value = Decimal(str(number.value))
    if value < 1 or _OTHER_UNIT.match(text, number.end):
        return None
    return make_money(text, number.start, number.end, value, DEFAULT_CURRENCY, _SCORE_ROUND)


def _named(text: str, number: Number) -> Entity | None:
    """Return the amount if a currency is named, before the number or behind it."""
    before = _UNIT_BEFORE.search(text[max(0, number.start - 6) : number.start])
    after = _UNIT_AFTER.match(text, number.end)
    start, currency = number.start, DEFAULT_CURRENCY
    if before is not None:
        start -= len(before[0])
        currency = before.lastgroup or DEFAULT_CURRENCY
    if after is not None:
        return _followed(text, number, start, currency, after)
    return (
        _small_change(text, number)
        if before is None
        else make_money(text, start, number.end, number.value, currency)
    )


def _followed(text: str, number: Number, start: int, currency: str, after: re.Match[str]) -> Entity | None:
    """Return the amount with a currency behind it; `currency` is the one named before, if any."""
    if number.weak and _NOT_MONEY.match(text, number.end):
        return None
    behind = next(code for code in _AFTER if after[code])
    value, end = _with_tenths(number.value, after)
    return make_money(text, start, end, value, currency if behind == DEFAULT_CURRENCY else behind)


def _with_tenths(value: Decimal, after: re.Match[str]) -> tuple[Decimal, int]:
    """Return the amount with the jiao behind the yuan (三块五, 3块5毛), and where it ends."""
    if after["cents_only"]:
        return value + Decimal(_tenths(after["cents_only"])) / 100, after.end()
    if not after["rest"]:
        return value, after.end()
    if after["jiao"] or value < _TENTHS_BELOW:
        hundredths = Decimal(_tenths(after["fen"])) / 100 if after["fen"] else Decimal(0)
        return value + Decimal(_tenths(after["rest"])) / 10 + hundredths, after.end()
    return value, after.start("rest")


def _tenths(char: str) -> int:
    return int(char) if char.isascii() else "零一二三四五六七八九".index(char)


def _small_change(text: str, number: Number) -> Entity | None:
    """Return 五毛, 8角, 50 cents."""
    match = _JIAO_AFTER.match(text, number.end)
    if match is None:
        return None
    value = number.value / (100 if match["cents"] else 10)
    return make_money(text, number.start, match.end(), value, DEFAULT_CURRENCY)


def _paid(text: str, number: Number, *, pays: bool) -> Entity | None:
    """Return the amount if a word of paying stands before, or a round number without another unit behind.

    pays: the message speaks of paying somewhere, so that smaller numbers are amounts too.
    """
    if (
        number.weak
        or _OTHER_UNIT.match(text, number.end)
        or text[max(0, number.start - 1) : number.start] == "第"
    ):
        return None
    if is_code_like(number):
        return None
    if _PAYING.search(text[max(0, number.start - _PAYING_CHARS) : number.start]):
        return make_money(text, number.start, number.end, number.value, DEFAULT_CURRENCY, _SCORE_PAYING)
    is_round = _ROUND.search(text[number.start : number.end]) is not None
    if is_round or (pays and number.value >= 10):
        return make_money(text, number.start, number.end, number.value, DEFAULT_CURRENCY, _SCORE_ROUND)
    return None


def is_code_like(number: Number) -> bool:
    """Whether figures are written as no amount is: with a leading zero, or too many of them."""
    return len(number.digits) > _AMOUNT_DIGITS_MAX or (number.digits.startswith("0") and number.value >= 1)


def make_money(
    text: str, start: int, end: int, value: Decimal, currency: str, score: float = _SCORE_NAMED
) -> Entity | None:
    """Return the entity of an amount, or None when it is beyond any account."""
    if value > _AMOUNT_MAX:
        return None
    minor = int((value * (1 if currency in _WITHOUT_MINOR else 100)).to_integral_value())
    return Entity("money", minor, text[start:end], start, end, unit=currency, score=score)
