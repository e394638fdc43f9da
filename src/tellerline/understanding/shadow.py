"""A view of a text, character for character, in which every way of writing a digit is an ASCII digit.

The view has the length of the text, so a span found in the view is a span of the text. Every pattern is written once,
for ASCII, and still sees ６２２２, 六二二二, 6\u200b2\u200b2\u200b2 with invisible characters between, or "six two two two".
"""

from __future__ import annotations

import re

_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)
_BLANKS = "\u00a0\u1680\u180e\u2028\u2029\u202f\u205f\u3000\u00ad\u2060\ufeff\ufe0f\u20e3\x7f\x85"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\u30fc"
_DOTS = "\u00b7\u2022\u30fb\u2027\u2219"

_CHINESE_DIGITS = dict(
    zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳叄參陸", "0012345678911234567892336", strict=True)
)
_SPOKEN_DIGITS = {
    **{
        word: str(value)
        for value, word in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        )
    },
    "oh": "0",
}


def _table() -> dict[int, str]:
    table = dict.fromkeys(range(0x20), " ")
    table |= {zero + value: str(value) for zero in _ZEROS for value in range(10)}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {0x2460 + value: str(value + 1) for value in range(9)} | {0x24EA: "0"}
    table |= {ord(blank): " " for blank in _BLANKS} | dict.fromkeys(range(8192, 8208), " ")
    table |= {ord(dash): "-" for dash in _DASHES} | {ord(dot): "." for dot in _DOTS}
    return table


_TABLE = _table()
_CHINESE = "".join(_CHINESE_DIGITS)
# 一 and 三 open ordinary words too (一下, 一直, 三天): before these characters they are not the end of a number.
_CHINESE_RUN = re.compile(
    rf"[{_CHINESE}](?:[ .\-]{{0,4}}[{_CHINESE}](?![下直共个些点般样定次天块元千百万十笔张起切])){{3,}}"
)
_CHINESE_TABLE = str.maketrans(_CHINESE_DIGITS)
_SPOKEN = "|".join(_SPOKEN_DIGITS)
_SPOKEN_RUN = re.compile(
    rf"(?<![a-z])(?:{_SPOKEN})(?:[ ,\-]{{1,2}}(?:{_SPOKEN})(?![a-z])){{3,}}", re.IGNORECASE
)
_SPOKEN_WORD = re.compile(rf"({_SPOKEN})|[ ,\-]", re.IGNORECASE)

TOKEN = re.compile(
    r"\[(?P<kind>card|account|phone|id|passport|email|cvv|expiry|password|code|secret)"
    r"(?::(?P<tail>[0-9A-Za-z]{3,4})(?P<serial>-[0-9]{1,3})?)?\]"
)


def _spoken(run: re.Match[str]) -> str:
    """Return a run of digit words as digits: the first at the start of its word, the others at the end of theirs."""

    def digit(match: re.Match[str]) -> str:
        word = match[1]
        if not word:
            return " "
        value = _SPOKEN_DIGITS[word.lower()]
        return value.rjust(len(word)) if match.start() else value.ljust(len(word))

    return _SPOKEN_WORD.sub(digit, run[0])


def shadow(text: str) -> str:
    """Return the view of `text`; redaction tokens already in it are blanked out with NUL."""
    view = text.translate(_TABLE)
    view = _CHINESE_RUN.sub(lambda run: run[0].translate(_CHINESE_TABLE), view)
    view = _SPOKEN_RUN.sub(_spoken, view)
    return TOKEN.sub(lambda token: "\0" * len(token[0]), view)
