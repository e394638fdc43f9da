"""Finding articles that say what another says already: two answers to one question sooner or later differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from tellerline.domain.proposal import Finding, Severity
from tellerline.knowledge.article import REFERENCE, Article
from tellerline.knowledge.learning.header import fold

SAME, NEAR = 90.0, 75.0  # of 100: likeness of whole texts
_PLAIN = re.compile(r"[\W_]+")


def find_duplicates(article: Article, others: Iterable[Article]) -> Iterator[Finding]:
    """Yield what `article` has in common with `others` of its language; its own former text does not count."""
    asks = {_plain(ask): ask for ask in (article.heading.title, *article.heading.questions)}
    text = _text(article)
    for other in others:
        if other.id == article.id:
            continue
        shared = [
            asks[_plain(ask)]
            for ask in (other.heading.title, *other.heading.questions)
            if _plain(ask) in asks
        ]
        for ask in shared:
            what = f"{ask!r} is a question of the article {other.id} already"
            yield Finding("duplicate", article.file, what, f"leave it out here, or change {other.id} instead")
        alike = fuzz.ratio(text, _text(other), score_cutoff=NEAR)
        if alike >= NEAR:
            what = f"it says nearly what the article {other.id} says ({alike:.0f} of 100)"
            severity: Severity = "error" if alike >= SAME else "warning"
            yield Finding(
                "duplicate", article.file, what, f"change {other.id} instead of adding to it", severity
            )


def _plain(text: str) -> str:
    return _PLAIN.sub("", fold(text))


def _text(article: Article) -> str:
    written = "\n".join(f"{passage.title}\n{passage.text}" for passage in article.passages)
    return _plain(REFERENCE.sub(" ", written))
