"""Every crash point once, in real processes killed with -9; `python -m tests.simulation.drill --runs 3` does more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.harbour import ROOT
from tests.simulation.drill import POINTS, check_result


@pytest.mark.timeout(900)
def test_killed_at_every_point_nothing_is_lost_or_doubled() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.drill"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=850,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["held"] * len(POINTS), done.stdout


def test_a_result_with_a_loss_or_a_double_is_told() -> None:
    good = {
        "effects": {"transfer.send": 1}, "committed": {"transfer.send": 1}, "cases": ["complaint"], "closed": [],
        "messages": ["m1"], "sent": ["m1"], "seen": [1, 2], "public": [1, 2], "unanswered": 0,
    }  # fmt: skip
    assert check_result(good) == []
    for field, bad in (
        ("effects", {"transfer.send": 2}),
        ("committed", {}),
        ("cases", ["complaint", "complaint"]),
        ("cases", ["complaint", "reconcile"]),
        ("messages", ["m1", "m1"]),
        ("seen", [1, 2, 2]),
        ("unanswered", 1),
    ):
        assert len(check_result({**good, field: bad})) == 1, field
