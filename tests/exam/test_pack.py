"""The pack's own exam: it loads, covers what it should in both languages, and was not copied from what it examines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tellerline.domain.language import LANGUAGES
from tellerline.exam.load import Placed, load_exam, load_flow_cases

PACK = Path(__file__).parents[2] / "packs" / "harbour"
EXAMINED = (1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 16, 17, 18, 19, 20, 21, 24, 25)
CASES_MIN = 4  # of an ability, in a language
SHORT = 8  # letters; whoever says "confirm" copies nobody
PLACED, PROBLEMS = load_exam(PACK)


def test_every_case_of_the_pack_is_well_formed() -> None:
    _, beside = load_flow_cases(PACK)
    assert [problem.render() for problem in PROBLEMS + beside] == []


@pytest.mark.parametrize("ability", EXAMINED)
def test_an_ability_is_examined_equally_in_both_languages(ability: int) -> None:
    counts = Counter(placed.language for placed in PLACED if placed.ability == ability)
    assert min(counts[language] for language in LANGUAGES) >= CASES_MIN
    assert len({counts[language] for language in LANGUAGES}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_of_the_cases_are_unpleasant(language: str) -> None:
    own = [placed.case for placed in PLACED if placed.language == language]
    assert sum(case.unpleasant for case in own) * 2 >= len(own)


@pytest.mark.parametrize("ability", EXAMINED)
def test_an_ability_is_examined_when_it_is_hard(ability: int) -> None:
    own = [placed.case for placed in PLACED if placed.ability == ability]
    assert sum(case.unpleasant for case in own) * 5 >= len(own) * 2


def said(placed: Placed) -> Iterator[str]:
    for turn in placed.case.turns:
        if turn.say is not None:
            yield from [turn.say] if isinstance(turn.say, str) else turn.say


def bare(text: str) -> str:
    """Return only the letters and digits of a text, in lower case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def learned() -> set[str]:
    """Return every phrase that the understanding is trained on or the articles are found by."""
    phrases: set[str] = set()
    for path in [*PACK.glob("intents/??/*.yaml"), *PACK.glob("flags/??/*.yaml")]:
        content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        lists = content.values() if isinstance(content, dict) else [content]
        phrases |= {bare(str(phrase)) for found in lists for phrase in found or []}
    for path in PACK.glob("articles/??/*.md"):
        heading = yaml.load(path.read_text("utf-8").split("---\n", 2)[1], Loader=yaml.CSafeLoader)
        phrases |= {bare(str(question)) for question in heading["questions"]}
    return phrases


def test_no_case_says_what_was_learned_by_heart() -> None:
    phrases = learned()
    assert len(phrases) > 1_000
    copied = [
        f"{placed.case.id}: {text}"
        for placed in PLACED
        for text in said(placed)
        if len(bare(text)) > SHORT and bare(text) in phrases
    ]
    assert copied == []


def test_no_two_cases_are_one() -> None:
    texts = Counter("|".join(said(placed)) for placed in PLACED)
    assert [text for text, times in texts.items() if times > 1] == []
