"""The development sets load, name only what the pack has, and cover it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from rapidfuzz import fuzz, process

from bench.quality.development import MEASURED, load_excerpts, load_second
from tellerline.domain.language import Language
from tellerline.domain.reading import EntityType
from tellerline.quality.acts import load_examples
from tellerline.quality.rubric import ADVISES_ONLY
from tellerline.quality.transcript import split_sentences

ROOT = Path(__file__).parents[2]
PACK = ROOT / "packs" / "harbour"
UNDERSTANDING = ROOT / "bench" / "understanding" / "dev"
QUALITY = ROOT / "bench" / "quality"
KNOWLEDGE = ROOT / "bench" / "knowledge" / "dev"
PAIRS = ROOT / "training" / "data" / "zh_pairs.tsv"
# Two people will both write "what is my balance"; a longer text in both places was copied.
SHORT = 20
KINDS = {"single", "multi", "out_far", "out_near", "ambiguous"}


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def _registry() -> dict[str, Any]:
    registry: dict[str, Any] = _load(PACK / "intents" / "intents.yaml")
    return registry


def _repeated(values: list[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_intent_pairs_name_registered_intents_and_cover_them() -> None:
    registered = set(_registry()["intents"])
    pairs = _load(UNDERSTANDING / "intents.yaml")
    assert not _repeated([pair["id"] for pair in pairs])
    assert not _repeated([(pair["zh"], pair["en"]) for pair in pairs])
    for pair in pairs:
        assert pair["kind"] in KINDS, pair
        assert pair["intents"], pair
        assert set(pair["intents"]) <= registered, pair
        assert isinstance(pair["zh"], str), pair
        assert isinstance(pair["en"], str), pair
        assert bool(pair.get("all")) == (pair["kind"] == "multi"), pair
    single = Counter(pair["intents"][0] for pair in pairs if pair["kind"] == "single")
    assert {name for name in registered if single[name] < 4} == set()
    kinds = Counter(pair["kind"] for pair in pairs)
    assert kinds["multi"] >= 60
    assert kinds["out_far"] >= 40
    assert kinds["out_near"] >= 40
    assert kinds["ambiguous"] >= 30


def _articles() -> set[str]:
    return {path.stem for path in (PACK / "articles" / "zh").glob("*.md")}


def _fact_rows() -> set[str]:
    tables = [_load(path) for path in (PACK / "facts").glob("*.yaml")]
    return {
        f"{table['id']}.{row['key']}" for table in tables for row in table.get("rows") or table["branches"]
    }


def test_questions_name_articles_and_facts_of_the_pack() -> None:
    questions = _load(KNOWLEDGE / "questions.yaml")
    articles, fact_rows = _articles(), _fact_rows()
    assert not _repeated([question["id"] for question in questions])
    assert not _repeated([question["zh"] for question in questions])
    for question in questions:
        needed = [article for group in question.get("needs", []) for article in group]
        named = [*question.get("articles", []), *question.get("tolerated", []), *needed]
        assert set(named) <= articles, question
        assert set(question.get("facts", [])) <= fact_rows, question
        assert named or question.get("facts") or question["kind"] == "unanswerable", question
        assert ("answer" in question) == (question["kind"] == "constraint"), question
    kinds = Counter(question["kind"] for question in questions)
    assert kinds["single"] >= 150
    assert kinds["two"] >= 20
    assert kinds["constraint"] >= 30
    assert kinds["unanswerable"] >= 40


@pytest.mark.parametrize("language", ["zh", "en"])
def test_flag_messages_name_registered_flags_and_cover_them(language: str) -> None:
    registry, sets = _registry(), _load(UNDERSTANDING / f"flags.{language}.yaml")
    messages, affect = sets["messages"], sets["affect"]
    assert not _repeated([message["text"] for message in messages])
    for message in messages:
        assert set(message["flags"]) <= set(registry["flags"]), message
        assert bool(message["flags"]) == (message["kind"] == "positive"), message
    flagged = Counter(flag for message in messages for flag in message["flags"])
    assert min(flagged[flag] for flag in registry["flags"]) >= 60
    assert sum(message["kind"] != "positive" for message in messages) >= 300
    assert Counter(row["emotion"] for row in affect) == dict.fromkeys(
        set(registry["affects"]) - {"intensity"}, 30
    )
    assert {row["intensity"] for row in affect} == {0, 1, 2, 3}


def test_entity_sentences_hold_the_words_and_types_they_name() -> None:
    sentences = _load(UNDERSTANDING / "entities.yaml")["sentences"]
    assert not _repeated([sentence["text"] for sentence in sentences])
    for sentence in sentences:
        assert sentence["language"] in get_args(Language), sentence
        for entity in sentence["entities"]:
            assert entity["type"] in get_args(EntityType), sentence
            assert entity["text"] in sentence["text"], sentence
            if entity["type"] == "date":
                assert date.fromisoformat(entity["value"]) <= date.fromisoformat(
                    entity.get("until", entity["value"])
                )
    assert len(sentences) >= 200


def test_development_messages_are_not_among_the_training_pairs() -> None:
    rows = [line.split("\t") for line in PAIRS.read_text("utf-8").splitlines()]
    assert rows[0] == ["id", "en", "zh", "label"]
    assert all(len(row) == 4 and all(row) for row in rows)
    assert not _repeated([row[0] for row in rows])
    trained = {text.casefold() for row in rows for text in row[1:3] if len(text) > SHORT}
    held = [pair[language] for pair in _load(UNDERSTANDING / "intents.yaml") for language in ("zh", "en")]
    held += [text[language] for text in _load(KNOWLEDGE / "questions.yaml") for language in ("zh", "en")]
    assert not [text for text in held if text.casefold() in trained]


def test_the_quality_set_is_large_in_both_languages_and_marked_twice() -> None:
    excerpts, second = load_excerpts(), load_second()
    for language, found in excerpts.items():
        assert len(found) >= 100, language
        assert len({one.id for one in found}) == len(found)
        failing = Counter(name for one in found for name in one.fail)
        assert set(failing) <= set(MEASURED)
        missing = set(MEASURED) - set(failing) - ({"polite_address"} if language == "en" else set())
        assert not missing, (language, missing)
        assert sum(not one.fail for one in found) >= 40, "as many good ones"
    known = {one.id for found in excerpts.values() for one in found}
    assert set(second) <= known
    assert {name for marks in second.values() for name in (*marks.fail, *marks.passed)} <= set(MEASURED)


def test_no_sentence_of_the_quality_set_is_nearly_an_example_of_an_act() -> None:
    examples = [sentence.lower() for sentence in load_examples()]
    said = {
        sentence.lower()
        for found in load_excerpts().values()
        for one in found
        for turn in one.turns
        if turn.startswith("r ")
        for sentence in split_sentences(turn.removeprefix("r "))
    }
    copied = {text: process.extractOne(text, examples, scorer=fuzz.ratio) for text in said if len(text) >= 8}
    assert {text: found for text, found in copied.items() if found[1] > 88} == {}


def test_what_the_report_says_advises_only_counts_in_no_score() -> None:
    _, chinese, english = (QUALITY / "quality.md").read_text("utf-8").split("## ")[:3]
    for part, language in ((chinese, "zh"), (english, "en")):
        rows = [line.split("|") for line in part.splitlines() if "advises only" in line]
        assert {row[1].strip(" °") for row in rows} == ADVISES_ONLY[language]
