"""A release is built in a process of its own, and what is wrong with the pack comes back from there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tellerline.dialogue.building import build_apart
from tellerline.dialogue.pack import PackRefused
from tests.harbour import PACK


def test_a_pack_with_errors_is_refused_with_all_of_them(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("exam", "core", "articles"))
    (pack / "facts" / "deposit_rates.yaml").write_text("id: [")
    with pytest.raises(PackRefused) as refused:
        build_apart(pack, tmp_path / "releases", PACK)
    assert "facts/deposit_rates.yaml" in {problem.file for problem in refused.value.problems}
    assert all(problem.remedy for problem in refused.value.problems)
    assert not (tmp_path / "releases").exists()
