"""Looking into expressions and texts without evaluating them."""

from __future__ import annotations

import pytest

from tellerline.flows.expression import (
    names_in,
    optional_names,
    parse_expression,
    plain,
    root_of,
    syntax_error,
    uses_of,
)

CARD = {"cards": frozenset({"id", "status"}), "card": frozenset({"id"})}


@pytest.mark.parametrize(
    ("expression", "root"),
    [("a", "a"), ("a.b[0].c", "a"), ("a | list", "a"), ("(a | list)[0].b", "a"), ("1", ""), ("f(a)", "")],
)
def test_an_expression_starts_from_a_name(expression: str, root: str) -> None:
    assert root_of(parse_expression(expression)) == root


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{ card.number }}", [("card", "number")]),
        ("{% for c in cards %}{{ c.number }}{% endfor %}", [("cards", "number")]),
        ("{% for c in cards if c.kind %}{{ c.id }}{% endfor %}", [("cards", "kind")]),
        ("{{ (cards | selectattr('kind') | list)[0].id }}", [("cards", "kind")]),
        ("{{ cards | map(attribute='number') | list }}", [("cards", "number")]),
        ("{{ cards[0].number }}", [("cards", "number")]),
        ("{{ other.number }}{{ loop.last }}", []),
    ],
)
def test_fields_are_checked_against_the_form(text: str, wrong: list[tuple[str, str]]) -> None:
    assert uses_of(text, CARD).wrong == wrong


def test_facts_are_found_in_texts_and_expressions() -> None:
    assert uses_of("{{ facts.fees.late }} {{ facts.get('fees.early') }}", {}).facts == {
        "fees.late",
        "fees.early",
    }
    assert uses_of("facts.get('fees.late').minor > 3", {}, expression=True).facts == {"fees.late"}


def test_names_and_those_asked_about_first() -> None:
    text = "{{ a.b }}{% for c in d %}{{ c.e }}{% endfor %}{% if f is defined %}{{ f }}{% endif %}"
    assert names_in(text) == {"a", "d", "f"}
    assert optional_names(text) == {"f"}


def test_what_is_always_said() -> None:
    assert plain("已还{{ amount | money }}{% if left %}，还差{{ left }}{% endif %}") == "已还□，还差□"


@pytest.mark.parametrize(
    ("text", "expression"), [("{{ a", False), ("a b", True), ("", True), ("a | nothing", True)]
)
def test_what_cannot_be_read_is_said(text: str, expression: bool) -> None:
    assert syntax_error(text, expression=expression)


def test_what_can_be_read_is_not() -> None:
    assert syntax_error("{{ a | money }}", expression=False) == ""
    assert syntax_error("a if b else c", expression=True) == ""
