"""Training makes the same model of the same examples, and a model that is right about what it has not seen."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import defaultdict

import numpy as np

from tellerline.understanding.normalise import normalise
from tellerline.understanding.train import train
from tests.understanding.conftest import Corpus, small_corpus

FEW = (
    "check_balance",
    "lost_card",
    "make_transfer",
    "atm_problem",
    "branch_hours",
    "talk_to_human",
    "affirm",
    "out_of_scope",
)
UNSEEN_SHARE = 5
ACCURACY_MIN = {"zh": 0.85, "en": 0.8}


def few() -> Corpus:
    return small_corpus(FEW, ["scam"], [])


def test_the_same_examples_give_the_same_model(encoder):
    first, second = train(*few(), encoder), train(*few(), encoder)
    assert first.form == second.form
    for name in first.arrays.__struct_fields__:
        assert np.array_equal(getattr(first.arrays, name), getattr(second.arrays, name)), name


def test_unseen_examples_are_understood(encoder):
    registry, examples, flags = few()
    seen: dict[str, dict[str, list[str]]] = {}
    unseen: list[tuple[str, str, str]] = []
    for language, by_intent in examples.items():
        seen[language] = {}
        for intent, phrases in by_intent.items():
            shuffled = random.Random(intent).sample(phrases, len(phrases))
            seen[language][intent] = shuffled[len(shuffled) // UNSEEN_SHARE :]
            unseen += [(language, intent, phrase) for phrase in shuffled[: len(shuffled) // UNSEEN_SHARE]]
    trained = train(registry, seen, flags, encoder)
    right: dict[str, list[bool]] = defaultdict(list)
    for language, intent, phrase in unseen:
        best = int(trained.score(normalise(phrase).text).intents.argmax())
        right[language].append(trained.intents[best] == intent)
    for language, accuracy in ACCURACY_MIN.items():
        assert sum(right[language]) >= accuracy * len(right[language])


def test_an_intent_without_examples_never_wins(encoder):
    registry, examples, flags = few()
    registry = {**registry, "intents": {**registry["intents"], "new": {"kind": "business", "title": {}}}}
    trained = train(registry, examples, flags, encoder)
    assert trained.intents[int(trained.score("new").intents.argmax())] != "new"


def test_using_a_model_imports_no_scikit_learn():
    code = "import sys, tellerline.understanding.reader, tellerline.understanding.train, tellerline.understanding.redact;"
    code += "sys.exit(len({'sklearn', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
