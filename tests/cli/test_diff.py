"""`tellerline pack diff` tells figures, articles and phrases apart, row by row."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from tellerline.domain.language import Text
from tellerline.domain.proposal import ExampleChange, FactChange
from tellerline.knowledge.learning.overlay import lay_over
from tests.harbour import PACK


def test_two_packs_are_compared_row_by_row(tmp_path: Path) -> None:
    for part in ("facts", "intents"):
        shutil.copytree(PACK / part, tmp_path / part)
    label = Text("三年期整存整取", "3-year term deposit")
    rate = FactChange(
        "deposit_rates", "term_3y", label, "percent_per_year", "1.30", valid_from=date(2027, 2, 1)
    )
    lay_over(tmp_path, [rate, ExampleChange("lost_card", "zh", "卡片没影儿了呀")], date(2027, 2, 1), [])
    before = tmp_path.parent / "before"
    for part in ("facts", "intents"):
        shutil.copytree(PACK / part, before / part)
    command = [sys.executable, "-m", "tellerline", "pack", "diff", str(before), str(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    (row,) = found["facts"]
    assert (row["fact"], row["old"]["en"], row["new"]["en"]) == ("deposit_rates.term_3y", "1.45%", "1.30%")
    assert (row["valid_from"], row["old_version"]) == ("2027-02-01", "2026-05-20")
    assert [phrase["added"] for phrase in found["phrases"]] == [["卡片没影儿了呀"]]
    assert (found["articles"], found["other"]) == ([], [])
    same = subprocess.run(
        [*command[:5], str(before), str(before)], capture_output=True, text=True, timeout=120
    )
    assert (same.returncode, same.stdout.strip()) == (0, "nothing differs")
