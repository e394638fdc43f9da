"""Choosing the passage of an article that answers: the lead, unless a section is clearly what was asked about."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tellerline.knowledge.article import LEAD
from tellerline.knowledge.ask import Asked, cosine
from tellerline.knowledge.index import Floats, LanguageIndex

# Fitted on questions about sections: what a passage holds that others of the article do not, what its heading says that
# the title does not, how its heading is spelled; and how much a section must be better by.
_OWN_WORDS, _HEADING, _SPELLING, _LEAD_BONUS = 1.0, 2.0, 0.5, 0.3
_HEADING_SLACK = 3.0
_CLEARLY = 0.3


class Choice(NamedTuple):
    """The number of a passage. `clear`: it may stand without the lead."""

    passage: int
    clear: bool


def choose_passage(part: LanguageIndex, asked: Asked, article: int) -> Choice:
    """Return the passage of the article at position `article` that answers best."""
    first, count = int(part.passage_start[article]), part.meta.passages[article]
    scores = _OWN_WORDS * _own_words(part, asked, first, count)
    scores += _HEADING * _heading_words(part, asked, article, first, count)
    scores += _SPELLING * cosine(part.families["passage_gram"], asked.grams)[first : first + count]
    scores[LEAD] += _LEAD_BONUS
    best = int(np.argmax(scores))
    return Choice(best, bool(best == LEAD or scores[best] - scores[LEAD] >= _CLEARLY))


def _own_words(part: LanguageIndex, asked: Asked, first: int, count: int) -> Floats:
    """Return how much of the question each passage holds, words that all passages hold counting nothing."""
    passage, article = part.families["passage"], part.families["article"]
    found = np.zeros(count, np.float32)
    for feature in asked.tokens.ids.tolist():
        held = np.array([passage.has(feature, first + number) for number in range(count)], np.float32)
        if held.any():
            found += held * float(article.idf[feature]) * math.log((1 + count) / (1 + float(held.sum())))
    total = float(article.idf[asked.tokens.ids].sum()) or 1.0
    return found / np.float32(total)


def _heading_words(part: LanguageIndex, asked: Asked, article: int, first: int, count: int) -> Floats:
    """Return how much of what the question adds to the title each heading says."""
    heading, title, weight = (
        part.families["passage_heading"],
        part.families["title"],
        part.families["article"].idf,
    )
    added = [feature for feature in asked.tokens.ids.tolist() if not title.has(feature, article)]
    found = np.zeros(count, np.float32)
    for feature in added:
        found += float(weight[feature]) * np.array(
            [heading.has(feature, first + number) for number in range(count)], np.float32
        )
    return found / np.float32(float(weight[added].sum()) + _HEADING_SLACK)
