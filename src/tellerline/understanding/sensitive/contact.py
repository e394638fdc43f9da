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
_REGIONS = ("CN", "HK", "US", "GB", "TW", "SG")


def find_contacts(view: str, runs: list[Run]) -> Iterator[Finding]:
    """Yield telephone numbers, with their E.164 form as value, and e-mail addresses."""
    if "@" in view:
        for match in _EMAIL.finditer(view):
            yield Finding("email", *match.span(), certainty=3)
    for run in runs:
        if run.end - run.start >= 7:
            yield from _phones(view, run)


def _phones(view: str, run: Run) -> Iterator[Finding]:
    plus = view[run.start - 1 : run.start] == "+"
    left = left_of(view, run.start)
    certainty = 1 if _NUMBERED.search(left) else 3
    for window in run.windows(10, 15):
        if mobile := _CHINA_MOBILE.fullmatch(window.digits):
            start = window.start - (plus and window.start == run.start)
            yield Finding("phone", start, window.end, "+86" + mobile[1], certainty)
        elif plus and window.start == run.start and (number := _parse("+" + window.digits, None)):
            yield Finding("phone", window.start - 1, window.end, number, 3)
        elif _is_american(window) and (number := _parse(window.digits, "US")):
            start = window.start - (view[window.start - 1 : window.start] == "(")
            yield Finding("phone", start, window.end, number, 2)
    whole = run.whole()
    if 7 <= len(whole.digits) <= 12 and _MINE.search(left) and not _HOTLINE.match(whole.digits):
        number = next(filter(None, (_parse(whole.digits, region) for region in _REGIONS)), None)
        if number is not None:
            yield Finding("phone", run.start, run.end, number, 2)


def _is_american(window: Window) -> bool:
    return window.sizes == (3, 3, 4) and window.digits[0] in "23456789" and not _HOTLINE.match(window.digits)


def _parse(digits: str, region: str | None) -> str | None:
    """Return the E.164 form of a number that can exist, else None."""
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
