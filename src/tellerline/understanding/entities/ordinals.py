"""Positions in a list that was offered: 第二个, 前者, "the last one", "option 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tellerline.domain.reading import Entity
from tellerline.understanding.entities.numeral import parse_chinese

POSITION_MAX = 20
_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth"
_WORDS = {word: position for position, word in enumerate(_NTH.split(), start=1)}
_WORDS |= {"last": -1, "final": -1, "bottom": -1, "top": 1, "former": 1, "latter": -1}
_NOUN = (
    r"(?:one|option|choice|card|account|payee|person|item|transaction|payment|transfer|deposit|loan|number|line|entry|product"
    r"|charge|fee)"
)
_CHINESE = re.compile(
    r"(?P<number>[0-9]{1,2}|[一二三四五六七八九十]{1,2})号(?:选项|方案|卡片?|账户|收款人)|"
    r"(?P<back>倒数)?第(?P<nth>[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
    r"(?![天次方时期季代类届周年月日名套])(?:个|张|笔|条|项|种|款|位|家|行)?"
    r"|(?P<first>前者|头一[个张笔条项位]|最上面(?:的|那)?[个张笔条]?|前面[那这][个张笔条])"
    r"|(?P<last>后者|最后(?:面|边)?(?:的)?(?:那)?(?:一)?[个张笔条项位]|最下面(?:的|那)?[个张笔条]?|后面[那这][个张笔条])"
)
_ENGLISH = re.compile(
    rf"(?<![a-z])(?:(?:the\s)?(?P<figure>[0-9]{{1,2}})(?:st|nd|rd|th)\s{_NOUN}s?"
    rf"|(?:the\s)?(?P<word>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|top|bottom)\s{_NOUN}"
    rf"|the\s(?P<alone>former|latter)"
    rf"|(?:option|number|no\.|choice|#)\s?(?P<number>[0-9]{{1,2}})(?![0-9]))(?![a-z])",
    re.IGNORECASE,
)
_ENGLISH_ALONE = re.compile(
    r"(?:(?:i'?ll take |i want |i choose |choose |pick |it'?s |go with )?(?:the )?"
    r"(?:(?P<word>first|second|third|fourth|fifth|last|former|latter)"
    r"|(?P<figure>[1-9]|10)(?:st|nd|rd|th)))(?: please| pls| then)?[.!]?",
    re.IGNORECASE,
)


def find_ordinals(text: str) -> Iterator[Entity]:
    """Yield positions, counted from 1; -1 is the last."""
    for match in _CHINESE.finditer(text):
        yield from _entity(match, _chinese_position(match))
    for match in _ENGLISH.finditer(text):
        figure = match["figure"] or match["number"]
        yield from _entity(
            match, int(figure) if figure else _WORDS[(match["word"] or match["alone"]).lower()]
        )


def find_lone_ordinal(text: str) -> Iterator[Entity]:
    """Yield the position that is the whole message: "the second", "2nd please"."""
    match = _ENGLISH_ALONE.fullmatch(text.strip())
    if match:
        yield from _entity(match, int(match["figure"]) if match["figure"] else _WORDS[match["word"].lower()])


def _chinese_position(match: re.Match[str]) -> int:
    nth = match["nth"] or match["number"]
    if not nth:
        return 1 if match["first"] else -1
    value = int(nth) if nth.isascii() else int(parse_chinese(nth) or 0)
    return -value if match["back"] else value


def _entity(match: re.Match[str], position: int) -> Iterator[Entity]:
    if 0 < abs(position) <= POSITION_MAX:
        yield Entity("ordinal", position, match[0], match.start(), match.end())
