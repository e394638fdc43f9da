"""How Chinese characters sound: pinyin without tones, character by character, which is how an input method mistakes them."""

from __future__ import annotations

import os
import re
from functools import lru_cache

# The phrase dictionary costs 40 MB and says nothing about names.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
from pypinyin import Style, pinyin

# What many speakers do not tell apart, and input methods therefore offer together.
_SYLLABLES = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu"
    r"|ua|uo|ue|ui|er|a|e|o|i|u|v))+"
)
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@lru_cache(maxsize=8192)
def readings(char: str) -> tuple[str, ...]:
    """Return the ways a character is read, the commonest first; of other characters, themselves in lower case."""
    return tuple(pinyin(char, style=Style.NORMAL, heteronym=True)[0]) if char >= "\u3400" else (char.lower(),)


def sound_of(text: str) -> str:
    """Return the pinyin of a name without tones or spaces; Latin letters as they are, lower case."""
    return "".join(readings(char)[0] for char in text if char not in " -")


@lru_cache(maxsize=2048)
def blurred(syllable: str) -> str:
    """Return a syllable without the differences many speakers do not make: zh and z, in and ing, en and eng."""
    for clear, flat in _ALIKE:
        if syllable.startswith(clear):
            syllable = flat + syllable[len(clear) :]
    return syllable[:-1] if syllable.endswith(("ing", "eng", "ang")) else syllable


def is_pinyin(word: str) -> bool:
    """Whether a word in lower case could be Chinese written in Latin letters, a name among others."""
    return _SYLLABLES.fullmatch(word) is not None
