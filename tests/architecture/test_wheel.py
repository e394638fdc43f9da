"""The wheel carries what a reader of the documents expects to find after installing it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build the wheel and list its files."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_it_carries_the_demonstration_bank(names: set[str]) -> None:
    pack = {path.relative_to(ROOT) for path in (ROOT / "packs" / "harbour").rglob("*") if path.is_file()}
    assert pack
    assert {f"tellerline/{path.as_posix()}" for path in pack} <= names


def test_it_carries_the_built_pages(names: set[str]) -> None:
    dist = ROOT / "src" / "tellerline" / "web" / "dist"
    built = {
        f"tellerline/web/dist/{path.relative_to(dist).as_posix()}"
        for path in dist.rglob("*")
        if path.is_file()
    }
    assert built <= names


def test_it_carries_types_and_licence_and_no_tests(names: set[str]) -> None:
    assert "tellerline/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not any(name.startswith(("tests", "tools", "src")) for name in names)
