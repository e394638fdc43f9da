"""How the customer seems to feel: from the model's heads and from the surface of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import get_args

from tellerline.domain.reading import Affect, Emotion

EMOTIONS: tuple[Emotion, ...] = tuple(emotion for emotion in get_args(Emotion) if emotion != "neutral")
_NOTICED = 0.5
_LOUD = re.compile(r"!{2,}|[?!]*(?:\?!|!\?)[?!]*|\?{3,}")
_SHOUTED = re.compile(r"(?<![A-Za-z])[A-Z]{3,}(?:\s+[A-Z]{2,})+(?![A-Za-z])")
_PRESSING = re.compile(
    r"马上|立刻|立即|赶紧|赶快|快点|尽快|急死|急用|很急|着急|等不及|来不及|现在就|火速"
    r"|(?<![a-z])(?:asap|right now|immediately|urgent(?:ly)?|hurry|at once|straight away|quick(?:ly)?|emergency)(?![a-z])",
    re.IGNORECASE,
)
_LOUD_STEP, _SHOUTED_STEP, _PRESSING_URGENCY = 0.15, 0.25, 0.6


def read_affect(text: str, heads: Mapping[str, float]) -> Affect:
    """Return the strongest emotion and how strong it is, and how urgent the message sounds.

    heads: probability per affect, 0.5 being the point from which it counts.
    """
    loudness = _LOUD_STEP * min(2, len(_LOUD.findall(text))) + (
        _SHOUTED_STEP if _SHOUTED.search(text) else 0.0
    )
    emotion = max(EMOTIONS, key=lambda name: heads.get(name, 0.0))
    strength = heads.get(emotion, 0.0)
    urgency = max(heads.get("urgency", 0.0), _PRESSING_URGENCY if _PRESSING.search(text) else 0.0)
    urgency = min(1.0, urgency + (loudness / 2 if urgency >= _NOTICED else 0.0))
    if strength < _NOTICED:
        return Affect("neutral", min(1.0, loudness), round(urgency, 3))
    return Affect(emotion, round(min(1.0, strength + loudness), 3), round(urgency, 3))
