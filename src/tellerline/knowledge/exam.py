"""The questions a pack measures its search by, and what they show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from tellerline.domain.language import LANGUAGES, Language
from tellerline.domain.located import LocatedYaml
from tellerline.domain.problem import PackProblem

FOLDER = "exam/retrieval"


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question that the knowledge answers: by one of `articles`, and by naming the row `fact` if one is given."""

    ask: str
    articles: list[str]
    fact: str | None = None


class QuestionSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions of one purpose."""

    answerable: list[Question] = []
    unanswerable: list[str] = []


class RetrievalExam(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions of one language: `dev` fits the search, `test` only measures it."""

    dev: QuestionSet = QuestionSet()
    test: QuestionSet = QuestionSet()


class Report(msgspec.Struct, frozen=True):
    """What a set of questions shows; shares are 0..1.

    first, third:   an expected article is the best found, or among the best three (recall at 1 and 3).
    answered_right: answerable questions that got an answer from an expected article.
    answered_wrong: answerable questions that got one from another article.
    abstained:      unanswerable questions that rightly got none.
    """

    language: Language
    name: Literal["dev", "test"]
    answerable: int
    unanswerable: int
    first: float
    third: float
    answered_right: float
    answered_wrong: float
    abstained: float


class Outcome(msgspec.Struct, frozen=True):
    """What the search did with one question. `found`: up to three articles, best first; `expected` [] when unanswerable."""

    ask: str
    expected: Sequence[str]
    found: Sequence[str]
    answered: bool

    @property
    def first(self) -> bool:
        """The best article is an expected one."""
        return bool(self.found) and self.found[0] in self.expected


def report(language: Language, name: Literal["dev", "test"], outcomes: Sequence[Outcome]) -> Report:
    """Sum up the outcomes of a set."""
    asked = [outcome for outcome in outcomes if outcome.expected]
    others = [outcome for outcome in outcomes if not outcome.expected]

    def share(count: int, of: Sequence[Outcome]) -> float:
        return round(count / len(of), 4) if of else 1.0

    return Report(
        language=language,
        name=name,
        answerable=len(asked),
        unanswerable=len(others),
        first=share(sum(o.first for o in asked), asked),
        third=share(sum(any(a in o.expected for a in o.found[:3]) for o in asked), asked),
        answered_right=share(sum(o.first and o.answered for o in asked), asked),
        answered_wrong=share(sum(o.answered and not o.first for o in asked), asked),
        abstained=share(sum(not o.answered for o in others), others),
    )


def read_exam(pack: Path, problems: list[PackProblem]) -> dict[Language, RetrievalExam]:
    """Read the questions of the pack in folder `pack`; a language without any has empty sets."""
    exams: dict[Language, RetrievalExam] = {}
    for language in LANGUAGES:
        file = f"{FOLDER}/{language}.yaml"
        path = pack / file
        exams[language] = RetrievalExam()
        if path.exists():
            source = LocatedYaml(file, path.read_text("utf-8"))
            exams[language] = (
                source.convert(source.parse(problems), RetrievalExam, problems) or RetrievalExam()
            )
    return exams
