"""Values as customers write and say them, beyond the plain forms of test_finder: rough, spaced, doubled, split, moved."""

from __future__ import annotations

from datetime import date

import pytest

from tellerline.domain.language import Text
from tellerline.domain.reading import Context
from tellerline.understanding.entities.finder import EntityFinder
from tellerline.understanding.normalise import normalise

NAMES = ("王伟", "李晓梅", "陈静", "John Smith")
TODAY = date(2026, 11, 23)  # a Monday
FINDER = EntityFinder()


def read(text: str, *types: str) -> list[str]:
    """Return the entities of these types, read as in a conversation in the language of the text."""
    chinese = any("\u4e00" <= char <= "\u9fff" for char in text)
    entities = FINDER.find(normalise(text).text, Context("zh" if chinese else "en", TODAY, NAMES))
    return [
        f"{e.value}" + (f" {e.unit}" if e.unit else "") + (f"..{e.until}" if e.until else "")
        for e in entities
        if e.type in types
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1000 to Wang Wei", "100000 CNY"),
        ("send 1000 to Wang Wei", "100000 CNY"),
        ("spend 1000 at most", "100000 CNY"),
        ("王伟500", "50000 CNY"),
        ("6000分12期", "600000 CNY"),
        ("把6000的账单分12期", "600000 CNY"),
        ("split 6000 into 12", "600000 CNY"),
        ("split 6000 over 12 months", "600000 CNY"),
        ("a couple of hundred dollars", "20000 USD"),
        ("send a couple hundred to Wang Wei", "20000 CNY"),
        ("五百来块", "50000 CNY"),
        ("转一百来万", "100000000 CNY"),
        ("3块5毛2", "352 CNY"),
        ("一千二百三十四块五毛六", "123456 CNY"),
        ("¥1 234 567.50", "123456750 CNY"),
        ("USD 1.234,50", "123450 USD"),
        ("转5 0 0给王伟", "50000 CNY"),
        ("转12,0000", "12000000 CNY"),
        ("send 1.5 mil", "150000000 CNY"),
        ("a quarter of a million dollars", "25000000 USD"),
        ("人民币伍仟贰佰元整", "520000 CNY"),
        ("300刀乐", "30000 USD"),
        ("500加币", "50000 CAD"),
        ("1500ish yuan", "150000 CNY"),
        ("一共1000", "100000 CNY"),
        ("transfer 1000 from 6621 to 8812", "100000 CNY"),
        ("转500到6621", "50000 CNY"),
    ],
)
def test_amounts_are_read(text, amount):
    assert read(text, "money") == [amount]


@pytest.mark.parametrize(
    "text",
    [
        "几百块",
        "好几千",
        "十几万",
        "三四百块",
        "a few hundred dollars",
        "several thousand",
        "上千块",
        "零头不要",
    ],
)
def test_what_names_no_amount_is_none(text):
    assert read(text, "money", "number") == []


def test_a_rough_amount_is_less_sure_than_an_exact_one():
    rough, exact = (FINDER.find(text, Context("zh", TODAY))[0] for text in ("五百来块", "五百块"))
    assert rough.value == exact.value
    assert rough.score < exact.score


@pytest.mark.parametrize(
    ("text", "tails"),
    [
        ("尾号是88 12", ["8812"]),
        ("尾号 8 8 1 2", ["8812"]),
        ("ending in 88 12", ["8812"]),
        ("ending in eighty-eight twelve", ["8812"]),
        ("card ending double eight one two", ["8812"]),
        ("the 8812 one", ["8812"]),
        ("我那张8812", ["8812"]),
        ("8812那个", ["8812"]),
        ("from 6621 to 8812", ["6621", "8812"]),
        ("transfer 1000 from 6621 to 8812", ["6621", "8812"]),
        ("转500到6621", ["6621"]),
        ("raise the limit from 5000 to 8000", []),
        ("send 1000 to Wang Wei", []),
        ("手机尾号8000", []),
        ("the phone ending 8000", []),
    ],
)
def test_last_four_digits_are_told_from_amounts(text, tails):
    assert read(text, "last_four") == tails


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("split 6000 into 12", ["12"]),
        ("split the bill into twelve monthly payments", ["12"]),
        ("分12次还", ["12"]),
        ("分6", ["6"]),
        ("year and a half", ["18"]),
        ("a quarter of a million", []),
        ("a fixed 5y deposit", ["60"]),
        ("last 3 payments", []),
    ],
)
def test_periods_are_counts_of_months(text, months):
    assert read(text, "periods") == months


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("国庆后第一天", ["2026-10-08"]),
        ("国庆后第一个工作日", ["2026-10-08"]),
        ("春节前最后一个工作日", ["2027-02-05"]),
        ("the first working day after National Day", ["2026-10-08"]),
        ("a week on Tuesday", ["2026-12-01"]),
        ("Tuesday week", ["2026-12-01"]),
        ("two weeks from Friday", ["2026-12-11"]),
        ("a week tomorrow", ["2026-12-01"]),
        ("25th", ["2026-11-25"]),
        ("the 25th transaction", []),
        ("上上个周五", ["2026-11-13"]),
        ("大后天", ["2026-11-26"]),
        ("月中", ["2026-11-11..2026-11-20"]),
        ("中国银行11月中国", ["2026-11-01..2026-11-30"]),
        ("去年年底", ["2025-12-31"]),
        ("明年初", ["2027-01-01..2027-01-31"]),
        ("再过一周", ["2026-11-30"]),
        ("一个半月后", ["2027-01-07"]),
        ("最近几天", ["2026-11-19..2026-11-23"]),
        ("25年12月1日", ["2025-12-01"]),
        ("20251201", ["2025-12-01"]),
        ("11.10号", ["2026-11-10"]),
        ("1-5号", ["2026-11-01..2026-11-05"]),
        ("去年下半年", ["2025-07-01..2025-12-31"]),
        ("去年今天", ["2025-11-23"]),
        ("mid December", ["2026-12-11..2026-12-20"]),
        ("in early January", ["2027-01-01..2027-01-10"]),
        ("December 2025", ["2025-12-01..2025-12-31"]),
        ("between March and May", ["2026-03-01..2026-05-31"]),
        ("Nov to Feb 2026", ["2025-11-01..2026-02-28"]),
        ("Q3", ["2026-07-01..2026-09-30"]),
        ("in 2025", ["2025-01-01..2025-12-31"]),
        ("last nite", ["2026-11-22"]),
        ("10/11", ["2026-11-10"]),
        ("10/11的", ["2026-10-11"]),
    ],
)
def test_days_are_read(text, days):
    assert read(text, "date") == days


@pytest.mark.parametrize("text", ["周三下午3点", "9点半", "in 24 hours", "at 5pm", "15:30"])
def test_hours_are_no_numbers(text):
    assert read(text, "number", "money") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("转给王玮500", ["王玮"]),
        ("给wangwei转500", ["wangwei"]),
        ("转给晓梅", ["晓梅"]),
        ("给张伟和李强各转500", ["张伟", "李强"]),
        ("pay jhon smith 300", ["jhon smith"]),
        ("pay Mary O'Connor 50", ["Mary O'Connor"]),
        ("静安寺那边的网点", []),
    ],
)
def test_payees_are_read_however_spelled(text, names):
    assert read(text, "name") == names


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("给我妈转500", ["我妈"]),
        ("转给房东3000", ["房东"]),
        ("send my mom 300", ["my mom"]),
        ("transfer to my landlord", ["my landlord"]),
        ("我妈的卡丢了", []),
        ("my wife's card is lost", []),
    ],
)
def test_people_are_named_by_what_they_are(text, people):
    assert read(text, "relation") == people


MERCHANTS = EntityFinder(
    [Text("深圳市", "Shenzhen")],
    merchants=[Text("星巴克", "Starbucks"), Text("滴滴", "DiDi"), Text("亚马逊", "Amazon")],
)


@pytest.mark.parametrize(
    ("text", "merchant"),
    [
        ("滴滴扣了我38", "滴滴"),
        ("上个月那两笔星巴克", "星巴克"),
        ("新巴克那笔", "新巴克"),
        ("星吧克那笔", "星巴克"),
        ("the strabucks one", "Starbucks"),
        ("amazon charge of 30", "amazon"),
        ("that netflix subscription", "netflix"),
        ("海底捞那单", "海底捞"),
    ],
)
def test_merchants_are_known_misspelled_or_guessed(text, merchant):
    found = MERCHANTS.find(normalise(text).text, Context("zh", TODAY))
    assert [e.value for e in found if e.type == "merchant"] == [merchant]


def test_a_misspelled_city_is_found_where_a_place_is_asked_about():
    found = MERCHANTS.find("any branch in shenzen", Context("en", TODAY))
    assert [(e.type, e.value, e.text) for e in found] == [("place", "Shenzhen", "shenzen")]


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("转半万块", "money", ["500000 CNY"]),
        ("存五千欧", "money", ["500000 EUR"]),
        ("欧洲五千人", "money", []),
        ("十块零五分", "money", ["1005 CNY"]),
        ("三十五万六", "money", ["35600000 CNY"]),
        ("信用卡8800分12期", "money", ["880000 CNY"]),
        ("你们0755-0100-5500打来的", "money", []),
        ("not 500, 800", "money", ["50000 CNY", "80000 CNY"]),
        ("188 spent on friday", "money", []),
        ("1.5 million mortgage", "money", ["150000000 CNY"]),
        ("存仨月", "periods", ["3"]),
        ("11.11买的那单", "date", ["2026-11-11"]),
        ("a fortnight from Monday", "date", ["2026-12-14"]),
        ("tomorrow week", "date", ["2026-12-01"]),
        ("from october 8th to 20th", "date", ["2026-10-08..2026-10-20"]),
        ("december last year", "date", ["2025-12-01..2025-12-31"]),
        ("一三九一二三四五六七八是我电话", "phone", ["+8613912345678"]),
        ("+852 9123 4567", "phone", ["+85291234567"]),
        ("card ...4410", "last_four", ["4410"]),
        ("sent 1500 on friday from 3321 and its not there", "last_four", ["3321"]),
        ("send 200 to liu yang", "name", ["liu yang"]),
        ("ask him to lin up", "name", []),
        ("收款人写刘志强", "name", ["刘志强"]),
        ("三号选项", "ordinal", ["3"]),
        ("后面那个吧", "ordinal", ["-1"]),
        ("latter", "ordinal", ["-1"]),
        ("ticket number A108", "reference", []),
    ],
)
def test_values_are_told_apart_by_what_stands_around(text, kind, values):
    assert read(text, kind) == values
