"""A model trained once on part of the pack: enough to tell requests, moves and small talk apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tellerline.domain.language import LANGUAGES, Text
from tellerline.domain.reading import Context
from tellerline.models.adapters.encoder import load_encoder
from tellerline.models.contract import SentenceEncoder
from tellerline.understanding.intents import Model
from tellerline.understanding.reader import Understanding
from tellerline.understanding.remember import RememberingEncoder
from tellerline.understanding.train import train

PACK = Path(__file__).parents[2] / "packs" / "harbour"
TODAY = date(2026, 11, 23)  # a Monday
INTENTS = (
    "check_balance",
    "lost_card",
    "make_transfer",
    "transfer_limit",
    "credit_card_bill",
    "atm_problem",
    "ask_rates",
    "branch_hours",
    "complaint",
    "talk_to_human",
    "affirm",
    "deny",
    "cancel",
    "correct",
    "repeat",
    "finished",
    "greeting",
    "thanks",
    "out_of_scope",
)
FLAGS = ("human_wanted", "scam", "self_harm")
AFFECTS = ("anger", "urgency")


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


Corpus = tuple[dict[str, Any], dict[str, dict[str, list[str]]], dict[str, dict[str, Any]]]


def small_corpus(
    intents: Sequence[str] = INTENTS, flags: Sequence[str] = FLAGS, affects: Sequence[str] = AFFECTS
) -> Corpus:
    """Return registry, examples and flags of a part of the pack."""
    registry = read_yaml(PACK / "intents" / "intents.yaml")
    part = {
        "intents": {name: registry["intents"][name] for name in intents},
        "flags": {name: registry["flags"][name] for name in flags},
        "affects": list(affects),
    }
    examples = {
        language: {
            name: list(map(str, read_yaml(PACK / "intents" / language / f"{name}.yaml"))) for name in intents
        }
        for language in LANGUAGES
    }
    flagged = {
        language: {name: read_yaml(PACK / "flags" / language / f"{name}.yaml") for name in (*flags, *affects)}
        for language in LANGUAGES
    }
    return part, examples, flagged


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The shipped encoder; training and reading encode each phrase once."""
    return RememberingEncoder(load_encoder(), Path("/nowhere"))


@pytest.fixture(scope="session")
def model(encoder: SentenceEncoder) -> Model:
    return train(*small_corpus(), encoder)


@pytest.fixture(scope="session")
def understanding(model: Model) -> Understanding:
    return Understanding(model, places=[Text("深圳市", "Shenzhen")], holidays=[date(2027, 1, 1)])


@pytest.fixture
def chinese() -> Context:
    return Context("zh", TODAY, ("王伟", "李晓梅"))


@pytest.fixture
def english() -> Context:
    return Context("en", TODAY, ("John Smith",))
