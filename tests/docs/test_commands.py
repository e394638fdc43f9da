"""Every `tellerline` command that a page shows is run, and does what the page says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harbour import ROOT, link_releases

PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "CONTRIBUTING.md",
]
SHOWN = re.compile(r"^\.venv/bin/tellerline ([^#\n]+)", re.MULTILINE)
STAYS = {"serve", "chat"}  # run for as long as somebody is there; tests/simulation and tests/cli talk to them


def commands() -> list[str]:
    found = {match.strip() for page in PAGES for match in SHOWN.findall(page.read_text("utf-8"))}
    return sorted(found)


def test_the_pages_show_commands():
    assert len(commands()) >= 4


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    link_releases(folder)
    subprocess.run(
        [sys.executable, "-m", "tellerline", "db", "upgrade", "--data", str(folder)], check=True, timeout=100
    )
    return folder


@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", [c for c in commands() if c.split()[0] not in STAYS])
def test_a_shown_command_runs(command: str, data: Path):
    words = [sys.executable, "-m", "tellerline", *command.split()]
    passes = {0, 1} if command.startswith("exam") else {0}  # an exam exits 1 while a case fails
    if command == "exam":  # the whole exam is long: here one ability, to see it run
        words += ["--ability", "21", "--json"]
    environment = {"TELLERLINE_DATA": str(data), "PATH": ""}
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert done.returncode in passes, done.stdout[-2_000:] + done.stderr[-2_000:]
    if command == "exam":
        assert json.loads(done.stdout)["cases"] >= 8


@pytest.mark.parametrize("command", sorted(STAYS))
def test_a_command_that_stays_says_how_to_use_it(command: str):
    done = subprocess.run(
        [sys.executable, "-m", "tellerline", command, "--help"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "--pack" in done.stdout
