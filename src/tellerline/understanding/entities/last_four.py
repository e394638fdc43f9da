"""The last four digits of a card or an account: 尾号6688, "ending in 6688", 6688那张卡, and what redaction left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.numeral import SMALL_WORDS, TENS_WORDS, Number, find_numbers
from tellerline.understanding.shadow import TOKEN

_WORDS_BEFORE = (
    r"(?:尾号|尾数|末尾|结尾|[后末]四?位(?:数字?|号码?)?|最后四位(?:数字?)?|卡号?|账号|账户|户头|[*xX•]{2,12}|\.{2,6}|我?那张|这张"
    r"|(?<![a-z])(?:ending(?:\s(?:in|with|on))?|ends?(?:\s(?:in|with))?|ended|last (?:four|4)(?: digits)?"
    r"|final (?:four|4)(?: digits)?|(?:card|account|acct|acc|a/c)(?:\s(?:number|no\.?|ending))?))"
    r"(?:\s|:|是|为|的|is|are|of|#|-){0,3}"
)
_BEFORE = re.compile(_WORDS_BEFORE + "$", re.IGNORECASE)
# Only words that surely announce the end of a number make one of figures in pairs, or of two numbers said in a row.
_SURELY = (
    r"(?:尾号|尾数|[后末]四位(?:数字?|号码?)?|最后四位(?:数字?)?"
    r"|(?<![a-z])(?:ending(?:\s(?:in|with))?|ends?\s(?:in|with)|last (?:four|4)(?: digits)?))(?:\s|:|是|为|的|is|are){0,3}"
)
_IN_PIECES = re.compile(
    _SURELY + r"(?P<digits>[0-9][ \-]?[0-9][ \-]?[0-9][ \-]?[0-9])(?![0-9万千百元块]|[ \-][0-9])",
    re.IGNORECASE,
)
_ONES = "|".join(word for word, value in SMALL_WORDS.items() if 1 <= value <= 9)
_TEENS = "|".join(word for word, value in SMALL_WORDS.items() if value >= 10)
_PAIR = rf"(?:(?:{'|'.join(TENS_WORDS)})(?:[ \-](?:{_ONES}))?|{_TEENS})"
_SAID_IN_PAIRS = re.compile(rf"{_SURELY}(?P<first>{_PAIR})\s(?P<second>{_PAIR})(?![a-z])", re.IGNORECASE)
_TELEPHONE = re.compile(
    r"(?:手机|电话|号码|(?<![a-z])(?:phone|mobile|cell)(?:\snumber)?)\s?(?:的)?$", re.IGNORECASE
)
_AFTER = re.compile(
    r"\s?(?:的?那?一?张?的?(?:银行|信用|借记|储蓄|工资)?卡|的?[那这]一?张|那个?账户|的?账户|结尾|的?尾号|[那这]个"
    r"|\s(?:debit |credit |bank )?(?:card|account|one)(?![a-z])|\s(?:is|was) (?:lost|gone|stolen|missing))",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"(?:从|用|由|(?<![a-z])(?:from|using|use|with))\s?(?:my\s)?$", re.IGNORECASE)
_MOVES_ON = re.compile(r"\s?(?:这|那|转|付|还|扣|到|里|给|向|往|汇|打|to(?![a-z])|$)")
# "500 to 6621", 转500到6621, "from 6621 to 8812": where the money goes, when the amount or the source is said too.
_INTO = re.compile(r"(?:到|进|入|(?<![a-z])(?:to|into))\s?(?:my\s)?$", re.IGNORECASE)
_MOVED = re.compile(
    r"[转汇打划挪]|(?<![a-z])(?:transfer(?:red)?|moved?|sen[dt]|put|pay|paid|shift)(?![a-z])", re.IGNORECASE
)
_CHANGED = re.compile(
    r"[改调提升降涨]|额度|限额|(?<![a-z])(?:limit|raise|increase|lower|reduce|change|set|adjust|balance|salary)(?![a-z])",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s?(?:分[0-9一二三四五六七八九十两期成]|over |into )")
_SURE = re.compile(_SURELY + "$", re.IGNORECASE)
_YEAR = re.compile(r"20[12][0-9]|203[0-9]")
_OF_MONEY = re.compile(
    r"[卡账转付]|(?<![a-z])(?:card|account|transfer|pay|send|move)(?![a-z])", re.IGNORECASE
)

_UNITS = ("元", "块", "年", "%")
_DIGITS = 4
_LEFT_CHARS = 24


def find_last_four(text: str, numbers: list[Number]) -> Iterator[Entity]:
    """Yield last four digits that words or a redaction token make certain; a bare number is left to `bare`."""
    for token in TOKEN.finditer(text):
        tail = token["tail"] or ""
        if token["kind"] in ("card", "account") and len(tail) == _DIGITS:
            yield Entity("last_four", tail, token[0], token.start(), token.end())
    yield from _in_pieces(text)
    if not any(len(number.digits) == _DIGITS for number in numbers):
        return
    ends = _Ends(text)
    previous: Number | None = None
    for number in numbers:
        if len(number.digits) == _DIGITS and text[number.end : number.end + 1] not in _UNITS:
            score = _certainty(text, number, previous, ends)
            if score:
                said = text[number.start : number.end]
                yield Entity("last_four", number.digits, said, number.start, number.end, score=score)
        previous = number


class _Ends:
    """What a message speaks of, which decides whether "from 6621 to 8812" are the ends of a transfer."""

    def __init__(self, text: str) -> None:
        self.moves = _MOVED.search(text) is not None
        self.changes = _CHANGED.search(text) is not None
        self.is_of_money = _OF_MONEY.search(text) is not None


def _in_pieces(text: str) -> Iterator[Entity]:
    """Yield "ending in 88 12", 尾号 8 8 1 2, "ending in eighty-eight twelve"."""
    for match in _IN_PIECES.finditer(text):
        if not _TELEPHONE.search(text, max(0, match.start() - _LEFT_CHARS), match.start()):
            digits = re.sub(r"[ \-]", "", match["digits"])
            yield Entity("last_four", digits, match["digits"], *match.span("digits"))
    for match in _SAID_IN_PAIRS.finditer(text):
        digits = "".join(str(find_numbers(match[part])[0].value) for part in ("first", "second"))
        start, end = match.start("first"), match.end("second")
        yield Entity("last_four", digits, text[start:end], start, end)


def _certainty(text: str, number: Number, previous: Number | None, ends: _Ends) -> float:
    """Return how surely the words around four digits make them the end of a card or account number; 0 not at all."""
    before = text[max(0, number.start - _LEFT_CHARS) : number.start]
    announced = _BEFORE.search(before)
    if announced and _SPLIT.match(text, number.end) and not _SURE.search(before):
        return 0.0  # 信用卡8800分12期 is an amount
    if announced:
        return 0.0 if _TELEPHONE.search(before[: announced.start()]) else 1.0
    if _AFTER.match(text, number.end):
        return 1.0
    if ends.changes or (_YEAR.fullmatch(number.digits) and not ends.is_of_money):
        return 0.0
    if _OUT_OF.search(before):
        return 0.8 if _MOVES_ON.match(text, number.end) or (previous is not None and ends.moves) else 0.0
    if previous is None or not _INTO.search(before):
        return 0.0
    is_source = len(previous.digits) == _DIGITS and _OUT_OF.search(
        text, max(0, previous.start - _LEFT_CHARS), previous.start
    )
    return 0.8 if ends.moves or is_source else 0.0
