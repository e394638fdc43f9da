"""The rooms import downwards only, and the contract is shown to catch what it should."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


START = (
    "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command as run; run()"
)


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with the contracts in `root`, over the package in `root/src`."""
    command = [sys.executable, "-c", START, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """Lay out an empty package under the real contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("domain", "flows", "reply", "store", "web", "exam", "testing", "bank", "bank/adapters"):
        folder = tmp_path / "src" / "tellerline" / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    for module in ("__init__", "cli", "app", "bank/contract"):
        (tmp_path / "src" / "tellerline" / f"{module}.py").touch()
    return tmp_path


def test_the_product_keeps_its_layers() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def write_imports(root: Path, imports: dict[str, str]) -> None:
    """Give each module a function that imports another: hidden imports count too."""
    for module, imported in imports.items():
        path = root / "src" / "tellerline" / f"{module}.py"
        path.write_text(f"def f():\n    import tellerline.{imported}\n")


def test_imports_downwards_are_kept(toy: Path) -> None:
    downwards = {
        "cli": "exam",
        "exam/run": "app",
        "exam/fakes": "testing",
        "testing/world": "store",
        "app": "store",
        "store/reader": "flows",
        "flows/run": "bank.contract",
        "bank/adapters/http": "bank.contract",
    }
    write_imports(toy, downwards)
    done = lint_imports(toy)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_upwards_and_sideways_are_caught(toy: Path) -> None:
    forbidden = {
        "domain/money": "flows",
        "flows/to_store": "store",
        "flows/to_sibling": "reply",
        "flows/to_adapter": "bank.adapters",
        "bank/contract": "bank.adapters",
        "store/reader": "web",
        "web/exam": "exam",
        "app": "testing",
    }
    write_imports(toy, forbidden)
    done = lint_imports(toy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Rooms import downwards only BROKEN" in done.stdout
    for module, imported in forbidden.items():
        importer = "tellerline." + module.replace("/", ".")
        assert f"{importer} -> tellerline.{imported} " in done.stdout


def test_a_cycle_within_a_room_is_caught(toy: Path) -> None:
    flows = toy / "src" / "tellerline" / "flows"
    (flows / "load.py").write_text("import tellerline.flows.run\n")
    (flows / "run.py").write_text("import tellerline.flows.load\n")
    done = lint_imports(toy)
    assert done.returncode == 1
    assert "No module imports itself round a corner BROKEN" in done.stdout
