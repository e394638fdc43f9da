"""Reading flows from disk: what cannot be read is named with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tellerline.flows.load import load_flows
from tests.flows.conftest import EN, FLOW, ZH, write_flow

HARBOUR = Path(__file__).parents[2] / "packs" / "harbour"


def test_a_flow_is_read_with_its_copy(tmp_path: Path) -> None:
    flows, copies, problems = load_flows(write_flow(tmp_path))
    assert problems == []
    assert [step.kind for step in flows["pay"].steps][:3] == ["verify", "lookup", "lookup"]
    assert copies["pay"]["zh"]["ask_payee"] == "转给谁？"
    assert copies["pay"]["en"]["ask_payee"] == "Who to?"


def test_on_is_a_key_and_not_a_truth_value(tmp_path: Path) -> None:
    flows, _, _ = load_flows(write_flow(tmp_path))
    assert flows["pay"].step("payee").on == {"empty": "say_none"}


@pytest.mark.parametrize(
    ("flow", "line", "what"),
    [
        (FLOW.replace("steps:", "stepps:"), None, "unknown field"),
        (
            FLOW.replace("{id: amount, ask: amount}", "{id: amount, ask: amount, say: done}"),
            20,
            "is ask and say at once",
        ),
        (FLOW.replace("{id: amount, ask: amount}", "{id: amount}"), 20, "does nothing"),
        (FLOW.replace("{id: code, verify: 2}", "{id: amount, verify: 2}"), 21, "another step 'amount'"),
        (FLOW.replace("flow: pay", "flow: payment"), 2, "its folder 'pay'"),
        (FLOW.replace("verify: 2", "verify: two"), 21, "expected `int"),
        (FLOW + "  - {id: [", None, "not YAML"),
        (FLOW[: FLOW.index("steps:")] + "steps: []\n", 15, "has no steps"),
    ],
)
def test_a_flow_that_cannot_be_read_is_reported(
    tmp_path: Path, flow: str, line: int | None, what: str
) -> None:
    _, _, problems = load_flows(write_flow(tmp_path, flow))
    assert what in problems[0].what
    assert problems[0].file == "flows/pay/flow.yaml"
    assert problems[0].remedy
    if line is not None:
        assert problems[0].line == line


def test_a_folder_without_a_procedure_is_reported(tmp_path: Path) -> None:
    (write_flow(tmp_path) / "flows" / "empty").mkdir()
    flows, _, problems = load_flows(tmp_path)
    assert set(flows) == {"pay"}
    assert problems[0].render() == (
        "flows/empty/flow.yaml: error: there is no such file; write the procedure, or remove the folder"
    )


def test_copy_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    broken = ZH.replace(
        "done: 已转出，流水号{{ sent.reference }}。", "done:\n  - {wenn: true, text: 完成}\nempty: []\n"
    )
    _, _, problems = load_flows(write_flow(tmp_path, zh=broken))
    assert [problem.line for problem in problems] == [13, 14]
    assert "unknown field" in problems[0].what
    assert "has no wording" in problems[1].what


def test_a_missing_language_is_reported(tmp_path: Path) -> None:
    write_flow(tmp_path, en=EN)
    (tmp_path / "flows" / "pay" / "copy.en.yaml").unlink()
    _, _, problems = load_flows(tmp_path)
    assert [problem.file for problem in problems] == ["flows/pay/copy.en.yaml"]


def test_harbour_bank_can_be_read() -> None:
    flows, copies, problems = load_flows(HARBOUR)
    assert problems == []
    assert set(flows) == set(copies)
    assert {1, 3, 4, 9, 13, 16, 18, 19, 21, 33, 38, 40} <= {
        n for flow in flows.values() for n in flow.request
    }
