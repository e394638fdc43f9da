"""Ways to reach a person: telephone numbers and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from tellerline.understanding.sensitive.digits import Run, Window, left_of
from tellerline.understanding.sensitive.finding import Finding

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
_CHINA_MOBILE = re.compile(r"(?:0{0,2}86)?(1[3-9][0-9]{9})")
_MINE = re.compile(
    r"(?:手机|我的?电话|家里?电话|联系电话|联系方式|my (?:phone|number|mobile|cell)|mobile|cell|call me|reach me|whatsapp"
    r"|phone number)[^0-9,;!?。，；！？]{0,14}$"
)
_NUMBERED = re.compile(r"(?:卡号|账号|帐号|订单|单号|流水|account|order|card)[^0-9,;!?。，；！？]{0,8}$")
_HOTLINE = re.compile(r"(?:400|800|888|1800|0800)")
_BRACKETED = re.compile(r"\([2-9][0-9]{2}\) ?[0-9]{3}[ .\-][0-9]{4}(?![0-9])")
PHONE_DIGITS_MIN = 7
_REGIONS = ("CN", "HK", "US", "GB", "TW", "SG")


def find_contacts(view: str, runs: list[Run]) -> Iterator[Finding]:
    """Yield telephone numbers, with their E.164 form as value, and e-mail addresses."""
    if "@" in view:
        for match in _EMAIL.finditer(view):
            yield Finding("email", *match.span(), certainty=3)
    for match in _BRACKETED.finditer(view):
        yield Finding("phone", *match.span(), "+1" + re.sub(r"[^0-9]", "", match[0]))
    for run in runs:
        if run.end - run.start >= PHONE_DIGITS_MIN:
            for window in run.windows(10, 15):
                yield from _by_form(view, run, window)
            yield from _by_words(view, run)


def _by_form(view: str, run: Run, window: Window) -> Iterator[Finding]:
    """Yield a number that its form makes a telephone number: a Chinese mobile, one after +, one grouped as in America."""
    first = window.start == run.start
    plus = first and view[run.start - 1 : run.start] == "+"
    if mobile := _CHINA_MOBILE.fullmatch(window.digits):
        certainty = 1 if _NUMBERED.search(left_of(view, run.start)) else 3
        yield Finding("phone", window.start - plus, window.end, "+86" + mobile[1], certainty)
    elif plus and (number := _parse("+" + window.digits, None)):
        yield Finding("phone", window.start - 1, window.end, number, 3)
    elif _is_american(window) and (number := _parse(window.digits, "US")):
        yield Finding("phone", window.start, window.end, number, 2)


def _by_words(view: str, run: Run) -> Iterator[Finding]:
    """Yield a number that the words before it make the customer's own."""
    digits = run.whole().digits
    if (
        not PHONE_DIGITS_MIN <= len(digits) <= 12
        or _HOTLINE.match(digits)
        or not _MINE.search(left_of(view, run.start))
    ):
        return
    number = next(filter(None, (_parse(digits, region) for region in _REGIONS)), None)
    if number is not None:
        yield Finding("phone", run.start, run.end, number, 2)


def _is_american(window: Window) -> bool:
    return window.sizes == (3, 3, 4) and window.digits[0] in "23456789" and not _HOTLINE.match(window.digits)


def _parse(digits: str, region: str | None) -> str | None:
    """Return the E.164 form of a number that can exist, else None. After a + possible is enough, without it valid."""
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    exists = phonenumbers.is_possible_number if region is None else phonenumbers.is_valid_number
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if exists(number) else None
