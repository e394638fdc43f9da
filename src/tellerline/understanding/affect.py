"""How the customer seems to feel: from the model's heads and from the surface of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import get_args

from tellerline.domain.reading import Affect, Emotion, Mood

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
_MILD = 0.7  # of its strength an emotion keeps when it is said mildly
_UNPLEASANT = frozenset({"anger", "anxiety", "confusion", "shame"})
_SMOOTHING = 0.4  # weight of the newest message in the level of a mood
_TURN = 0.2  # by how much the level must move before the mood is said to rise or fall


def read_affect(text: str, heads: Mapping[str, float]) -> Affect:
    """Return the strongest emotion and how strong it is, and how urgent the message sounds.

    heads: probability per affect, 0.5 being the point from which it counts; `intensity`: that it is felt strongly.
    """
    loudness = _LOUD_STEP * min(2, len(_LOUD.findall(text))) + (
        _SHOUTED_STEP if _SHOUTED.search(text) else 0.0
    )
    emotion = max(EMOTIONS, key=lambda name: heads.get(name, 0.0))
    strength = heads.get(emotion, 0.0)
    intensity = strength * (_MILD + (1 - _MILD) * heads.get("intensity", 1.0))
    urgency = max(heads.get("urgency", 0.0), _PRESSING_URGENCY if _PRESSING.search(text) else 0.0)
    urgency = min(1.0, urgency + (loudness / 2 if urgency >= _NOTICED else 0.0))
    if strength < _NOTICED:
        return Affect("neutral", min(1.0, loudness), round(urgency, 3))
    return Affect(emotion, round(min(1.0, intensity + loudness), 3), round(urgency, 3))


def follow_mood(mood: Mood, affect: Affect) -> Mood:
    """Return the mood after one more message.

    The level is a moving average of how strongly unpleasant feelings are shown; pleasure and calm count as none. The trend
    turns only when the level has left the last turning point by `_TURN`, so that one flat message between two heated ones
    does not make it flutter, and it is steady again when the level has stayed near for a message.
    """
    shown = affect.intensity if affect.emotion in _UNPLEASANT else 0.0
    level = round((1 - _SMOOTHING) * mood.level + _SMOOTHING * shown, 3)
    moved = level - mood.anchor
    if abs(moved) >= _TURN:
        return Mood(level, level, "rising" if moved > 0 else "falling")
    return Mood(level, mood.anchor, "steady")
