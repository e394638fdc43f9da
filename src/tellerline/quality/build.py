"""Putting the scorer of a bank together: its guard, its facts, its understanding, and what sentences do."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import cache
from pathlib import Path

from tellerline.cases.promise import find_promises
from tellerline.dialogue.release import Release
from tellerline.domain.errors import Invalid
from tellerline.domain.language import Language
from tellerline.domain.problem import PackProblem
from tellerline.domain.reading import Context, Reading
from tellerline.knowledge.load import Library, load_library
from tellerline.models.contract import SentenceEncoder
from tellerline.quality.acts import ActModel, ActReader, fit_acts
from tellerline.quality.opportunity import Tools
from tellerline.quality.scorer import Scorer
from tellerline.reply.guard import Guard, read_guard


def build_scorer(
    pack: Path, release: Release, encoder: SentenceEncoder, *, model: ActModel | None = None
) -> Scorer:
    """Return the scorer for the bank in folder `pack`. model: what was fitted before, so as not to fit it again.

    Raises: Invalid, code `guard`, when the pack's rules cannot be read.
    """
    problems: list[PackProblem] = []
    rules = read_guard(pack, problems)
    if rules is None:
        raise Invalid("guard", f"{problems[0].render()}; run `tellerline pack lint`", field="guard")
    guard = Guard(rules)

    def read(text: str, language: Language, at: datetime) -> Reading:
        return release.reader.read(text, Context(language, at.date()))

    def broken(text: str, language: Language) -> Collection[str]:
        return {one.rule for one in guard.inspect(text, language)}

    def promised(text: str, language: Language, at: datetime) -> list[tuple[str, bool]]:
        return [(one.what, one.timed) for one in find_promises(text, language, at, release.calendar)]

    acts = ActReader(model or fit_acts(encoder), encoder)
    return Scorer(read, acts.read, Tools(broken, promised, _rates_on(load_library(pack)[0])))


def _rates_on(library: Library) -> Callable[[date], frozenset[str]]:
    """Return what tells the percentages of the bank's facts on a day."""
    rows = [
        fact for table in library.tables.values() for fact in table.rows if fact.unit.startswith("percent")
    ]

    @cache
    def rates(on: date) -> frozenset[str]:
        return frozenset(f"{fact.decimal.normalize():f}" for fact in rows if fact.in_force(on))

    return rates
