"""Telephone numbers: the token redaction left, or the number itself where nothing was redacted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.numeral import Number
from tellerline.understanding.shadow import TOKEN

_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?(1[3-9][0-9](?:[ -]?[0-9]{4}){2})(?![0-9])")


_CHINA = 86
_ABROAD = re.compile(r"(?<![0-9])\+[1-9][0-9](?:[ \-]?[0-9]){6,13}(?![0-9])")


def find_phones(text: str, numbers: list[Number]) -> Iterator[Entity]:
    """Yield telephone numbers. Of a redacted one the value is the token, for whoever holds the number to look up."""
    for token in TOKEN.finditer(text):
        if token["kind"] == "phone":
            yield Entity("phone", token[0], token[0], token.start(), token.end())
    for match in _MOBILE.finditer(text):
        digits = match[1].replace(" ", "").replace("-", "")
        yield Entity("phone", "+86" + digits, match[0], match.start(), match.end())
    for number in numbers:  # 一三九…, said digit by digit
        if _MOBILE.fullmatch(number.digits) and not text[number.start].isascii():
            said = text[number.start : number.end]
            yield Entity("phone", "+86" + number.digits, said, number.start, number.end)
    if "+" in text:
        yield from _abroad(text)


def _abroad(text: str) -> Iterator[Entity]:
    """Yield numbers of other countries, which begin with + and their code."""
    for match in _ABROAD.finditer(text):
        number = phonenumbers.parse(match[0], None)
        if phonenumbers.is_possible_number(number) and number.country_code != _CHINA:
            value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            yield Entity("phone", value, match[0], match.start(), match.end())
