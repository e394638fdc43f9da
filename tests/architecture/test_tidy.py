"""The house rules hold for every file, and each rule is shown to fail on a bad sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import tidy

ROOT = Path(__file__).parents[2]
FILES = tidy.project_files(ROOT)
PYTHON = [path for path in FILES if path.suffix == ".py"]
PRODUCT = [path for path in PYTHON if (ROOT / "src") in path.parents]
TEXT = [path for path in FILES if path.suffix not in tidy.BINARY]


def _report(path: Path, findings: Iterator[str] | list[str]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{finding}" for finding in findings]


def _tell(findings: list[str]) -> None:
    assert not findings, "\n" + "\n".join(findings)


def test_files_functions_and_classes_are_small() -> None:
    _tell([line for path in PYTHON for line in _report(path, tidy.sizes(path.read_text("utf-8")))])


def test_errors_are_caught_by_name_or_at_a_named_boundary() -> None:
    _tell([line for path in PYTHON for line in _report(path, tidy.excepts(path.read_text("utf-8")))])


def test_product_code_does_not_import_the_fakes() -> None:
    sources = ((path, path.relative_to(ROOT), path.read_text("utf-8")) for path in PRODUCT)
    _tell([line for path, name, text in sources for line in _report(path, tidy.fakes_in_product(name, text))])


def test_modules_are_named_after_what_they_hold() -> None:
    _tell([line for path in PYTHON for line in _report(path, tidy.vague_name(path.relative_to(ROOT)))])


def test_no_file_names_a_machine_or_a_registry() -> None:
    _tell([line for path in TEXT for line in _report(path, tidy.addresses(path.read_text("utf-8")))])


def test_public_names_are_documented() -> None:
    counted = [(path, *tidy.undocumented(path.read_text("utf-8"))) for path in PRODUCT]
    total = sum(count for _, count, _ in counted)
    missing = [line for path, _, findings in counted for line in _report(path, findings)]
    missing_percent = 100 * len(missing) / max(total, 1)
    assert missing_percent <= tidy.UNDOCUMENTED_PERCENT_MAX, "\n" + "\n".join(missing)


def _function(lines: int) -> str:
    return "def long():\n" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("x = 1\n" * 600, "x = 1\n" * 601),
        (_function(70), _function(71)),
        ("class Long:\n" + "    x = 1\n" * 299, "class Long:\n" + "    x = 1\n" * 300),
    ],
    ids=["file", "function", "class"],
)
def test_a_size_over_its_limit_is_found(good: str, bad: str) -> None:
    assert not list(tidy.sizes(good))
    assert len(list(tidy.sizes(bad))) == 1


@pytest.mark.parametrize("caught", ["", " Exception", " Exception as e", " (OSError, BaseException)"])
def test_a_broad_except_without_a_boundary_is_found(caught: str) -> None:
    assert len(list(tidy.excepts(f"try:\n    f()\nexcept{caught}:\n    pass\n"))) == 1


def test_a_named_error_or_boundary_is_accepted() -> None:
    assert not list(tidy.excepts("try:\n    f()\nexcept OSError:\n    pass\n"))
    assert not list(tidy.excepts("try:\n    f()\nexcept Exception:  # boundary: one turn\n    pass\n"))
    assert not list(tidy.excepts("try:\n    f()\nexcept Exception:\n    # boundary: one turn\n    pass\n"))


@pytest.mark.parametrize(
    "line",
    ["from tellerline.testing import clock", "import tellerline.testing", "from tellerline import testing"],
)
def test_a_fake_in_product_code_is_found(line: str) -> None:
    inside_a_function = f"def f():\n    {line}\n"
    assert len(list(tidy.fakes_in_product(Path("src/tellerline/flows/run.py"), inside_a_function))) == 1
    assert not list(tidy.fakes_in_product(Path("src/tellerline/exam/run.py"), inside_a_function))


@pytest.mark.parametrize("name", ["src/tellerline/utils.py", "src/tellerline/desk/helpers/clock.py"])
def test_a_vague_name_is_found(name: str) -> None:
    assert list(tidy.vague_name(Path(name)))
    assert not list(tidy.vague_name(Path("src/tellerline/desk/queue.py")))


@pytest.mark.parametrize(
    "line",
    ["/ho" + "me/ann/x", "path=/ro" + "ot/.cache", "C:\\Us" + "ers\\ann", "https://py" + "pi.org/simple"],
)
def test_an_address_is_found(line: str) -> None:
    assert len(list(tidy.addresses(f"first line\n{line}\n"))) == 1
    assert not list(tidy.addresses("/api/v1/desk/home/\nweb/work/order.ts\nhttps://example.com/home/page\n"))


def test_an_undocumented_name_is_found() -> None:
    source = 'class A:\n    """Say."""\n\n    def f(self): ...\n    def _g(self): ...\n'
    assert tidy.undocumented(source) == (2, ["4: f has no docstring"])


def test_new_files_are_seen_before_they_are_committed(tmp_path: Path) -> None:
    tidy.subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    (tmp_path / "seen.py").touch()
    (tmp_path / "ignored.py").touch()
    assert [path.name for path in tidy.project_files(tmp_path)] == [".gitignore", "seen.py"]
