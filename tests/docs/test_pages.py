"""What the documents point at exists, and what they tell people to type is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tidy import project_files

ROOT = Path(__file__).parents[2]
PAGES = [path for path in project_files(ROOT) if path.suffix == ".md" and ROOT / "packs" not in path.parents]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
CHANGE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.(added|changed|fixed|removed|security)\.md")


def broken_links(page: Path, text: str) -> Iterator[str]:
    """Find relative links to files that are not there."""
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        name = target.partition("#")[0]
        if (
            name
            and "://" not in name
            and not name.startswith("mailto:")
            and not (page.parent / name).exists()
        ):
            yield f"{page.name}: {target} is not there"


def unknown_doors(text: str, makefile: str) -> list[str]:
    """Find `make` commands that the Makefile does not have."""
    doors = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    shown = re.findall(r"(?:^|`)make ([a-z]+)", text, flags=re.MULTILINE)
    return sorted(set(shown) - doors)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert not list(broken_links(page, page.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_documented_make_commands_exist(page: Path) -> None:
    assert not unknown_doors(page.read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8"))


def test_the_front_page_names_the_two_doors() -> None:
    front = (ROOT / "README.md").read_text("utf-8")
    assert "make serve" in front
    assert "make test" in front


def test_decisions_are_numbered_and_say_four_things() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE) == [
            "Context",
            "Choice",
            "Cost",
            "Undo",
        ]


def test_change_notes_are_named_by_kind() -> None:
    notes = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert [name for name in notes if not CHANGE_NAME.fullmatch(name)] == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").touch()
    text = "[a](there.md#part) [b](https://example.com) [c](missing.md)\n```\n[d](in-code.md)\n```\n"
    assert list(broken_links(tmp_path / "page.md", text)) == ["page.md: missing.md is not there"]


def test_an_unknown_door_is_found() -> None:
    assert unknown_doors("Run `make tea`, or\nmake serve ARGS=1", "serve: web\n") == ["tea"]
