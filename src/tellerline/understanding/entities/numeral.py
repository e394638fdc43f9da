"""Numbers as people write and say them: 1,200.50, 5k, 1.2万, 三万五, 伍佰, "five fifty", "one and a half thousand"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_CHARS_MAX = 40  # of one number; longer runs are none


class Number(NamedTuple):
    """A number in a text.

    digits: the figures as written when the number is a plain row of figures ("6688", 六六八八), else "".
    weak:   a single 一, 两, 半, "a" or "one": a number only beside a unit.
    about:  said as a rough one: 五百来, 三千多, "a couple of hundred".
    """

    start: int
    end: int
    value: Decimal
    digits: str = ""
    weak: bool = False
    about: bool = False


_HAN_DIGITS = {
    **dict(zip("零〇一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    "两": 2, "俩": 2, "仨": 3, "幺": 1,
}  # fmt: skip
_HAN_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HAN_BIG = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
_TWENTIES = {"廿": "二十", "卅": "三十"}
_HAN_CHARS = "".join([*_HAN_DIGITS, *_HAN_UNITS, *_HAN_BIG, *_TWENTIES])
_HAN = re.compile(rf"[{_HAN_CHARS}]+(?:点[零〇一二三四五六七八九]+)?[{_HAN_CHARS}]*|半[百千万亿]?")
# 五百来块, 一百多万: near what was said, and the unit behind 来 or 多 still counts. 十几, 几百, 上千 say no number at all.
_ABOUT = re.compile(r"(?P<about>[来多余])(?P<unit>[万亿])?(?=[块元圆刀万人美港欧英日,。\s]|$)")
_BARE_UNIT = re.compile(r"[十百千万亿]|(?:hundred|thousand|grand|million|k)(?![a-z])", re.IGNORECASE)
_SOME_BEFORE = re.compile(r"(?:[几数上]|(?<![a-z])(?:few|several|many|some)\s(?:of\s)?)$", re.IGNORECASE)
_SOME_AFTER = re.compile(r"几(?!号|点|月)")
_FIGURE = "[一二三四五六七八九壹贰叁肆伍陆柒捌玖两俩仨幺]"
_SECTION = re.compile(
    rf"(?P<thousands>{_FIGURE}?[千仟])?零?(?P<hundreds>{_FIGURE}?[百佰])?零?(?P<tens>{_FIGURE}?[十拾])?[零〇]?"
    rf"(?P<ones>{_FIGURE})?"
)
_HAN_WEAK = frozenset("一两半十千万百亿俩仨零二三四五六七八九")
_LATIN = re.compile(r"[A-Za-z]{3}")
_NO_NUMBERS = frozenset({"万一", "千万", "万万", "一一", "万千", "三三", "两两"})  # words of another meaning

# Figures in groups: 1,234,567.89, 12,0000, 1.234.567,89, 1 234 567; and single figures spoken one by one: 8 8 1 2.
_ARABIC = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?<![A-Za-z][0-9])(?P<figure>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]{1,4}(?:,[0-9]{4})+(?![0-9])"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}(?![0-9])"
    r"|(?<![0-9] )[1-9][0-9]{0,2}(?: [0-9]{3})+(?! ?[0-9])(?:\.[0-9]{1,2}(?![0-9]))?"
    r"|(?<![0-9] )[0-9](?: [0-9]){2,7}(?! ?[0-9])"
    r"|[0-9]+(?:\.[0-9]+)?)"
    r"(?:\s?(?P<unit>[万萬千百亿]+)(?P<rest>[一二三四五六七八九1-9](?![0-9.一二三四五六七八九十百千]))?"
    r"|\s?(?P<latin>k|w|m|mil|mill|bn|thousand|million|billion|grand|hundred)(?![A-Za-z]))?(?:(?<=[0-9kK])-?ish(?![a-z]))?",
    re.IGNORECASE,
)
_LATIN_UNITS = {
    "k": 1000,
    "w": 10_000,
    "m": 1_000_000,
    "mil": 1_000_000,
    "mill": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
    "thousand": 1000,
    "million": 1_000_000,
    "grand": 1000,
    "hundred": 100,
}

_BELOW_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL_WORDS = {word: value for value, word in enumerate(_BELOW_TWENTY.split())}
TENS_WORDS = {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_BIG_WORDS = {"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 1_000_000, "dozen": 12}
_PART_WORDS = {
    "half": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "quarters": Decimal("0.25"),
    "couple": Decimal(2),
}
_DIGIT_NAME = "oh|" + "|".join(_BELOW_TWENTY.split()[:10]) + "|[0-9]"
_SPELLED_DIGIT = rf"(?:(?:double|triple)\s)?(?:{_DIGIT_NAME})"
_SPELLED = re.compile(rf"(?<![a-z]){_SPELLED_DIGIT}(?:[\s-]{_SPELLED_DIGIT})+(?![a-z])", re.IGNORECASE)
_NUMBER_WORD = "|".join(
    sorted([*SMALL_WORDS, *TENS_WORDS, *_BIG_WORDS, "forty", "half"], key=len, reverse=True)
)
# "a couple of hundred", "half a million", "three quarters of a million": a part of a big unit.
_PART = re.compile(
    r"(?<![A-Za-z])(?:(?P<times>a|one|three)\s)?(?P<part>half|quarters?|couple)(?:\sof)?(?:\sa)?"
    r"\s(?P<unit>hundred|thousand|grand|k|million)(?![A-Za-z])",
    re.IGNORECASE,
)
_DOUBLED = re.compile(
    r"(?<![A-Za-z])(?P<how>double|triple)\s(?P<digit>[a-z]+|[0-9])(?![A-Za-z0-9])", re.IGNORECASE
)
_WORDS = re.compile(
    rf"(?<![A-Za-z])(?:(?:a|an|half a)\s(?=(?:hundred|thousand|grand|million|dozen|half)(?![A-Za-z])))?"
    rf"(?:{_NUMBER_WORD})(?:(?:\s|-|\s?,\s?|\sand\s(?:a\s(?=half))?)(?:{_NUMBER_WORD}))*(?![A-Za-z])",
    re.IGNORECASE,
)


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of a normalised text, in order. What says no number (几百, "a few hundred") is none."""
    found = [*_arabic(text), *_chinese(text)]
    if _LATIN.search(text):
        found += [*_parts(text), *_spelled(text), *_english(text)]
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if kept and number.start == kept[-1].end and _continues(text, kept[-1], number):
            kept[-1] = Number(kept[-1].start, number.end, kept[-1].value + number.value)
        elif not kept or number.start >= kept[-1].end:
            kept.append(number)
    return [_rough(text, number) for number in kept if not _is_some(text, number)]


def _is_some(text: str, number: Number) -> bool:
    """Whether the words around make it no number: 几百, 十几, "several hundred"."""
    if _SOME_AFTER.match(text, number.end):
        return True
    if _BARE_UNIT.match(text, number.start) is None:
        return False
    return _SOME_BEFORE.search(text, max(0, number.start - 12), number.start) is not None


def _rough(text: str, number: Number) -> Number:
    """Return the number with the 来 or 多 behind it, and the unit behind that: 一百来万."""
    match = _ABOUT.match(text, number.end)
    if match is None or number.value < 10:
        return number
    value = number.value * _HAN_BIG[match["unit"]] if match["unit"] else number.value
    return Number(number.start, match.end() if match["unit"] else number.end, value, about=True)


def _continues(text: str, number: Number, lower: Number) -> bool:
    """Whether the second number is the lower part of the first: 3万5千."""
    unit = _HAN_BIG.get(text[number.end - 1]) or _HAN_UNITS.get(text[number.end - 1])
    return unit is not None and lower.value < unit


def _arabic(text: str) -> Iterator[Number]:
    for match in _ARABIC.finditer(text):
        figure = match["figure"]
        if len(figure) > _CHARS_MAX:
            continue
        value = _grouped(figure)
        if match["unit"]:
            unit = _unit_value(match["unit"])
            value *= unit
            if match["rest"]:
                value += _figure(match["rest"]) * unit / 10
        elif match["latin"]:
            value *= _LATIN_UNITS[match["latin"].lower()]
        plain = figure.isdigit() and match.end() == match.end("figure")
        spoken = figure.replace(" ", "") if figure[1:2] == " " and figure[3:4] in ("", " ") else ""
        yield Number(match.start(), match.end(), value, figure if plain else spoken)


def _grouped(figure: str) -> Decimal:
    """Return figures in groups as a number; a comma before the last two, after dots, is a decimal comma."""
    if "." in figure and figure[-3:-2] == ",":
        figure = figure.replace(".", "").replace(",", ".")
    return Decimal(figure.replace(",", "").replace(" ", ""))


def _figure(char: str) -> int:
    return int(char) if char.isdigit() and char.isascii() else _HAN_DIGITS[char]


def _unit_value(units: str) -> Decimal:
    value = Decimal(1)
    for unit in units:
        value *= _HAN_UNITS.get(unit) or _HAN_BIG[unit]
    return value


def _chinese(text: str) -> Iterator[Number]:
    for match in _HAN.finditer(text):
        if (
            match.end() - match.start() > _CHARS_MAX
            or text[max(0, match.start() - 1) : match.start()].isdigit()
        ):
            continue
        value = None if match[0][:2] in _NO_NUMBERS else parse_chinese(match[0])
        if value is None:
            continue
        digits = "".join(str(_HAN_DIGITS[char]) for char in match[0]) if _is_row(match[0]) else ""
        yield Number(match.start(), match.end(), value, digits, match[0] in _HAN_WEAK)


def _is_row(text: str) -> bool:
    """Whether figures are simply said one after the other: 六六八八."""
    return len(text) >= 3 and all(char in _HAN_DIGITS and char not in "两俩仨" for char in text)


def parse_chinese(text: str) -> Decimal | None:
    """Return the value of a Chinese numeral, also in the clipped form in which the last unit is left out (三万五, 两百五).

    None when the characters make no number.
    """
    for short, long in _TWENTIES.items():
        text = text.replace(short, long)
    if text.startswith("半"):
        return Decimal("0.5") * _unit_value(text[1:])
    if _is_row(text):
        return Decimal("".join(str(_HAN_DIGITS[char]) for char in text))
    if "点" in text:
        return _parse_decimal(text)
    for big in ("亿", "万", "萬"):
        head, mark, tail = text.rpartition(big)
        if mark:
            return _parse_big(head, tail, _HAN_BIG[big])
    return _parse_section(text)


def _parse_decimal(text: str) -> Decimal | None:
    """Return 三点五, 一点二万."""
    whole, _, rest = text.partition("点")
    figures = re.match(r"[零〇一二三四五六七八九]+", rest)
    head = parse_chinese(whole)
    if figures is None or head is None:
        return None
    fraction = "".join(str(_HAN_DIGITS[char]) for char in figures[0])
    units = rest[figures.end() :]
    if any(char not in _HAN_UNITS and char not in _HAN_BIG for char in units):
        return None
    return (head + Decimal(f"0.{fraction}")) * _unit_value(units)


def _parse_big(head: str, tail: str, unit: int) -> Decimal | None:
    """Return head × unit + tail; a single figure after the unit is its next lower one: 三万五 = 35 000."""
    high = parse_chinese(head) if head else Decimal(1)
    if high is None:
        return None
    if not tail:
        return high * unit
    if len(tail) == 1 and tail in _HAN_DIGITS:
        return high * unit + _HAN_DIGITS[tail] * Decimal(unit) / 10
    low = parse_chinese(tail)
    return None if low is None else high * unit + low


def _parse_section(text: str) -> Decimal | None:
    """Return a numeral below ten thousand: figures and units in falling order, the last unit often left out."""
    match = _SECTION.fullmatch(text)
    if match is None:
        return None
    total, lowest = 0, 0
    for name, unit in (("thousands", 1000), ("hundreds", 100), ("tens", 10)):
        part = match[name]
        if part:
            total += _HAN_DIGITS.get(part[0], 1) * unit
            lowest = unit
    if match["ones"]:
        clipped = lowest >= 100 and text[-2] not in "零〇"
        total += _HAN_DIGITS[match["ones"]] * (lowest // 10 if clipped else 1)
    return Decimal(total) if total or text in ("零", "〇") else None


def _parts(text: str) -> Iterator[Number]:
    """Yield "a couple of hundred", "a quarter of a million"."""
    for match in _PART.finditer(text):
        part = match["part"].lower()
        times = 3 if (match["times"] or "").lower() == "three" else 1
        value = times * _PART_WORDS[part] * _BIG_WORDS[match["unit"].lower()]
        yield Number(match.start(), match.end(), value.normalize(), about=part == "couple")


def _spelled(text: str) -> Iterator[Number]:
    """Yield digits said one by one of which some are doubled: "double eight one two"."""
    if _DOUBLED.search(text) is None:
        return
    for match in _SPELLED.finditer(text):
        digits = "".join(_digit_of(word) for word in _DOUBLED.sub(_undoubled, match[0]).lower().split())
        if len(digits) >= 3:
            yield Number(match.start(), match.end(), Decimal(digits), digits)


def _undoubled(match: re.Match[str]) -> str:
    return " ".join([match["digit"]] * (2 if match["how"].lower() == "double" else 3))


def _digit_of(word: str) -> str:
    return word if word.isdigit() else str(SMALL_WORDS.get(word, 0))


def _english(text: str) -> Iterator[Number]:
    for match in _WORDS.finditer(text):
        words = re.findall(r"[a-z]+", match[0].lower())
        spelled = "".join(str(SMALL_WORDS[word]) for word in words if SMALL_WORDS.get(word, 10) < 10)
        if len(words) >= 3 and len(spelled) == len(words):
            yield Number(match.start(), match.end(), Decimal(spelled), spelled)
            continue
        value = _parse_words(words)
        if value is not None:
            weak = len(words) == 1 and words[0] in (
                "one",
                "half",
                "dozen",
                "hundred",
                "thousand",
                "grand",
                "k",
                "million",
            )
            yield Number(match.start(), match.end(), value, weak=weak)


def _parse_words(words: list[str]) -> Decimal | None:
    """Return the value of English number words; "five fifty" is 550, "two and a half thousand" 2 500."""
    total, group = Decimal(0), Decimal(0)
    last = ""
    for word in words:
        if word in ("and", "a", "an"):
            continue
        if word in _BIG_WORDS:
            total, group = _raised(total, group, _BIG_WORDS[word])
        else:
            added = _added(group, word, last)
            if added is None:
                return None
            group = added
        last = word
    return total + group


def _raised(total: Decimal, group: Decimal, unit: int) -> tuple[Decimal, Decimal]:
    """Multiply the group by a unit; from a thousand on the group is complete."""
    product = (group or Decimal(1)) * unit
    return (total, product) if unit == 100 else (total + product, Decimal(0))


def _added(group: Decimal, word: str, last: str) -> Decimal | None:
    """Add a word below a hundred to the group; None when it cannot follow the word before."""
    if word == "half":
        return group + Decimal("0.5")
    if word in TENS_WORDS:
        if last in TENS_WORDS:
            return None
        return (group * 100 if last in SMALL_WORDS else group) + TENS_WORDS[word]
    return None if last in SMALL_WORDS else group + SMALL_WORDS[word]
