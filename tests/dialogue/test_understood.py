"""Conversations in which words must be heard for what they mean there: see `understood.yaml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest
import yaml

from tellerline.app import shared_encoder
from tellerline.dialogue import pack as packs
from tellerline.dialogue.release import Release
from tellerline.domain.language import Language
from tellerline.domain.reading import Context
from tellerline.exam.case import Case
from tellerline.exam.hall import composer
from tellerline.exam.load import Placed
from tellerline.exam.run import Compose, hold_exam
from tellerline.settings import Settings
from tests.harbour import PACK, ready_releases

FILE = Path(__file__).parent / "understood.yaml"
CASES = msgspec.convert(yaml.safe_load(FILE.read_text("utf-8")), list[Case])
TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.timeout(600)  # the first one may have to compile the pack


def name_of(case: Case) -> str:
    return case.id


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Compose:
    settings = msgspec.structs.replace(Settings(), pack=PACK, data=tmp_path_factory.mktemp("data"))
    return composer(settings, ready_releases(), lambda _: None)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_it_is_heard_for_what_it_means(case: Case, compose: Compose) -> None:
    language = case.start.language
    assert language is not None
    report = hold_exam([Placed(case, language, FILE.name, 0)], compose)
    found = [f"turn {failure.turn}: {failure.expected}; found {failure.found}" for failure in report.failures]
    assert found == []


@pytest.fixture(scope="module")
def release() -> Release:
    version = packs.build(PACK, ready_releases(), shared_encoder())
    return packs.load(ready_releases(), version, shared_encoder())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I was on hold for an hour and then your line went dead"),
        ("en", "you have taken 25 for nothing and I am absolutely fuming"),
        ("en", "we may lose our home, the 2,400 for the landlord hasn't got there and I'm furious"),
        ("zh", "账单里9000分24期，别跟我打哈哈，本息一共多少"),
        ("zh", "地铁里手机和钱包都让人摸走了，刚取的工资在里面，我急得要命"),
        ("zh", "急疯了，给我舅舅转的两万是手术费，到这会儿都没到，你们压着干什么"),
        ("zh", "打了四十分钟电话没人接，接了又给我挂断"),
    ],
)
def test_an_angry_or_frightened_story_is_neither_a_scam_nor_a_crisis(
    release: Release, language: Language, text: str
) -> None:
    flags = release.reader.read(text, Context(language, TODAY)).flags
    assert [flag for flag in ("scam", "self_harm") if flags[flag] >= release.thresholds[flag]] == []


@pytest.mark.parametrize("text", ["i", "y", "."])
def test_one_letter_tells_nothing_of_anybody(release: Release, text: str) -> None:
    assert set(release.reader.read(text, Context("en", TODAY)).flags.values()) <= {0.0}


@pytest.mark.parametrize(
    ("language", "text", "flag"),
    [
        ("zh", "我不想活了", "self_harm"),
        ("zh", "催收天天打电话，我撑不下去了，从楼上跳下去算了", "self_harm"),
        ("en", "the debts never stop and I want to end my life", "self_harm"),
        ("zh", "有人说是检察院的，让我把钱都转到安全账户", "scam"),
        ("en", "a man says he is from your fraud team and wants my code", "scam"),
    ],
)
def test_what_is_a_crisis_or_a_scam_still_rings(
    release: Release, language: Language, text: str, flag: str
) -> None:
    flags = release.reader.read(text, Context(language, TODAY)).flags
    assert flags[flag] >= release.thresholds[flag]


def test_an_amount_worked_out_is_a_source_of_its_own(release: Release) -> None:
    answer, _ = release.knowledge.answer("账单七千六分12期，每个月大概多少", language="zh", on=TODAY)
    assert answer is not None
    assert [source.title for source in answer.sources if source.kind == "sum"] == [
        "按以上数字算出：45.60元、547.20元、678.93元"
    ]
