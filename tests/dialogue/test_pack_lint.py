"""The lint of a whole pack: what must fit together between its files."""

# ruff: noqa: E501  a fault reads best on one line

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import tellerline.dialogue
from tellerline.dialogue.pack_lint import PATTERNS, lint_pack

HARBOUR = Path(__file__).parents[2] / "packs" / "harbour"
DIALOGUE = Path(tellerline.dialogue.__file__).parent
PARTS = ("flows/rates", "flows/complaint", "phrases", "intents", "rules")
TABLES = (
    "complaint_times",
    "service_contacts",
    "service_hours",
    "deposit_rates",
    "deposit_insurance",
    "loan_rates",
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the parts of Harbour Bank's pack that the rules look at."""
    folder = tmp_path_factory.mktemp("pack")
    for part in PARTS:
        shutil.copytree(HARBOUR / part, folder / part)
    for name in ("zh", "en"):  # the examples of intents are not looked at
        shutil.rmtree(folder / "intents" / name)
    (folder / "articles").mkdir()
    (folder / "facts").mkdir()
    for table in TABLES:
        shutil.copy(HARBOUR / "facts" / f"{table}.yaml", folder / "facts")
    return folder


@pytest.fixture
def pack(original: Path, tmp_path: Path) -> Path:
    """Return a copy to break."""
    return Path(shutil.copytree(original, tmp_path / "pack"))


def change(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")


def found(pack: Path) -> list[str]:
    return [
        f"{problem.file}: {problem.what}"
        for problem in lint_pack(pack)
        if problem.file.startswith(("flows", "phrases", "intents"))
    ]


def test_harbour_bank_has_no_error() -> None:
    assert [problem.render() for problem in lint_pack(HARBOUR) if problem.severity == "error"] == []


FAULTS = {
    "a fact that does not exist": (
        "flows/rates/copy.zh.yaml", "{{ facts.deposit_rates.demand }}", "{{ facts.deposit_rates.demnd }}",
        "deposits states the fact deposit_rates.demnd",
    ),
    "a fact in an expression": (
        "flows/complaint/flow.yaml", "complaint_times.reply", "complaint_times.answer", "no fact complaint_times.answer",
    ),
    "a fact in a general text": (
        "phrases/patterns.en.yaml", "{{ facts.service_contacts.mental_health }}", "{{ facts.service_contacts.helpline }}",
        "states the fact service_contacts.helpline",
    ),
    "a general text missing": (
        "phrases/patterns.zh.yaml", "\ngo_ahead: ", "\ngo_on: ", "there is no text 'go_ahead'",
    ),
    "a general text nobody says": (
        "phrases/patterns.zh.yaml", "\ngo_ahead: ", "\ngo_on: ", "'go_on' is never said",
    ),
    "a field a general text is not told": (
        "phrases/patterns.zh.yaml", "finished: 好的", "finished: 好的{{ flow_title }}", "finished is not told 'flow_title'",
    ),
    "a field that is only sometimes there": (
        "phrases/patterns.zh.yaml", "  - text: 您还在等候人工，", "  - text: 您还在等候人工{{ position }}，",
        "still_waiting is not told 'position'",
    ),
    "a claim nobody makes true": (
        "phrases/patterns.zh.yaml", "finished: 好的", "finished: 已为您冻结", "finished says “已为您冻结”",
    ),
    "a general text that cannot be read": (
        "phrases/patterns.en.yaml", "go_ahead: Of course", 'go_ahead: "{{ Of course"  # ', "go_ahead cannot be read",
    ),
    "a chit-chat without an answer": (
        "phrases/chitchat.en.yaml", "joke: ", "jest: ", "there is no answer to 'joke'",
    ),
    "an answer without a chit-chat": (
        "phrases/chitchat.en.yaml", "joke: ", "jest: ", "there is no chit-chat 'jest'",
    ),
    "an intent nobody registered": (
        "flows/complaint/flow.yaml", "intents: [complaint]", "intents: [complaint, grumble]", "there is no intent 'grumble'",
    ),
    "an intent that starts another flow": (
        "flows/complaint/flow.yaml", "intents: [complaint]", "intents: [complaint, thanks]", "intent 'thanks' starts None",
    ),
    "a flow that does not list its intent": (
        "flows/complaint/flow.yaml", "intents: [complaint]", "intents: []", "intent 'complaint' starts 'complaint', which does not list it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(pack: Path, fault: str) -> None:
    file, old, new, expected = FAULTS[fault]
    change(pack, file, old, new)
    assert any(expected in problem for problem in found(pack)), found(pack)


def test_a_pack_without_intents_is_reported(pack: Path) -> None:
    (pack / "intents" / "intents.yaml").unlink()
    assert "intents/intents.yaml: there is no such file" in found(pack)


@pytest.mark.parametrize(
    "file", ["phrases/chitchat.zh.yaml", "phrases/patterns.zh.yaml", "flows/rates/copy.zh.yaml"]
)
def test_every_text_goes_through_the_phrase_rules(pack: Path, file: str) -> None:
    path = pack / file
    key = path.read_text(encoding="utf-8").splitlines()[-1].split(":")[0]
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"\n{key}: ", f"\n{key}: 请提供您的验证码。", 1),
        encoding="utf-8",
    )
    assert any("breaks the phrase rule" in problem for problem in found(pack)), found(pack)


def test_a_pack_without_phrase_rules_is_reported(pack: Path) -> None:
    (pack / "rules" / "guard.yaml").unlink()
    assert any(problem.file == "rules/guard.yaml" for problem in lint_pack(pack))


def test_every_text_the_dialogue_says_by_name_is_known() -> None:
    """A key that the code says and the lint does not know would be missed in a pack until a customer meets it."""
    said: set[str] = set()
    for path in DIALOGUE.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "say"
                and call.args
            ):
                said |= set(_constants(call.args[0]))
    assert len(said) > 40
    assert said - PATTERNS.keys() - {"refused"} == set()  # an error's name, compared with


def _constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        return  # a family of keys, such as failed_<code>
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _constants(child)
