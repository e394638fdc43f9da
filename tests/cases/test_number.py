"""The numbers that customers read out to us."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tellerline.cases.number import ALPHABET, case_number, is_case_number

DAY = date(2026, 11, 23)
NUMBER = case_number("conversation/f1/unknown", DAY)


def test_a_number_says_its_day_and_follows_from_its_seed() -> None:
    assert NUMBER.startswith("HB261123-")
    assert len(NUMBER) == len("HB261123-K7QM3-WZ8PX")
    assert case_number("conversation/f1/unknown", DAY) == NUMBER
    assert is_case_number(NUMBER)
    assert is_case_number(f" {NUMBER.lower()} ")


def test_no_two_of_many_are_alike() -> None:
    assert len({case_number(f"c{index}/f1/open", DAY) for index in range(50_000)}) == 50_000


@given(st.integers(2, len(NUMBER) - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place: int, wrong: str) -> None:
    if NUMBER[place] == "-" or NUMBER[place] == wrong:
        return
    assert not is_case_number(NUMBER[:place] + wrong + NUMBER[place + 1 :])


@given(st.integers(2, len(NUMBER) - 2))
def test_two_neighbours_exchanged_are_noticed(place: int) -> None:
    first, second = NUMBER[place], NUMBER[place + 1]
    if "-" in (first, second) or first == second:
        return
    assert not is_case_number(NUMBER[:place] + second + first + NUMBER[place + 2 :])


def test_what_is_no_number_is_none() -> None:
    for text in ("", "HB261123", "HB261123-ABC", "HB2611A3-K7QM3-WZ8PX", "HB261123-K0QM3-WZ8PX"):
        assert not is_case_number(text)
