"""Both scripts of one message put right."""

from __future__ import annotations

from collections.abc import Collection

from tellerline.understanding.spelling.han import HanSpeller
from tellerline.understanding.spelling.latin import LatinSpeller
from tellerline.understanding.spelling.vocabulary import Vocabulary

CHARS_MAX = 2_500  # of a longer message the beginning is left as it is: the request stands at the end


class Speller:
    """Puts right what was mistyped, by the words of one pack. Pure: the same text gives the same text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._han = HanSpeller(vocabulary.han)
        self._latin = LatinSpeller(vocabulary.latin, vocabulary.known)

    def correct_chinese(self, text: str, names: Collection[str] = ()) -> str:
        """Return a normalised text with pinyin and characters of the wrong sound put right; names of people stay."""
        head, tail = text[:-CHARS_MAX], text[-CHARS_MAX:]
        return head + self._han.correct(tail, names)

    def correct_english(self, text: str, names: Collection[str] = ()) -> str:
        """Return a normalised text with misspelled English words put right; names of people stay."""
        head, tail = text[:-CHARS_MAX], text[-CHARS_MAX:]
        return head + self._latin.correct(tail, names)
