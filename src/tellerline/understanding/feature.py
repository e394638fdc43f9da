"""Features of a text for every classifier of this room, in training and in use: n-grams, and the concepts behind words."""

from __future__ import annotations

import re
from itertools import pairwise

from tellerline.understanding.concept import BEGINNINGS, HAN, WORDS
from tellerline.understanding.sound import blurred, readings

SOUND = "s:"  # what every sound's name begins with

_TOKEN = re.compile(
    r"\[(card|account|phone|id|passport|email|cvv|expiry|password|code|secret)[^\]\s]{0,12}\]"
)
_PIECE = re.compile(
    r"[\u3400-\u9fff](?:\s?[\u3400-\u9fff])*|[a-zà-ɏ]+(?:'[a-z]+)?|[0-9](?:[0-9,.]*[0-9])?|[^\s\w]"
)
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"
_HAN_GRAM_MAX = 4
_LATIN_GRAMS = (3, 4, 5)
_WORD_CHARS_MAX = 24
_BEGINNING_CHARS_MIN = 3
_CONCEPTS_MAX = 14  # that are paired; longer texts are stories, whose pairs say nothing
_KEPT_MARKS = frozenset("?!%$¥£€")


def find_features(text: str) -> list[str]:
    """Return the features of a normalised text, repeats included.

    Chinese: runs of characters, 1–4 grams, and how two or three of them sound. Latin: whole words, pairs of words, and 3–5
    character grams inside words.
    Numbers are all alike but for their length; redaction tokens are words of their own. Concepts: alone and in pairs.
    """
    found: list[str] = []
    concepts: list[str] = []
    previous = "^"
    for piece in _PIECE.findall(_TOKEN.sub(r" tok\1 ", text.lower())):
        if _HAN_FIRST <= piece[0] <= _HAN_LAST:
            _add_grams(found, concepts, piece if len(piece) == 1 else "".join(piece.split()))
            previous = "汉"
        elif piece[0].isalpha():
            _add_word(found, concepts, piece, previous)
            previous = piece
        elif piece[0].isdigit():
            found.append("#" if len(piece) < 3 else "##")
            previous = "#"
        elif piece in _KEPT_MARKS:
            found.append(piece)
    found += concepts
    found += _pairs(concepts)
    return found


def _add_grams(found: list[str], concepts: list[str], run: str) -> None:
    """Add the 1–4 grams of a run of Chinese characters; its first and last pair also with the edge marked."""
    length = len(run)
    grams = [
        run[start : start + size]
        for size in range(1, _HAN_GRAM_MAX + 1)
        for start in range(length - size + 1)
    ]
    found += grams
    found += ["<" + run[:2], run[-2:] + ">"]
    found += _sounds(run)
    for gram in grams:
        if gram in HAN:
            concepts += HAN[gram]


def _sounds(run: str) -> list[str]:
    """Return how neighbouring characters sound: what an input method or dictation gets wrong still sounds right."""
    syllables = [blurred(readings(char)[0]) for char in run]
    pairs = [SOUND + first + second for first, second in pairwise(syllables)]
    return pairs + [pair + third for pair, third in zip(pairs, syllables[2:], strict=False)]


def _add_word(found: list[str], concepts: list[str], word: str, previous: str) -> None:
    """Add a word, the pair it makes with the one before, and its character grams."""
    pair = previous + " " + word
    found += ["w:" + word, "w:" + pair]
    edged = "_" + word[:_WORD_CHARS_MAX] + "_"
    for size in _LATIN_GRAMS:
        found += [edged[start : start + size] for start in range(len(edged) - size + 1)]
    concepts += WORDS.get(word, ())
    concepts += WORDS.get(pair, ())
    for size in range(_BEGINNING_CHARS_MIN, len(word) + 1):
        concepts += BEGINNINGS.get(word[:size], ())


def _pairs(concepts: list[str]) -> list[str]:
    several = sorted(set(concepts))
    if len(several) > _CONCEPTS_MAX:
        return []
    return [first + second for index, first in enumerate(several) for second in several[index + 1 :]]
