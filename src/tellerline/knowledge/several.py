"""Questions that need more than one article: cut into what is asked, each part judged in the light of the whole."""

from __future__ import annotations

import re

from tellerline.domain.language import Language

PARTS_MAX = 3
CONTEXT = 0.3  # how much the whole question's ranking counts in judging a part: "and if I break it?" says no subject
PART_PROBABLE = 0.6  # how probably an article must answer a part; chosen on the development questions
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
