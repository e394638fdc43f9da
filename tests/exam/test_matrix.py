"""The matrix: some cells of the real bank, drawn anew for each release of the tests; its report; its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tellerline.domain.errors import Invalid
from tellerline.domain.language import Text
from tellerline.exam.fresh import House
from tellerline.exam.matrix.cases import CASES
from tellerline.exam.matrix.page import render_page
from tellerline.exam.matrix.plenty import add_plenty
from tellerline.exam.matrix.report import CellResult, MatrixReport, MatrixRow, Said
from tellerline.exam.matrix.run import choose, play_all
from tellerline.exam.matrix.shape import Shape
from tellerline.exam.matrix.talk import Note
from tellerline.settings import Settings
from tests.harbour import PACK, link_releases

FLOWS = ("rates", "unlink_auto_debit", "lost_passbook")
"""One that only tells, one that acts on a yes, one that protects at once; the whole matrix is a command."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    data = tmp_path_factory.mktemp("data")
    link_releases(data)
    return House.open(Settings(pack=PACK, data=data), add_plenty)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("flow", FLOWS)
def test_the_cells_of_a_flow_pass(house: House, flow: str) -> None:
    cells = list(play_all(house, choose(house, [flow], [], None), 0, print))
    assert len(cells) == 2 * len(CASES)
    wrong = [(cell.case, cell.language, note.expected, note.found) for cell in cells for note in cell.notes]
    assert wrong == []


def test_what_cannot_occur_says_why(house: House) -> None:
    for flow in house.release.flows.values():
        shape = Shape(flow)
        reasons = {case.number: case.needs(shape) for case in CASES}
        assert bool(reasons[48]) is not bool(shape.slots("payee"))
        assert bool(reasons[38]) is not bool(shape.actions)
        assert bool(reasons[40]) is not bool(shape.confirmed)
        assert not reasons[6]


def test_the_same_seed_holds_the_same_conversations(house: House) -> None:
    chosen = choose(house, ["rates"], [3, 14], "zh")
    first, second = (list(play_all(house, chosen, 3, print)) for _ in range(2))
    assert first == second
    assert all(cell.transcript for cell in first)


def test_a_fault_of_the_bank_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the idle rule, the cell for it fails: the matrix sees what it is there for."""
    monkeypatch.setattr("tellerline.dialogue.engine.decay_level", lambda *_: None)
    cells = list(play_all(house, choose(house, ["transfer"], [39], "zh"), 0, print))
    assert [cell.state for cell in cells] == ["failed"]


@pytest.mark.parametrize(("flows", "numbers"), [(["no_such_flow"], []), ([], [50])])
def test_a_flow_or_case_that_does_not_exist_is_named(
    house: House, flows: list[str], numbers: list[int]
) -> None:
    with pytest.raises(Invalid, match=r"no_such_flow|50"):
        choose(house, flows, numbers, None)


@pytest.fixture
def report() -> MatrixReport:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    said = [
        Said("", "", at),
        Said("customer", "<b>算了</b>", at),
        Said("assistant", "好的", at, "CancelFlow"),
    ]
    cells = [
        CellResult("rates", 3, "zh", transcript=said),
        CellResult("rates", 3, "en", notes=[Note(2, "the flow is left", "rates/topic")], transcript=said),
        CellResult("rates", 48, "zh", reason="it has no payee"),
    ]
    rows = [MatrixRow("rates", "zh", 1, 1, 1), MatrixRow("rates", "en", 1, 0, 0)]
    return MatrixReport(2, 1, 1, 7, rows, [], cells, {"rates": Text("利率", "Rates")}, "r1")


def test_the_page_links_every_cell_to_its_conversation(report: MatrixReport) -> None:
    page = render_page(report)
    for cell in report.cells:
        name = f"{cell.flow}-{cell.case}-{cell.language}"
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page
    assert "&lt;b&gt;算了&lt;/b&gt;" in page, "what was said is shown, and is no markup"
    assert "it has no payee" in page
    assert "tellerline matrix --flow rates --case 3 --language en --seed 7" in page


def test_every_state_has_a_sign_besides_its_colour(report: MatrixReport) -> None:
    page = render_page(report)
    for state, sign in (("passed", "✓"), ("failed", "✕"), ("none", "·")):
        assert f'class="cell {state}"' in page
        assert f">{sign}<" in page


def test_json_has_the_counts_and_no_transcripts(report: MatrixReport, tmp_path: Path) -> None:
    told = json.loads(report.to_json())
    assert (told["cases"], told["passed"], told["rows"][0]["flow"]) == (2, 1, "rates")
    assert "cells" not in told
    assert report.exit_code == 1
