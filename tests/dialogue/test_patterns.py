"""Each repair pattern, 1 to 20, driven by a real conversation on Harbour Bank, in both languages."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import msgspec
import pytest
import yaml

from tellerline.app import App, build, shared_encoder
from tellerline.dialogue import pack as packs
from tellerline.domain import event as e
from tellerline.domain.clock import Clock
from tellerline.domain.language import LANGUAGES, Language
from tellerline.exam.case import Case
from tellerline.exam.clock import LoopClock, run_virtually
from tellerline.exam.hall import QuietDesk, composer
from tellerline.exam.load import Placed
from tellerline.exam.run import START, Compose, hold_exam
from tellerline.settings import Settings
from tellerline.testing.log import MemoryLog
from tests.harbour import PACK, ready_releases

FILE = Path(__file__).parent / "patterns.yaml"
CASES = msgspec.convert(yaml.safe_load(FILE.read_text("utf-8")), list[Case])
HELD_BELOW = {18}

pytestmark = pytest.mark.timeout(600)  # the first one may have to compile the pack


def test_every_pattern_has_a_conversation_in_both_languages() -> None:
    wanted = {f"{number}-{language}" for number in range(1, 21) for language in LANGUAGES}
    held = {case.id for case in CASES} | {
        f"{number}-{language}" for number in HELD_BELOW for language in LANGUAGES
    }
    assert wanted <= held


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return msgspec.structs.replace(Settings(), pack=PACK, data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def compose(settings: Settings) -> Compose:
    return composer(settings, ready_releases(), lambda _: None)


def name_of(case: Case) -> str:
    return case.id


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_pattern_goes_its_way(case: Case, compose: Compose) -> None:
    language = case.start.language
    assert language is not None
    report = hold_exam([Placed(case, language, FILE.name, 0)], compose)
    found = [f"turn {failure.turn}: {failure.expected}; found {failure.found}" for failure in report.failures]
    assert found == []


# --- 18: a conversation finishes on the release it began with


@asynccontextmanager
async def counter_on(settings: Settings, releases: Path, clock: Clock) -> AsyncIterator[App]:
    app = build(settings, clock=clock, log=MemoryLog(), desk=QuietDesk(), releases=releases, random=Random(1))
    async with app.open():
        yield app


@pytest.fixture
def two_releases(tmp_path: Path, settings: Settings) -> tuple[Path, Path]:
    """A folder with the compiled release, and beside it one whose question after the amount reads differently."""
    releases = tmp_path / "releases"
    version = packs.build(PACK, ready_releases(), shared_encoder())
    shutil.copytree(ready_releases() / version, releases / version)
    changed = tmp_path / "harbour"
    shutil.copytree(PACK, changed)
    for language in LANGUAGES:
        copy = changed / "flows" / "transfer" / f"copy.{language}.yaml"
        text = copy.read_text("utf-8").replace("ask_amount: ", "ask_amount: 〔2〕", 1)
        copy.write_text(text, encoding="utf-8")
    made = releases / packs.content_hash(changed)
    shutil.copytree(releases / version, made)
    shutil.rmtree(made / "pack")
    shutil.copytree(changed, made / "pack")
    return releases, changed


@pytest.mark.parametrize(
    ("language", "customer", "request_text"),
    [("zh", "demo-wangfang", "给李静转账"), ("en", "demo-smith", "transfer to Olivia Clark")],
)
def test_a_new_release_changes_nothing_in_a_conversation_under_way(
    two_releases: tuple[Path, Path], settings: Settings, language: Language, customer: str, request_text: str
) -> None:
    releases, changed = two_releases

    async def hold() -> tuple[str, str]:
        async with counter_on(settings, releases, LoopClock(START)) as app:

            async def ask(conversation: e.ConversationId, client_id: str) -> str:
                events = await app.counter.answer(conversation, client_id=client_id, text=request_text)
                return "\n".join(event.body.text for event in events if isinstance(event.body, e.MessageSent))

            before = await app.counter.open(channel="web", language=language, customer_token=customer)
            app.releases.publish(changed)
            after = await app.counter.open(channel="web", language=language, customer_token=customer)
            answers = await ask(before.id, "m1"), await ask(after.id, "m1")
            await asyncio.sleep(0)
            return answers

    old, new = run_virtually(hold())
    assert old
    assert "〔2〕" not in old
    assert "〔2〕" in new
