"""What is certain at a step: the meet over all paths."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tellerline.flows import graph
from tellerline.flows.expression import parse_expression
from tellerline.flows.spec import Flow


def make(*steps: dict[str, Any]) -> Flow:
    slots = {"a": {"type": "money", "ask": "q"}, "b": {"type": "text", "ask": "q", "skippable": True}}
    raw = {"flow": "f", "title": {"zh": "甲", "en": "A"}, "intents": [], "slots": slots, "steps": list(steps)}
    return msgspec.convert(raw, Flow)


def test_what_both_ways_have_done_is_certain_where_they_meet() -> None:
    flow = make(
        {"id": "split", "branch": [{"when": "x == 1", "go": "left"}, {"go": "right"}]},
        {"id": "left", "verify": 2, "next": "meet"},
        {"id": "right", "verify": 1},
        {"id": "meet", "end": "completed"},
    )
    certain = graph.certainties(flow)
    assert certain["left"] == {"value:x"}
    assert certain["meet"] == {"level:1"}


def test_a_failure_makes_nothing_certain() -> None:
    flow = make(
        {
            "id": "freeze",
            "do": "card.freeze",
            "with": {"card": "a"},
            "into": "frozen",
            "on": {"refused": "sorry"},
        },
        {"id": "told", "say": "t", "next": "finish"},
        {"id": "sorry", "say": "s"},
        {"id": "finish", "end": "completed"},
    )
    certain = graph.certainties(flow)
    assert certain["told"] == {"did:card.freeze", "value:frozen", "value:terms"}
    assert certain["sorry"] == frozenset()
    assert certain["finish"] == frozenset()


def test_answers_results_and_cases_become_known() -> None:
    flow = make(
        {"id": "a", "ask": "a"},
        {"id": "b", "ask": "b"},
        {"id": "look", "lookup": "cards.list", "into": "cards"},
        {"id": "case", "promise": {"kind": "k", "owner": "o", "due": {"days": 1}, "summary": "s"}},
        {"id": "finish", "end": "completed"},
    )
    assert graph.certainties(flow)["finish"] == {"value:a", "value:cards", "case", "value:case"}


def test_a_yes_is_known_and_a_no_is_not() -> None:
    flow = make(
        {"id": "read", "confirm": "c", "prepare": "card.repay", "on": {"denied": "left"}},
        {"id": "pay", "do": "card.repay", "into": "paid", "next": "left"},
        {"id": "left", "end": "completed"},
    )
    certain = graph.certainties(flow)
    assert certain["pay"] == {"confirmed:card.repay", "value:terms"}
    assert certain["left"] == {"value:terms"}


@pytest.mark.parametrize(
    ("condition", "holds", "expected"),
    [
        ("level >= 2", True, {"level:1", "level:2"}),
        ("level < 1", False, {"level:1"}),
        ("level <= 1", False, {"level:1", "level:2"}),
        ("level >= 2", False, set()),
        ("level < 2", True, set()),
        ("card.status == 'frozen' and second", True, {"value:card", "value:second"}),
        ("card or second", True, set()),
        ("not card", False, {"value:card"}),
        ("second is defined", True, {"value:second"}),
        ("second is defined", False, set()),
        ("kind != 'all'", True, set()),
        ("kind in ['all']", True, {"value:kind"}),
        ("1 < amount < 3", True, set()),
    ],
)
def test_what_a_condition_makes_certain(condition: str, holds: bool, expected: set[str]) -> None:
    assert graph.implied(parse_expression(condition), holds=holds) == expected
