"""Numbers of identity documents: Chinese resident ID, HKID, passports, permits, SSN, NINO, and IBAN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum import iban
from stdnum.cn import ric

from tellerline.understanding.sensitive.digits import Run, Window, left_of
from tellerline.understanding.sensitive.finding import Finding

_ID_WORDS = re.compile(r"(?:身份证|证件|id card|id number|id no|identity|national id|(?<![a-z])id(?![a-z]))")
_PASSPORT_WORDS = re.compile(r"(?:护照|通行证|回乡证|台胞证|passport|permit)[^0-9]{0,12}$")
_ORDER_WORDS = re.compile(
    r"(?:订单|单号|流水|编号|参考|order|tracking|invoice|ticket|reference|case)[^0-9]{0,10}$"
)
_SSN_WORDS = re.compile(r"(?:ssn|social security)[^0-9]{0,16}$")

_CHECK_X = re.compile(r"[ \-]?[xX叉](?![A-Za-z])")
_LETTERED = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"
_CHINA_PASSPORT = re.compile(_LETTERED.format(r"[Ee](?:[0-9]{8}|[A-HJ-NP-Za-hj-np-z][0-9]{7})"))
_ANY_PASSPORT = re.compile(
    _LETTERED.format(r"(?:[A-Za-z]{1,2}[0-9]{6,10}|[A-Z]{1,2}(?: ?[0-9]){6,10}|[0-9]{8,9})")
)
_LICENCE = re.compile(
    r"(?:驾驶证|驾照|军官证|士官证|社保卡?号|driv(?:er'?s?|ing) licen[cs]e)[^0-9,;!?。，；！？]{0,14}?"
    r"(?P<value>(?<![A-Za-z0-9])[A-Za-z]?[0-9](?:[ \-]?[0-9]){6,17}(?![A-Za-z0-9]))",
    re.IGNORECASE,
)
_HKID = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,2})([0-9]{6})\s?(\()?([0-9Aa])(\))?(?![A-Za-z0-9])")
_NINO = re.compile(
    _LETTERED.format(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]")
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ \-]?[A-Za-z0-9]){11,30}")
_WORD_END = re.compile(r"[A-Za-z0-9](?![A-Za-z0-9])")
_WEIGHT_OF_SPACE = 36


def find_identities(view: str, runs: list[Run]) -> Iterator[Finding]:
    """Yield numbers of identity documents."""
    for run in runs:
        yield from _resident_ids(view, run)
        yield from _social_security(view, run)
    yield from _lettered(view)
    for match in _IBAN.finditer(view):
        yield from _iban(view, match)


def _resident_ids(view: str, run: Run) -> Iterator[Finding]:
    """Yield Chinese resident IDs: 17 digits and a check character, or the older 15 digits beside the word."""
    named = bool(_ID_WORDS.search(left_of(view, run.start)))
    for window in run.windows(15, 18):
        end = window.end
        digits = window.digits
        check = _CHECK_X.match(view, end)
        if len(digits) == 17 and check:
            digits, end = digits + "X", check.end()
        if len(digits) == 18 and (ric.is_valid(digits) or _is_born(digits[6:14])):
            yield Finding("id", window.start, end, digits, 3)
        elif len(digits) in (15, 18) and named:
            yield Finding("id", window.start, end, digits, 2)


def _is_born(stamp: str) -> bool:
    """Whether eight digits are a day on which a customer may have been born."""
    try:
        day = date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2020


def _social_security(view: str, run: Run) -> Iterator[Finding]:
    for window in run.windows(9, 9):
        named = bool(_SSN_WORDS.search(left_of(view, window.start)))
        if (window.sizes == (3, 2, 4) or named) and _is_ssn(window):
            yield Finding("id", window.start, window.end, window.digits)


def _is_ssn(window: Window) -> bool:
    area, group, serial = window.digits[:3], window.digits[3:5], window.digits[5:]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _lettered(view: str) -> Iterator[Finding]:
    """Yield numbers that begin with letters, and passports of any form beside the word."""
    for match in _CHINA_PASSPORT.finditer(view):
        if not _is_order(view, match):
            yield Finding("passport", *match.span(), match[0])
    for match in _ANY_PASSPORT.finditer(view):
        if _PASSPORT_WORDS.search(left_of(view, match.start())):
            yield Finding("passport", *match.span(), match[0])
    for match in _LICENCE.finditer(view):
        yield Finding("id", *match.span("value"), re.sub(r"[ \-]", "", match["value"]))
    for match in _HKID.finditer(view):
        yield from _hong_kong(view, match)
    for match in _NINO.finditer(view):
        yield Finding("id", *match.span(), match[0])


def _is_order(view: str, match: re.Match[str]) -> bool:
    return _ORDER_WORDS.search(left_of(view, match.start())) is not None


def _hong_kong(view: str, match: re.Match[str]) -> Iterator[Finding]:
    """Yield a Hong Kong identity card: with brackets, beside the word, or with the right check character."""
    bracketed = bool(match[3] and match[5])
    named = _ID_WORDS.search(left_of(view, match.start())) is not None
    checked = _hkid_check(match[1] + match[2]) == match[4].upper()
    if (bracketed or named or checked) and not _is_order(view, match):
        yield Finding("id", *match.span(), match[2] + match[4], 3 if bracketed else 2)


def _hkid_check(body: str) -> str:
    """Return the check character of a Hong Kong identity card: weights 9…2, modulo 11; one letter counts as space + it."""
    values = [ord(char) - 55 if char.isalpha() else int(char) for char in body.upper().rjust(8).lstrip()]
    values = [_WEIGHT_OF_SPACE] * (8 - len(values)) + values
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    return "0123456789A"[-total % 11]


def _iban(view: str, match: re.Match[str]) -> Iterator[Finding]:
    """Yield an IBAN; words of the sentence that follow it are cut off until the check digits agree."""
    for last in _WORD_END.finditer(view, match.start() + 14, match.end() + 1):
        text = view[match.start() : last.start() + 1]
        if iban.is_valid(text):
            yield Finding("account", match.start(), last.start() + 1, text.replace(" ", ""), 3)
            return
