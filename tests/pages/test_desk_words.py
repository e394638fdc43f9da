"""The desk's words: what the bank can do has a name in both languages."""

from __future__ import annotations

import re

import pytest

from tellerline.bank.catalogue import OPERATIONS
from tests.pages.conftest import ROOT

WORDS = ROOT / "web" / "desk" / "words"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_action_of_the_bank_has_a_name(language: str) -> None:
    named = set(
        re.findall(r"^  action_(\w+):", (WORDS / language / "record.ts").read_text("utf-8"), re.MULTILINE)
    )
    actions = {name.replace(".", "_") for name, found in OPERATIONS.items() if found.kind == "action"}
    assert actions - named == set()
    assert named - actions == set()
