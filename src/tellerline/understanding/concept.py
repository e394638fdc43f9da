"""Concepts behind words, from `concepts.txt`: what lets the examples of one language teach the other."""

from __future__ import annotations

import re
from pathlib import Path

CONCEPT = "c:"  # every concept's name begins so
Table = dict[str, list[str]]

_PATH = Path(__file__).with_name("concepts.txt")
_ENGLISH_WORD = re.compile(r'"([^"]+)"|(\S+)')


def parse_concepts(lines: list[str]) -> tuple[Table, Table, Table]:
    """Return the concepts of Chinese words, of English words and word pairs, and of beginnings of English words."""
    han: Table = {}
    words: Table = {}
    beginnings: Table = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        chinese, _, english = rest.partition("|")
        for word in chinese.split():
            han.setdefault(word, []).append(CONCEPT + name)
        for quoted, single in _ENGLISH_WORD.findall(english):
            word = quoted or single
            table, key = (beginnings, word[:-1]) if word.endswith("*") else (words, word)
            table.setdefault(key, []).append(CONCEPT + name)
    return han, words, beginnings


HAN, WORDS, BEGINNINGS = parse_concepts(_PATH.read_text(encoding="utf-8").splitlines())
