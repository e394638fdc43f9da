"""Some seeds of the simulator; the night has more. A failing one prints the line that brings it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tellerline.channels.counter import Counter
from tellerline.exam.fresh import House
from tellerline.exam.simulation.run import again_of, run_seed
from tellerline.exam.simulation.world import copy_template, make_template
from tellerline.settings import Settings
from tests.harbour import PACK, link_releases

SEEDS, PARTS = 40, 4


class Field:
    """A house, and a fresh record for each run."""

    def __init__(self, folder: Path) -> None:
        link_releases(folder / "data")
        self.house = House.open(Settings(pack=PACK, data=folder / "data"))
        self.template = make_template(folder)

    def path(self, name: str) -> Path:
        return copy_template(self.template, self.template.with_name(f"{name}.sqlite3"))


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Field:
    return Field(tmp_path_factory.mktemp("field"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_seed_breaks_a_law(field: Field, part: int) -> None:
    for seed in range(part, SEEDS, PARTS):
        run = run_seed(field.house, seed, field.path(f"seed-{seed}"))
        assert run.findings == [], again_of(seed)


def test_one_seed_is_one_run(field: Field) -> None:
    first, second = (run_seed(field.house, 7, field.path(f"again-{number}")) for number in range(2))
    assert first == second
    assert first.turns > 3


def test_the_storm_is_one(field: Field) -> None:
    runs = [run_seed(field.house, seed, field.path(f"storm-{seed}")) for seed in range(100, 106)]
    assert sum(run.deaths for run in runs) > 0
    assert sum(run.effects for run in runs) > 0


def test_a_counter_that_is_never_started_again_is_found(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what a restart takes up, some seed loses a turn: the laws see it."""

    async def forgets(_: Counter) -> int:
        return 0

    monkeypatch.setattr(Counter, "recover", forgets)
    monkeypatch.setattr(Counter, "_turn_again", _gives_up)
    runs = [run_seed(field.house, seed, field.path(f"forgets-{seed}")) for seed in range(12)]
    assert any("every message is answered" in finding.expected for run in runs for _, finding in run.findings)


async def _gives_up(*_: object) -> None:
    return
