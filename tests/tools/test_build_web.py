"""The page build runs when the sources changed, with a Node that fits, and not otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import build_web

NODE = """#!/bin/sh
echo v22.12.0
"""
NPM = """#!/bin/sh
echo "$@" >> ../calls
[ "$1" = run ] || exit 0
mkdir -p ../src/tellerline/web/dist
"""
BROKEN_NPM = """#!/bin/sh
exit 1
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out a checkout with pages, and a Node and npm that only take notes."""
    (tmp_path / "web" / "src").mkdir(parents=True)
    (tmp_path / "web" / "package.json").write_text("{}")
    (tmp_path / "web" / "package-lock.json").write_text("{}")
    (tmp_path / "web" / "src" / "main.ts").write_text("1")
    write_program(tmp_path / "node" / "node", NODE)
    write_program(tmp_path / "node" / "npm", NPM)
    monkeypatch.setenv("PATH", f"{tmp_path / 'node'}:/bin:/usr/bin")
    return tmp_path


def write_program(path: Path, source: str) -> None:
    """Write an executable shell script."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(source)
    path.chmod(0o755)


def calls(checkout: Path) -> list[str]:
    """Read what npm was asked so far."""
    return (checkout / "calls").read_text().splitlines()


def test_builds_once_for_the_same_sources(checkout: Path) -> None:
    assert build_web.build(checkout) == "Built the pages into src/tellerline/web/dist."
    assert build_web.build(checkout) == ""
    assert calls(checkout) == ["ci --ignore-scripts --no-audit --no-fund", "run build"]


def test_builds_again_when_a_source_changed_without_installing_again(checkout: Path) -> None:
    build_web.build(checkout)
    (checkout / "web" / "src" / "main.ts").write_text("2")
    assert build_web.build(checkout)
    assert calls(checkout)[2:] == ["run build"]


def test_installs_again_when_the_lock_changed(checkout: Path) -> None:
    build_web.build(checkout)
    (checkout / "web" / "package-lock.json").write_text("{ }")
    build_web.build(checkout)
    assert len(calls(checkout)) == 4


def test_ignores_what_the_build_itself_makes(checkout: Path) -> None:
    before = build_web.fingerprint(checkout / "web")
    (checkout / "web" / "node_modules").mkdir()
    (checkout / "web" / "node_modules" / "x.js").touch()
    assert build_web.fingerprint(checkout / "web") == before


def test_a_renamed_source_is_a_changed_source(checkout: Path) -> None:
    before = build_web.fingerprint(checkout / "web")
    (checkout / "web" / "src" / "main.ts").rename(checkout / "web" / "src" / "start.ts")
    assert build_web.fingerprint(checkout / "web") != before


def test_has_nothing_to_do_without_pages(tmp_path: Path) -> None:
    assert "No pages to build" in build_web.build(tmp_path)


def test_a_failed_build_leaves_no_stamp(checkout: Path) -> None:
    build_web.build(checkout)
    write_program(checkout / "node" / "npm", BROKEN_NPM)
    (checkout / "web" / "src" / "main.ts").write_text("2")
    with pytest.raises(build_web.BuildFailed, match="npm run build failed"):
        build_web.build(checkout)
    assert not (checkout / "src/tellerline/web/dist/.stamp").exists()


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.1\n", "v22.12.0", "v24.0.0-rc.1"])
def test_accepts_a_node_that_vite_runs_on(version: str) -> None:
    assert build_web.is_new_enough(version)


@pytest.mark.parametrize("version", ["", "v18.20.0", "v20.18.9", "v21.7.0", "v22.11.0", "node"])
def test_refuses_an_older_node(version: str) -> None:
    assert not build_web.is_new_enough(version)


def test_a_folder_without_npm_is_no_node(checkout: Path) -> None:
    assert build_web.find_node(str(checkout / "node")) == checkout / "node"
    (checkout / "node" / "npm").unlink()
    assert build_web.find_node(str(checkout / "node")) is None
