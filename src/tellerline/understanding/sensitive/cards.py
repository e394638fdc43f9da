"""Bank card and account numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.understanding.sensitive.digits import Run, Window, left_of, right_of
from tellerline.understanding.sensitive.finding import Finding

PAN_DIGITS_MIN = 13
PAN_DIGITS_MAX = 19
ACCOUNT_DIGITS_MIN = 7
FRAGMENT_DIGITS_MIN = 7
_GROUPS_MAX = 6
MOBILE_DIGITS = 11  # a group of this size is a number of its own

# First digits and lengths the card schemes issue.
_SCHEME = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})|(?:1800|2131)\d{11}|(?:50[0-9]{2}|5[68][0-9]{2}|6304)\d{8,15}|5[1-5]\d{14}|222[1-9]\d{12}|22[3-9]\d{13}|2[3-6]\d{14}|27[01]\d{13}|2720\d{12}"
    r"|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|6\d{15,18}|81\d{14,17}|9558\d{12,15})"
)
_UNIONPAY = re.compile(r"62\d{14,17}")
_STAMP = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|1[67]\d{8}(?:\d{3})?$")

_CARD_WORDS = re.compile(
    r"(?:卡号|银行卡|储蓄卡|借记卡|信用卡|卡片|card (?:number|no|num)|card|(?<![a-z])cc(?![a-z])|卡)"
    r"[^0-9,;!?。，；！？\0]{0,10}$"
)
_ACCOUNT_WORDS = re.compile(
    r"(?:账号|帐号|账户号|户号|账户|帐户|卡号|account (?:number|no|num)|account|acct|a/c)\.?[^0-9,;!?。，；！？]{0,6}$"
)
_OTHER_NUMBER = re.compile(
    r"(?:订单|单号|流水|编号|参考|业务号|工单|运单|快递|凭证|合同|保单|交易号|批次|发票|电话|手机|尾号|末四位|后四位|余额|金额"
    r"|order|tracking|invoice|case|ticket|reference|ref\b|transaction|receipt|contract|policy|ending|ends|phone|mobile|balance)"
    r"[^0-9,;!?。，；！？]{0,12}$"
)
_UNIT = re.compile(r"\s?(?:[元块万千百亿%年月天期笔个]|yuan|rmb|cny|usd|dollar|pound|euro)")
_PIECE_DIGITS_MAX = 4
_GROUPS = re.compile(r"(?<![0-9])[0-9]{4}(?:[^0-9\0]{1,9}[0-9]{4}){2,3}(?:[^0-9\0]{1,9}[0-9]{1,7})?(?![0-9])")
_NOT_PIECES = re.compile(r"[元块万千百年月日号%$¥:]|尾号|yuan|dollar|ending")
_TAILS = re.compile(r"尾号|[后末]四位|ending|last (?:four|4)")
_PIECES = re.compile(r"卡号|前四位|前面|银行卡|card|first (?:four|4)")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_PRINTED = {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 10), (6, 13), (4, 6, 5)}


def find_cards(view: str, runs: list[Run]) -> Iterator[Finding]:
    """Yield card and account numbers."""
    for run in runs:
        if run.end - run.start >= PAN_DIGITS_MIN:
            yield from _card_numbers(view, run)
        yield from _account_number(view, run)
    yield from _scattered(view)


def _card_numbers(view: str, run: Run) -> Iterator[Finding]:
    """Yield every window that may be a card number; the surest of overlapping ones wins later."""
    context = left_of(view, run.start)
    other = _is_other(context) or (context[-1:].isascii() and context[-1:].isalpha())
    whole = run.whole()
    if PAN_DIGITS_MIN <= len(whole.digits) <= PAN_DIGITS_MAX and max(whole.sizes) <= _PIECE_DIGITS_MAX:
        certainty = _certainty(whole, other=other)
        if certainty:  # typed in small pieces, all of it is one number, whatever part of it would be one too
            yield Finding("card", whole.start, whole.end, whole.digits, 3)
            return
    for window in run.windows(PAN_DIGITS_MIN, PAN_DIGITS_MAX):
        certainty = _certainty(window, other=other)
        if certainty:
            yield Finding("card", window.start, window.end, window.digits, certainty)


def _is_other(context: str) -> bool:
    """Whether the words before say that a number is of another kind, and none nearer says that it is a card's."""
    other = _OTHER_NUMBER.search(context)
    if other is None:
        return False
    card = _CARD_WORDS.search(context)
    return card is None or card.start() < other.start()


def _scattered(view: str) -> Iterator[Finding]:
    """Yield card numbers in groups of four with other marks or a few words between: 6222，0212，…, "4111 then 1111 …"."""
    for match in _GROUPS.finditer(view):
        digits = re.sub("[^0-9]", "", match[0])
        if not PAN_DIGITS_MIN <= len(digits) <= PAN_DIGITS_MAX or _NOT_PIECES.search(match[0]):
            continue
        context = left_of(view, match.start())
        if _TAILS.search(context) or not _SCHEME.fullmatch(digits):
            continue
        if _is_luhn(digits) or _UNIONPAY.fullmatch(digits) or _PIECES.search(context):
            yield Finding("card", *match.span(), digits, 2)


def _certainty(window: Window, *, other: bool) -> int:
    """How surely a window is a card number: 3 scheme and check digit, 2 by form, 0 not. `other`: words say otherwise."""
    digits = window.digits
    scheme, checked = _SCHEME.fullmatch(digits) is not None, _is_luhn(digits)
    if scheme and checked:
        return 2 if MOBILE_DIGITS in window.sizes else 3
    if other:
        return 0
    if _UNIONPAY.fullmatch(digits) or window.sizes in _PRINTED:
        return 2
    return 2 if checked and digits[0] != "0" and not _STAMP.match(digits) else 0


def _is_luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1): from the right, every second digit counts by its doubled sum."""
    plain = sum(map(int, digits[-1::-2]))
    return (plain + sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])) % 10 == 0


def _account_number(view: str, run: Run) -> Iterator[Finding]:
    """Yield a run that only the words before it make a card or account number.

    Too few digits for a card are the beginning of one, sent in pieces; their last four are not the card's.
    """
    window = run.whole()
    count = len(window.digits)
    context = left_of(view, run.start)
    if not ACCOUNT_DIGITS_MIN <= count <= PAN_DIGITS_MAX or len(window.sizes) > _GROUPS_MAX:
        return
    if _OTHER_NUMBER.search(context) or _UNIT.match(right_of(view, run.end)):
        return
    if count >= FRAGMENT_DIGITS_MIN and _CARD_WORDS.search(context):
        yield Finding("card", run.start, run.end, window.digits if count >= PAN_DIGITS_MIN else "", 1)
    elif _ACCOUNT_WORDS.search(context):
        yield Finding("account", run.start, run.end, window.digits, 1)


def find_continued(view: str, runs: list[Run], start: int) -> Iterator[Finding]:
    """Yield the digits a message begins with at `start`, when the one before ended in the beginning of a card number."""
    for run in runs:
        digits = run.whole().digits
        if run.start >= start:
            follows = not view[start : run.start].strip() and not _UNIT.match(view, run.end)
            if follows and len(digits) <= PAN_DIGITS_MAX - FRAGMENT_DIGITS_MIN:
                yield Finding("card", run.start, run.end, digits if len(digits) >= 4 else "", 1)
            return
