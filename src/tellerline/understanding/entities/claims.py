"""Which characters of a text already belong to something that was found."""

from __future__ import annotations


class Claims:
    """Spans of a text that are taken. A question or a claim costs the length of the span, however many there are."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def is_free(self, start: int, end: int) -> bool:
        """Whether no character of the span is taken."""
        return not any(self._taken[start:end])

    def add(self, start: int, end: int) -> None:
        """Take a span."""
        self._taken[start:end] = b"\1" * (end - start)

    def take(self, start: int, end: int) -> bool:
        """Take a span if it is free, and tell whether it was."""
        free = self.is_free(start, end)
        if free:
            self.add(start, end)
        return free
