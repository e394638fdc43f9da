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
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPOKEN_PAIRS = {
    **{word: str(value) for value, word in enumerate(_TEENS.split(), start=10)},
    **{word: str(10 * value) for value, word in enumerate(_TENS.split(), start=2)},
}
_REPEATS = {"double": 2, "triple": 3}
# Fills the letters of a spoken digit; nothing else in a shadow has this character.
PAD = "\x1f"


def _table() -> dict[int, str]:
    table = dict.fromkeys(range(0x20), " ")
    table |= {zero + value: str(value) for zero in _ZEROS for value in range(10)}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for ones in (0x2460, 0x2474, 0x2776, 0x2780, 0x278A, 0x24F5):
        table |= {ones + value: str(value + 1) for value in range(9)}
    table |= {0x24EA: "0", 0x24FF: "0"}
    table |= {ord(blank): " " for blank in _BLANKS} | dict.fromkeys(range(8192, 8208), " ")
    table |= {ord(dash): "-" for dash in _DASHES} | {ord(dot): "." for dot in _DOTS}
    return table


_TABLE = _table()
_CHINESE = "".join(_CHINESE_DIGITS)
# 一 and 三 open ordinary words too (一下, 一直, 三天): before these characters they are not the end of a number.
_CHINESE_RUN = re.compile(
    rf"[{_CHINESE}](?:[ .\-]{{0,4}}[{_CHINESE}](?![下直共个些点般样定次天块元千百万十笔张起切])){{2,}}"
)
_CHINESE_TABLE = str.maketrans(_CHINESE_DIGITS)
_SPOKEN = "|".join([*_SPOKEN_DIGITS, *_SPOKEN_PAIRS])
_ONE_SPOKEN = rf"(?:(?:double|triple)[ \-])?(?:{_SPOKEN})(?![a-z])"
_SPOKEN_RUN = re.compile(rf"(?<![a-z]){_ONE_SPOKEN}(?:[ ,\-]{{1,2}}{_ONE_SPOKEN}){{2,}}", re.IGNORECASE)
_REPEATED_DIGIT = re.compile(
    rf"(?<![a-z])(?P<times>double|triple)[ \-](?P<digit>{'|'.join(_SPOKEN_DIGITS)})(?![a-z])", re.IGNORECASE
)
_TENS_AND_ONES = re.compile(
    rf"(?<![a-z])(?P<tens>{'|'.join(_TENS.split())})[ \-](?P<ones>{'|'.join(list(_SPOKEN_DIGITS)[1:10])})(?![a-z])",
    re.IGNORECASE,
)
_SPOKEN_WORD = re.compile(
    rf"(?P<word>{'|'.join([*_SPOKEN_PAIRS, *_SPOKEN_DIGITS])})(?![a-z])|[ ,\-]", re.IGNORECASE
)

TOKEN = re.compile(
    r"\[(?P<kind>card|account|phone|id|passport|email|cvv|expiry|password|code|secret)"
    r"(?::(?P<tail>[0-9A-Za-z]{3,4})(?P<serial>-[0-9]{1,3})?)?\]"
)


def _padded(digits: str, length: int, *, first: bool) -> str:
    """Return digits in the room of a word: those of the first word at its start, the others at the end of theirs."""
    return digits.ljust(length, PAD) if first else digits.rjust(length, PAD)


def _spoken(run: re.Match[str]) -> str:
    """Return a run of number words as digits, of the same length."""
    text = _REPEATED_DIGIT.sub(
        lambda m: _padded(
            _SPOKEN_DIGITS[m["digit"].lower()] * _REPEATS[m["times"].lower()], len(m[0]), first=not m.start()
        ),
        run[0],
    )
    text = _TENS_AND_ONES.sub(
        lambda m: _padded(
            _SPOKEN_PAIRS[m["tens"].lower()][0] + _SPOKEN_DIGITS[m["ones"].lower()],
            len(m[0]),
            first=not m.start(),
        ),
        text,
    )

    def digits(match: re.Match[str]) -> str:
        word = match["word"]
        if not word:
            return " "
        value = _SPOKEN_DIGITS.get(word.lower()) or _SPOKEN_PAIRS[word.lower()]
        return _padded(value, len(word), first=not match.start())

    return _SPOKEN_WORD.sub(digits, text)


def shadow(text: str) -> str:
    """Return the view of `text`; redaction tokens already in it are blanked out with NUL."""
    view = text.translate(_TABLE)
    view = _CHINESE_RUN.sub(lambda run: run[0].translate(_CHINESE_TABLE), view)
    view = _SPOKEN_RUN.sub(_spoken, view)
    return TOKEN.sub(lambda token: "\0" * len(token[0]), view)
