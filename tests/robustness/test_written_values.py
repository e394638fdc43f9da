"""Property: a value written in any spelling, amid any noise, is read back."""

from __future__ import annotations

from datetime import date

import cn2an
from hypothesis import given
from hypothesis import strategies as st

from tellerline.domain.reading import Context
from tellerline.understanding.entities.finder import EntityFinder
from tellerline.understanding.hesitation import drop_hesitations
from tellerline.understanding.normalise import normalise

TODAY = date(2026, 11, 23)
FINDER = EntityFinder()
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
WORDS = [*ONES.split(), "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NOISE = ["", "嗯", "那个那个", "🙏", "\u200b", "  "]


def values(text: str, kind: str, language: str = "zh") -> list[object]:
    plain = drop_hesitations(normalise(text).text)
    return [e.value for e in FINDER.find(plain, Context(language, TODAY)) if e.type == kind]  # type: ignore[arg-type]


def english(number: int) -> str:
    """Write a number below a million in words."""
    if number >= 1000:
        rest = english(number % 1000) if number % 1000 else ""
        return f"{english(number // 1000)} thousand {rest}".strip()
    if number >= 100:
        rest = f"and {english(number % 100)}" if number % 100 else ""
        return f"{english(number // 100)} hundred {rest}".strip()
    if number < 20:
        return WORDS[number]
    return TENS[number // 10 - 2] + (f" {WORDS[number % 10]}" if number % 10 else "")


@st.composite
def spoken_amounts(draw: st.DrawFn) -> tuple[int, str]:
    """Return yuan, and a way of writing them."""
    yuan = draw(st.integers(100, 900_000))
    ways = [
        f"{yuan}元",
        f"{yuan:,}元",
        f"¥{yuan}",
        f"人民币{yuan}",
        f"{yuan}块",
        f"RMB{yuan}",
        f"{yuan}块钱",
        cn2an.an2cn(yuan, "low") + "元",
        cn2an.an2cn(yuan, "up") + "元整",
        cn2an.an2cn(yuan, "low").replace("二百", "两百") + "块",
        f"{yuan}元".translate(FULL_WIDTH),
        f"{yuan} yuan",
        f"{yuan:,.2f}元",
    ]
    return yuan, draw(st.sampled_from(ways))


@given(
    spoken_amounts(), st.sampled_from(NOISE), st.sampled_from(["转{}给王伟", "我要取{}", "{}", "还款{},谢谢"])
)
def test_amounts_in_yuan_are_read_back(case, noise, frame):
    yuan, written = case
    assert values(noise + frame.format(written), "money") == [yuan * 100]


@given(
    st.integers(100, 99_999), st.sampled_from(["send {} yuan", "pay {} rmb please", "um withdraw {} bucks"])
)
def test_amounts_in_english_words_are_read_back(number, frame):
    assert values(frame.format(english(number)), "money", "en") == [number * 100]


@given(
    st.text("0123456789", min_size=4, max_size=4).filter(lambda four: len(set(four)) > 1),
    st.sampled_from(["plain", "spaced", "pairs", "chinese", "full width"]),
    st.sampled_from(["尾号{}", "尾号是{}的卡", "卡号后四位{}", "card ending in {}", "the card ending {}"]),
)
def test_last_four_digits_are_read_back(four, way, frame):
    written = {
        "plain": four,
        "spaced": " ".join(four),
        "pairs": f"{four[:2]} {four[2:]}",
        "chinese": "".join(DIGITS[digit] for digit in four),
        "full width": four.translate(FULL_WIDTH),
    }[way]
    assert values(frame.format(written), "last_four") == [four]


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sampled_from(
        [
            "{0.year}年{0.month}月{0.day}日",
            "{0:%Y-%m-%d}",
            "{0:%Y/%m/%d}",
            "{0:%Y%m%d}",
            "{0.year}年{0.month}月{0.day}号",
        ]
    ),
)
def test_days_with_their_year_are_read_back(day, form):
    assert values(form.format(day) + "的账单", "date") == [day.isoformat()]


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.sampled_from(["{0.day} {0:%B} {0.year}", "{0:%B} {0.day}, {0.year}"]),
)
def test_days_in_english_are_read_back(day, form):
    assert values("the payment of " + form.format(day), "date", "en") == [day.isoformat()]


@given(
    st.integers(2, 60), st.sampled_from(["{}个月", "分{}期", "{} months", "over {} instalments", "{}-month"])
)
def test_periods_are_read_back(months, form):
    assert values("我想办" + form.format(months), "periods") == [months]
