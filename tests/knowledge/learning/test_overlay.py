"""Intervals of a figure stay whole whatever is put into them, and every day keeps at most one value."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tellerline.domain.language import Text
from tellerline.domain.proposal import FactChange
from tellerline.knowledge.learning.overlay import Row, put_row

START = date(2026, 1, 1)
LABEL = Text("费", "Fee")


def row(key: str, value: str, begins: int, ends: int | None) -> Row:
    return {
        "key": key,
        "label": {"zh": "费", "en": "Fee"},
        "unit": "money",
        "currency": "CNY",
        "value": value,
        "valid_from": START + timedelta(days=begins),
        "valid_to": None if ends is None else START + timedelta(days=ends),
    }


def value_on(rows: list[Row], key: str, day: int) -> str | None:
    on = START + timedelta(days=day)
    found = [
        row["value"]
        for row in rows
        if row["key"] == key
        and row["valid_from"] <= on
        and (row["valid_to"] is None or on <= row["valid_to"])
    ]
    assert len(found) <= 1, "a day has one value"
    return found[0] if found else None


def change(value: str, begins: int, ends: int | None = None) -> FactChange:
    last = None if ends is None else START + timedelta(days=ends)
    return FactChange(
        "fees", "a", LABEL, "money", value, valid_from=START + timedelta(days=begins), valid_to=last
    )


def test_the_figure_before_ends_on_the_day_before() -> None:
    rows = put_row([row("b", "9", 0, None), row("a", "1", 0, None)], change("2", 10), START)
    assert [(r["key"], r["value"]) for r in rows] == [("b", "9"), ("a", "2"), ("a", "1")]
    assert [value_on(rows, "a", day) for day in (0, 9, 10, 400)] == ["1", "1", "2", "2"]


def test_a_figure_decided_for_later_stays() -> None:
    rows = put_row([row("a", "3", 20, None), row("a", "1", 0, 19)], change("2", 10), START)
    assert [value_on(rows, "a", day) for day in (9, 10, 19, 20)] == ["1", "2", "2", "3"]


def test_what_a_figure_interrupts_goes_on_after_it() -> None:
    rows = put_row([row("a", "1", 0, None)], change("2", 10, 12), START)
    assert [value_on(rows, "a", day) for day in (9, 10, 12, 13)] == ["1", "2", "2", "1"]


def test_a_figure_of_the_same_day_is_replaced() -> None:
    once = put_row([row("a", "1", 0, None)], change("2", 10), START)
    assert put_row(once, change("3", 10), START)[0]["value"] == "3"
    assert put_row(once, change("2", 10), START) == once


@given(st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 15))), max_size=6))
def test_every_day_keeps_one_value_and_the_last_change_holds(spans: list[tuple[int, int | None]]) -> None:
    rows = [row("a", "0", 0, None)]
    for number, (begins, length) in enumerate(spans, start=1):
        ends = None if length is None else begins + length
        rows = put_row(rows, change(str(number), begins, ends), START)
        assert value_on(rows, "a", begins) == str(number)
        assert all(value_on(rows, "a", day) is not None for day in range(60))
