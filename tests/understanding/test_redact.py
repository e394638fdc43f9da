"""What must not be stored is replaced; what looks like it is left alone."""

from __future__ import annotations

import pytest

from tellerline.understanding.redact import redact
from tests.understanding.redaction import harmless_cases, sensitive_cases

FALSE_ALARMS_MAX = 0.02


@pytest.mark.parametrize(("text", "kept"), sensitive_cases())
def test_sensitive_values_become_tokens(text, kept):
    assert redact(text).text == kept


def test_harmless_numbers_are_left_alone():
    cases = harmless_cases()
    changed = [f"{text} -> {redact(text).text}" for text in cases if redact(text).text != text]
    assert len(cases) >= 120
    assert len(changed) <= FALSE_ALARMS_MAX * len(cases), changed
