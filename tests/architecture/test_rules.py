"""The rules of the root conftest.py, each shown on a small run of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SKIPPING = """
import pytest

def test_runs():
    pass

def test_needs_a_printer():
    pytest.skip("no printer here")
"""

REACHING = """
import anyio, pytest, socket

@pytest.mark.parametrize("host", ["192.0.2.1", "bank.example"])
async def test_outside(host):
    await anyio.connect_tcp(host, 443)

def test_outside_by_datagram():
    socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("192.0.2.1", 53))

def test_inside():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Lay out a checkout with the real rules and no tests."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "property").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    return tmp_path


def run(checkout: Path, name: str, source: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in `checkout` over one test module."""
    (checkout / "tests" / name).write_text(source)
    environment = {
        key: text for key, text in os.environ.items() if not key.startswith(("PYTEST", "TELLERLINE"))
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(
        command, cwd=checkout, env=environment | variables, capture_output=True, text=True, check=False
    )


def test_a_skip_is_said_loudly(checkout: Path) -> None:
    done = run(checkout, "property/test_skip.py", SKIPPING)
    assert done.returncode == 0
    assert "NOT RUN: 1 skipped" in done.stdout
    assert "test_needs_a_printer: Skipped: no printer here" in done.stdout


def test_a_skip_fails_where_nothing_may_be_skipped(checkout: Path) -> None:
    done = run(checkout, "property/test_skip.py", SKIPPING, TELLERLINE_NO_SKIP="1")
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "skipped, and skips are failures here: Skipped: no printer here" in done.stdout


def test_a_skipped_module_fails_where_nothing_may_be_skipped(checkout: Path) -> None:
    source = "import pytest\npytest.importorskip('no_such_library')\n"
    assert run(checkout, "property/test_skip.py", source, TELLERLINE_NO_SKIP="1").returncode != 0


def test_a_test_cannot_leave_the_machine(checkout: Path) -> None:
    done = run(checkout, "property/test_reach.py", REACHING)
    assert "3 failed, 1 passed" in done.stdout
    assert done.stdout.count("NetworkUsed: socket.") >= 3


def test_a_module_without_a_category_is_refused(checkout: Path) -> None:
    done = run(checkout, "test_lost.py", "def test_it(): pass\n")
    assert done.returncode != 0
    assert "put it in tests/<room>/" in done.stdout + done.stderr
