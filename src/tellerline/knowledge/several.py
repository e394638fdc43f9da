"""Questions that need more than one article: cut into what is asked, each part judged in the light of the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tellerline.domain.language import Language
from tellerline.knowledge.retrieve import Ranking

PARTS_MAX = 3
CONTEXT = 0.5  # how much the whole question's ranking counts in judging a part: "and if I break it?" says no subject
# Chosen on the development questions: how probably an article must answer a part, by itself or when it is among the best for
# the whole question; and how near a part's second must be to stand in for a first that answers another part.
_PROBABLE, _PROBABLE_IN_WHOLE, _NEARLY = 0.9, 0.3, 0.85
_BEST_OF_WHOLE = 3
_PART_MIN: dict[Language, int] = {"zh": 4, "en": 3}  # characters, or words; less is no question of its own
_CUT: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"[，,。；;？?！!\n\s]+|另外|还有|顺便|以及|再问|同时"),
    "en": re.compile(
        r"[;?!.\n]+(?:\s|$)|,\s|\s[-–—&]\s|\b(?:and|also|plus|then)\s(?=(?:also\s)?(?:how|what|when|where|which|who|why"
        r"|can|could|do|does|is|are|will|would|should|may|if|whether)\b)"
    ),
}
_WORD = re.compile(r"\w+")


def split_question(question: str, language: Language) -> list[str]:
    """Return the parts of a question that may ask for different things; [] when it asks for one."""
    parts: list[str] = []
    for piece in _CUT[language].split(question):
        text = (piece or "").strip()
        if _size(text, language) >= _PART_MIN[language]:
            parts.append(text)
    return parts if 1 < len(parts) <= PARTS_MAX else []


def _size(text: str, language: Language) -> int:
    return len(text) if language == "zh" else len(_WORD.findall(text))


def choose_articles(parts: Sequence[Ranking], whole: Ranking) -> dict[int, Ranking]:
    """Return the articles that answer the parts, each with the ranking it comes from, in the order of the parts."""
    best = set(whole.order[:_BEST_OF_WHOLE].tolist())
    chosen: dict[int, tuple[int, Ranking]] = {}
    for place, part in sorted(enumerate(parts), key=lambda one: -one[1].probability):
        first, second = (int(number) for number in part.order[:2])
        if part.probability < (_PROBABLE_IN_WHOLE if first in best else _PROBABLE):
            continue
        if first not in chosen:
            chosen[first] = place, part
        elif second in best and second not in chosen and part.scores[second] >= _NEARLY * part.scores[first]:
            chosen[second] = place, part
    return {article: part for article, (_, part) in sorted(chosen.items(), key=lambda one: one[1][0])}
