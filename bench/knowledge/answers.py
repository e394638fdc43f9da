"""What the product says to the development questions, and whether it may."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from bench.knowledge.questions import Question
from tellerline.domain.citation import Source
from tellerline.domain.language import Language
from tellerline.knowledge.answer import Answer
from tellerline.knowledge.article import Article
from tellerline.knowledge.ground import Knowledge

TODAY = date(2026, 11, 27)  # the day the questions' figures are of


class Answers(NamedTuple):
    """Shares 0..1, and the processor's time for each answer in ms.

    precision: of the answers given to single and unanswerable questions, those that are right; recall: of single questions,
    those answered right; abstained: of unanswerable ones, those left (or met with a tolerated article). several: both
    needs met; constraints: every row expected is cited.
    """

    precision: float
    recall: float
    abstained: float
    several: float
    constraints: float
    times: list[float]
    wrong: list[str]


def judge_answers(
    knowledge: Knowledge, articles: dict[str, Article], questions: Sequence[Question], language: Language
) -> Answers:
    """Ask every question and judge what comes back."""
    times: list[float] = []
    wrong: list[str] = []
    given = right = abstained = several = constraints = 0
    count = {
        kind: sum(q.kind == kind for q in questions)
        for kind in ("single", "two", "constraint", "unanswerable")
    }
    for question in questions:
        text = question.in_(language)
        began = time.process_time()
        answer, _ = knowledge.answer(text, language=language, on=TODAY)
        times.append((time.process_time() - began) * 1_000)
        sources = answer.sources if answer is not None else []
        if question.kind == "single":
            met = meets(question.articles, sources, articles)
            given, right = given + bool(answer), right + met
        elif question.kind == "unanswerable":
            met = answer is None or meets(question.tolerated, sources, articles)
            given, abstained = given + (not met), abstained + met
        elif question.kind == "two":
            met = all(meets(need, sources, articles) for need in question.needs)
            several += met
        else:
            cited = {source.id for source in sources if source.kind == "fact"}
            met = set(question.facts) <= cited
            constraints += met
        if not met:
            wrong.append(f"{question.id} {language} {text} -> {_short(answer)}")
    return Answers(
        right / max(given, 1),
        right / count["single"],
        abstained / count["unanswerable"],
        several / count["two"],
        constraints / count["constraint"],
        times,
        wrong,
    )


def meets(expected: Collection[str], sources: Sequence[Source], articles: dict[str, Article]) -> bool:
    """Tell whether an answer rests on an expected article, or, worked out, first on a row that one of them states."""
    quoted = {source.id.partition("#")[0] for source in sources if source.kind == "article"}
    if quoted or not sources:
        return bool(quoted & set(expected))
    table, _, row = sources[0].id.partition(".")
    stated = {ref for name in expected for passage in articles[name].passages for ref in passage.references}
    return (table, row) in stated or (table, "") in stated


def _short(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    return f"{', '.join(source.id for source in answer.sources[:3])} ({answer.score:.2f})"
