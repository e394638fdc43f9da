"""Runs of digits, with the words around them: most sensitive values are numbers, told apart by form and context."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from tellerline.understanding.shadow import PAD

_RUN = re.compile(rf"[0-9](?:{PAD}*[ .\-_]{{0,8}}{PAD}*[0-9])*")
_GROUP = re.compile(r"[0-9]+")
_LABEL = re.compile(r"(?<=cv[vcn])2", re.IGNORECASE)  # the 2 of CVV2 belongs to the word
_LEFT_CHARS = 40
_RIGHT_CHARS = 24


class Window(NamedTuple):
    """Neighbouring groups of a run, read as one number. `sizes` are the lengths of the groups."""

    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]


class Run:
    """Digits with nothing but spaces, dots or hyphens between them, in groups."""

    def __init__(self, view: str, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self._groups = [group.span() for group in _GROUP.finditer(view, start, end)]
        self._sizes = tuple(last - first for first, last in self._groups)
        self._offsets = [0, *accumulate(self._sizes)]
        self._digits = "".join(view[first:last] for first, last in self._groups)

    def whole(self) -> Window:
        """Return the run as one number."""
        return Window(self.start, self.end, self._digits, self._sizes)

    def windows(self, shortest: int, longest: int) -> Iterator[Window]:
        """Yield every sequence of groups that has between `shortest` and `longest` digits together."""
        offsets = self._offsets
        for first, offset in enumerate(offsets[:-1]):
            last = bisect_left(offsets, offset + shortest, first)
            while last < len(offsets) and offsets[last] - offset <= longest:
                digits = self._digits[offset : offsets[last]]
                yield Window(
                    self._groups[first][0], self._groups[last - 1][1], digits, self._sizes[first:last]
                )
                last += 1


def find_runs(view: str) -> list[Run]:
    """Return all runs of digits of a shadow, in order."""
    return [Run(view, *run.span()) for run in _RUN.finditer(_LABEL.sub("x", view))]


def left_of(view: str, start: int) -> str:
    """Return the few characters before `start`, lower case."""
    return view[max(0, start - _LEFT_CHARS) : start].lower()


def right_of(view: str, end: int) -> str:
    """Return the few characters after `end`, lower case."""
    return view[end : end + _RIGHT_CHARS].lower()
