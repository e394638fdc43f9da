"""English words misspelled: the nearest word that the pack uses, when the word typed is none at all."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import fuzz
from symspellpy import SymSpell, Verbosity

from tellerline.understanding.shadow import TOKEN
from tellerline.understanding.sound import is_pinyin
from tellerline.understanding.spelling.vocabulary import english_words

_WORD = re.compile(r"(?<![A-Za-z0-9@/._'-])[A-Za-z]{4,20}(?![A-Za-z0-9@/_'-]|\.[A-Za-z])")
_LONG = 8  # letters; only words of this length can be two slips away
_LIKE_NAME_MIN = 75.0
_PART_COUNT_MIN = 8
_STEM_MIN = 3
_PINYIN_LONG = 6  # letters; a longer word that reads as pinyin may still be an English one misspelled
_UNLIKE_MAX = 2
# Two words run together are taken apart when one is of these; others (passcode, chargeback) may be words of their own.
_SMALL_WORDS = "i my the to is for me of in on and you can it was am do have want what how please pls"
_SMALL = frozenset(_SMALL_WORDS.split())
_CONTRACTIONS = """
dont wont cant isnt arent wasnt werent doesnt didnt havent hasnt hadnt couldnt wouldnt shouldnt mustnt youre theyre youve
weve theyve youll theyll theres thats whats heres shes whos wheres hows lets theyd youd itll thatll
"""
# Short forms of text messages that mean one thing only.
_SHORT = {
    "acct": "account", "acc": "account", "trf": "transfer", "xfer": "transfer", "pymt": "payment", "stmt": "statement",
    "bal": "balance", "txn": "transaction", "ur": "your", "u": "you", "cuz": "because", "abt": "about", "wat": "what",
    "hav": "have", "pls": "please", "plz": "please", "thx": "thanks", "b4": "before", "tmrw": "tomorrow",
    "yday": "yesterday",
}  # fmt: skip
_SHORT_WORD = re.compile(
    rf"(?<![A-Za-z0-9@/.'_\u4e00-\u9fff-])(?:{'|'.join(_SHORT)})(?![A-Za-z0-9@/'_\u4e00-\u9fff-]|\.[A-Za-z])",
    re.IGNORECASE,
)
_ENDINGS = ("s", "es", "ed", "ing", "er", "ly", "ies")
# Words that belong to everyday speech and to values; whatever the examples of a pack hold, these may be meant.
_ALWAYS = """
yesterday today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday january february march april june
july august september october november december hundred thousand million eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety seven eight three four five nine month
months week weeks year years dollars pounds euros yuan
"""
_ALWAYS_COUNT = 5


class LatinSpeller:
    """Corrects English words.

    counts: words of the pack with how often they are said. known: others, right although no dictionary has them (wechat),
    unless they are plainly slips for a word that is said more often.
    """

    def __init__(self, counts: dict[str, int], known: dict[str, int] | None = None) -> None:
        self._index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        self._counts = dict.fromkeys(_ALWAYS.split(), _ALWAYS_COUNT) | counts | {"i": _ALWAYS_COUNT**2}
        for word, count in self._counts.items():
            self._index.create_dictionary_entry(word, count)
        self._known = frozenset(_CONTRACTIONS.split())
        self._known |= {word for word, count in (known or {}).items() if not self._is_slip(word, count)}
        self._nearest = lru_cache(maxsize=4096)(self._find)

    def correct(self, text: str, names: Collection[str] = ()) -> str:
        """Return `text` with its misspelled words put right. Names of people, and what looks like one, stay."""
        taken = [token.span() for token in TOKEN.finditer(text)]

        def put_right(match: re.Match[str]) -> str:
            word = match[0]
            lower = word.lower()
            is_name = word[0].isupper() and not word.isupper() and match.start() > 0
            if is_name or lower in self._counts or any(start <= match.start() < end for start, end in taken):
                return word
            right = self._nearest(lower)
            return word if right is None or _is_like_name(lower, names) else right

        return _WORD.sub(put_right, _SHORT_WORD.sub(lambda short: _SHORT[short[0].lower()], text))

    def _is_slip(self, word: str, count: int) -> bool:
        """Whether a word that examples hold is a slip for one they hold more often."""
        near = self._near(word)
        return near is not None and self._counts[near] > count

    def _find(self, word: str) -> str | None:
        """Return the word meant, or None when the word is right or nothing is near."""
        if self._is_right(word):
            return None
        near = self._near(word)
        if near is not None and is_pinyin(word) and self._counts[near] < _PART_COUNT_MIN:
            return None
        return near or self._parted(word)

    def _near(self, word: str) -> str | None:
        """Return the likeliest word a slip or two away."""
        distance = 2 if len(word) >= _LONG else 1
        found = self._index.lookup(word, Verbosity.ALL, max_edit_distance=distance)
        near = [(each.distance, _unlikeness(word, each.term), -each.count, each.term) for each in found]
        near = [each for each in near if each[1] <= _UNLIKE_MAX and each[-1] != word]
        return min(near)[-1] if near else None

    def _is_right(self, word: str) -> bool:
        """Whether the word is one, a form of one, or may be a short Chinese name."""
        if word in self._known or word in english_words() or (len(word) < _PINYIN_LONG and is_pinyin(word)):
            return True
        stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
        return any(len(stem) >= _STEM_MIN and (stem in self._counts or stem in self._known) for stem in stems)

    def _parted(self, word: str) -> str | None:
        """Return two common words written as one, apart."""
        pairs = [
            (min(self._counts[word[:cut]], self._counts[word[cut:]]), word[:cut] + " " + word[cut:])
            for cut in range(1 if word[0] == "i" else 2, len(word) - 1)
            if {word[:cut], word[cut:]} & _SMALL and word[:cut] in self._counts and word[cut:] in self._counts
        ]
        count, parted = max(pairs, default=(0, ""))
        return parted if count >= _PART_COUNT_MIN else None


def _unlikeness(typed: str, word: str) -> int:
    """Return how unlikely a slip is: 0 letters dropped or swapped, 1 added, 2 another letter, 3 another beginning."""
    if typed[0] != word[0]:
        return 0 if sorted(typed) == sorted(word) and typed[1] == word[0] else _UNLIKE_MAX + 1
    if sorted(typed) == sorted(word) or _is_within(typed, word):
        return 0
    return 1 if _is_within(word, typed) else 2


def _is_within(shorter: str, longer: str) -> bool:
    """Whether the letters of one word stand in the other, in order."""
    letters = iter(longer)
    return all(letter in letters for letter in shorter)


def _is_like_name(word: str, names: Collection[str]) -> bool:
    return any(
        fuzz.ratio(word, part) >= _LIKE_NAME_MIN
        for name in names
        if name.isascii()
        for part in name.lower().split()
    )
