"""Character and word n-grams of a text: the features of every classifier of this room, in training and in use."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\[(card|account|phone|id|passport|email|cvv|expiry|password|code|secret)[^\]\s]{0,12}\]")
_PIECE = re.compile(r"[\u3400-\u9fff](?:\s?[\u3400-\u9fff])*|[a-zà-ɏ]+(?:'[a-z]+)?|[0-9](?:[0-9,.]*[0-9])?|[?!]|[^\s\w]")
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"
_HAN_GRAM_MAX = 4
_LATIN_GRAMS = (3, 4, 5)
_WORD_CHARS_MAX = 24
_KEPT_MARKS = frozenset("?!%$¥£€")


def find_features(text: str) -> list[str]:
    """Return the n-grams of a normalised text, repeats included.

    Chinese: runs of characters, 1–4 grams. Latin: whole words, pairs of words, and 3–5 character grams inside word
    boundaries. Numbers are all alike but for their length class; redaction tokens are words of their own.
    """
    found: list[str] = []
    previous = "^"
    for piece in _PIECE.findall(_TOKEN.sub(r" tok\1 ", text.lower())):
        if _HAN_FIRST <= piece[0] <= _HAN_LAST:
            run = "".join(piece.split())
            _add_grams(found, run)
            previous = "汉"
        elif piece[0].isalpha():
            _add_word(found, piece, previous)
            previous = piece
        elif piece[0].isdigit():
            found.append("#" if len(piece) < 3 else "##")
            previous = "#"
        elif piece in _KEPT_MARKS:
            found.append(piece)
    return found


def _add_grams(found: list[str], run: str) -> None:
    """Add the 1–4 grams of a run of Chinese characters; its first and last pair also with the edge marked."""
    length = len(run)
    for size in range(1, _HAN_GRAM_MAX + 1):
        found += [run[start : start + size] for start in range(length - size + 1)]
    found += ["<" + run[:2], run[-2:] + ">"]


def _add_word(found: list[str], word: str, previous: str) -> None:
    """Add a word, the pair it makes with the one before, and its character grams."""
    found += ["w:" + word, "w:" + previous + " " + word]
    edged = "_" + word[:_WORD_CHARS_MAX] + "_"
    for size in _LATIN_GRAMS:
        found += [edged[start : start + size] for start in range(len(edged) - size + 1)]
