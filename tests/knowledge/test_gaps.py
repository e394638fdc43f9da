"""Questions without an answer are gathered by subject, in whatever order and language they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tellerline.domain.language import Language
from tellerline.knowledge.analyse import Analyser
from tellerline.knowledge.gaps import Gap, GapLog, group_gaps
from tellerline.knowledge.terms import Terms, read_terms
from tests.harbour import PACK

START = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(Terms(read_terms(PACK, [])))


def asked(*questions: tuple[Language, str]) -> list[Gap]:
    return [
        Gap(question, language, START + timedelta(minutes=number))
        for number, (language, question) in enumerate(questions)
    ]


def test_gathers_both_languages_and_counts(analyser: Analyser) -> None:
    gaps = asked(
        ("zh", "境外用数字人民币钱包怎么付款"),
        ("en", "pay with my digital yuan wallet abroad"),
        ("zh", "公司怎么开对公账户"),
        ("zh", "境外用数字人民币钱包怎么付款"),
    )
    first, second = group_gaps(gaps, analyser)
    assert first.count == 3
    assert first.languages == {"zh": 2, "en": 1}
    assert first.examples == ["境外用数字人民币钱包怎么付款", "pay with my digital yuan wallet abroad"]
    assert (first.first_at, first.last_at) == (START, START + timedelta(minutes=3))
    assert second.examples == ["公司怎么开对公账户"]


def test_same_question_is_one_group_even_without_known_words(analyser: Analyser) -> None:
    groups = group_gaps(asked(("en", "qwertz zxcvb"), ("en", "Qwertz zxcvb")), analyser)
    assert [group.count for group in groups] == [2]


def test_one_at_a_time_gives_the_same_groups(analyser: Analyser) -> None:
    gaps = asked(("zh", "公司怎么开对公账户"), ("en", "open a company account"), ("zh", "对公账户怎么开"))
    log = GapLog(analyser)
    for gap in gaps:
        log.add(gap)
    assert log.groups() == group_gaps(reversed(gaps), analyser)
