"""Case numbers: unique without asking anybody, easy to read out, and wrong when one character is."""

from __future__ import annotations

import hashlib
from datetime import date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0, 1, I, L and O, which are mistaken for one another
RANDOM_CHARS = (
    9  # 44 bits beside the day: with 10,000 cases a day two are alike once in more than a thousand years
)
_GROUP = 5


def case_number(seed: str, on: date) -> str:
    """Return the number of the case that follows from `seed`, opened on day `on`: `HB261123-K7QM3-WZ8PX`.

    The last character is a check over the day and all others: a wrong one, or two neighbours exchanged, are noticed.
    """
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    letters = ""
    for _ in range(RANDOM_CHARS):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    day = f"{on:%y%m%d}"
    letters += _check(day, letters)
    return f"HB{day}-{letters[:_GROUP]}-{letters[_GROUP:]}"


def is_case_number(number: str) -> bool:
    """Tell whether `number` could be one: its form and its check character are right."""
    head, *groups = number.strip().upper().split("-")
    letters = "".join(groups)
    if len(letters) != RANDOM_CHARS + 1 or not set(letters) <= set(ALPHABET):
        return False
    day = head.removeprefix("HB")
    return len(day) == len("yymmdd") and day.isdecimal() and _check(day, letters[:-1]) == letters[-1]


def _check(day: str, letters: str) -> str:
    """Return the check character. The alphabet has a prime number of characters, so every weight has an inverse."""
    values = [*map(int, day), *map(ALPHABET.index, letters)]
    total = sum(weight * value for weight, value in enumerate(values, start=1))
    return ALPHABET[total % len(ALPHABET)]
