"""The guide for those who write flows shows a flow that works, and leaves out nothing that can be written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from tellerline.flows.compute import FUNCTIONS, PROVIDED
from tellerline.flows.copy_lint import lint_copy
from tellerline.flows.lint import lint_flow
from tellerline.flows.load import read_flows
from tellerline.flows.spec import STEP_KINDS, Flow, Slot, SlotType, Step
from tellerline.flows.subject import CLUES
from tests.flows.conftest import write_flow

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "build" / "flows.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    """Return the example that begins with the name of its file."""
    found = re.search(rf"```yaml\n(# {re.escape(name)}\n.*?)```", GUIDE, flags=re.DOTALL)
    assert found is not None, name
    return found[1]


def test_the_example_has_no_problem(tmp_path: Path) -> None:
    write_flow(tmp_path, block("flow.yaml"), block("copy.zh.yaml"), block("copy.en.yaml"), "freeze_card")
    files, problems = read_flows(tmp_path)
    assert problems == []
    assert [problem.render() for one in files for problem in [*lint_flow(one), *lint_copy(one)]] == []


def test_everything_that_can_be_written_is_in_the_guide() -> None:
    keys = {*Flow.__struct_encode_fields__, *Slot.__struct_encode_fields__, *Step.__struct_encode_fields__}
    words = keys | set(STEP_KINDS) | set(get_args(SlotType)) | CLUES | FUNCTIONS.keys() | PROVIDED.keys()
    assert {word for word in words if not re.search(rf"`[^`\n]*\b{re.escape(word)}\b[^`\n]*`", GUIDE)} == {
        "slots",
        "steps",
    }
