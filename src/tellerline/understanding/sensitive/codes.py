"""Secrets that open an account: one-time codes, passwords and PINs, card verification values, expiry dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tellerline.understanding.sensitive.digits import Run, left_of, right_of
from tellerline.understanding.sensitive.finding import Finding, Kind

_GAP = r"(?P<gap>[^0-9,;!?。，；！？\0]{0,28}(?P<comma>[,，]\s?)?)$"
_GAP_CHARS_UNLINKED = 12
_CODE_WORDS = re.compile(
    r"(?:验证码|动态码|动态密码|校验码|短信码|短信密码|确认码|授权码|一次性密码|otp|passcode|one[- ]time (?:code|password)"
    r"|(?<!error )(?<!post )(?<!postal )(?<!zip )(?<!promo )(?<!branch )(?<!sort )(?<!swift )(?<!country )(?<!area )"
    r"(?<!bank )(?<!discount )(?<!referral )(?<!product )(?<!qr )(?<!dress )(?<!status )(?<!currency )(?<!voucher )"
    r"(?<!merchant )(?<!reason )(?<![a-z])codes?(?![a-z]))" + _GAP
)
_PASSWORD_WORDS = re.compile(
    r"(?:密码|口令|password|passcode|passwd|pwd|pin码|pin number|(?<![a-z])pins?(?![a-z]))" + _GAP
)
_CVV_WORDS = re.compile(
    r"(?:cvv2?|cvc2?|cvn2?|安全码|背面的?[后末]?三位数?字?码?|卡背面|卡后面|[后末][三3]位(?:数字?)?(?:是|为|:)"
    r"|security code|(?:three|3) digits on (?:the )?back)" + _GAP
)
_LINK = re.compile(r"(?:是|为|成|:|=|(?<![a-z])(?:is|was|are|to)|'s)\s{0,2}$")
# Words in the gap that say the number is something else: always, or unless "… is" stands right before the number.
_NEVER = re.compile(
    r"尾号|尾数|[后末]四位|余额|金额|额度|限额|费|订单|单号"
    r"|ending|ends|last (?:four|4)|amount|order|balance|limit|fee|expire"
)
_ELSEWHERE = re.compile(
    r"[转汇付取存还花扣充]|尾号|尾数|[后末]四位|余额|金额|订单|单号|发到|输错|等了|卡号|电话|手机|错误|ending|ends|sent to"
    r"|last|error|expire|transfer|send|pay|phone|card|account|amount|order|within|valid for|wait"
)
_UNIT = re.compile(
    r"\s?(?:[元块万千百亿%年月日号天期笔个次位秒条人分]|小时|yuan|rmb|cny|usd|dollar|pound|euro|digit|minute|second|hour|day"
    r"|time|month|year)"
)
_IS_CODE = re.compile(r"\s{0,2}(?:是|就是|这个|这是|为|的|我的|收到的|短信|\s|is|was|the|my|as|your){0,4}")
_IS_CODE_NOUN = re.compile(
    r"(?:验证码|动态码|校验码|otp|verification code|(?:the |my |sms |text )?code(?![a-z]))"
)
_IS_PASSWORD_NOUN = re.compile(r"(?:密码|口令|password|passcode|pin(?![a-z]))")

# Six digits that came in a text message are a code, whatever it is called.
_TEXTED_WORDS = re.compile(
    r"(?:短信(?:说|是|里|上|发|给|来|内容)|发(?:来|过来)|(?:收到|念|报|告诉他|给他)(?:了|的是|的)?|[6六]位(?:数字|数)"
    r"|text(?:ed)? (?:me |message )?(?:says|said|is|was)|(?<![a-z])sms|(?:6|six)[- ]digit (?:number|code))"
    + _GAP
)
_IS_TEXTED = re.compile(r"(?:(?:in|by|via) (?:an? |the )?(?:sms|text)|短信)")
_REPEATED_DIGIT = re.compile(
    r"(?:密码|口令|password|passcode|(?<![a-z])pin(?![a-z]))[^0-9,;!?。，；！？\0]{0,8}?"
    r"(?P<value>[1-8一二三四五六七八两]个[0-9零〇一二三四五六七八九幺]"
    r"|(?:two|three|four|five|six|[2-8]) (?:zero|one|two|three|four|five|six|seven|eight|nine|[0-9])(?:e?s|'s)(?![a-z]))",
    re.IGNORECASE,
)
_WRITTEN_PASSWORD = re.compile(
    r"(?:密码|口令|password|passcode|passwd|pwd|(?<![a-z])pin(?![a-z]))"
    r"(?P<link>(?:\s|是|为|就是|is|was|:|=|'s|改成|改为|设为|设成){0,4})"
    r"(?P<value>[!-+\--:<-~]{4,32})",
    re.IGNORECASE,
)
_LINKED = re.compile(r"[:=是为成]|\bis\b|\bwas\b|'s")
_NOT_A_PASSWORD = re.compile(
    r"(?:wrong|incorrect|locked|blocked|forgotten|expired|required|invalid|reset|being|always|still|correct|changed|weak"
    r"|the|not|too|never|compromised|stolen|leaked|safe|secure|different|same|that|this|what|asked|needed|working|fine"
    r"|only|just|my|your|called|about|because|lost|disabled|rejected|wrong[.!?]*|sent|unknown|short|long|old|new)(?![a-z])",
    re.IGNORECASE,
)
_EXPIRY = re.compile(r"(?<![0-9/.\-])(?:0[1-9]|1[0-2])\s?[/\-]\s?(?:20)?[2-4][0-9](?![0-9/\-]|\.[0-9])")
_EXPIRY_BARE = re.compile(
    r"(?:有效期|失效日|expiry|expires|valid (?:thru|till|until|to)|exp)(?:是|到|至|为|:|date|is|on|\s){0,4}"
    r"(?P<value>(?:0[1-9]|1[0-2])[/\- ]?(?:20)?[2-4][0-9](?![0-9])|(?:20)?[2-4][0-9]\s?年\s?[01]?[0-9]\s?月)",
    re.IGNORECASE,
)
_CARD_NEAR_CHARS = 48


class _Rule(NamedTuple):
    """A kind of secret number: how many digits it has, and the words before or after it."""

    kind: Kind
    shortest: int
    longest: int
    before: re.Pattern[str]
    after: re.Pattern[str]


_RULES = (
    _Rule("cvv", 3, 4, _CVV_WORDS, re.compile(r"(?:cvv|cvc|安全码|security code)")),
    _Rule("code", 4, 8, _CODE_WORDS, _IS_CODE_NOUN),
    _Rule("code", 6, 6, _TEXTED_WORDS, _IS_TEXTED),
    _Rule("password", 4, 12, _PASSWORD_WORDS, _IS_PASSWORD_NOUN),
)
CODE_DIGITS = 6
_GROUPS_MAX = 8
_NOTHING_MORE = re.compile(r"[\s.,!?。]*")
_NO_SECRET_AFTER = re.compile(r"[$¥£€/a-z]$")


def find_codes(view: str, runs: list[Run], *, expecting_code: bool) -> Iterator[Finding]:
    """Yield one-time codes, numeric passwords and card verification values."""
    for run in runs:
        window = run.whole()
        if 3 <= len(window.digits) <= 12 and len(window.sizes) <= _GROUPS_MAX:
            kind = _kind_of(view, run, len(window.digits), expecting_code=expecting_code)
            if kind is not None:
                yield Finding(kind, run.start, run.end)


def _kind_of(view: str, run: Run, count: int, *, expecting_code: bool) -> Kind | None:
    """Tell a short number by the words beside it."""
    left, right = left_of(view, run.start), right_of(view, run.end)
    if _UNIT.match(right) or _NO_SECRET_AFTER.search(left):
        return None
    alone = count == CODE_DIGITS and _NOTHING_MORE.fullmatch(right) is not None
    for rule in _RULES:
        if rule.shortest <= count <= rule.longest and _is_named(rule, left, right, alone=alone):
            return rule.kind
    is_expected = expecting_code and count == CODE_DIGITS and _ELSEWHERE.search(left) is None
    return "code" if is_expected else None


def _is_named(rule: _Rule, left: str, right: str, *, alone: bool) -> bool:
    return _named(rule.before, left, alone=alone) or _named_after(rule.after, right)


def _named(words: re.Pattern[str], left: str, *, alone: bool) -> bool:
    """Whether the words stand before, with nothing between that points elsewhere; a comma only before six last digits."""
    match = words.search(left)
    if match is None or _NEVER.search(match["gap"]) or (match["comma"] and not alone):
        return False
    linked = _LINK.search(match["gap"]) is not None
    return linked or (len(match["gap"]) <= _GAP_CHARS_UNLINKED and not _ELSEWHERE.search(match["gap"]))


def _named_after(words: re.Pattern[str], right: str) -> bool:
    """Whether "… is my code" follows."""
    link = _IS_CODE.match(right)
    return link is not None and words.match(right, link.end()) is not None


def find_passwords(view: str) -> Iterator[Finding]:
    """Yield passwords with letters in them, written after the word, and 六个八."""
    for match in _REPEATED_DIGIT.finditer(view):
        yield Finding("password", *match.span("value"))
    for match in _WRITTEN_PASSWORD.finditer(view):
        value = match["value"].rstrip(".,;:!?)\"'")
        start = match.start("value")
        if len(value) < 4 or not _looks_like_password(value, linked=bool(_LINKED.search(match["link"]))):
            continue
        yield Finding("password", start, start + len(value))


def _looks_like_password(value: str, *, linked: bool) -> bool:
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    if letters and digits:
        return True
    return linked and letters and not _NOT_A_PASSWORD.match(value)


def find_expiry(view: str, cards: list[Finding]) -> Iterator[Finding]:
    """Yield expiry dates beside a card number or the word, and the three digits that follow them."""
    for match in _EXPIRY_BARE.finditer(view):
        yield Finding("expiry", *match.span("value"))
    for card in cards:
        first = max(0, card.start - _CARD_NEAR_CHARS)
        for match in _EXPIRY.finditer(view, first, card.end + _CARD_NEAR_CHARS):
            yield Finding("expiry", *match.span())
            cvv = _CVV_BESIDE.match(view, match.end())
            if cvv:
                yield Finding("cvv", *cvv.span("value"))


_CVV_BESIDE = re.compile(r"[ ,/]{1,3}(?P<value>[0-9]{3,4})(?![0-9元块])")
