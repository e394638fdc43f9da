"""What knowledge says to a question, with its evidence."""

from __future__ import annotations

import msgspec

from tellerline.domain.citation import Source


class Answer(msgspec.Struct, frozen=True):
    """An answer from knowledge.

    text: quoted from passages in force; sources: what it quotes; score: calibrated 0..1; flow: business it leads to.
    """

    text: str
    sources: list[Source]
    score: float
    flow: str | None = None
