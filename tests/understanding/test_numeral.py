"""Numbers as people write and say them."""

from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest

from tellerline.understanding.entities.numeral import find_numbers, parse_chinese


@pytest.mark.parametrize("form", ["low", "up"])
def test_plain_numerals_agree_with_cn2an(form):
    values = [*range(1, 400), *range(997, 12_000, 37), *range(99_990, 3_000_000, 77_777), 120_005_060, 10**8]
    for value in values:
        assert parse_chinese(cn2an.an2cn(value, form)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三万五", 35000),
        ("两百五", 250),
        ("一千二", 1200),
        ("百八", 180),
        ("一百零五", 105),
        ("三万零五", 30005),
        ("廿五", 25),
        ("十万八", 108000),
        ("一点二万", 12000),
        ("三点五", "3.5"),
        ("六六八八", 6688),
        ("半", "0.5"),
        ("两亿三", 230000000),
    ],
)
def test_spoken_numerals_leave_out_the_last_unit(text, value):
    assert parse_chinese(text) == Decimal(str(value))


@pytest.mark.parametrize("text", ["五五", "十百", "百千", "三五千", "一二十", "百百"])
def test_rows_that_are_no_numeral_are_none(text):
    assert parse_chinese(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("five fifty", [550]),
        ("twelve fifty", [1250]),
        ("one thousand two hundred and fifty", [1250]),
        ("two and a half thousand", [2500]),
        ("half a million", [500000]),
        ("a grand", [1000]),
        ("twenty-five", [25]),
        ("six six two zero", [6620]),
        ("1,234.50 and 5k", ["1234.50", 5000]),
        ("3万5千6百", [35600]),
        ("someone often", []),
        ("twenty twenty six", []),
        ("万一千万别转", []),
    ],
)
def test_numbers_are_found_in_sentences(text, values):
    assert [number.value for number in find_numbers(text)] == [Decimal(str(value)) for value in values]


def test_plain_rows_of_figures_keep_their_zeros():
    assert [number.digits for number in find_numbers("0034 零零三四")] == ["0034", "0034"]
