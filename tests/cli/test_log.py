"""What the process writes of itself holds nothing of anybody's."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import structlog
from tellerline.cli.log import configure_log

configure_log()
log = structlog.get_logger("test")


def fail(message):
    raise ValueError("it broke")


try:
    fail("my password is swordfish")
except ValueError:
    log.exception("turn failed", conversation="c1")
"""


def test_an_error_is_logged_without_what_was_said() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "turn failed" in done.stderr
    assert "it broke" in done.stderr
    assert "c1" in done.stderr
    assert "swordfish" not in done.stderr
