"""No card number survives redaction, however it is written."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tellerline.understanding.redact import redact
from tellerline.understanding.shadow import shadow

# Prefix and length of numbers that are issued.
SCHEMES = [
    ("4", 16),
    ("51", 16),
    ("55", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("3528", 16),
    ("6011", 16),
    ("62", 16),
    ("62", 17),
    ("62", 18),
    ("62", 19),
    ("81", 19),
]
SEPARATORS = ["", " ", "-", ".", "\u00a0", "\u3000", "\u200b", "  ", " - ", "\u2013", "·", "\n", "\t"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
WORDS = ["", "卡号", "我的卡", "card ", "please block ", "丢了", ",谢谢", " is lost", "。", "(", "号码:"]


def luhn_complete(digits: str) -> str:
    """Return the digits with the check digit that ISO/IEC 7812 asks for."""
    total = sum(sum(divmod(int(d) * (2 - place % 2), 10)) for place, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    prefix, length = draw(st.sampled_from(SCHEMES))
    count = length - len(prefix) - 1
    body = draw(st.text("0123456789", min_size=count, max_size=count))
    return luhn_complete(prefix + body)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """Return a card number and a message that holds it in some way of writing."""
    number = draw(card_numbers())
    separator = draw(st.sampled_from(SEPARATORS))
    size = draw(st.sampled_from([4, 4, 6, 19]))
    groups = [number[start : start + size] for start in range(0, len(number), size)]
    figures = separator.join(groups)
    if size >= 4:
        figures = draw(st.sampled_from([figures, figures.translate(FULL_WIDTH), figures.translate(CHINESE)]))
    return number, draw(st.sampled_from(WORDS)) + figures + draw(st.sampled_from(WORDS))


def figures_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", shadow(text))


@given(written())
def test_no_card_number_survives(case):
    number, text = case
    kept = redact(text).text
    assert number not in figures_of(kept)
    assert number[:12] not in figures_of(kept)
    assert number[-4:] in kept


@given(card_numbers(), st.integers(4, 12), st.sampled_from(["卡号", "", "card number "]))
def test_a_number_split_over_two_messages_is_not_in_the_record(number, cut, words):
    first = redact(words + number[:cut]).text
    second = redact(number[cut:], previous=first).text
    assert number not in figures_of(first) + figures_of(second.replace("[card:", ""))


@given(st.text(max_size=200), st.booleans(), st.text(max_size=40))
def test_redaction_is_stable_and_its_spans_are_true(text, expecting_code, previous):
    redaction = redact(text, expecting_code=expecting_code, previous=previous)
    assert redact(redaction.text).text == redaction.text or redaction.text == text
    for span in redaction.spans:
        assert redaction.text[span.start : span.end].startswith(f"[{span.kind}")


@given(st.text("0123456789 -.年月日元转卡号", max_size=300))
def test_rows_of_figures_never_raise(text):
    redact(text)
